"""Getting a new token: claim it, ask WeChat, keep the answer. One node's part; the rules stand in `storage/leasing.py`."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Final, TypeVar

from lingpai.clock import SECOND, Clock
from lingpai.errors import Problem
from lingpai.keeper import schedule
from lingpai.keeper.calls import translated
from lingpai.keeper.directory import HeldApp
from lingpai.keeper.held import Held
from lingpai.keeper.sources import Fresh, Source
from lingpai.model import (
    Brought,
    Claim,
    Claimed,
    NotClaimed,
    Setback,
    TokenRow,
    TokenTrouble,
    held_token_identity,
)
from lingpai.observe import logger
from lingpai.secret import Sealer
from lingpai.storage.port import StorageUnavailableError, Store
from lingpai.wechat import WeChatError, WeChatOverloaded, WeChatRefused, WeChatUnreachable

LEASE: Final = 20 * SECOND
LONGEST_CALL: Final = 5.0
"""Seconds; less than a third of the lease, so that a node knows it still holds it."""
LONGEST_LOOK: Final = 3.0
"""Seconds that the database may take before it counts as away."""
_ALONE_APART: Final = 4.0
_DEAD_EARLY: Final = schedule.AHEAD + 30 * SECOND

Answer = TypeVar("Answer")


class Renewal:
    """Renews tokens of one kind."""

    def __init__(
        self,
        store: Store,
        sealer: Sealer,
        source: Source,
        clock: Clock,
        *,
        owner: str,
        fraction: Callable[[], float],
    ) -> None:
        """`owner` names this process among the nodes; `fraction` draws from [0, 1)."""
        self._tokens: Final = store.access_tokens
        self._sealer: Final = sealer
        self._clock: Final = clock
        self._owner: Final = owner
        self._fraction: Final = fraction
        self.source: Final = source

    async def renew(self, app: HeldApp, held: Held, *, urgent: bool, replaced: bool = False) -> None:
        """One attempt; `held` knows the outcome. `replaced`: the present token was found dead.

        Raises StorageUnavailableError; Problem when there was no database and WeChat refused.
        """
        asked_at = self._clock.monotonic()
        claim = Claim(
            appid=app.app.appid,
            kind=self.source.kind,
            generation=held.row.generation if held.row else 0,
            owner=self._owner,
            lease=LEASE,
            secret_version=app.secret_version,
            urgent=urgent,
            breaking=self.source.breaking,
        )
        try:
            answer = await shared(self._tokens.claim(claim))
        except StorageUnavailableError:
            # Of two nodes that ask for legacy tokens without knowing of one another, one gets a dying one.
            if self.source.breaking or asked_at < held.alone_not_before:
                raise
            await self._alone(app, held)
            return
        if isinstance(answer, NotClaimed):
            held.adopt(answer.row, answer.now, asked_at)
            return
        await self.fetch(app, held, answer, replaced=replaced)

    async def fetch(
        self, app: HeldApp, held: Held, claimed: Claimed, *, replaced: bool = False, force: bool = False
    ) -> None:
        """Ask WeChat under a claim, and keep what it says. Raises StorageUnavailableError."""
        asked_at = self._clock.monotonic()
        try:
            fresh = await self.ask(app, force=force)
        except (WeChatError, Problem) as error:
            await self.set_back(held, claimed, error)
        else:
            await self.keep(held, claimed, fresh, asked_at, replaced=replaced)

    async def keep(
        self, held: Held, claimed: Claimed, fresh: Fresh, asked_at: float, *, replaced: bool
    ) -> None:
        """Store a token. When the database does not take it, it is served from memory and offered again."""
        row = claimed.row
        expires_at = claimed.now + fresh.expires_in * SECOND
        same = self.is_on_record(row, fresh)
        early = row.kind == "stable" and row.generation > 0 and row.expires_at - claimed.now > _DEAD_EARLY
        brought = Brought(
            appid=row.appid,
            kind=row.kind,
            fence=row.fence,
            sealed=None if same else self._seal(row, fresh),
            expires_at=expires_at,
            next_attempt_at=schedule.after_success(row.kind, claimed.now, expires_at, self._fraction()),
            replaced=not same and (replaced or early),
        )
        try:
            kept = await shared(self._tokens.keep(brought))
        except StorageUnavailableError as error:
            held.bring(fresh, asked_at, None if same else brought)
            logger().warning("token_not_stored", app=row.appid, kind=row.kind, reason=str(error))
            return
        await self._adopt(held, row, kept)

    async def offer(self, held: Held) -> None:
        """Store a token that the database did not take when it came. Raises StorageUnavailableError."""
        brought = held.unsaved
        if brought is not None and held.row is not None:
            kept = await shared(self._tokens.keep(brought))
            held.unsaved = None
            await self._adopt(held, held.row, kept)

    async def set_back(self, held: Held, claimed: Claimed, error: Exception) -> None:
        """Note why there is no token, and when to try again. Raises StorageUnavailableError."""
        row = claimed.row
        trouble = trouble_of(error)
        verdict = schedule.after_failure(row, trouble, claimed.now, self._fraction())
        if row.state != verdict.state:
            self._tell(row, trouble, verdict)
        setback = Setback(
            appid=row.appid,
            kind=row.kind,
            fence=row.fence,
            state=verdict.state,
            trouble=trouble,
            next_attempt_at=verdict.next_attempt_at,
            unsent=isinstance(error, WeChatUnreachable | WeChatOverloaded | WeChatRefused | Problem),
        )
        await self._adopt(held, row, await shared(self._tokens.set_back(setback)))

    async def look(self, appid: str, held: Held) -> None:
        """Ask the database. Raises StorageUnavailableError."""
        asked_at = self._clock.monotonic()
        looked = await shared(self._tokens.look(appid, self.source.kind))
        held.adopt(looked.row, looked.now, asked_at)

    def is_on_record(self, row: TokenRow, fresh: Fresh) -> bool:
        """Whether WeChat gave the very token that the row holds."""
        if row.sealed is None:
            return False
        known = self._sealer.open(row.sealed, held_token_identity(row.appid, row.kind))
        return known == fresh.value.reveal().encode()

    async def _alone(self, app: HeldApp, held: Held) -> None:
        """Ask for a stable token past the database: every node that asks gets the same one."""
        asked_at = self._clock.monotonic()
        try:
            held.bring(await self.ask(app), asked_at, None)
        except WeChatError as error:
            held.alone_not_before = self._clock.monotonic() + 1.0 + _ALONE_APART * self._fraction()
            raise translated(error, app.app.appid) from None

    async def ask(self, app: HeldApp, *, force: bool = False) -> Fresh:
        """Ask WeChat, no longer than a claim allows. Raises WeChatError, Problem."""
        try:
            async with asyncio.timeout(LONGEST_CALL):
                return await self.source.fetch(app, force=force)
        except TimeoutError:
            raise CallTooLongError from None

    async def _adopt(self, held: Held, row: TokenRow, written: TokenRow | None) -> None:
        """After a write: what was written, or what another node wrote instead."""
        if written is not None and written.state == "ok":
            held.unsaved, held.alone = None, False
        await self.look(row.appid, held)  # what was written came without the database's now

    def _seal(self, row: TokenRow, fresh: Fresh) -> bytes:
        identity = held_token_identity(row.appid, row.kind)
        return self._sealer.seal(fresh.value.reveal().encode(), identity)

    def _tell(self, row: TokenRow, trouble: TokenTrouble, verdict: schedule.Verdict) -> None:
        say = logger().error if verdict.state == "blocked" else logger().warning
        say(
            f"token_{verdict.state}",
            app=row.appid,
            kind=row.kind,
            errcode=trouble.errcode,
            errmsg=trouble.errmsg,
            rid=trouble.rid,
            outcome=trouble.outcome,
            next_attempt_at=verdict.next_attempt_at,
        )


class CallTooLongError(WeChatError):
    """WeChat took longer than a claim allows."""

    outcome = "answer_lost"


def trouble_of(error: Exception) -> TokenTrouble:
    """What went wrong, for the row: never more than WeChat's own words."""
    if isinstance(error, WeChatRefused):
        return TokenTrouble(error.outcome, error.errcode, error.errmsg, error.rid)
    if isinstance(error, WeChatError):
        return TokenTrouble(error.outcome)
    if isinstance(error, Problem) and error.wechat is not None:
        fault = error.wechat
        return TokenTrouble("refused", fault.errcode, fault.errmsg, fault.rid)
    return TokenTrouble("unreachable")


async def shared(call: Awaitable[Answer]) -> Answer:
    """What the database answers, unless it takes too long. Raises StorageUnavailableError."""
    try:
        async with asyncio.timeout(LONGEST_LOOK):
            return await call
    except TimeoutError:
        raise StorageUnavailableError("the database takes too long", unknown=True) from None
