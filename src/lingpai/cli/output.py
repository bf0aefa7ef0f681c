"""How commands speak: data on stdout, words on stderr."""

import datetime as dt
import sys
from collections.abc import Sequence
from typing import Annotated, Any, Final

import msgspec
import typer
from rich.console import Console
from rich.table import Table

Json = Annotated[bool, typer.Option("--json", help="Answer as JSON, one line.")]
ConfigFile = Annotated[
    str | None, typer.Option("--config", help="The settings file (default: lingpai.toml here).")
]

_SECOND: Final = 1_000


class NotFoundError(Exception):
    """What was named does not exist."""


def say(*lines: str) -> None:
    """Words for people."""
    for line in lines:
        sys.stderr.write(line + "\n")


complain = say


def emit_json(value: Any) -> None:
    """One line of JSON on stdout."""
    sys.stdout.write(msgspec.json.encode(value).decode() + "\n")
    sys.stdout.flush()


def emit_table(headings: Sequence[str], rows: Sequence[Sequence[object]]) -> None:
    """A table on stdout; plain lines with tabs when nobody watches."""
    if not sys.stdout.isatty():
        for row in rows:
            sys.stdout.write("\t".join(_cell(value) for value in row) + "\n")
        return
    table = Table(*headings, box=None, pad_edge=False, header_style="bold")
    for row in rows:
        table.add_row(*(_cell(value) for value in row))
    Console().print(table, markup=False)


def when(instant: int | None) -> str:
    """An instant in ISO 8601, UTC; `-` for none."""
    if instant is None:
        return "-"
    moment = dt.datetime.fromtimestamp(instant // _SECOND, dt.UTC)
    return moment.strftime("%Y-%m-%dT%H:%M:%SZ")


def _cell(value: object) -> str:
    text = "-" if value is None else str(value)
    return "".join(c if c.isprintable() else "\N{REPLACEMENT CHARACTER}" for c in text)
