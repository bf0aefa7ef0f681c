"""The spans of one request, by OpenTelemetry's SDK: its own, and one for each part that is told to it."""

from typing import TYPE_CHECKING, Final, Self, cast

from lingpai.observe.traces import Attribute, current

if TYPE_CHECKING:
    from opentelemetry.context import Context
    from opentelemetry.sdk.trace import Span as Recorded
    from opentelemetry.sdk.trace import TracerProvider
    from opentelemetry.trace import Span, SpanKind, Tracer

_METHODS: Final = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})
_SERVER_FAULT: Final = 500
_SECOND_NS: Final = 1_000_000_000


class Maker:
    """What spans are made with; gathered once, as each look-up costs as much as a span."""

    def __init__(self, provider: "TracerProvider", version: str) -> None:
        from opentelemetry.context import Context  # noqa: PLC0415 - the extra
        from opentelemetry.trace import (  # noqa: PLC0415 - the extra
            NonRecordingSpan,
            SpanContext,
            SpanKind,
            StatusCode,
            TraceFlags,
            set_span_in_context,
        )

        self.tracer: Final[Tracer] = provider.get_tracer("lingpai", version)
        self.client: Final = SpanKind.CLIENT
        self.internal: Final = SpanKind.INTERNAL
        self.error: Final = StatusCode.ERROR
        self.nothing: Final = Context()
        sampled = TraceFlags(TraceFlags.SAMPLED)

        def root(parent: "Context") -> "Recorded":
            return cast("Recorded", self.tracer.start_span("request", parent, SpanKind.SERVER))

        def below(span: "Span") -> "Context":
            return set_span_in_context(span, self.nothing)

        def remote(trace_id: int, span_id: int) -> "Context":
            return below(
                NonRecordingSpan(SpanContext(trace_id, span_id, is_remote=True, trace_flags=sampled))
            )

        self.root: Final = root
        self.below: Final = below
        self.remote: Final = remote


class RequestTrace:
    """See `traces.Trace`. Current within its `with` block."""

    __slots__ = ("_before", "_began", "_began_ns", "_context", "_make", "_span")

    def __init__(self, make: Maker, parent: "Context", began: float) -> None:
        self._make: Final = make
        self._span: Final = make.root(parent)
        self._context: Final = make.below(self._span)
        self._began: Final = began
        self._began_ns: Final = self._span.start_time or 0  # the SDK sets it

    def __enter__(self) -> Self:
        self._before = current.set(self)
        return self

    def __exit__(self, *_: object) -> None:
        current.reset(self._before)

    def known_as(self, request_id: str) -> None:
        self._span.set_attribute("lingpai.request_id", request_id)

    def called(self, endpoint: str, began: float, ended: float, said: dict[str, Attribute]) -> None:
        self._part(
            f"wechat {endpoint}", self._make.client, began, ended, said, failed=said["outcome"] != "ok"
        )

    def committed(self, began: float, ended: float, said: dict[str, Attribute], *, failed: bool) -> None:
        self._part("commit", self._make.internal, began, ended, said, failed=failed)

    def answered(self, method: str, route: str, status: int) -> None:
        """The end. `route` is the pattern, not the path; `status` 0: the client went away."""
        known = method if method in _METHODS else "_OTHER"
        span = self._span
        span.update_name(f"{known} {route}")
        span.set_attribute("http.request.method", known)
        span.set_attribute("http.route", route)
        span.set_attribute("http.response.status_code", status)
        if status >= _SERVER_FAULT:
            span.set_status(self._make.error)
        span.end()

    def _part(
        self,
        name: str,
        kind: "SpanKind",
        began: float,
        ended: float,
        said: dict[str, Attribute],
        *,
        failed: bool,
    ) -> None:
        span = self._make.tracer.start_span(
            name,
            self._context,
            kind,
            {f"lingpai.{key}": value for key, value in said.items()},
            start_time=self._at(began),
        )
        if failed:
            span.set_status(self._make.error)
        span.end(self._at(ended))

    def _at(self, instant: float) -> int:
        return self._began_ns + round((instant - self._began) * _SECOND_NS)
