"""That somebody was refused: counted each time, said once a minute."""

from typing import Final

from lingpai.clock import Clock
from lingpai.observe import NodeMetrics, logger

_SAY_EVERY: Final = 60.0


class Refusals:
    """Whoever asks too often shall not fill the log as well."""

    def __init__(self, clock: Clock, metrics: NodeMetrics) -> None:
        self._clock: Final = clock
        self._metrics: Final = metrics
        self._said: Final[dict[str, float]] = {}
        self._unsaid: Final[dict[str, int]] = {}

    def refused(self, limit: str) -> None:
        """One refusal by this limit."""
        self._metrics.rate_limited.labels(limit).inc()
        unsaid = self._unsaid.get(limit, 0) + 1
        now = self._clock.monotonic()
        if now - self._said.get(limit, float("-inf")) >= _SAY_EVERY:
            logger().warning("rate_limited", limit=limit, refusals=unsaid)
            self._said[limit] = now
            unsaid = 0
        self._unsaid[limit] = unsaid
