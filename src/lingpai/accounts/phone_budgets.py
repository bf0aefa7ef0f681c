"""How many phone numbers may be asked for in a day: by one person, from one address, at one app.

WeChat counts what the button gives, not what the server fetches; but each fetch is the sign of a paid press, and
a client that presses in a loop is stopped here before it has cost much.
"""

from typing import Final

import msgspec

from lingpai.clock import DAY, HOUR, SECOND, Clock
from lingpai.errors import Problem, Quota, Words
from lingpai.errors.catalogue import RATE_LIMITED
from lingpai.model import Draw
from lingpai.observe import Metrics, logger
from lingpai.secret import Sealer
from lingpai.storage.port import Store

_SHANGHAI: Final = 8 * HOUR

_WHAT: Final = {
    "user": Words(
        "This user has asked for a phone number too often today.", "该用户今天获取手机号的次数过多。"
    ),
    "address": Words(
        "Too many phone numbers were asked for from this address today.",
        "该 IP 今天获取手机号的次数过多。",
    ),
    "app": Words("This app has used up its phone numbers for today.", "该应用今天的手机号获取额度已用完。"),
}


class PhoneLimits(msgspec.Struct, frozen=True, kw_only=True):
    """Phone numbers a day; a day begins at midnight in Shanghai."""

    per_user: int
    per_address: int
    per_app: int


class PhoneBudgets:
    """Draws from the three budgets before WeChat is asked."""

    def __init__(
        self, store: Store, sealer: Sealer, clock: Clock, metrics: Metrics, limits: PhoneLimits
    ) -> None:
        self._store: Final = store
        self._sealer: Final = sealer
        self._clock: Final = clock
        self._metrics: Final = metrics
        self._limits: Final = limits

    async def draw(self, appid: str, user_id: str, address: str) -> None:
        """One phone number more. Raises Problem rate_limited, with the seconds until midnight."""
        limits = self._limits
        draws = {
            self._name("user", user_id): ("user", limits.per_user),
            self._name("address", address): ("address", limits.per_address),
            self._name("app", appid): ("app", limits.per_app),
        }
        local = self._clock.now() + _SHANGHAI
        spent = await self._store.budgets.draw(
            [Draw(name=name, limit=limit) for name, (_, limit) in draws.items()], local // DAY
        )
        if spent is None:
            return
        whose = draws[spent][0]
        self._metrics.phones.labels(appid, RATE_LIMITED.code).inc()
        logger().warning("phone_budget_spent", app=appid, user_id=user_id, whose=whose)
        seconds = (DAY - local % DAY) / SECOND
        quota = Quota(f"phone_{whose}", draws[spent][1], DAY // SECOND)
        raise Problem(RATE_LIMITED, facts={"what": _WHAT[whose]}, retry_after=seconds, quota=quota)

    @property
    def per_app(self) -> int:
        """How many phone numbers an app may ask for in a day."""
        return self._limits.per_app

    def today(self) -> int:
        """The number of the day in Shanghai."""
        return (self._clock.now() + _SHANGHAI) // DAY

    def of_app(self, appid: str) -> str:
        """What an app's budget is called."""
        return self._name("app", appid)

    def _name(self, whose: str, value: str) -> str:
        """What is counted, without an address or a user standing in the table."""
        return f"phone {whose} {self._sealer.fingerprint(f'budget {value}'.encode()).hex()}"
