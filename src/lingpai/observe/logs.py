"""Structured logs: one JSON line an event, on standard error; never a secret among its fields."""

import logging
import sys
import time
from contextlib import suppress
from typing import Any, BinaryIO, Final, Literal, cast

import msgspec
import structlog
from structlog.typing import EventDict, FilteringBoundLogger, Processor

LogFormat = Literal["json", "console"]
LogLevel = Literal["debug", "info", "warning", "error"]

_stamp: Final = structlog.processors.TimeStamper(fmt="iso", utc=True, key="at")
_ANEW: Final = 0.5
_SECOND: Final = 1_000_000
_LONG_AGO: Final = 1e6
_encode = msgspec.json.Encoder(enc_hook=repr).encode


def configure_logs(level: LogLevel, form: LogFormat) -> None:
    """Set up logging for this process: `json` for machines, `console` for people."""
    head: list[Processor] = [
        structlog.processors.add_log_level,
        _stamp,
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
    # Bound once: binding anew for each line costs as much as writing it.
    _Current.log = structlog.get_logger().bind()
    if as_json:
        _Current.log = cast(FilteringBoundLogger, _JsonLines(_Current.log, getattr(logging, level.upper())))
    logging.basicConfig(handlers=[_FromLibraries()], level=logging.WARNING, force=True)


def logger() -> FilteringBoundLogger:
    """The logger of this process."""
    return _Current.log


class _Current:
    log: FilteringBoundLogger = structlog.get_logger()


class _JsonLines:
    """What structlog writes, without its way there: a login has one line, and this halves what it costs.

    A line with a trace goes structlog's way, and so does whatever is asked of it that is not a line.
    """

    def __init__(self, behind: FilteringBoundLogger, least: int) -> None:
        self._behind: Final = behind
        self._write: Final = _Lines(sys.stderr.buffer).msg
        self._asked_at = -_LONG_AGO
        self._microsecond = 0
        self._moment = ""
        for name in ("debug", "info", "warning", "error"):
            if getattr(logging, name.upper()) < least:
                setattr(self, name, _nothing)

    def __getattr__(self, name: str) -> Any:
        return getattr(self._behind, name)

    def debug(self, event: str, **fields: Any) -> None:
        self._line("debug", event, fields)

    def info(self, event: str, **fields: Any) -> None:
        self._line("info", event, fields)

    def warning(self, event: str, **fields: Any) -> None:
        self._line("warning", event, fields)

    def error(self, event: str, **fields: Any) -> None:
        self._line("error", event, fields)

    def _line(self, level: str, event: str, fields: dict[str, Any]) -> None:
        if "exc_info" in fields:
            getattr(self._behind, level)(event, **fields)
            return
        fields["event"] = event
        fields["level"] = level
        fields["at"] = self._now()
        self._write(_encode(fields))

    def _now(self) -> str:
        """The stamp structlog would give: asked for twice a second, carried on by the monotonic clock in between."""
        passed = time.monotonic() - self._asked_at
        microsecond = self._microsecond + int(passed * 1e6)
        if passed >= _ANEW or microsecond >= _SECOND:
            self._asked_at = time.monotonic()
            stamp: str = _stamp(None, "", {})["at"]
            self._moment, _, rest = stamp.partition(".")
            self._microsecond = microsecond = int(rest.removesuffix("Z") or 0)
        return f"{self._moment}.{microsecond:06}Z"


def _nothing(_event: str, **_fields: Any) -> None:
    return None


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
