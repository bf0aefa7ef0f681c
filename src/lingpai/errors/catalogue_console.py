"""Problems that operators meet at the console."""

from typing import Final

from lingpai.errors.problem import ProblemKind, Words

SIGN_IN_NEEDED: Final = ProblemKind(
    code="sign_in_needed",
    status=401,
    title=Words("Sign in to the console first", "请先登录控制台"),
    detail=Words("This page is for operators who have signed in.", "此页面仅供已登录的管理员使用。"),
    hint=Words("Open /console in a browser and sign in.", "请在浏览器中打开 /console 并登录。"),
    why=Words(
        "There is no operator's session, or it ended: after 30 minutes without a request, after 12 hours, or because "
        "somebody ended it.",
        "没有管理员会话，或会话已结束：30 分钟没有操作、登录满 12 小时，或被人终止。",
    ),
)
PERMISSION_MISSING: Final = ProblemKind(
    code="permission_missing",
    status=403,
    title=Words("Your role does not allow this", "当前角色没有此权限"),
    detail=Words("This needs the permission {permission}.", "需要权限 {permission}。"),
    hint=Words(
        "Ask somebody of the role security to do it, or to give you the role.",
        "请联系角色为 security 的管理员代为操作，或为你授予角色。",
    ),
    why=Words(
        "A viewer has `look`, an operator `look` and `run`, security `look` and `secure`. One person may have several "
        "roles.",
        "viewer 有 `look`，operator 有 `look` 和 `run`，security 有 `look` 和 `secure`。一个人可以有多个角色。",
    ),
)
FORM_STALE: Final = ProblemKind(
    code="form_stale",
    status=403,
    title=Words("This form is not of this visit", "表单已失效"),
    detail=Words("Nothing was changed.", "没有做任何更改。"),
    hint=Words("Go back, reload the page and send the form again.", "请返回并刷新页面，再提交一次。"),
    why=Words(
        "Each form of the console carries a token of the session it was made for. It is missing or of another session, "
        "or the request comes from another site: cross-site request forgery.",
        "控制台的每个表单都带有所属会话的令牌。令牌缺失、属于另一个会话，或请求来自其他网站（跨站请求伪造），都会被拒绝。",
    ),
)
