"""AppSecrets that clients sent along: an alarm for the operator; the secret itself is not kept."""

import hmac
from typing import Final

from lingpai.clock import Clock
from lingpai.keeper import HeldApp
from lingpai.observe import Metrics, logger

_QUIET_SECONDS: Final = 60.0
"""A client of which many copies run would fill the log with one and the same news."""


class LeakedSecrets:
    """Raises the alarm in log and metric, and remembers for the console when it was last raised."""

    def __init__(self, clock: Clock, metrics: Metrics) -> None:
        self._clock: Final = clock
        self._metrics: Final = metrics
        self._said: Final[dict[tuple[str, bool], float]] = {}
        self._last: Final[dict[tuple[str, int], int]] = {}

    def seen(self, app: HeldApp, given: str, request_id: str) -> None:
        """A client of `app` sent `given` as its AppSecret. Compared in constant time, then forgotten."""
        appid = app.app.appid
        in_force = hmac.compare_digest(
            given.encode("utf-8", "surrogatepass"), app.secret.reveal().encode("utf-8", "surrogatepass")
        )
        self._metrics.secrets_leaked.labels(appid, "yes" if in_force else "no").inc()
        if in_force:
            self._last[appid, app.secret_version] = self._clock.now()
        now = self._clock.monotonic()
        if now - self._said.get((appid, in_force), float("-inf")) >= _QUIET_SECONDS:
            self._said[appid, in_force] = now
            logger().error("app_secret_leaked", app=appid, in_force=in_force, request_id=request_id)

    def last(self, appid: str, secret_version: int) -> int | None:
        """When this very version of the AppSecret last came from a client of this process; None: never."""
        return self._last.get((appid, secret_version))
