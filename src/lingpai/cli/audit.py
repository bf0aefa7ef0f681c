"""`lingpai audit`: what was done here, by whom, and whether the record is as it was written."""

import datetime as dt
import re
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Annotated, Final, TextIO

import msgspec
import typer

from lingpai.admin.audit import ShownEntry
from lingpai.admin.audit_checking import KEPT_DAYS, AuditInvalidError, Broken, Damage, Verdict
from lingpai.cli.opened import Desk, at_desk
from lingpai.cli.output import ConfigFile, Json, complain, emit_json, emit_table, say
from lingpai.cli.person import whoever
from lingpai.model import AuditHead

cli: Final = typer.Typer(
    help="What was done here, and by whom. 审计日志。", no_args_is_help=True, rich_markup_mode=None
)

_STDIN: Final = "-"
_BROKEN: Final = 1
_HEAD: Final = re.compile(r"(\d{1,18}):([0-9a-f]{64})")
_WORDS: Final[dict[Damage, str]] = {
    "altered": "was changed, or put here by somebody else",
    "missing": "missing",
    "unlinked": "does not follow the row before it: one of the two was put in or moved",
    "cut": "missing at the end",
    "not_the_head": "is not the row that was the last one",
}


@cli.command("list")
def list_entries(
    *,
    limit: Annotated[int, typer.Option(min=1, max=1000, help="How many at most.")] = 50,
    before: Annotated[int | None, typer.Option(help="Older than this position.")] = None,
    config: ConfigFile = None,
    json: Json = False,
) -> None:
    """What was done, newest first."""
    entries = at_desk(config, lambda desk: desk.audit.page(limit, before=before))
    if json:
        emit_json(entries)
        return
    emit_table(
        ["position", "time", "who", "what", "about", "details"],
        [
            (e.position, e.time, f"{e.actor_kind} {e.actor_name}", e.action, e.about, _details(e))
            for e in entries
        ],
    )


@cli.command("export")
def export(*, config: ConfigFile = None) -> None:
    """Every row as NDJSON on stdout, oldest first: what an archive keeps, and what `audit prune` asks for."""

    async def write(desk: Desk) -> int:
        rows = 0
        await desk.audit.note(whoever(), "audit.exported")
        async for entry in desk.audit.everything():
            emit_json(entry)
            rows += 1
        return rows

    say(f"{at_desk(config, write)} rows.")


@cli.command("verify")
def verify(
    *,
    head: Annotated[
        str,
        typer.Option(help="POSITION:HASH that was printed earlier: it must still be on the chain."),
    ] = "",
    config: ConfigFile = None,
    json: Json = False,
) -> None:
    """Whether every row is as it was written. Prints the head; kept elsewhere, it shows later if the end was cut off."""
    kept = _head(head) if head else None
    verdict = at_desk(config, lambda desk: desk.audit_checking.verify(kept))
    if json:
        emit_json(
            {
                "ok": not verdict.broken,
                "rows": verdict.rows,
                "first": verdict.first,
                "head": _written(verdict.head),
                "broken": verdict.broken,
            }
        )
    else:
        _tell(verdict)
    if verdict.broken:
        sys.exit(_BROKEN)


@cli.command("prune")
def prune(
    *,
    before: Annotated[str, typer.Option(help=f"A day, such as 2026-01-31; at least {KEPT_DAYS} days ago.")],
    exported: Annotated[
        str, typer.Option(help="An output of `audit export` that holds all of these rows; - reads stdin.")
    ],
    config: ConfigFile = None,
    json: Json = False,
) -> None:
    """Remove old rows that were exported. The hash of the last one stays, so that the chain goes on."""
    instant = _day(before)
    entries = list(_read(exported))
    removed = at_desk(config, lambda desk: desk.audit_checking.prune(instant, entries, whoever()))
    if json:
        emit_json({"removed": removed})
    else:
        say(f"Removed {removed} rows.")


def _tell(verdict: Verdict) -> None:
    for broken in verdict.broken:
        complain(_sentence(broken))
    if not verdict.broken:
        say(f"{verdict.rows} rows from position {verdict.first} on, all as they were written. The head:")
    typer.echo(_written(verdict.head))


def _sentence(broken: Broken) -> str:
    words = _WORDS[broken.damage]
    if broken.through == broken.position:
        return f"Row {broken.position}: {words}."
    return f"Rows {broken.position} to {broken.through}: {words}."


def _details(entry: ShownEntry) -> str:
    return ", ".join(f"{name}={value}" for name, value in sorted(entry.details.items()))


def _written(head: AuditHead) -> str:
    return f"{head.position}:{head.hash.hex()}"


def _head(text: str) -> AuditHead:
    found = _HEAD.fullmatch(text.strip())
    if found is None:
        raise AuditInvalidError("--head: expected POSITION:HASH, as audit verify prints it")
    return AuditHead(int(found[1]), bytes.fromhex(found[2]))


def _day(text: str) -> int:
    try:
        day = dt.datetime.strptime(text, "%Y-%m-%d").replace(tzinfo=dt.UTC)
    except ValueError:
        raise AuditInvalidError(f"--before: {text!r} is no day such as 2026-01-31") from None
    return int(day.timestamp()) * 1_000


def _read(source: str) -> Iterator[ShownEntry]:
    if source == _STDIN:
        yield from _lines(sys.stdin, source)
        return
    try:
        with Path(source).open(encoding="utf-8") as stream:
            yield from _lines(stream, source)
    except OSError as error:
        raise AuditInvalidError(f"{source}: cannot be read: {error.strerror}") from None


def _lines(stream: TextIO, source: str) -> Iterator[ShownEntry]:
    for line in stream:
        try:
            yield msgspec.json.decode(line, type=ShownEntry)
        except (msgspec.DecodeError, ValueError):
            raise AuditInvalidError(f"{source}: is no output of audit export") from None
