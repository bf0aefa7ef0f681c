"""`lingpai operators`: who may work at the console."""

from collections.abc import Awaitable, Callable
from typing import Annotated, Final, TypeVar

import typer

from lingpai.admin.operators import ShownOperator
from lingpai.cli.opened import Desk, at_desk
from lingpai.cli.output import ConfigFile, Json, NotFoundError, emit_json, emit_table, say, when
from lingpai.cli.person import whoever
from lingpai.secret import Secret

cli: Final = typer.Typer(
    help="Who may work at the console. 管理控制台管理员。", no_args_is_help=True, rich_markup_mode=None
)
keys: Final = typer.Typer(
    help="Keys with which programs act for an operator. 程序密钥。",
    no_args_is_help=True,
    rich_markup_mode=None,
)
cli.add_typer(keys, name="keys")

T = TypeVar("T")
Name = Annotated[str, typer.Argument(help="The operator's name.")]
Key = Annotated[str, typer.Argument(help="The key's name.")]
Role = Annotated[list[str], typer.Option(help="viewer, operator or security. Repeat for more.")]


@cli.command("add")
def add_operator(name: Name, *, role: Role, config: ConfigFile = None, json: Json = False) -> None:
    """Add an operator. Prints a link that works once, within 24 hours: there is no other way in."""
    made, link = at_desk(config, lambda desk: desk.operators.add(name, role, by=whoever()))
    _tell_link(made, link, json=json)


@cli.command("list")
def list_operators(*, config: ConfigFile = None, json: Json = False) -> None:
    """Every operator: roles, ways in, whether locked or disabled."""
    operators = at_desk(config, lambda desk: desk.operators.all())
    if json:
        emit_json(operators)
        return
    emit_table(
        ["name", "roles", "password", "passkeys", "sessions", "locked until", "disabled", "since"],
        [
            (
                o.name,
                " ".join(o.roles),
                "yes" if o.password else "no",
                o.passkeys,
                o.sessions,
                when(o.locked_until),
                when(o.disabled_at),
                when(o.created_at),
            )
            for o in operators
        ],
    )


@cli.command("roles")
def put_roles(name: Name, *, role: Role, config: ConfigFile = None, json: Json = False) -> None:
    """Replace an operator's roles; they count from the next request on."""
    shown = _there(name, config, lambda desk: desk.operators.put_roles(name, role, by=whoever()))
    _tell(shown, f"{shown.name}: {' '.join(shown.roles)}.", json=json)


@cli.command("disable")
def disable_operator(name: Name, *, config: ConfigFile = None, json: Json = False) -> None:
    """Let an operator in no more: sessions end, keys are refused."""
    shown = _there(name, config, lambda desk: desk.operators.disable(name, by=whoever()))
    _tell(shown, f"{shown.name} is disabled.", json=json)


@cli.command("enable")
def enable_operator(name: Name, *, config: ConfigFile = None, json: Json = False) -> None:
    """Let a disabled operator in again."""
    shown = _there(name, config, lambda desk: desk.operators.enable(name, by=whoever()))
    _tell(shown, f"{shown.name} is enabled.", json=json)


@cli.command("reset")
def reset_operator(name: Name, *, config: ConfigFile = None, json: Json = False) -> None:
    """Take every password, passkey, session and key of an operator away; prints a new link."""
    made, link = _there(name, config, lambda desk: desk.operators.reset(name, by=whoever()))
    _tell_link(made, link, json=json)


@cli.command("remove")
def remove_operator(name: Name, *, config: ConfigFile = None, json: Json = False) -> None:
    """Forget an operator. What they did stays in the audit log."""
    if not at_desk(config, lambda desk: desk.operators.remove(name, by=whoever())):
        raise _nobody(name)
    if json:
        emit_json({"removed": name})
    else:
        say(f"Removed {name}.")


@keys.command("add")
def add_key(
    name: Name,
    key: Key,
    *,
    permission: Annotated[
        list[str] | None,
        typer.Option(help="look, run or secure; at most what the operator may do. Repeat for more."),
    ] = None,
    days: Annotated[int, typer.Option(min=1, max=366, help="How long it is good.")] = 90,
    config: ConfigFile = None,
    json: Json = False,
) -> None:
    """Make a key for /v1/admin. It is printed on stdout now and never again."""
    shown, secret = _there(
        name,
        config,
        lambda desk: desk.operator_keys.add(name, key, permission or ["look"], days=days, by=whoever()),
    )
    if json:
        emit_json({"name": shown.name, "permissions": shown.permissions, "operator_key": secret.reveal()})
    else:
        say(
            f"Key {shown.name} of {shown.operator} for {', '.join(shown.permissions)}. It is shown this once:"
        )
        typer.echo(secret.reveal())


@keys.command("list")
def list_keys(*, config: ConfigFile = None, json: Json = False) -> None:
    """Every key; of its text the last four characters."""
    found = at_desk(config, lambda desk: desk.operator_keys.all())
    if json:
        emit_json(found)
        return
    emit_table(
        ["operator", "name", "key", "permissions", "good until", "last used", "revoked"],
        [
            (
                k.operator,
                k.name,
                f"…{k.last4}",
                " ".join(k.permissions),
                when(k.expires_at),
                when(k.last_used_at),
                when(k.revoked_at),
            )
            for k in found
        ],
    )


@keys.command("revoke")
def revoke_key(name: Name, key: Key, *, config: ConfigFile = None, json: Json = False) -> None:
    """Refuse a key from now on."""
    if not at_desk(config, lambda desk: desk.operator_keys.revoke(name, key, by=whoever())):
        raise NotFoundError(f"{name} has no running key of the name {key}.")
    if json:
        emit_json({"revoked": key})
    else:
        say(f"Revoked {key}.")


def _there(name: str, config: str | None, work: Callable[[Desk], Awaitable[T | None]]) -> T:
    found = at_desk(config, work)
    if found is None:
        raise _nobody(name)
    return found


def _nobody(name: str) -> NotFoundError:
    return NotFoundError(f"No operator has the name {name}.")


def _tell(shown: ShownOperator, words: str, *, json: bool) -> None:
    if json:
        emit_json(shown)
    else:
        say(words)


def _tell_link(operator: ShownOperator, link: Secret, *, json: bool) -> None:
    if json:
        emit_json({"operator": operator, "link": link.reveal()})
    else:
        say(f"Give this link to {operator.name}. It works once, within 24 hours, and is shown this once:")
        typer.echo(link.reveal())
