"""What Prometheus sees of this node among the others, and of its limits."""

from typing import Final

from prometheus_client import CollectorRegistry, Counter, Gauge


class NodeMetrics:
    """Counts of one node."""

    def __init__(self, registry: CollectorRegistry) -> None:
        self.relay_up: Final = Gauge(
            "lingpai_relay_up",
            "1 while Redis carries words between nodes; 0 without one.",
            registry=registry,
        )
        self.relay_heard: Final = Counter(
            "lingpai_relay_words_heard",
            "Words of other nodes that made this one look at the database, by topic.",
            ["topic"],
            registry=registry,
        )
        self.rate_limited: Final = Counter(
            "lingpai_rate_limited",
            "Requests refused with rate_limited, by limit.",
            ["limit"],
            registry=registry,
        )
        self.limits_unshared: Final = Counter(
            "lingpai_limits_unshared",
            "Times that this node could not tell the others how much of the limits it has used, by reason.",
            ["reason"],
            registry=registry,
        )
