"""What Prometheus sees: counts and durations, never a name of a person."""

from typing import Final

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, generate_latest

_FAST: Final = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0)


class Metrics:
    """The metrics of one server, in a registry of their own."""

    def __init__(self) -> None:
        self.registry: Final = CollectorRegistry()
        self.requests: Final = Counter(
            "lingpai_http_requests",
            "Answered HTTP requests by route and status.",
            ["route", "status"],
            registry=self.registry,
        )
        self.request_seconds: Final = Histogram(
            "lingpai_http_request_seconds",
            "Time from the request's head to the end of its answer, by route.",
            ["route"],
            buckets=_FAST,
            registry=self.registry,
        )
        self.logins: Final = Counter(
            "lingpai_logins",
            "Finished logins by app and result (signed_in, given_again, or the problem's code).",
            ["app", "result"],
            registry=self.registry,
        )
        self.phones: Final = Counter(
            "lingpai_phone_numbers",
            "Phone numbers asked for by app and result (verified, or the problem's code).",
            ["app", "result"],
            registry=self.registry,
        )
        self.wechat_calls: Final = Counter(
            "lingpai_wechat_calls",
            "Calls to WeChat by endpoint and outcome.",
            ["endpoint", "outcome"],
            registry=self.registry,
        )
        self.wechat_seconds: Final = Histogram(
            "lingpai_wechat_call_seconds",
            "Duration of calls to WeChat by endpoint.",
            ["endpoint"],
            buckets=_FAST,
            registry=self.registry,
        )
        self.secrets_leaked: Final = Counter(
            "lingpai_app_secrets_leaked",
            "Requests of clients that carried an AppSecret, by app and whether it is the one in force.",
            ["app", "in_force"],
            registry=self.registry,
        )
        self.sessions_ended: Final = Counter(
            "lingpai_sessions_ended",
            "Sessions ended, by reason.",
            ["reason"],
            registry=self.registry,
        )
        self.ready: Final = Gauge(
            "lingpai_ready", "1 while the server is ready for requests.", registry=self.registry
        )

    def page(self) -> bytes:
        """Everything in Prometheus' text format."""
        return generate_latest(self.registry)
