"""Keeping one kind of token for all apps: memory first, then the database, then WeChat; one attempt at a time."""

import asyncio
from collections.abc import Awaitable, Callable
from functools import lru_cache
from typing import Final

from lingpai.clock import HOUR, MINUTE, SECOND
from lingpai.errors import Problem, WeChatFault, Words
from lingpai.errors.catalogue_wechat import WECHAT_BUSY
from lingpai.keeper.calls import refused
from lingpai.keeper.checking import Checking
from lingpai.keeper.directory import Directory, HeldApp
from lingpai.keeper.held import Held, HeldToken
from lingpai.keeper.node import Node
from lingpai.keeper.renewal import Renewal, shared
from lingpai.model import TokenRow
from lingpai.observe import logger
from lingpai.storage.leasing import due, leased, shanghai_day
from lingpai.storage.port import StorageUnavailableError

_LONGEST_WAIT: Final = 6.0
"""Seconds a caller waits for a first token."""
_LONGEST_LEASE_WAIT: Final = 2.0
_LOOK_AGAIN: Final = 0.1
_BRIEFLY: Final = 0.25
_LOOK_APART: Final = 1.0
"""Seconds between two tries to reach a database that does not answer, while there is something to serve."""
_WANTED_FOR: Final = 2 * HOUR
"""How long after it was last asked for a token is renewed ahead."""
_NOTED_EVERY: Final = 10 * MINUTE

_FETCHING: Final = Words(
    "The first access_token is being fetched; it took longer than callers should wait.",
    "正在获取 access_token，用时超过了调用方应等待的时间。",
)
_NO_ANSWER: Final = Words(
    "There is no valid access_token, and WeChat could not be reached for a new one.",
    "没有有效的 access_token，且暂时无法从微信获取新的。",
)


