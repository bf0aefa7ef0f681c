"""The tickets that sign a page's use of the JS-SDK: kept by the same machine as access_tokens."""

from typing import Final, Literal

from lingpai.keeper.directory import Directory, HeldApp
from lingpai.keeper.held import HeldToken
from lingpai.keeper.keeping import Keeping
from lingpai.keeper.node import Node
from lingpai.keeper.renewal import Renewal
from lingpai.keeper.sources import Fresh, fresh
from lingpai.keeper.token_calls import TokenCalls
from lingpai.wechat.endpoints.cgi_bin import CGI_BIN_TICKET_GETTICKET, TicketRequest

TicketKind = Literal["jsapi", "wx_card"]


class TicketSource:
    """`cgi-bin/ticket/getticket`, called with the kept access_token."""

    breaking = False

    def __init__(self, kind: TicketKind, calls: TokenCalls) -> None:
        self.kind: Final[TicketKind] = kind
        self._calls: Final = calls

    async def fetch(self, app: HeldApp, *, force: bool = False) -> Fresh:
        del force  # there is no such thing for tickets

        def ask(access_token: str) -> TicketRequest:
            return TicketRequest(access_token, self.kind)

        told = await self._calls.call(CGI_BIN_TICKET_GETTICKET, ask, app)
        return fresh(told.ticket, told.expires_in)


class Tickets:
    """One ticket of each kind per app."""

    def __init__(self, node: Node, directory: Directory, calls: TokenCalls) -> None:
        kinds: tuple[TicketKind, ...] = ("jsapi", "wx_card")
        self._kept: Final = {
            kind: Keeping(node, Renewal(node, TicketSource(kind, calls)), directory) for kind in kinds
        }

    def known(self, app: HeldApp, kind: TicketKind = "jsapi") -> HeldToken | None:
        """The ticket, as far as memory may be believed; for the hot path."""
        return self._kept[kind].known(app.app.appid)

    async def get(self, app: HeldApp, kind: TicketKind = "jsapi") -> HeldToken:
        """A ticket that works now. Raises as `AccessTokens.get` does."""
        return await self._kept[kind].get(app)

    @property
    def keepings(self) -> list[Keeping]:
        """One for each kind."""
        return list(self._kept.values())
