"""`lingpai keys`: the keys that sign access tokens, and those that seal what is stored."""

import base64
import sys
from pathlib import Path
from typing import Annotated, Final, Literal

import typer

from lingpai.cli.opened import at_desk
from lingpai.cli.output import ConfigFile, Json, emit_json, emit_table, say, when
from lingpai.cli.person import whoever
from lingpai.cli.progress import progress
from lingpai.cli.setup import write_new
from lingpai.config import ConfigInvalidError, checks, new_master_key, read_key_file

What = Literal["signing", "sealing", "master"]

cli: Final = typer.Typer(
    help="Keys that sign tokens, and keys that seal the database. 签名密钥与加密密钥。",
    no_args_is_help=True,
    rich_markup_mode=None,
)


@cli.command("list")
def list_keys(*, config: ConfigFile = None, json: Json = False) -> None:
    """Every signing key, newest first."""
    keys = at_desk(config, lambda desk: desk.keys.all())
    if json:
        emit_json(keys)
    else:
        emit_table(
            ["key id", "made", "signs from", "published until"],
            [(k.kid, when(k.created_at), when(k.active_at), when(k.retired_at)) for k in keys],
        )


@cli.command("vault")
def show_vault(
    *,
    count: Annotated[bool, typer.Option("--count", help="Count what is sealed under each.")] = False,
    config: ConfigFile = None,
    json: Json = False,
) -> None:
    """The data keys, the master keys that open them, and the servers that hold them."""
    vault = at_desk(config, lambda desk: desk.sealing.shown(count=count))
    if json:
        emit_json(vault)
        return
    emit_table(
        ["data key", "made", "seals from", "seals now", "master keys", "values"],
        [
            (
                key.id,
                when(key.created_at),
                when(key.active_at),
                "yes" if key.seals else "no",
                " ".join(key.masters),
                key.values,
            )
            for key in vault.keys
        ],
    )
    say(f"The master key of these settings is {vault.master}.")
    for node in vault.nodes:
        say(f"Server {node.node} has master key {node.master} and seals with {node.sealing}.")


@cli.command("rotate")
def rotate_keys(
    what: Annotated[
        What, typer.Argument(help="signing: of access tokens; sealing: the data key; master: the master key.")
    ] = "signing",
    *,
    at_once: Annotated[
        bool,
        typer.Option("--at-once", help="The old signing key leaked: withdraw it now, its tokens die."),
    ] = False,
    new_key_file: Annotated[
        Path | None,
        typer.Option(help="The new master key; made there, readable by its owner only, when it is missing."),
    ] = None,
    finish: Annotated[
        bool, typer.Option("--finish", help="Every server has the new master key: forget the former one.")
    ] = False,
    config: ConfigFile = None,
    json: Json = False,
) -> None:
    """Make a new signing key, data key or master key. Servers go on; killed, the next run goes on, too."""
    if at_once and what != "signing":
        raise typer.BadParameter("--at-once is for signing keys")
    if (new_key_file is not None or finish) != (what == "master") or (new_key_file and finish):
        raise typer.BadParameter("`rotate master` takes either --new-key-file or --finish; nothing else does")
    match what:
        case "signing":
            _rotate_signing(config, at_once=at_once, json=json)
        case "sealing":
            _rotate_sealing(config, json=json)
        case "master":
            _rotate_master(config, new_key_file, json=json)


def _rotate_signing(config: str | None, *, at_once: bool, json: bool) -> None:
    key = at_desk(config, lambda desk: desk.keys.rotate(at_once=at_once, by=whoever()))
    if json:
        emit_json(key)
    else:
        say(f"New key {key.kid}; it signs from {when(key.active_at)}.")


def _rotate_sealing(config: str | None, *, json: bool) -> None:
    with progress("Sealing anew", None, json=json) as step:
        done = at_desk(config, lambda desk: desk.sealing.rotate(by=whoever(), on_progress=step.reach))
    if json:
        emit_json(done)
    else:
        began = "An earlier rotation is finished: data" if done.resumed else "Data"
        say(f"{began} key {done.data_key} seals; {done.resealed} values were sealed anew.")
        say(f"Forgotten: {', '.join(done.dropped) or 'none'}.")
        for key, values in done.kept.items():
            say(f"Key {key} is kept: {values} values are sealed under it (log: sealed_value_broken).")
    if done.kept:
        sys.exit(1)


def _rotate_master(config: str | None, new_key_file: Path | None, *, json: bool) -> None:
    if new_key_file is None:
        done = at_desk(config, lambda desk: desk.sealing.forget_former(by=whoever()))
    else:
        key = _key_in(new_key_file)
        done = at_desk(config, lambda desk: desk.sealing.wrap_under(key, by=whoever()))
    if json:
        emit_json(done)
    elif new_key_file is None:
        say(f"Master key {done.master} alone opens the database; {done.forgotten} former ones open nothing.")
    else:
        say(
            f"Master key {done.master} opens the database, too ({done.keys} keys). Now give every server",
            f"{new_key_file} as master_key_file, restart one after the other, and run:",
            "  lingpai keys rotate master --finish",
            "Keep the file safe: without it nobody can read what is sealed, we neither.",
        )


def _key_in(file: Path) -> bytes:
    write_new(file, new_master_key() + "\n", 0o600)
    complaints: list[str] = []
    text = read_key_file(file, str(file), complaints)
    if text is not None and (complaint := checks.master_key(text)):
        complaints.append(f"{file}: {complaint}")
    if text is None or complaints:
        raise ConfigInvalidError(complaints)
    return base64.b64decode(text)