class Keeping:
    """The tokens of one kind, kept by this process together with all others on the same database."""

    def __init__(self, node: Node, renewal: Renewal, directory: Directory) -> None:
        self._renewal: Final = renewal
        self._tokens: Final = node.store.access_tokens
        self._sealer: Final = node.sealer
        self._directory: Final = directory
        self._clock: Final = node.clock
        self._fraction: Final = node.fraction
        self._kind: Final = renewal.source.kind
        self._seconds_left: Final = lru_cache(node.metrics.tokens.seconds_left.labels)
        self._blocked: Final = lru_cache(node.metrics.tokens.blocked.labels)
        self._calls_today: Final = lru_cache(node.metrics.tokens.calls_today.labels)
        self._held: Final[dict[str, Held]] = {}
        self._registered: Final[dict[str, int | None]] = {}
        self._under_way: Final[dict[tuple[str, str], asyncio.Task[None]]] = {}
        self._look_not_before: Final[dict[str, float]] = {}

    def known(self, appid: str) -> HeldToken | None:
        """The token, as far as memory may be believed; for the hot path."""
        held = self._held.get(appid)
        if held is None or not held.fresh():
            return None
        held.wanted = True
        return held.token()

    async def get(self, app: HeldApp) -> HeldToken:
        """A token that works now. Waits for WeChat only while there is none.

        Raises Problem wechat_*; StorageUnavailableError when neither memory nor database has one.
        """
        held = self.held(app.app.appid)
        held.wanted = True
        token = held.token()
        if token is not None and held.fresh():
            return token
        try:
            await self._look(app.app.appid, held)
        except StorageUnavailableError:
            # Memory knows the end of the token; only a process that may have slept cannot trust it.
            if not held.moved() and (token := held.token()) is not None:
                return token
            held.distrust()
            if self._renewal.source.breaking:
                raise
        return held.token() or await self._first(app, held)

    def held(self, appid: str) -> Held:
        """What this process knows of the app's token."""
        held = self._held.get(appid)
        if held is None:
            held = self._held[appid] = Held(self._sealer, self._clock)
            self._registered[appid] = self._since(appid)
        return held

    def forget_former(self) -> None:
        """Forget what was kept for apps that were removed, also when they were registered anew since.

        To be called before the database is asked for what `follow` learns, or that may be as old.
        """
        for appid in list(self._held):
            since = self._since(appid)
            if since is None or since != self._registered[appid]:
                del self._held[appid], self._registered[appid]

    async def follow(self, rows: list[TokenRow], now: int, asked_at: float) -> None:
        """Learn what other nodes did, and renew what is due. `rows`: what the database said at its `now`.

        Raises StorageUnavailableError.
        """
        mine = {row.appid: row for row in rows if row.kind == self._kind}
        await self._sealer.prepare(*(row.sealed for row in mine.values()))
        for appid, row in mine.items():
            held = self.held(appid)
            held.adopt(row, now, asked_at)
            token = held.token()
            self._seconds_left(appid, self._kind).set(token.expires_in if token else 0)
            self._blocked(appid, self._kind).set(row.state == "blocked")
            self._calls_today(appid, self._kind).set(row.calls if row.day == shanghai_day(now) else 0)
        await self._note_wanted(now)
        for appid in list(self._held):
            app = self._directory.known(appid)
            if app is not None:
                self._tend(app, self._held[appid], mine.get(appid), now)

    async def aclose(self) -> None:
        """Let what is under way come to its end."""
        tasks = list(self._under_way.values())
        if tasks:
            await asyncio.wait(tasks)

    def once(self, appid: str, what: str, work: Callable[[], Awaitable[None]]) -> asyncio.Task[None]:
        """Do `work` unless the same is under way; whoever comes meanwhile shares its outcome."""
        key = (appid, what)
        task = self._under_way.get(key)
        if task is None:
            task = asyncio.get_running_loop().create_task(_run(work), name=f"token {what} {appid}")
            self._under_way[key] = task
            task.add_done_callback(lambda done: self._done(key, done))
        return task

    async def renewed(self, app: HeldApp, held: Held, *, urgent: bool, replaced: bool = False) -> None:
        """One attempt to renew, shared by all who ask for it meanwhile."""

        async def renew() -> None:
            await self._renewal.renew(app, held, urgent=urgent, replaced=replaced)

        await asyncio.shield(self.once(app.app.appid, "renew", renew))

    async def checked(self, app: HeldApp, generation: int, checking: Checking) -> HeldToken:
        """The token to go on with after that of `generation` was reported; all who report it wait together.

        When another node tries it, its finding is waited for. Raises as `get` does.
        """
        appid = app.app.appid
        held = self.held(appid)
        await asyncio.shield(self.once(appid, "check", lambda: checking.check(app, held)))
        began = self._clock.monotonic()
        while held.generation <= generation and _leased_elsewhere(held):
            if self._clock.monotonic() - began > _LONGEST_LEASE_WAIT:
                break
            await asyncio.sleep(_LOOK_AGAIN * (1 + self._fraction()))
            await self._look(appid, held)
        return await self.get(app)

    async def _look(self, appid: str, held: Held) -> None:
        """Ask the database. While there is a token to serve, it has a moment to answer, and is not asked again
        at once after it did not."""
        now = self._clock.monotonic()
        spare = held.token() is not None
        if spare and now < self._look_not_before.get(appid, now):
            raise StorageUnavailableError("the database did not answer a moment ago")
        task = self.once(appid, "look", lambda: self._renewal.look(appid, held))
        done, _ = await asyncio.wait({task}, timeout=_BRIEFLY if spare else None)
        if not done or task.exception() is not None:
            self._look_not_before[appid] = self._clock.monotonic() + _LOOK_APART
        if not done:
            raise StorageUnavailableError("the database takes too long")
        task.result()

    async def _first(self, app: HeldApp, held: Held) -> HeldToken:
        """Wait for a token, as there is none."""
        began = self._clock.monotonic()
        while True:
            await self.renewed(app, held, urgent=True)
            token = held.token()
            if token is not None:
                return token
            row = held.row
            waited = self._clock.monotonic() - began
            elsewhere = _leased_elsewhere(held)
            if not elsewhere and row is not None and row.trouble is not None:
                raise self.problem(row, held.database_now())
            if waited > (_LONGEST_LEASE_WAIT if elsewhere else _LONGEST_WAIT):
                raise Problem(WECHAT_BUSY, facts={"what": _FETCHING}, retry_after=1.0)
            await asyncio.sleep(_LOOK_AGAIN * (1 + self._fraction()))

    @staticmethod
    def problem(row: TokenRow, now: int) -> Problem:
        """Why there is no token, in our words, with the time of the next attempt."""
        trouble = row.trouble
        wait = max(1.0, (row.next_attempt_at - now) / SECOND)
        if trouble is None or trouble.errcode is None:
            outcome = "" if trouble is None else trouble.outcome
            return Problem(WECHAT_BUSY, facts={"what": _NO_ANSWER}, retry_after=wait, private=outcome)
        found = refused(WeChatFault(trouble.errcode, trouble.errmsg, trouble.rid), row.appid)
        return Problem(found.kind, facts=found.facts, wechat=found.wechat, retry_after=wait)

    def _tend(self, app: HeldApp, held: Held, row: TokenRow | None, now: int) -> None:
        appid = app.app.appid
        if held.unsaved is not None:
            self.once(appid, "offer", lambda: self._renewal.offer(held))
            return
        urgent = held.alone or held.token() is None
        if held.alone or (row is not None and self._worth_an_attempt(app, row, now, urgent=urgent)):
            self.once(appid, "renew", lambda: self._renewal.renew(app, held, urgent=urgent))

    @staticmethod
    def _worth_an_attempt(app: HeldApp, row: TokenRow, now: int, *, urgent: bool) -> bool:
        """Whether it is time, somebody wants the token, and nobody is at it."""
        return (
            now - row.wanted_at < _WANTED_FOR
            and not leased(row, now)
            and due(row, now, secret_version=app.secret_version, urgent=urgent)
        )

    def _since(self, appid: str) -> int | None:
        """When the app was registered; None when it is not there."""
        app = self._directory.known(appid)
        return None if app is None else app.app.created_at

    async def _note_wanted(self, now: int) -> None:
        noted = []
        for appid, held in self._held.items():
            if held.wanted and held.row is not None:
                held.wanted = False
                if now - held.row.wanted_at > _NOTED_EVERY or held.row.wanted_at > now:
                    noted.append((appid, self._kind))
        if noted:
            await shared(self._tokens.want(noted))

    def _done(self, key: tuple[str, str], task: asyncio.Task[None]) -> None:
        del self._under_way[key]
        if not task.cancelled() and (error := task.exception()) is not None:
            if isinstance(error, StorageUnavailableError | Problem):
                logger().debug("token_attempt_failed", app=key[0], reason=str(error))
            else:
                logger().error("token_attempt_broke", app=key[0], kind=self._kind, exc_info=error)


def _leased_elsewhere(held: Held) -> bool:
    """Whether the last look showed a node that asks WeChat. Ours has told the database before we look."""
    return held.row is not None and held.row.lease_owner is not None


async def _run(work: Callable[[], Awaitable[None]]) -> None:
    await work()
