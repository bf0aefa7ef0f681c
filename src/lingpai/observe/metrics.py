"""What Prometheus sees: counts and durations, never a name of a person."""

from functools import partial
from typing import Final

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, generate_latest

from lingpai.observe.node_metrics import NodeMetrics

_FAST: Final = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0)


class TokenMetrics:
    """What the keeper of WeChat's tokens does."""

    def __init__(self, registry: CollectorRegistry) -> None:
        self.fetches: Final = Counter(
            "lingpai_token_fetches",
            "Attempts to get a token from WeChat, by app, kind and outcome (ok, unsaved, retrying or blocked).",
            ["app", "kind", "outcome"],
            registry=registry,
        )
        self.replaced: Final = Counter(
            "lingpai_tokens_replaced",
            "Tokens found dead before their time, by app and kind: somebody else holds the AppSecret.",
            ["app", "kind"],
            registry=registry,
        )
        self.seconds_left: Final = Gauge(
            "lingpai_token_seconds_left",
            "Seconds the kept token still works, by app and kind; 0 when there is none.",
            ["app", "kind"],
            registry=registry,
        )
        self.calls_today: Final = Gauge(
            "lingpai_token_calls_today",
            "Attempts to get a token on WeChat's present day, by app and kind, of all nodes together.",
            ["app", "kind"],
            registry=registry,
        )
        self.blocked: Final = Gauge(
            "lingpai_token_blocked",
            "1 while WeChat gives an app no token and only people can change that, by app and kind.",
            ["app", "kind"],
            registry=registry,
        )


class PushMetrics:
    """What WeChat pushes, and what is told to others."""

    def __init__(self, registry: CollectorRegistry) -> None:
        self.events: Final = Counter(
            "lingpai_push_events",
            "Events that WeChat pushed, by app and answer (new, known, nonce_spent or refused).",
            ["app", "answer"],
            registry=registry,
        )
        self.done: Final = Counter(
            "lingpai_push_acted",
            "Events acted on, by app and outcome (forgot, erased, outdated, marked, passed_on or nobody).",
            ["app", "outcome"],
            registry=registry,
        )
        self.deliveries: Final = Counter(
            "lingpai_webhook_attempts",
            "Attempts to deliver a webhook, by outcome (delivered, waiting or dead).",
            ["outcome"],
            registry=registry,
        )


class AppSecretMetrics:
    """What becomes of AppSecrets."""

    def __init__(self, registry: CollectorRegistry) -> None:
        self.probes: Final = Counter(
            "lingpai_app_secret_probes",
            "AppSecrets that WeChat was asked about, by app and verdict (accepted, refused, frozen or undecided).",
            ["app", "verdict"],
            registry=registry,
        )
        self.fallbacks: Final = Counter(
            "lingpai_app_secret_fallbacks",
            "Returns to the former AppSecret because WeChat refused the new one, by app.",
            ["app"],
            registry=registry,
        )
        self.refused: Final = Gauge(
            "lingpai_app_secret_refused",
            "1 while WeChat does not take the AppSecret in force, by app.",
            ["app"],
            registry=registry,
        )


class Metrics:
    """The metrics of one server, in a registry of their own."""

    def __init__(self) -> None:
        self.registry: Final = CollectorRegistry()
        counter = partial(Counter, registry=self.registry)
        histogram = partial(Histogram, buckets=_FAST, registry=self.registry)
        self.requests: Final = counter(
            "lingpai_http_requests",
            "Answered HTTP requests by route and status.",
            ["route", "status"],
        )
        self.request_seconds: Final = histogram(
            "lingpai_http_request_seconds",
            "Time from the request's head to the end of its answer, by route.",
            ["route"],
        )
        self.logins: Final = counter(
            "lingpai_logins",
            "Finished logins by app and result (signed_in, given_again, or the problem's code).",
            ["app", "result"],
        )
        self.lines_lost: Final = counter(
            "lingpai_attempts_unrecorded",
            "Lines and timelines of attempts that were not kept, by reason (too_many, unfit or storage).",
            ["reason"],
        )
        self.phones: Final = counter(
            "lingpai_phone_numbers",
            "Phone numbers asked for by app and result (verified, or the problem's code).",
            ["app", "result"],
        )
        self.wechat_calls: Final = counter(
            "lingpai_wechat_calls",
            "Calls to WeChat by endpoint and outcome.",
            ["endpoint", "outcome"],
        )
        self.wechat_seconds: Final = histogram(
            "lingpai_wechat_call_seconds",
            "Duration of calls to WeChat by endpoint.",
            ["endpoint"],
        )
        self.secrets_leaked: Final = counter(
            "lingpai_app_secrets_leaked",
            "Requests of clients that carried an AppSecret, by app and whether it is the one in force.",
            ["app", "in_force"],
        )
        self.sessions_ended: Final = counter(
            "lingpai_sessions_ended",
            "Sessions ended, by reason.",
            ["reason"],
        )
        self.tokens: Final = TokenMetrics(self.registry)
        self.push: Final = PushMetrics(self.registry)
        self.app_secrets: Final = AppSecretMetrics(self.registry)
        self.nodes: Final = NodeMetrics(self.registry)
        self.ready: Final = Gauge(
            "lingpai_ready", "1 while the server is ready for requests.", registry=self.registry
        )

    def page(self) -> bytes:
        """Everything in Prometheus' text format."""
        return generate_latest(self.registry)
