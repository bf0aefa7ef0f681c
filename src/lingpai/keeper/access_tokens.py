"""The access_token of each app: one that works now, and what to do about one that failed."""

from typing import Final, Literal

import msgspec

from lingpai.keeper.checking import TOKEN_IS_BAD, Checking, DomainIpProbe
from lingpai.keeper.directory import Directory, HeldApp
from lingpai.keeper.held import HeldToken
from lingpai.keeper.keeping import Keeping
from lingpai.keeper.node import Node
from lingpai.keeper.noise import Noise
from lingpai.keeper.renewal import Renewal
from lingpai.keeper.sources import LegacyTokens, StableTokens
from lingpai.storage.port import StorageUnavailableError
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

    def __init__(self, node: Node, directory: Directory, client: WeChatClient) -> None:
        self._kept: Final[dict[str, Keeping]] = {}
        self._checks: Final[dict[str, Checking]] = {}
        self._noise: Final = Noise(node.clock)
        probe = DomainIpProbe(client)
        for source in (StableTokens(client), LegacyTokens(client)):
            renewal = Renewal(node, source)
            self._kept[source.kind] = Keeping(node, renewal, directory)
            self._checks[source.kind] = Checking(node, renewal, probe)

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

    async def report(self, app: HeldApp, generation: int, errcode: int, *, by: str = "") -> Report:
        """Compare and refresh: whoever says which token failed gets the next one, and nobody can force.

        An older generation is answered at once. The present one is tried, once for all who report it, and
        replaced when it is dead. `by` names the caller: one whose reports prove wrong again and again is
        answered from memory for a while, so that its noise costs neither WeChat nor other callers anything.
        Raises as `get` does.
        """
        keeping = self._kept[app.app.settings.token_kind]
        present = await keeping.get(app)
        if present.generation > generation:
            return Report(present, "replaced")
        if errcode not in TOKEN_IS_BAD or not self._noise.heard(app.app.appid, by, present.generation):
            return Report(present, "good")
        checking = self._checks[app.app.settings.token_kind]
        try:
            after = await keeping.checked(app, present.generation, checking)
        except StorageUnavailableError:
            return Report(await keeping.get(app), "good")
        if after.generation > present.generation:
            return Report(after, "renewed")
        self._noise.wrong(app.app.appid, by, present.generation)
        return Report(after, "good")

    @property
    def keepings(self) -> list[Keeping]:
        """One for each kind."""
        return list(self._kept.values())
