"""The page of metrics, from observe/metrics.py."""

from typing import Final

from prometheus_client.metrics import MetricWrapperBase

from docs.generator.markdown import page, pick, table, ticked
from docs.generator.words import hold, load
from lingpai.errors import Words
from lingpai.observe import Metrics
from lingpai.web.language import Language

_TITLE: Final = Words("Metrics", "指标")
_INTRO: Final = Words(
    "`GET /metrics` answers in Prometheus' text format. No label names a person. The endpoint asks for no key: let "
    "your proxy keep it from the public.",
    "`GET /metrics` 以 Prometheus 文本格式返回指标，标签中不含任何个人信息。该端点不需要密钥，请在反向代理上屏蔽公网访问。",
)
_HEADINGS: Final = Words("metric|kind|labels|counts", "指标|类型|标签|说明")


def write(language: Language) -> str:
    """The page."""
    found = metrics()
    chinese: dict[str, str] = load("metrics")
    hold("metrics", code=found, words=chinese)
    rows = [
        (
            f"`{name}`",
            str(metric._type),  # noqa: SLF001  the library tells it only of samples
            ticked(metric._labelnames),  # noqa: SLF001  the same
            chinese[name] if language == "zh" else metric._documentation,  # noqa: SLF001  the same
        )
        for name, metric in found.items()
    ]
    return page(language, _TITLE, _INTRO, table(pick(_HEADINGS, language).split("|"), rows))


def metrics() -> dict[str, MetricWrapperBase]:
    """Every metric by the name that Prometheus sees."""
    every = Metrics()
    own = list(vars(every).values())
    # A group of metrics is an object that holds them.
    values = [
        *(metric for group in own if hasattr(group, "__dict__") for metric in vars(group).values()),
        *own,
    ]
    found = [value for value in values if isinstance(value, MetricWrapperBase)]
    return {_name(metric): metric for metric in found}


def _name(metric: MetricWrapperBase) -> str:
    name: str = metric._name  # noqa: SLF001  the library tells it only of samples
    return f"{name}_total" if metric._type == "counter" else name  # noqa: SLF001  the same
