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
from typing import TYPE_CHECKING, Final, Self

from lingpai.observe.spans import Maker, RequestTrace

if TYPE_CHECKING:
    from opentelemetry.sdk.trace import TracerProvider

# W3C Trace Context, level 1: version 00; of a later version, the part that it shares with this one.
_TRACEPARENT: Final = re.compile(
    rb"(?!ff)[0-9a-f]{2}-(?!0{32})([0-9a-f]{32})-(?!0{16})([0-9a-f]{16})-[0-9a-f]{2}(?:-.*)?"
)
_LOW_BITS: Final = (1 << 64) - 1
_SEND_SECONDS: Final = 5.0
_CLOSE_SECONDS: Final = 10.0


class TracingMissingError(Exception):
    """Traces are asked for, and the extra is not installed."""


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
        self._make: Final = Maker(provider, version)
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
