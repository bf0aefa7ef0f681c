"""Being seen: logs, metrics and traces. Any room may write to them; none reads them."""

from lingpai.observe.flight import Flight, flight, landed, take_off
from lingpai.observe.logs import LogFormat, LogLevel, configure_logs, logger
from lingpai.observe.metrics import Metrics
from lingpai.observe.node_metrics import NodeMetrics
from lingpai.observe.traces import Attribute, Trace, current
from lingpai.observe.tracing import Tracing, TracingMissingError

__all__ = [
    "Attribute",
    "Flight",
    "LogFormat",
    "LogLevel",
    "Metrics",
    "NodeMetrics",
    "Trace",
    "Tracing",
    "TracingMissingError",
    "configure_logs",
    "current_trace",
    "flight",
    "landed",
    "logger",
    "take_off",
]

current_trace = current.get
"""The trace of the request that this task answers, or None."""
