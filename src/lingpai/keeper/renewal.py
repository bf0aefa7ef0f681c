"""Getting a new token: claim it, ask WeChat, keep the answer. One node's part; the rules stand in `storage/leasing.py`."""

import asyncio
import datetime as dt
import math
from collections.abc import Awaitable
from typing import Final, TypeVar

from msgspec.structs import replace

from lingpai.clock import HOUR, SECOND
from lingpai.errors import Problem
from lingpai.keeper import schedule
from lingpai.keeper.calls import translated
from lingpai.keeper.directory import HeldApp
from lingpai.keeper.held import Held
from lingpai.keeper.node import Node
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
from lingpai.secret import Secret
from lingpai.storage.port import StorageUnavailableError
from lingpai.wechat import WeChatAnswerLost, WeChatError, WeChatOverloaded, WeChatRefused, WeChatUnreachable

LEASE: Final = 20 * SECOND
LONGEST_CALL: Final = 5.0
"""Seconds; less than a third of the lease, so that a node knows it still holds it."""
LONGEST_LOOK: Final = 3.0
"""Seconds that the database may take before it counts as away."""
_SIGNS: Final = 3
"""Tokens found dead before their time within an hour: once is an accident."""
_ALONE_APART: Final = 4.0
_DEAD_EARLY: Final = schedule.AHEAD + 30 * SECOND

Answer = TypeVar("Answer")


