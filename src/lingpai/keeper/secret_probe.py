"""Asking WeChat whether it takes an AppSecret, by calls that change nothing there."""

from typing import Final, Literal

import msgspec

from lingpai.keeper.renewal import trouble_of
from lingpai.model import App, TokenTrouble
from lingpai.secret import Secret
from lingpai.wechat import Errcode, WeChatClient, WeChatError, WeChatRefused
from lingpai.wechat.endpoints.cgi_bin import CGI_BIN_STABLE_TOKEN, StableTokenRequest
from lingpai.wechat.endpoints.sns import SNS_OAUTH2_ACCESS_TOKEN, OAuth2AccessTokenRequest

Verdict = Literal["accepted", "refused", "frozen", "undecided"]

NOT_THE_SECRET: Final = frozenset({Errcode.INVALID_APPSECRET, Errcode.INVALID_CREDENTIAL})
"""40125 is what WeChat says, 40001 what its documentation says it says."""
_NO_SUCH_CODE: Final = "lingpai-asks-about-the-secret"
_SECRET_WAS_READ: Final = frozenset({Errcode.INVALID_CODE, Errcode.CODE_USED})
"""WeChat looks at the code only after the secret."""


class Probed(msgspec.Struct, frozen=True):
    """What WeChat says of an AppSecret."""

    verdict: Verdict
    trouble: TokenTrouble | None = None
    """Unless it was accepted."""


class SecretProbe:
    """Tries AppSecrets.

    `stable_token` in its normal mode gives the token that there is, or makes one that harms no other: it and the
    tokens of `cgi-bin/token` do not touch one another, so the same probe serves an app that keeps legacy tokens.
    A website app has no tokens of its own; it is asked about a code that nobody was given.
    """

    def __init__(self, client: WeChatClient) -> None:
        self._client: Final = client

    async def ask(self, app: App, secret: Secret) -> Probed:
        """One call. Never raises what a call to WeChat raises."""
        try:
            if app.kind == "website":
                code = OAuth2AccessTokenRequest(appid=app.appid, secret=secret.reveal(), code=_NO_SUCH_CODE)
                await self._client.call(SNS_OAUTH2_ACCESS_TOKEN, code, app=app.appid)
            else:
                token = StableTokenRequest(app.appid, secret.reveal())
                await self._client.call(CGI_BIN_STABLE_TOKEN, token, app=app.appid)
        except WeChatError as error:
            return _verdict(error)
        return Probed("accepted")


def _verdict(error: WeChatError) -> Probed:
    trouble = trouble_of(error)
    if isinstance(error, WeChatRefused):
        if error.errcode in _SECRET_WAS_READ:
            return Probed("accepted")
        if error.errcode in NOT_THE_SECRET:
            return Probed("refused", trouble)
        if error.errcode == Errcode.APPSECRET_FROZEN:
            return Probed("frozen", trouble)
    return Probed("undecided", trouble)
