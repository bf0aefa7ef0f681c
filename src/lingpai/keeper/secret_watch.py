"""Putting AppSecrets in force: a new one once WeChat takes it, the former one again when WeChat does not any more.

What the nodes agree on is the states in the database, changed by compare-and-set; the rules stand in `secret_rules`.
"""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from itertools import groupby
from operator import attrgetter
from typing import Final

from lingpai.clock import Clock
from lingpai.keeper import secret_rules as rules
from lingpai.keeper.secret_probe import NOT_THE_SECRET, Probed, SecretProbe
from lingpai.model import App, AppSecretVersion, TokenTrouble, app_secret_identity
from lingpai.observe import Metrics, logger
from lingpai.secret import Sealer, Secret
from lingpai.storage.port import StorageUnavailableError, Store
from lingpai.wechat import CallRecord, Errcode
from lingpai.wechat.endpoints.cgi_bin import CGI_BIN_STABLE_TOKEN, CGI_BIN_TOKEN
from lingpai.wechat.endpoints.sns import SNS_JSCODE2SESSION, SNS_OAUTH2_ACCESS_TOKEN

_WITH_SECRET: Final = frozenset(
    one.name for one in (SNS_JSCODE2SESSION, SNS_OAUTH2_ACCESS_TOKEN, CGI_BIN_STABLE_TOKEN, CGI_BIN_TOKEN)
)
_DOUBTFUL: Final = NOT_THE_SECRET | {Errcode.APPSECRET_FROZEN}


