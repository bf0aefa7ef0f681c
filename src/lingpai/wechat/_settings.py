"""How long, how many and where to: what may be set about calling WeChat?"""

from dataclasses import dataclass, field
from urllib.parse import urlsplit


@dataclass(frozen=True, slots=True, kw_only=True)
class WeChatSettings:
    """All times are seconds. Raises ValueError when the figures contradict one another.

    ``base_url``: scheme and host that every ``api`` endpoint's path is appended to.
    ``fallback_urls``: hosts that stand in for it for a minute when no connection to it opens.
    ``proxy``: the URL of an HTTP proxy. Proxies named in the environment are never used.
    ``total_timeout``: queueing, connecting and reading together never take longer.
    ``in_flight_per_app`` and ``queue_per_app`` count calls; ``queue_wait`` is the longest wait.
    ``answer_limit``: bytes; a longer body is not read to its end. ``forward_limit``: the same for calls
    that are only passed on.
    ``breaker_*``: opens at ``share`` of failures among at least ``calls`` calls within ``window``;
    while open, one call per ``probe`` seconds is let through.
    """

    base_url: str = "https://api.weixin.qq.com"
    fallback_urls: tuple[str, ...] = ()
    proxy: str | None = field(default=None, repr=False)
    user_agent: str = "lingpai"
    connect_timeout: float = 1.0
    read_timeout: float = 3.0
    total_timeout: float = 5.0
    # Shorter than servers usually keep an idle connection, so that the closing of it is ours.
    idle_timeout: float = 15.0
    in_flight_per_app: int = 64
    queue_per_app: int = 64
    queue_wait: float = 0.3
    breaker_window: float = 10.0
    breaker_calls: int = 20
    breaker_share: float = 0.5
    breaker_probe: float = 1.0
    answer_limit: int = 64 * 1024
    forward_limit: int = 4 * 1024 * 1024

    def __post_init__(self) -> None:
        for url in (self.base_url, *self.fallback_urls):
            _insist_on_a_host(url)
        if not 0 < self.connect_timeout < self.read_timeout <= self.total_timeout:
            # A read timeout within the connect time would make an unsent request look sent.
            raise ValueError("needed: 0 < connect_timeout < read_timeout <= total_timeout")
        if self.queue_wait + self.connect_timeout >= self.total_timeout:
            raise ValueError("queue_wait and connect_timeout leave no time to read")
        if min(self.in_flight_per_app, self.breaker_calls, self.answer_limit) < 1 or self.queue_per_app < 0:
            raise ValueError("limits are positive; queue_per_app may be 0")
        if not 0 < self.breaker_share <= 1 or min(self.breaker_window, self.breaker_probe) <= 0:
            raise ValueError("breaker_share is within (0, 1], breaker times are positive")


def _insist_on_a_host(text: str) -> None:
    url = urlsplit(text)
    if url.scheme not in ("http", "https") or not url.hostname or url.port == 0:
        raise ValueError("base_url needs a scheme (http or https) and a host")
    if url.query or url.fragment:
        raise ValueError("base_url must not hold a query or a fragment")
    if url.username or url.password:
        raise ValueError("base_url must not hold credentials")
