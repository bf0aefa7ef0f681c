"""Signing out: here, or everywhere."""

from collections.abc import Sequence
from typing import Final

from lingpai.clock import Clock
from lingpai.model import EndReason
from lingpai.observe import Metrics
from lingpai.sessions.running import RunningSessions
from lingpai.storage.port import Store


class Ending:
    """Ends sessions; whoever asks next is told."""

    def __init__(self, store: Store, running: RunningSessions, clock: Clock, metrics: Metrics) -> None:
        self._store: Final = store
        self._running: Final = running
        self._clock: Final = clock
        self._metrics: Final = metrics

    async def end(self, session_id: str, reason: EndReason = "signed_out") -> None:
        """End one session. Ending it twice is no error."""
        now = self._clock.now()
        if await self._store.sessions.end(session_id, reason, now):
            self._metrics.sessions_ended.labels(reason).inc()
        self._running.ended(session_id, now)

    def erased(self, session_ids: Sequence[str]) -> None:
        """Sessions that went with their person; their access tokens are refused from now on."""
        now = self._clock.now()
        for session_id in session_ids:
            self._running.ended(session_id, now)
        self._metrics.sessions_ended.labels("erased").inc(len(session_ids))

    async def end_all(self, user_id: str, reason: EndReason = "signed_out_everywhere") -> int:
        """End every session of a user and forget the user's session_keys; how many were ended."""
        now = self._clock.now()
        ended = await self._store.sessions.end_all(user_id, reason, now)
        for session_id in ended:
            self._running.ended(session_id, now)
        self._metrics.sessions_ended.labels(reason).inc(len(ended))
        return len(ended)