class SecretWatch:
    """One node's part in watching over the AppSecrets."""

    def __init__(
        self,
        store: Store,
        sealer: Sealer,
        clock: Clock,
        probe: SecretProbe,
        *,
        metrics: Metrics,
        changed: Callable[[], Awaitable[None]],
    ) -> None:
        """`changed` is called after a switch that this node made: it reads the apps anew."""
        self._store: Final = store
        self._sealer: Final = sealer
        self._clock: Final = clock
        self._probe: Final = probe
        self._metrics: Final = metrics.app_secrets
        self._changed: Final = changed
        self._doubted: Final[set[str]] = set()
        self._under_way: Final[dict[str, asyncio.Task[None]]] = {}

    def heard(self, call: CallRecord) -> None:
        """A call of an app came to its end; a refused AppSecret is a reason to try it."""
        if call.errcode in _DOUBTFUL and call.endpoint in _WITH_SECRET and call.app not in self._under_way:
            self._doubted.add(call.app)
            self._once(call.app)

    async def follow(self) -> None:
        """Try what wants to be tried, forget what is past its time. Raises StorageUnavailableError."""
        now = self._clock.now()
        rows = await self._store.apps.secrets()
        for appid, group in groupby(rows, key=attrgetter("appid")):
            versions = list(group)
            current = rules.in_state(versions, "current")
            refused = current is not None and current.trouble is not None
            self._metrics.refused.labels(appid).set(refused)
            doubted = appid in self._doubted
            if rules.to_probe(versions, now) or rules.to_check(versions, now, doubted=doubted):
                self._once(appid)
            elif (after := rules.tidied(versions, now)) is not None:
                await self._store.apps.change_secrets(versions, after)

    async def settle(self, appid: str) -> None:
        """Try what is due of one app and draw the consequences. Raises StorageUnavailableError, SealBrokenError."""
        app = next((app for app, _ in await self._store.apps.all() if app.appid == appid), None)
        versions = await self._store.apps.secrets(appid)
        if app is None or not versions:
            return
        candidate = rules.to_probe(versions, self._clock.now())
        if candidate is not None:
            await self._try_candidate(app, versions, candidate)
            versions = await self._store.apps.secrets(appid)
        current = rules.to_check(versions, self._clock.now(), doubted=appid in self._doubted)
        if current is not None:
            self._doubted.discard(appid)
            await self._try_current(app, versions, current)
        if rules.in_state(versions, "previous") is None:
            self._doubted.discard(appid)  # nothing to fall back to

    async def aclose(self) -> None:
        """Let what is under way come to its end."""
        if self._under_way:
            await asyncio.wait(list(self._under_way.values()))

    async def _try_candidate(
        self, app: App, versions: Sequence[AppSecretVersion], candidate: AppSecretVersion
    ) -> None:
        claimed = await self._claimed(versions, candidate)
        if claimed is None:
            return
        probed = await self._ask(app, candidate)
        now, version = self._clock.now(), candidate.version
        if probed.verdict == "accepted":
            after = rules.accepted(claimed, version, now)
        elif probed.verdict == "refused" and probed.trouble is not None:
            after = rules.refused(claimed, version, probed.trouble, now)
        else:
            after = rules.noted(claimed, version, probed.trouble)
        if after is not None and await self._store.apps.change_secrets(claimed, after):
            self._tell(app.appid, version, probed)
            if probed.verdict == "accepted":
                await self._changed()

    async def _try_current(
        self, app: App, versions: Sequence[AppSecretVersion], current: AppSecretVersion
    ) -> None:
        claimed = await self._claimed(versions, current)
        if claimed is None:
            return
        probed = await self._ask(app, current)
        former, trouble = rules.in_state(claimed, "previous"), probed.trouble
        if probed.verdict == "refused" and trouble and former and await self._takes(app, former):
            await self._fall_back(claimed, current, former, trouble)
        elif await self._store.apps.change_secrets(claimed, rules.noted(claimed, current.version, trouble)):
            self._tell_of_current(app.appid, current, probed)

    async def _takes(self, app: App, one: AppSecretVersion) -> bool:
        return (await self._ask(app, one)).verdict == "accepted"

    async def _fall_back(
        self,
        claimed: Sequence[AppSecretVersion],
        current: AppSecretVersion,
        former: AppSecretVersion,
        trouble: TokenTrouble,
    ) -> None:
        after = rules.fell_back(claimed, trouble, self._clock.now())
        if after is None or not await self._store.apps.change_secrets(claimed, after):
            return
        self._metrics.fallbacks.labels(current.appid).inc()
        logger().error(
            "app_secret_fell_back",
            app=current.appid,
            refused_version=current.version,
            version=former.version,
            errcode=trouble.errcode,
            rid=trouble.rid,
        )
        await self._changed()

    async def _claimed(
        self, versions: Sequence[AppSecretVersion], one: AppSecretVersion
    ) -> list[AppSecretVersion] | None:
        """The versions with the claim written in; None when another node was quicker."""
        # Two claims within one millisecond would look alike.
        now = max(self._clock.now(), (one.probed_at or 0) + 1)
        claimed = rules.claimed(versions, one.version, now)
        return claimed if await self._store.apps.change_secrets(versions, claimed) else None

    async def _ask(self, app: App, one: AppSecretVersion) -> Probed:
        await self._sealer.prepare(one.sealed)
        opened = self._sealer.open(one.sealed, app_secret_identity(one.appid, one.version))
        probed = await self._probe.ask(app, Secret(opened.decode()))
        self._metrics.probes.labels(app.appid, probed.verdict).inc()
        return probed

    def _once(self, appid: str) -> None:
        if appid not in self._under_way:
            task = asyncio.get_running_loop().create_task(self.settle(appid), name=f"app secret {appid}")
            self._under_way[appid] = task
            task.add_done_callback(lambda done: self._done(appid, done))

    def _done(self, appid: str, task: asyncio.Task[None]) -> None:
        del self._under_way[appid]
        if not task.cancelled() and (error := task.exception()) is not None:
            if isinstance(error, StorageUnavailableError):
                logger().debug("app_secret_unsettled", app=appid, reason=str(error))
            else:
                logger().error("app_secret_unsettled", app=appid, exc_info=error)

    def _tell(self, appid: str, version: int, probed: Probed) -> None:
        if probed.verdict == "accepted":
            logger().info("app_secret_in_force", app=appid, version=version)
        else:
            trouble = probed.trouble
            logger().error(
                "app_secret_not_accepted",
                app=appid,
                version=version,
                verdict=probed.verdict,
                errcode=trouble.errcode if trouble else None,
                errmsg=trouble.errmsg if trouble else None,
            )

    def _tell_of_current(self, appid: str, current: AppSecretVersion, probed: Probed) -> None:
        if probed.trouble is None and current.trouble is not None:
            logger().info("app_secret_in_force", app=appid, version=current.version)
        elif probed.trouble is not None and current.trouble is None:
            self._tell(appid, current.version, probed)
