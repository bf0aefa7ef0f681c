"""`lingpai users`: who has signed in."""

from typing import Annotated, Final

import typer

from lingpai.cli.opened import at_desk
from lingpai.cli.output import ConfigFile, Json, NotFoundError, emit_json, emit_table, say, when
from lingpai.cli.person import whoever

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
    if person.merges:
        emit_table(
            ["merge", "at", "into", "alias", "why", "undone"],
            [(m.id, when(m.at), m.winner, m.loser, m.reason, when(m.undone_at)) for m in person.merges],
        )
    emit_table(
        ["session", "app", "began", "ended", "why"],
        [(s.id, s.appid, when(s.created_at), when(s.ended_at), s.end_reason) for s in person.sessions],
    )


@cli.command("merge")
def merge_users(
    user: Annotated[str, typer.Argument(help="User id.")],
    other: Annotated[str, typer.Argument(help="The id of the same person's other user.")],
    *,
    config: ConfigFile = None,
    json: Json = False,
) -> None:
    """Make one user of two: the older id stays, the other finds it from now on. For 30 days it can be undone."""
    merge = at_desk(config, lambda desk: desk.people.merge(user, other, by=whoever()))
    if json:
        emit_json(merge)
    else:
        say(
            f"{merge.loser} is {merge.winner} now. To undo it within 30 days: lingpai users split {merge.loser}"
        )


@cli.command("split")
def split_user(
    user: Annotated[str, typer.Argument(help="The id that was merged into another.")],
    *,
    config: ConfigFile = None,
    json: Json = False,
) -> None:
    """Undo a merge of the last 30 days. What came since stays with the older user; sessions that go back end."""
    merge = at_desk(config, lambda desk: desk.people.split(user, by=whoever()))
    if json:
        emit_json(merge)
    else:
        say(f"{merge.loser} and {merge.winner} are two users again.")
