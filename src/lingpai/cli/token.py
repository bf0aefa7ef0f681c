"""`lingpai token`: the kept access_token of an app, or how it is doing."""

import asyncio
import sys
from pathlib import Path
from typing import Annotated

import typer

from lingpai.admin.audit import AuditLog
from lingpai.app import this_node, wechat_settings
from lingpai.cli.opened import at_desk
from lingpai.cli.output import ConfigFile, Json, NotFoundError, emit_json, emit_table, say, when
from lingpai.cli.person import whoever
from lingpai.clock import SystemClock
from lingpai.config import Config, load_config, master_keys
from lingpai.keeper import Directory, HeldToken, Keeper, open_vault
from lingpai.observe import Metrics
from lingpai.storage import open_store
from lingpai.wechat import WeChatClient


def token(
    app: Annotated[str, typer.Argument(help="Slug or AppID.")],
    *,
    state: Annotated[
        bool, typer.Option("--state", help="How the tokens are doing, without the tokens.")
    ] = False,
    config: ConfigFile = None,
    json: Json = False,
) -> None:
    """The app's access_token, from the keeper: a running server and this command share one."""
    if state:
        _show_state(app, config, json=json)
        return
    held = asyncio.run(_held(load_config(Path(config) if config else None), app))
    if sys.stdout.isatty():
        say(
            "This is a credential: whoever has it acts as the app.",
            "Do not paste it anywhere; programs read it from GET /v1/{app}/access-token.",
        )
    if json:
        emit_json(
            {
                "access_token": held.value.reveal(),
                "expires_in": held.expires_in,
                "generation": held.generation,
            }
        )
    else:
        typer.echo(held.value.reveal())


async def _held(config: Config, name: str) -> HeldToken:
    clock = SystemClock()
    store = await open_store(config.database_url, clock=clock)
    try:
        sealer = await open_vault(store, master_keys(config), clock)
        directory = Directory(store, sealer, clock)
        await directory.reload()
        app = directory.known(name)
        if app is None:
            raise NotFoundError(f"No app has the slug or AppID {name}.")
        async with WeChatClient(wechat_settings(config), monotonic=clock.monotonic) as client:
            keeper = Keeper(this_node(store, sealer, clock, Metrics()), directory, client)
            try:
                # Whoever has it acts as the app: that somebody took it must be on record first.
                await AuditLog(store, clock).note(whoever(), "token.shown", app.app.appid)
                return await keeper.tokens.get(app)
            finally:
                await keeper.aclose()
    finally:
        await store.aclose()


def _show_state(app: str, config: str | None, *, json: bool) -> None:
    tokens = at_desk(config, lambda desk: desk.held_tokens.of_app(app))
    if tokens is None:
        raise NotFoundError(f"No app has the slug or AppID {app}.")
    if json:
        emit_json(tokens)
        return
    emit_table(
        [
            "kind",
            "state",
            "generation",
            "fetched",
            "good until",
            "next attempt",
            "WeChat said",
            "replaced today",
        ],
        [
            (
                t.kind,
                t.state,
                t.generation,
                when(t.fetched_at),
                when(t.expires_at),
                when(t.next_attempt_at),
                " ".join(str(part) for part in (t.errcode, t.errmsg) if part is not None) or None,
                len(t.replaced_lately),
            )
            for t in tokens
        ],
    )
    if any(t.errcode is not None for t in tokens):
        say("What an errcode means, and what to do: lingpai explain ERRCODE")
