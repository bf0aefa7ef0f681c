"""Where tokens come from: one way of asking WeChat for each kind."""

from typing import Final, Literal, Protocol

import msgspec

from lingpai.keeper.directory import HeldApp
from lingpai.model import TokenKind
from lingpai.secret import Secret
from lingpai.wechat import WeChatClient
from lingpai.wechat.endpoints.cgi_bin import (
    CGI_BIN_STABLE_TOKEN,
    CGI_BIN_TOKEN,
    StableTokenRequest,
    TokenRequest,
)

LONGEST_LIFE: Final = 7_200
"""Seconds. WeChat promises at most this; what claims more is not believed."""


class Fresh(msgspec.Struct, frozen=True):
    """A token as WeChat just gave it."""

    value: Secret
    expires_in: int
    """Seconds, at most LONGEST_LIFE."""


class Source(Protocol):
    """Asks WeChat for one kind of token."""

    @property
    def kind(self) -> TokenKind: ...

    @property
    def breaking(self) -> bool:
        """Whether asking makes WeChat retire the present token, so that nobody asks without need."""
        ...

    async def fetch(self, app: HeldApp, *, force: bool = False) -> Fresh:
        """Ask once. `force` is for stable tokens: end the present one. Raises WeChatError, Problem."""
        ...


class StableTokens:
    """`cgi-bin/stable_token`: asking twice gives the same token twice."""

    kind: Literal["stable"] = "stable"
    breaking = False

    def __init__(self, client: WeChatClient) -> None:
        self._client: Final = client

    async def fetch(self, app: HeldApp, *, force: bool = False) -> Fresh:
        request = StableTokenRequest(app.app.appid, app.secret.reveal(), force_refresh=force)
        told = await self._client.call(CGI_BIN_STABLE_TOKEN, request, app=app.app.appid)
        return fresh(told.access_token, told.expires_in)


class LegacyTokens:
    """`cgi-bin/token`: each answer is a new token, and the former one dies five minutes later."""

    kind: Literal["legacy"] = "legacy"
    breaking = True

    def __init__(self, client: WeChatClient) -> None:
        self._client: Final = client

    async def fetch(self, app: HeldApp, *, force: bool = False) -> Fresh:
        del force  # every call is one
        request = TokenRequest(app.app.appid, app.secret.reveal())
        told = await self._client.call(CGI_BIN_TOKEN, request, app=app.app.appid)
        return fresh(told.access_token, told.expires_in)


def fresh(value: str, expires_in: int) -> Fresh:
    """A token with a life that can be believed."""
    return Fresh(Secret(value), min(expires_in, LONGEST_LIFE))
