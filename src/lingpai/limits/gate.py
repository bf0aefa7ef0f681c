"""Which limits there are, and what they say when somebody is over."""

from collections.abc import Callable
from typing import Final

import msgspec

from lingpai.clock import Clock
from lingpai.errors import Problem, Quota, Words
from lingpai.errors.catalogue import RATE_LIMITED
from lingpai.limits.bucket import Limit, Policy
from lingpai.limits.refusals import Refusals
from lingpai.limits.sharing import Sharing
from lingpai.model import App

_MINUTE: Final = 60
_BURST_OF: Final = 3
"""What may come at once, of an app or a person: one in so many of a minute's."""
_WHAT: Final = {
    "address": Words("Too many requests from this address.", "该 IP 的请求过于频繁。"),
    "failed_codes": Words("Too many codes from this address were of no use.", "该 IP 提交的无效 code 过多。"),
    "app": Words("This app has more logins now than it allows.", "该应用的登录次数已达上限。"),
    "openid": Words("This person asks too often.", "该用户的请求过于频繁。"),
    "service_key": Words("This service key asks too often.", "该服务密钥的请求过于频繁。"),
}


class LimitSettings(msgspec.Struct, frozen=True, kw_only=True):
    """Uses a minute; 0 is no limit."""

    on: bool
    address: int
    address_burst: int
    failed_codes: int
    openid: int
    service_key: int


class Gate:
    """Lets through, or raises Problem rate_limited. Nothing here waits for anybody."""

    def __init__(self, settings: LimitSettings, sharing: Sharing, refusals: Refusals, clock: Clock) -> None:
        self._on: Final = settings.on
        self._sharing: Final = sharing
        self._refusals: Final = refusals
        self._monotonic: Final[Callable[[], float]] = clock.monotonic
        self._address: Final = self._limit("address", settings.address, settings.address_burst)
        self._failed_codes: Final = self._limit("failed_codes", settings.failed_codes, settings.failed_codes)
        self._openid: Final = self._limit("openid", settings.openid)
        self._service_key: Final = self._limit("service_key", settings.service_key)
        self._apps: Final[dict[int, Limit]] = {}

    def stranger(self, address: str) -> None:
        """A request of somebody who has not shown who it is."""
        self._insist(self._address, address)

    def login(self, app: App, address: str) -> None:
        """A login is about to ask WeChat; `address` is empty when none is known."""
        if address and (wait := self._failed_codes.wait(address)) > 0:
            raise self._refusal(self._failed_codes, wait)
        quota = app.settings.logins_per_minute
        if quota:
            self._insist(self._apps.get(quota) or self._of_apps(quota), app.appid)

    def code_failed(self, address: str) -> None:
        """A code from this address was of no use to WeChat or to us."""
        if address:
            self._failed_codes.count(address)
            if self._failed_codes.pressing:
                self._sharing.press()

    def person(self, appid: str, openid: str) -> None:
        """Somebody who is known asks for what costs a call to WeChat or a commit."""
        self._insist(self._openid, f"{appid} {openid}")

    def backend(self, key_id: str) -> None:
        """A backend asks for a kept token."""
        self._insist(self._service_key, key_id)

    def _insist(self, limit: Limit, subject: str) -> None:
        wait = limit.take(subject)
        if wait:
            raise self._refusal(limit, wait)
        if limit.pressing:
            self._sharing.press()

    def _refusal(self, limit: Limit, wait: float) -> Problem:
        policy = limit.policy
        self._refusals.refused(policy.name)
        return Problem(
            RATE_LIMITED,
            facts={"what": _WHAT[policy.name]},
            retry_after=wait,
            quota=Quota(policy.name, policy.per_minute, _MINUTE),
        )

    def _of_apps(self, quota: int) -> Limit:
        """One limit for all apps that allow the same."""
        limit = self._apps[quota] = self._limit("app", quota)
        return limit

    def _limit(self, name: str, per_minute: int, burst: int | None = None) -> Limit:
        allowed = per_minute if self._on else 0
        burst = max(1, per_minute // _BURST_OF) if burst is None else burst
        limit = Limit(Policy(name=name, per_minute=allowed, burst=burst), self._monotonic)
        self._sharing.add(limit)
        return limit
