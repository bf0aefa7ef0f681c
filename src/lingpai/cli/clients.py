"""`lingpai clients`: the service keys of backends that call this server."""

from typing import Annotated, Final

import typer

from lingpai.cli.opened import Desk, at_desk
from lingpai.cli.output import ConfigFile, Json, NotFoundError, emit_json, emit_table, say, when
from lingpai.cli.person import whoever

cli: Final = typer.Typer(
    help="Service keys of your backends. 后端服务密钥。", no_args_is_help=True, rich_markup_mode=None
)

Name = Annotated[str, typer.Argument(help="The key's name.")]


@cli.command("add")
def add_client(
    name: Name,
    *,
    scope: Annotated[
        list[str] | None,
        typer.Option(
            help="introspect, access_token or wechat; for one app: access_token:AppID. Repeat for more."
        ),
    ] = None,
    config: ConfigFile = None,
    json: Json = False,
) -> None:
    """Make a service key. It is printed on stdout now and never again."""
    shown, key = at_desk(
        config, lambda desk: desk.clients.add(name, tuple(scope or ["introspect"]), by=whoever())
    )
    if json:
        emit_json({"name": shown.name, "scopes": shown.scopes, "service_key": key.reveal()})
    else:
        say(f"Key {shown.name} for {', '.join(shown.scopes)}. It is shown this once:")
        typer.echo(key.reveal())


@cli.command("list")
def list_clients(*, config: ConfigFile = None, json: Json = False) -> None:
    """Every key; of its text the last four characters."""
    clients = at_desk(config, lambda desk: desk.clients.all())
    if json:
        emit_json(clients)
    else:
        emit_table(
            ["name", "key", "scopes", "since", "last used", "revoked"],
            [
                (
                    c.name,
                    f"…{c.last4}",
                    " ".join(c.scopes),
                    when(c.created_at),
                    when(c.last_used_at),
                    when(c.revoked_at),
                )
                for c in clients
            ],
        )


@cli.command("uses")
def list_uses(name: Name, *, config: ConfigFile = None, json: Json = False) -> None:
    """What a key was used for: action, app, generation of the token handed out, how often and when."""
    uses = at_desk(config, lambda desk: desk.clients.uses(name))
    if uses is None:
        raise NotFoundError(f"No key has the name {name}.")
    if json:
        emit_json(uses)
    else:
        emit_table(
            ["action", "app", "generation", "uses", "first", "last"],
            [
                (u.action, u.appid or None, u.generation, u.uses, when(u.first_at), when(u.last_at))
                for u in uses
            ],
        )


@cli.command("revoke")
def revoke_client(name: Name, *, config: ConfigFile = None, json: Json = False) -> None:
    """Refuse a key from now on."""

    async def revoke(desk: Desk) -> bool:
        done = await desk.clients.revoke(name, by=whoever())
        await desk.ledger.note()
        return done

    if not at_desk(config, revoke):
        raise NotFoundError(f"No running key has the name {name}.")
    if json:
        emit_json({"revoked": name})
    else:
        say(f"Revoked {name}.")
