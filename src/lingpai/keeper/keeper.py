"""Everything that one process keeps: access_tokens, tickets, and the calls that carry them."""

from typing import Final

from lingpai.keeper.access_tokens import AccessTokens
from lingpai.keeper.calls import WeChatCalls
from lingpai.keeper.directory import Directory
from lingpai.keeper.forwarding import Forwarding
from lingpai.keeper.keeping import Keeping
from lingpai.keeper.node import Node
from lingpai.keeper.renewal import shared
from lingpai.keeper.tickets import Tickets
from lingpai.keeper.token_calls import TokenCalls
from lingpai.wechat import WeChatClient


class Keeper:
    """The keeper of one process. Any number of them on one database fetch each token once."""

    def __init__(self, node: Node, directory: Directory, client: WeChatClient) -> None:
        self._clock: Final = node.clock
        self._rows: Final = node.store.access_tokens
        self.tokens: Final = AccessTokens(node, directory, client)
        self.token_calls: Final = TokenCalls(WeChatCalls(client), self.tokens)
        self.forwarding: Final = Forwarding(client, self.tokens)
        self.tickets: Final = Tickets(node, directory, self.token_calls)

    async def follow(self) -> None:
        """Learn what other nodes did, and begin to renew what is due. Called every second.

        Raises StorageUnavailableError.
        """
        for keeping in self._keepings():
            keeping.forget_former()
        asked_at = self._clock.monotonic()
        rows, now = await shared(self._rows.all())
        for keeping in self._keepings():
            await keeping.follow(rows, now, asked_at)

    async def aclose(self) -> None:
        """Let what is under way come to its end."""
        for keeping in self._keepings():
            await keeping.aclose()

    def _keepings(self) -> list[Keeping]:
        return [*self.tickets.keepings, *self.tokens.keepings]
