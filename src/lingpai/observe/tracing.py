"""Traces by OpenTelemetry: one span for a request, below it one for each call to WeChat and each commit.

Needs the extra `lingpai[otel]`, which is imported only when the settings ask for traces. Spans are sent by a thread of
the SDK, over OTLP/HTTP; what it cannot send is dropped. A span says routes, names, counts and outcomes: no URL, no
header, no body, no exception, no name of a person.
"""

import asyncio
import re
import threading
from collections.abc import Callable, Iterable
from contextlib import suppress
from typing import TYPE_CHECKING, Final, Self, cast

from lingpai.observe.traces import Attribute, current

if TYPE_CHECKING:
    from opentelemetry.context import Context
    from opentelemetry.sdk.trace import Span as Recorded
    from opentelemetry.sdk.trace import TracerProvider
    from opentelemetry.trace import Span, SpanKind, Tracer

# W3C Trace Context, level 1: version 00; of a later version, the part that it shares with this one.
_TRACEPARENT: Final = re.compile(
    rb"(?!ff)[0-9a-f]{2}-(?!0{32})([0-9a-f]{32})-(?!0{16})([0-9a-f]{16})-[0-9a-f]{2}(?:-.*)?"
)
_METHODS: Final = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})
_SERVER_FAULT: Final = 500
_LOW_BITS: Final = (1 << 64) - 1
_SECOND_NS: Final = 1_000_000_000
_SEND_SECONDS: Final = 5.0
_CLOSE_SECONDS: Final = 10.0


class TracingMissingError(Exception):
    """Traces are asked for, and the extra is not installed."""


class RequestTrace:
    """See `traces.Trace`. Current within its `with` block."""

    __slots__ = ("_before", "_began", "_began_ns", "_context", "_make", "_span")

    def __init__(self, make: "_Make", parent: "Context", began: float) -> None:
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


class _Make:
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


class Tracing:
    """Makes the traces of one server and sends them off."""

    def __init__(
        self,
        provider: "TracerProvider",
        version: str,
        share: float,
        *,
        monotonic: Callable[[], float],
        fraction: Callable[[], float],
    ) -> None:
        self._share: Final = share
        self._fraction: Final = fraction
        self._provider: Final = provider
        self._make: Final = _Make(provider, version)
        self._monotonic: Final = monotonic

    @classmethod
    def open(
        cls,
        endpoint: str,
        share: float,
        *,
        version: str,
        monotonic: Callable[[], float],
        fraction: Callable[[], float],
    ) -> Self:
        """Send traces of a `share` (0 to 1) of the requests to `endpoint`, a URL of OTLP over HTTP.

        Of requests that are part of a trace, its id decides: services with the same share choose the same ones. The
        flag `sampled` of a caller does not count, or any client could decide what a collector has to store.
        `fraction` draws a number from 0 to 1. Raises TracingMissingError.
        """
        try:
            from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter  # noqa: PLC0415
            from opentelemetry.sdk.resources import Resource  # noqa: PLC0415 - the extra
            from opentelemetry.sdk.trace import TracerProvider  # noqa: PLC0415 - the extra
            from opentelemetry.sdk.trace.export import BatchSpanProcessor  # noqa: PLC0415 - the extra
            from opentelemetry.sdk.trace.sampling import ALWAYS_ON  # noqa: PLC0415 - the extra
        except ImportError:
            raise TracingMissingError(
                "otel_endpoint needs an extra: pip install 'lingpai[otel]', or leave it empty"
            ) from None
        provider = TracerProvider(
            sampler=ALWAYS_ON,
            resource=Resource.create({"service.name": "lingpai", "service.version": version}),
            shutdown_on_exit=False,
        )
        exporter = OTLPSpanExporter(endpoint=endpoint, timeout=_SEND_SECONDS)
        provider.add_span_processor(BatchSpanProcessor(exporter))
        return cls(provider, version, share, monotonic=monotonic, fraction=fraction)

    def begin(self, headers: Iterable[tuple[bytes, bytes]]) -> RequestTrace | None:
        """The trace of a request with these headers; None: it is not chosen.

        Chosen before the SDK hears of it: for the SDK, not to trace is half the work of tracing.
        """
        parent = self._parent(headers)
        if parent is None:
            if self._fraction() >= self._share:
                return None
            return RequestTrace(self._make, self._make.nothing, self._monotonic())
        trace_id, span_id = parent
        if trace_id & _LOW_BITS >= self._share * (_LOW_BITS + 1):
            return None
        return RequestTrace(self._make, self._make.remote(trace_id, span_id), self._monotonic())

    async def aclose(self) -> None:
        """Send what is left, within ten seconds."""
        loop, over = asyncio.get_running_loop(), asyncio.Event()

        def shut() -> None:
            self._provider.shutdown()
            with suppress(RuntimeError):  # nobody waits any more
                loop.call_soon_threadsafe(over.set)

        # A thread that ends with the process: a collector that does not answer must not hold it.
        threading.Thread(target=shut, name="lingpai-traces", daemon=True).start()
        with suppress(TimeoutError):
            async with asyncio.timeout(_CLOSE_SECONDS):
                await over.wait()

    def _parent(self, headers: Iterable[tuple[bytes, bytes]]) -> tuple[int, int] | None:
        """Trace and span that the caller is in."""
        given = [value for name, value in headers if name == b"traceparent"]
        found = _TRACEPARENT.fullmatch(given[0]) if len(given) == 1 else None
        return None if found is None else (int(found[1], 16), int(found[2], 16))
