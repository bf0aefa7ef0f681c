"""Structured logs: one JSON line an event, on standard error; never a secret among its fields."""

import logging
import sys
from contextlib import suppress
from typing import Any, BinaryIO, Literal

import msgspec
import structlog
from structlog.typing import EventDict, FilteringBoundLogger, Processor

LogFormat = Literal["json", "console"]
LogLevel = Literal["debug", "info", "warning", "error"]

_encode = msgspec.json.Encoder(enc_hook=repr).encode


def configure_logs(level: LogLevel, form: LogFormat) -> None:
    """Set up logging for this process: `json` for machines, `console` for people."""
    head: list[Processor] = [
        structlog.processors.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True, key="at"),
    ]
    as_json = form == "json"
    tail: list[Processor] = (
        [structlog.processors.format_exc_info, _render_json]
        if as_json
        # A trace with local variables would print secrets.
        else [structlog.dev.ConsoleRenderer(colors=False, exception_formatter=structlog.dev.plain_traceback)]
    )
    structlog.configure(
        processors=[*head, *tail],
        wrapper_class=structlog.make_filtering_bound_logger(getattr(logging, level.upper())),
        logger_factory=lambda *_: _Lines(sys.stderr.buffer),
        cache_logger_on_first_use=True,
    )
    _Current.log = structlog.get_logger().bind()
    logging.basicConfig(handlers=[_FromLibraries()], level=logging.WARNING, force=True)


def logger() -> FilteringBoundLogger:
    """The logger of this process."""
    return _Current.log


class _Current:
    # Bound once: binding anew for each line costs as much as writing it.
    log: FilteringBoundLogger = structlog.get_logger()


class _FromLibraries(logging.Handler):
    """What a library logs becomes one event of ours: its words are kept, its arguments are not,
    because nobody has looked whether they hold a secret."""

    def emit(self, record: logging.LogRecord) -> None:
        kind = record.exc_info[0].__name__ if record.exc_info and record.exc_info[0] else None
        logger().warning("library", name=record.name, words=str(record.msg), error=kind)


class _Lines:
    """Writes lines. A log that cannot be written (a full disk, a closed pipe) must cost nobody an answer."""

    def __init__(self, stream: BinaryIO) -> None:
        self._write = stream.write
        self._flush = stream.flush

    def msg(self, line: bytes | str) -> None:
        data = line if isinstance(line, bytes) else line.encode("utf-8", "backslashreplace")
        with suppress(OSError, ValueError):
            self._write(data + b"\n")
            self._flush()

    debug = info = warning = error = msg


def _render_json(_logger: Any, _name: str, event: EventDict) -> bytes:
    return _encode(event)
