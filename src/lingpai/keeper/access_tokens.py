"""The access_token of each app: one that works now, and what to do about one that failed."""

from collections.abc import Callable
from typing import Final, Literal

import msgspec

from lingpai.clock import Clock
from lingpai.keeper.checking import TOKEN_IS_BAD, Checking, DomainIpProbe
from lingpai.keeper.directory import Directory, HeldApp
from lingpai.keeper.held import HeldToken
from lingpai.keeper.keeping import Keeping
from lingpai.keeper.renewal import Renewal
from lingpai.keeper.sources import LegacyTokens, StableTokens
from lingpai.secret import Sealer
from lingpai.storage.port import StorageUnavailableError, Store
from lingpai.wechat import WeChatClient

ReportOutcome = Literal["replaced", "renewed", "good"]


class Report(msgspec.Struct, frozen=True):
    """The answer to "this one failed".

    `replaced`: there was a newer one already. `renewed`: it was dead, here is its successor.
    `good`: WeChat takes it, so the call was wrong that carried it; or nobody could say.
    """

    token: HeldToken
    outcome: ReportOutcome


class AccessTokens:
    """One access_token per app, fetched once per generation by all nodes together."""

    def __init__(
        self,
        store: Store,
        sealer: Sealer,
        directory: Directory,
        client: WeChatClient,
        clock: Clock,
        *,
        owner: str,
        fraction: Callable[[], float],
    ) -> None:
        """`owner` names this process among the nodes; `fraction` draws from [0, 1)."""
        self._kept: Final[dict[str, Keeping]] = {}
        self._checks: Final[dict[str, Checking]] = {}
        probe = DomainIpProbe(client)
        for source in (StableTokens(client), LegacyTokens(client)):
            renewal = Renewal(store, sealer, source, clock, owner=owner, fraction=fraction)
            self._kept[source.kind] = Keeping(renewal, store, sealer, directory, clock, fraction=fraction)
            self._checks[source.kind] = Checking(renewal, probe, store, clock, owner=owner)

    def known(self, app: HeldApp) -> HeldToken | None:
        """The token, as far as memory may be believed; for the hot path."""
        return self._kept[app.app.settings.token_kind].known(app.app.appid)

    async def get(self, app: HeldApp) -> HeldToken:
        """A token that works now: never one that has expired, and no waiting while there is one.

        Raises Problem wechat_*, and StorageUnavailableError when neither memory nor database has one.
        """
        return await self._kept[app.app.settings.token_kind].get(app)

    async def failed(self, app: HeldApp, generation: int, errcode: int) -> HeldToken:
        """The token to go on with after WeChat refused that of `generation`. See `report`."""
        return (await self.report(app, generation, errcode)).token

    async def report(self, app: HeldApp, generation: int, errcode: int) -> Report:
        """Compare and refresh: whoever says which token failed gets the next one, and nobody can force.

        An older generation is answered at once. The present one is tried, once for all who report it, and
        replaced when it is dead. Raises as `get` does.
        """
        keeping = self._kept[app.app.settings.token_kind]
        present = await keeping.get(app)
        if present.generation > generation:
            return Report(present, "replaced")
        if errcode not in TOKEN_IS_BAD:
            return Report(present, "good")
        checking = self._checks[app.app.settings.token_kind]
        try:
            after = await keeping.checked(app, present.generation, checking)
        except StorageUnavailableError:
            return Report(present, "good")
        return Report(after, "renewed" if after.generation > present.generation else "good")

    async def follow(self) -> None:
        """Learn what other nodes did, and renew what is due. Called every second."""
        for keeping in self._kept.values():
            await keeping.follow()

    async def aclose(self) -> None:
        """Let what is under way come to its end."""
        for keeping in self._kept.values():
            await keeping.aclose()
