"""`lingpai init` and `lingpai migrate`: what comes before the first request."""

import os
from pathlib import Path
from typing import Annotated

import typer

from lingpai import storage
from lingpai.cli.output import ConfigFile, Json, complain, emit_json, say
from lingpai.cli.progress import progress
from lingpai.config import CONFIG_FILE, config_template, load_config, new_master_key

_KEY_FILE = "lingpai.key"


def init(
    directory: Annotated[Path, typer.Argument(help="Where to write.")] = Path(),
    *,
    json: Json = False,
) -> None:
    """Write a commented lingpai.toml and a master key. What exists is left alone."""
    directory.mkdir(parents=True, exist_ok=True)
    written = [
        str(file)
        for file, text, mode in (
            (directory / CONFIG_FILE, config_template(), 0o644),
            (directory / _KEY_FILE, new_master_key() + "\n", 0o600),
        )
        if write_new(file, text, mode)
    ]
    if json:
        emit_json({"written": written})
    elif written:
        say(f"Wrote {' and '.join(written)}. Keep {_KEY_FILE} safe: without it the database cannot be read.")
    else:
        say("Nothing to do: both files exist.")


def migrate(
    *,
    check: Annotated[bool, typer.Option("--check", help="Only say whether it is up to date.")] = False,
    config: ConfigFile = None,
    json: Json = False,
) -> None:
    """Bring the database up to date. Safe to run twice, on many nodes at once, or killed half way."""
    url = load_config(Path(config) if config else None).database_url
    if check:
        state = storage.schema_state(url)
        if json:
            told = {"found": state.found, "wanted": state.wanted}
            emit_json({**told, "up_to_date": state.up_to_date, "usable": state.usable})
        else:
            say(f"Schema {state.found or 'missing'}, wanted {state.wanted}.")
        state.insist()
        return
    with progress("Migrations", None, json=json) as step:
        found, now = storage.migrate(url, step.reach)
    if json:
        emit_json({"found": found, "now": now})
    elif found == now:
        complain(f"The database is up to date ({now}).")
    else:
        complain(f"The database went from {found or 'nothing'} to {now}.")


def write_new(file: Path, text: str, mode: int) -> bool:
    """Write a file unless there is one; whether it was written."""
    try:
        descriptor = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, mode)
    except FileExistsError:
        return False
    with os.fdopen(descriptor, "w", encoding="utf-8") as stream:
        stream.write(text)
    return True
