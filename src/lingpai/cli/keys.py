"""`lingpai keys`: the keys that sign access tokens."""

from typing import Annotated, Final

import typer

from lingpai.cli.opened import at_desk
from lingpai.cli.output import ConfigFile, Json, emit_json, emit_table, say, when
from lingpai.cli.person import whoever

cli: Final = typer.Typer(
    help="Keys that sign access tokens. 令牌签名密钥。", no_args_is_help=True, rich_markup_mode=None
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


@cli.command("rotate")
def rotate_keys(
    *,
    at_once: Annotated[
        bool,
        typer.Option("--at-once", help="The old key leaked: withdraw it now, its tokens die."),
    ] = False,
    config: ConfigFile = None,
    json: Json = False,
) -> None:
    """Make a new signing key. It is published now and signs from a day on."""
    key = at_desk(config, lambda desk: desk.keys.rotate(at_once=at_once, by=whoever()))
    if json:
        emit_json(key)
    else:
        say(f"New key {key.kid}; it signs from {when(key.active_at)}.")
