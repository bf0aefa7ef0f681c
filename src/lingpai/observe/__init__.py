"""Being seen: logs and metrics. Any room may write to them; none reads them."""

from lingpai.observe.flight import Flight, flight, landed, take_off
from lingpai.observe.logs import LogFormat, LogLevel, configure_logs, logger
from lingpai.observe.metrics import Metrics

__all__ = [
    "Flight",
    "LogFormat",
    "LogLevel",
    "Metrics",
    "configure_logs",
    "flight",
    "landed",
    "logger",
    "take_off",
]
