"""What each field of the interface means, and an obviously fake value for the examples."""

from typing import Final

from lingpai.errors import Words
from lingpai.web.pages.account_fields import ACCOUNT_FIELDS
from lingpai.web.pages.field import Field
from lingpai.web.pages.fields_admin import ADMIN_FIELDS
from lingpai.web.pages.fields_browser import BROWSER_FIELDS
from lingpai.web.pages.fields_open_data import OPEN_DATA_FIELDS

_USER: Final = "usr_00000000000000000000000000"
_SESSION: Final = "ses_00000000000000000000000000"
_APPID: Final = "wx00000000000000a1"
_FAKE_TOKEN: Final = "an-access-token-of-ours"  # noqa: S105  shown on a page, opens nothing


FIELDS: Final[dict[str, Field]] = {
    **ACCOUNT_FIELDS,
    **OPEN_DATA_FIELDS,
    "app": Field(Words("the app's slug or its AppID", "应用的 slug 或 AppID"), "demo-mp"),
    "code": Field(
        Words(
            "what wx.login gave, unchanged; good for five minutes and once",
            "wx.login 返回的 code，原样发送；五分钟内有效，只能用一次",
        ),
        "0a1-fake-code-of-wx-login",
    ),
    "nonce": Field(
        Words(
            "128 random bits of the client, in hex or base64; sent again with a retry, "
            "it proves that the same client asks",
            "客户端生成的 128 位随机数，十六进制或 base64；重试时带上同一个值，证明是同一客户端",
        ),
        "00112233445566778899aabbccddeeff",
    ),
    "appid": Field(
        Words(
            "the AppID the client believes it has (wx.getAccountInfoSync)",
            "客户端自认为的 AppID（wx.getAccountInfoSync）",
        ),
        _APPID,
    ),
    "access_token": Field(
        Words("a JWT (ES256), good for every request of this user", "JWT（ES256），用于该用户的后续请求"),
        _FAKE_TOKEN,
    ),
    "token_type": Field(Words("always `Bearer`", "固定为 `Bearer`"), "Bearer"),
    "expires_in": Field(Words("seconds the access token still lives", "访问令牌剩余的有效秒数"), 900),
    "refresh_token": Field(
        Words(
            "buys the next access token; each one works once",
            "用于换取下一个访问令牌，每个只能用一次",
        ),
        "lpr_fake-refresh-token",
    ),
    "refresh_expires_in": Field(
        Words("seconds the session can still be refreshed", "会话还能刷新的秒数"), 2_592_000
    ),
    "user": Field(Words("the person", "用户"), None),
    "UserAnswer.id": Field(
        Words("our id of the person, the same in all your apps", "本服务的用户 ID，在你的各个应用间保持一致"),
        _USER,
    ),
    "openid": Field(
        Words("WeChat's name for the person at this app", "用户在该应用下的 openid"), "o-fake-openid"
    ),
    "unionid": Field(
        Words(
            "WeChat's name for the person across the apps of one open-platform account",
            "用户在同一开放平台账号下各应用间的 unionid",
        ),
        "u-fake-unionid",
    ),
    "is_new": Field(Words("the person signed in for the first time", "是否首次登录"), True),
    "profile_complete": Field(
        Words("nickname and avatar are both filled in", "昵称和头像是否都已填写"), False
    ),
    "active": Field(Words("the token is good now", "令牌当前是否有效"), True),
    "SessionAnswer.app": Field(Words("the AppID the session belongs to", "会话所属应用的 AppID"), _APPID),
    "everywhere": Field(Words("end every session of this user", "结束该用户的全部会话"), False),
    "keys": Field(
        Words("public keys (RFC 7517); choose by `kid`", "公钥列表（RFC 7517），按 `kid` 选用"),
        [{"kty": "EC", "crv": "P-256", "use": "sig", "alg": "ES256", "kid": "fake-kid", "x": "…", "y": "…"}],
    ),
    "token": Field(Words("an access token or a refresh token", "访问令牌或 refresh token"), _FAKE_TOKEN),
    "token_type_hint": Field(
        Words("accepted and not needed (RFC 7662)", "可以携带，但不需要（RFC 7662）"), "access_token"
    ),
    "IntrospectAnswer.token_type": Field(
        Words("`access_token` or `refresh_token`", "`access_token` 或 `refresh_token`"), "access_token"
    ),
    "iss": Field(
        Words("who signed it: this server's URL", "签发者，即本服务的 URL"), "http://127.0.0.1:8000"
    ),
    "sub": Field(Words("the user's id", "用户 ID"), _USER),
    "aud": Field(Words("the AppID it is for", "令牌面向的 AppID"), _APPID),
    "client_id": Field(Words("the AppID it was given to", "令牌发给哪个 AppID"), _APPID),
    "sid": Field(Words("the session's id", "会话 ID"), _SESSION),
    "jti": Field(Words("the token's own id", "令牌自身的 ID"), "fake-jti"),
    "iat": Field(Words("made at, in seconds since 1970", "签发时间，自 1970 年起的秒数"), 1_700_000_000),
    "exp": Field(Words("good until, in seconds since 1970", "到期时间，自 1970 年起的秒数"), 1_700_000_900),
    "alive": Field(Words("the process answers", "进程有响应"), True),
    "ready": Field(Words("send requests here", "可以把请求发到这里"), True),
    "database": Field(Words("`ok`, or the name of what is wrong", "`ok`，或出错的名称"), "ok"),
    "ReadyAnswer.keys": Field(
        Words("`ok`, or why no token can be signed", "`ok`，或无法签发令牌的原因"), "ok"
    ),
    "stopping": Field(Words("the process was asked to stop", "进程已收到停止信号"), False),
    **{name: Field(words, example) for name, (words, example) in (BROWSER_FIELDS | ADMIN_FIELDS).items()},
}
"""By `Schema.field`, or by the field's name alone where it means the same everywhere."""


def known(schema: str, name: str) -> Field | None:
    """What is known of a field; the more exact row wins."""
    return FIELDS.get(f"{schema}.{name}") or FIELDS.get(name)
