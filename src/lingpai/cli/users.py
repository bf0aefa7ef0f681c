"""`lingpai users`: who has signed in."""

from typing import Annotated, Final

import typer

from lingpai.cli.opened import at_desk
from lingpai.cli.output import ConfigFile, Json, NotFoundError, emit_json, emit_table, when

cli: Final = typer.Typer(help="Who has signed in. 查看用户。", no_args_is_help=True, rich_markup_mode=None)


@cli.command("list")
def list_users(
    *,
    find: Annotated[
        str, typer.Option(help="Only: this id, openid or unionid, or a nickname that starts so.")
    ] = "",
    limit: Annotated[int, typer.Option(min=1, max=1000, help="How many at most.")] = 50,
    before: Annotated[str | None, typer.Option(help="Older than this user id.")] = None,
    config: ConfigFile = None,
    json: Json = False,
) -> None:
    """Users, newest first."""
    users = at_desk(
        config,
        lambda desk: desk.people.find(find, limit) if find else desk.people.page(limit, before=before),
    )
    if json:
        emit_json(users)
    else:
        emit_table(["user", "nickname", "since"], [(u.id, u.nickname, when(u.created_at)) for u in users])


@cli.command("show")
def show_user(
    user: Annotated[str, typer.Argument(help="User id.")],
    *,
    config: ConfigFile = None,
    json: Json = False,
) -> None:
    """One person: identities, sessions, the latest logins."""
    person = at_desk(config, lambda desk: desk.people.show(user))
    if person is None:
        raise NotFoundError(f"No user has the id {user}.")
    if json:
        emit_json(person)
        return
    emit_table(
        ["user", "nickname", "since"], [(person.user.id, person.user.nickname, when(person.user.created_at))]
    )
    emit_table(["app", "openid", "unionid"], [(i.appid, i.openid, i.unionid) for i in person.identities])
    emit_table(
        ["session", "app", "began", "ended", "why"],
        [(s.id, s.appid, when(s.created_at), when(s.ended_at), s.end_reason) for s in person.sessions],
    )
