"""Removing what is past its time."""

from typing import Final

from lingpai.clock import DAY, MINUTE, SECOND, Clock
from lingpai.observe import logger
from lingpai.storage.port import Store, SweepLimits

_ATTEMPTS_KEPT: Final = 15 * MINUTE
_SESSION_KEYS_KEPT: Final = 3 * DAY
_EXPIRED_KEPT: Final = 5 * MINUTE
_SESSIONS_KEPT: Final = 30 * DAY
_BUDGET_DAYS_KEPT: Final = 2
_LOCKED: Final = 15 * MINUTE
_CONSOLE_KEPT: Final = DAY
"""Sessions of operators end after twelve hours."""


class Sweeping:
    """One round over every table that something expires in."""

    def __init__(self, store: Store, clock: Clock, *, lifetime: int, keep_days: int, keep_rows: int) -> None:
        """`lifetime`: of access tokens, in seconds; the history of logins is kept for days and up to rows."""
        self._store: Final = store
        self._clock: Final = clock
        self._lifetime: Final = lifetime
        self._keep_days: Final = keep_days
        self._keep_rows: Final = keep_rows

    async def run(self) -> None:
        """Raises StorageUnavailableError; what is left goes next time."""
        now = self._clock.now()
        swept = await self._store.sweep(
            SweepLimits(
                attempts=now - _ATTEMPTS_KEPT,
                events=now - self._keep_days * DAY,
                session_keys=now - _SESSION_KEYS_KEPT,
                sessions=now - _SESSIONS_KEPT,
                erased_sessions=now - self._lifetime * SECOND - MINUTE,
                budgets=now // DAY - _BUDGET_DAYS_KEPT,
                key_uses=now - self._keep_days * DAY,
            )
        )
        trimmed = await self._store.flights.trim(self._keep_rows)
        await self._store.limits.sweep(now)
        left = await self._store.browser_logins.sweep(now - _EXPIRED_KEPT)
        await self._store.operator_sessions.sweep(now - _EXPIRED_KEPT - _LOCKED, now - _CONSOLE_KEPT)
        logger().debug(
            "swept",
            attempts=swept.attempts,
            events=swept.events + trimmed,
            session_keys=swept.session_keys,
            sessions=swept.sessions,
            browser_logins=left,
            key_uses=swept.key_uses,
        )
