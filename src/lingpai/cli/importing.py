"""`lingpai users import`: an existing table of openids comes over."""

import asyncio
import datetime as dt
import re
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated, Final
from urllib.parse import quote, urlsplit, urlunsplit

import msgspec
import typer

from lingpai.admin.import_rows import MappingInvalidError
from lingpai.admin.importing import Aside, Importing, ImportReport, ImportWish
from lingpai.cli.output import ConfigFile, Json, NotFoundError, complain, emit_json, emit_table, say
from lingpai.cli.person import whoever
from lingpai.cli.progress import progress
from lingpai.clock import SystemClock
from lingpai.config import SOURCE_PASSWORD, Config, environment, load_config
from lingpai.model import App
from lingpai.observe import configure_logs
from lingpai.storage import open_store
from lingpai.storage.open import open_source
from lingpai.storage.port import Store

_OFFSET: Final = re.compile(r"([+-])(\d\d):(\d\d)")


def import_users(
    source: Annotated[
        str,
        typer.Argument(
            help="Where people are: mysql://user@host/database, postgresql://…, sqlite:///file, or a .csv or "
            ".ndjson file. The password stands in LINGPAI_SOURCE_PASSWORD."
        ),
    ],
    *,
    app: Annotated[str, typer.Option(help="Slug or AppID of the app whose openids these are.")],
    table: Annotated[str, typer.Option(help="The table; of a file, nothing.")] = "",
    mapping: Annotated[
        list[str] | None,
        typer.Option(
            "--map",
            help="FIELD=COLUMN, with commas or again and again. Without it, the columns' names decide.",
        ),
    ] = None,
    key: Annotated[str, typer.Option(help="Unique columns, with commas, if there is no primary key.")] = "",
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Only say what would happen.")] = False,
    refused: Annotated[
        Path | None, typer.Option(help="Write rows that were refused or do not fit together to this file.")
    ] = None,
    utc_offset: Annotated[
        str, typer.Option(help="What times without a zone are off UTC; China's by default.")
    ] = "+08:00",
    restart: Annotated[
        bool, typer.Option("--restart", help="Begin anew, where an import was broken off.")
    ] = False,
    config: ConfigFile = None,
    json: Json = False,
) -> None:
    """Take the users of an existing table over. Killed half way, it goes on where it was; run twice, it adds nobody."""
    settings = load_config(Path(config) if config else None)
    configure_logs(settings.log_level, settings.log_format)  # onto stderr: stdout is data
    url, where = _place(source)
    if not table and not Path(where).is_absolute():
        raise MappingInvalidError("which table? Say --table")
    columns = tuple(part.strip() for part in key.split(",") if part.strip())
    wished = _Wished(app, f"{where} {table}", _mapping(mapping or []), _offset(utc_offset), dry_run, restart)
    with _aside(refused) as aside:
        report = asyncio.run(_import(settings, (url, table, columns), wished, aside, json=json))
    if json:
        emit_json(report)
    else:
        _tell(report)


class _Wished(msgspec.Struct, frozen=True):
    """What the command line asked for; the app still to be found."""

    app: str
    where: str
    mapping: dict[str, str]
    offset: dt.timedelta
    dry_run: bool
    restart: bool


class _AsideFile:
    """Where rows are told of that somebody should look at."""

    def __init__(self, path: Path | None) -> None:
        self._path: Final = path

    def __call__(self, rows: list[Aside]) -> None:
        if self._path is None or not rows:
            return
        with self._path.open("ab") as stream:
            stream.writelines(msgspec.json.encode(row) + b"\n" for row in rows)


async def _import(
    config: Config,
    source: tuple[str, str, tuple[str, ...]],
    wished: _Wished,
    aside: _AsideFile,
    *,
    json: bool,
) -> ImportReport:
    clock = SystemClock()
    store = await open_store(config.database_url, clock=clock)
    try:
        wish = ImportWish(
            app=await _app(store, wished.app),
            where=wished.where,
            mapping=wished.mapping,
            offset=wished.offset,
            dry_run=wished.dry_run,
            restart=wished.restart,
        )
        rows = await open_source(*source)
        try:
            with progress("Looking" if wish.dry_run else "Importing", rows.total, json=json) as step:
                return await Importing(store, clock).run(
                    rows, wish, by=whoever(), on_aside=aside, on_progress=step.reach
                )
        finally:
            await rows.aclose()
    finally:
        await store.aclose()


async def _app(store: Store, name: str) -> App:
    for app, _ in await store.apps.all():
        if name in (app.slug, app.appid):
            return app
    raise NotFoundError(f"No app has the slug or AppID {name}.")


def _place(source: str) -> tuple[str, str]:
    """The URL to open, with the password in it; and what may be said of it. A file is its path."""
    scheme, colon, _ = source.partition(":")
    if not colon or "/" in scheme:
        return source, str(Path(source).absolute())
    try:
        parts = urlsplit(source)
        given = parts.password
    except ValueError:
        raise MappingInvalidError("the source is no URL") from None
    if given is not None:
        complain(f"A password on a command line can be read by others. Put it into {SOURCE_PASSWORD}.")
        sys.exit(2)
    password = environment().get(SOURCE_PASSWORD)
    if password is None or parts.username is None:
        return source, source
    host = parts.netloc.rpartition("@")[2]
    return urlunsplit(parts._replace(netloc=f"{parts.username}:{quote(password, safe='')}@{host}")), source


def _mapping(given: list[str]) -> dict[str, str]:
    found: dict[str, str] = {}
    for part in ",".join(given).split(","):
        if part.strip():
            field, equals, column = part.partition("=")
            if not equals:
                raise MappingInvalidError(f"{part}: expected FIELD=COLUMN")
            found[field.strip()] = column.strip()
    return found


def _offset(text: str) -> dt.timedelta:
    found = _OFFSET.fullmatch(text)
    if found is None:
        raise MappingInvalidError(f"{text}: expected an offset such as +08:00")
    size = dt.timedelta(hours=int(found[2]), minutes=int(found[3]))
    if size >= dt.timedelta(days=1):
        raise MappingInvalidError(f"{text}: no zone is a day away")
    return -size if found[1] == "-" else size


@contextmanager
def _aside(path: Path | None) -> Iterator[_AsideFile]:
    """A file for its owner's eyes: openids stand in it."""
    if path is not None:
        try:
            path.touch(mode=0o600)
        except OSError as error:
            raise MappingInvalidError(f"{path}: cannot be written: {error.strerror}") from None
    yield _AsideFile(path)


def _tell(report: ImportReport) -> None:
    taken = ", ".join(f"{field} from {column}" for field, column in report.mapping.items())
    say(f"{'Would take' if report.dry_run else 'Took'} {taken}.")
    if report.session_key_column:
        say(
            "There is a column of session_keys. It was not touched: they are secrets, and the next login brings new ones."
        )
    if report.columns_not_taken:
        say(f"Columns that stay where they are: {', '.join(report.columns_not_taken)}.")
    if report.resumed_after:
        say(f"An import of before was gone on with, after {report.resumed_after} rows.")
    parts = {"conflict": report.conflicts, "refused": report.refused, "left out": report.left_out}
    told = [
        ("rows", report.rows),
        ("new", report.new),
        ("known", report.known),
        ("joined by unionid", report.joined),
    ]
    told += [(f"{kind}: {reason}", n) for kind, reasons in parts.items() for reason, n in reasons.items()]
    emit_table(["what", "count"], told)
