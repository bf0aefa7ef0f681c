"""Being seen: logs and metrics. Any room may write to them; none reads them."""

from lingpai.observe.logs import LogFormat, LogLevel, configure_logs, logger
from lingpai.observe.metrics import Metrics
from lingpai.observe.node_metrics import NodeMetrics

__all__ = ["LogFormat", "LogLevel", "Metrics", "NodeMetrics", "configure_logs", "logger"]