class Renewal:
    """Renews tokens of one kind."""

    def __init__(self, node: Node, source: Source) -> None:
        self._tokens: Final = node.store.access_tokens
        self._sealer: Final = node.sealer
        self._clock: Final = node.clock
        self._node: Final = node
        self.source: Final = source

    async def renew(
        self, app: HeldApp, held: Held, *, urgent: bool, replaced: bool = False, ended: bool = False
    ) -> None:
        """One attempt; `held` knows the outcome. `replaced`: the present token was found dead. `ended`: a call of
        ours has ended it.

        Raises StorageUnavailableError; Problem when there was no database and WeChat refused.
        """
        if urgent and not (replaced or ended or held.alone) and held.token() is not None:
            return  # while this attempt waited for its turn, another node's token came in
        asked_at, calendar = self._clock.monotonic(), self._clock.now()
        claim = Claim(
            appid=app.app.appid,
            kind=self.source.kind,
            generation=held.row.generation if held.row else 0,
            owner=self._node.owner,
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
        await self._sealer.prepare(answer.row.sealed)
        if isinstance(answer, NotClaimed):
            held.adopt(answer.row, answer.now, asked_at)
            return
        if max(self._ago(asked_at), self._clock.now() - calendar) > LEASE - LONGEST_CALL * SECOND:
            # This process was stopped, or its machine asleep: the claim may be another node's by now.
            await self.look(app.app.appid, held)
            return
        self.mind_budget(answer.row)
        await self.fetch(app, held, answer, replaced=replaced)

    async def fetch(
        self, app: HeldApp, held: Held, claimed: Claimed, *, replaced: bool = False, force: bool = False
    ) -> None:
        """Ask WeChat under a claim, and keep what it says. Raises StorageUnavailableError."""
        asked_at = self._clock.monotonic()
        try:
            fresh = await self.ask(app, force=force)
        except (WeChatError, Problem) as error:
            await self.set_back(held, claimed, error, asked_at)
        else:
            kept = await self.keep(held, claimed, fresh, asked_at, replaced=replaced)
            if not kept and self.source.breaking:
                # Another node's claim came after ours, and our call may have ended what it brought.
                await self.renew(app, held, urgent=True, ended=True)

    async def keep(
        self, held: Held, claimed: Claimed, fresh: Fresh, asked_at: float, *, replaced: bool
    ) -> bool:
        """Store a token. When the database does not take it, it is served from memory and offered again.

        False: another claim was granted since, so the token is nobody's.
        """
        row = claimed.row
        lifetime = fresh.expires_in * SECOND
        same = self.is_on_record(row, fresh)
        early = row.kind == "stable" and row.generation > 0 and row.expires_at - claimed.now > _DEAD_EARLY
        brought = Brought(
            appid=row.appid,
            kind=row.kind,
            fence=row.fence,
            sealed=None if same else self._sealed(row, fresh.value),
            asked_ago=self._ago(asked_at),
            expires_in=lifetime,
            renew_in=schedule.after_success(row.kind, lifetime, self._node.fraction()),
            replaced=not same and (replaced or early),
        )
        try:
            kept = await shared(self._tokens.keep(brought))
        except StorageUnavailableError as error:
            held.bring(fresh, asked_at, None if same else brought)
            self._count(row, "unsaved")
            logger().warning("token_not_stored", app=row.appid, kind=row.kind, reason=str(error))
            return True
        await self._adopt(held, row, kept)
        return kept is not None

    async def offer(self, held: Held) -> None:
        """Store a token that the database did not take when it came. Raises StorageUnavailableError."""
        brought = held.unsaved
        if brought is not None and held.row is not None:
            # Sealed anew: the key of that time may be on its way out.
            again = (
                None if held.value is None or brought.sealed is None else self._sealed(held.row, held.value)
            )
            brought = replace(brought, asked_ago=self._ago(held.brought_at), sealed=again)
            kept = await shared(self._tokens.keep(brought))
            held.unsaved = None
            await self._adopt(held, held.row, kept)

    async def set_back(self, held: Held, claimed: Claimed, error: Exception, asked_at: float) -> None:
        """Note why there is no token, and when to try again. Raises StorageUnavailableError."""
        row = claimed.row
        trouble = trouble_of(error)
        # The attempt may have taken seconds: the wait begins now, not when the claim was granted.
        now = claimed.now + self._ago(asked_at)
        verdict = schedule.after_failure(row, trouble, now, self._node.fraction())
        self._count(row, verdict.state)
        if row.state != verdict.state:
            self._tell(row, trouble, verdict)
        setback = Setback(
            appid=row.appid,
            kind=row.kind,
            fence=row.fence,
            state=verdict.state,
            trouble=trouble,
            retry_in=verdict.retry_in,
            unsent=isinstance(error, WeChatUnreachable | WeChatOverloaded | WeChatRefused | Problem),
        )
        await self._adopt(held, row, await shared(self._tokens.set_back(setback)))

    async def look(self, appid: str, held: Held) -> None:
        """Ask the database. Raises StorageUnavailableError."""
        asked_at = self._clock.monotonic()
        looked = await shared(self._tokens.look(appid, self.source.kind))
        await self._sealer.prepare(looked.row.sealed if looked.row else None)
        held.adopt(looked.row, looked.now, asked_at)

    def _ago(self, instant: float) -> int:
        return math.ceil((self._clock.monotonic() - instant) * SECOND)

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
            held.alone_not_before = self._clock.monotonic() + 1.0 + _ALONE_APART * self._node.fraction()
            raise translated(error, app.app.appid) from None

    async def ask(self, app: HeldApp, *, force: bool = False) -> Fresh:
        """Ask WeChat, no longer than a claim allows. Raises WeChatError, Problem."""
        try:
            async with asyncio.timeout(LONGEST_CALL):
                return await self.source.fetch(app, force=force)
        except TimeoutError:
            raise WeChatAnswerLost("timeout") from None

    async def _adopt(self, held: Held, row: TokenRow, written: TokenRow | None) -> None:
        """After a write: what was written, or what another node wrote instead."""
        if written is not None and written.state == "ok":
            held.unsaved, held.alone = None, False
            self._count(row, "ok")
            self._tell_of_good(row, written)
        await self.look(row.appid, held)  # what was written came without the database's now

    def mind_budget(self, row: TokenRow) -> None:
        """Say once a day, by whichever node makes that attempt, that half of what WeChat allows is spent."""
        budget = schedule.BUDGETS.get(row.kind)
        if budget is not None and row.calls == budget // 2:
            logger().warning(
                "token_budget_half_spent", app=row.appid, kind=row.kind, calls=row.calls, budget=budget
            )

    def _count(self, row: TokenRow, outcome: str) -> None:
        self._node.metrics.tokens.fetches.labels(row.appid, row.kind, outcome).inc()

    def _tell_of_good(self, before: TokenRow, after: TokenRow) -> None:
        """Say that a trouble is over, and that somebody else holds the AppSecret, at the third sign of it."""
        if before.state != "ok":
            logger().info("token_recovered", app=after.appid, kind=after.kind, failures=before.failures)
        if after.replaced_at != before.replaced_at:
            self._node.metrics.tokens.replaced.labels(after.appid, after.kind).inc()
        lately = [at for at in after.replaced_at if after.settled_at - at < HOUR]
        if after.replaced_at != before.replaced_at and len(lately) >= _SIGNS:
            logger().error(
                "app_secret_held_elsewhere",
                app=after.appid,
                kind=after.kind,
                replaced_at=[dt.datetime.fromtimestamp(at // SECOND, dt.UTC).isoformat() for at in lately],
            )

    def _sealed(self, row: TokenRow, value: Secret) -> bytes:
        return self._sealer.seal(value.reveal().encode(), held_token_identity(row.appid, row.kind))

    def _tell(self, row: TokenRow, trouble: TokenTrouble, verdict: schedule.Verdict) -> None:
        if verdict.state == "blocked":
            logger().error(
                "token_blocked",
                app=row.appid,
                kind=row.kind,
                errcode=trouble.errcode,
                errmsg=trouble.errmsg,
                rid=trouble.rid,
                retry_in=verdict.retry_in // SECOND,
            )
        else:
            logger().warning("token_retrying", app=row.appid, kind=row.kind, outcome=trouble.outcome)


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
