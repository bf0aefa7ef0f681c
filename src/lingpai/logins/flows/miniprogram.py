"""A mini program: the code of `wx.login` → openid, session_key, unionid (code2Session)."""

from typing import Final

from lingpai.errors import Problem
from lingpai.errors.catalogue import DEVTOOLS_MOCK_CODE
from lingpai.keeper import HeldApp, WeChatCalls
from lingpai.model import AppKind, ProvenIdentity
from lingpai.secret import Secret
from lingpai.wechat.endpoints.sns import SNS_JSCODE2SESSION, JsCode2SessionRequest

_MOCK_CODE: Final = "the code is a mock one"


class MiniProgramFlow:
    """`wx.login` of a mini program."""

    kind: Final[AppKind] = "miniprogram"

    def __init__(self, calls: WeChatCalls) -> None:
        self._calls: Final = calls

    async def prove(self, app: HeldApp, code: str) -> ProvenIdentity:
        """Ask WeChat whose code this is; see `Flow.prove`."""
        if code == _MOCK_CODE:
            raise Problem(DEVTOOLS_MOCK_CODE)
        appid = app.app.appid
        request = JsCode2SessionRequest(appid=appid, secret=app.secret.reveal(), js_code=code)
        answer = await self._calls.call(SNS_JSCODE2SESSION, request, appid)
        return ProvenIdentity(
            openid=answer.openid, unionid=answer.unionid, session_key=Secret(answer.session_key)
        )
