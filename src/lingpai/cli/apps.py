"""`lingpai apps`: the WeChat apps this server knows."""

import sys
from pathlib import Path
from typing import Annotated, Final

import typer

from lingpai.admin.apps import ShownApp
from lingpai.admin.invalid import AppInvalidError
from lingpai.cli.opened import at_desk
from lingpai.cli.output import ConfigFile, Json, NotFoundError, emit_json, emit_table, say, when
from lingpai.cli.person import whoever
from lingpai.model import AppKind
from lingpai.secret import Secret

cli: Final = typer.Typer(
    help="The WeChat apps this server knows. 管理微信应用。", no_args_is_help=True, rich_markup_mode=None
)

_STDIN: Final = "-"

SecretFile = Annotated[
    str,
    typer.Option("--secret-file", help="A file that holds the AppSecret; - reads standard input."),
]
Name = Annotated[str, typer.Argument(help="Slug or AppID.")]


@cli.command("list")
def list_apps(*, config: ConfigFile = None, json: Json = False) -> None:
    """Every app; of its AppSecret the last four characters."""
    apps = at_desk(config, lambda desk: desk.apps.all())
    if json:
        emit_json(apps)
    else:
        emit_table(
            ["slug", "AppID", "kind", "open platform", "secret", "since"],
            [
                (a.slug, a.appid, a.kind, a.open_platform, f"…{a.secret_last4}", when(a.created_at))
                for a in apps
            ],
        )


@cli.command("add")
def add_app(
    appid: Annotated[str, typer.Argument(help="AppID: wx and 16 hex digits.")],
    *,
    slug: Annotated[str, typer.Option(help="A short name for URLs.")],
    kind: Annotated[AppKind, typer.Option(help="What kind of app it is.")] = "miniprogram",
    secret_file: SecretFile = _STDIN,
    name: Annotated[str | None, typer.Option(help="A name for people.")] = None,
    open_platform: Annotated[
        str | None, typer.Option(help="The open-platform account it is bound to.")
    ] = None,
    config: ConfigFile = None,
    json: Json = False,
) -> None:
    """Register an app. The AppSecret comes from a file or standard input, never from an argument."""
    secret = _read_secret(secret_file)
    app = at_desk(
        config,
        lambda desk: desk.apps.add(
            appid=appid,
            secret=secret,
            slug=slug,
            kind=kind,
            name=name,
            open_platform=open_platform,
            by=whoever(),
        ),
    )
    _told(app, "Registered", json=json)


@cli.command("rotate-secret")
def rotate_secret(
    app: Name, *, secret_file: SecretFile = _STDIN, config: ConfigFile = None, json: Json = False
) -> None:
    """Put a new AppSecret in force; running servers have it within seconds."""
    secret = _read_secret(secret_file)
    shown = at_desk(config, lambda desk: desk.apps.rotate_secret(app, secret, by=whoever()))
    if shown is None:
        raise NotFoundError(f"No app has the slug or AppID {app}.")
    _told(shown, "New AppSecret for", json=json)


@cli.command("set")
def set_app(
    app: Name,
    settings: Annotated[list[str], typer.Argument(help="NAME=VALUE, one or more; a list with commas.")],
    *,
    config: ConfigFile = None,
    json: Json = False,
) -> None:
    """Change settings of one app; running servers have them within seconds."""
    given = dict(_pair(setting) for setting in settings)
    shown = at_desk(config, lambda desk: desk.apps.change_settings(app, given, by=whoever()))
    if shown is None:
        raise NotFoundError(f"No app has the slug or AppID {app}.")
    if json:
        emit_json(shown)
    else:
        told = ", ".join(f"{name} = {value}" for name, value in shown.settings.items())
        say(f"{shown.slug} ({shown.appid}): {told}.")


@cli.command("remove")
def remove_app(app: Name, *, config: ConfigFile = None, json: Json = False) -> None:
    """Forget an app and its AppSecret. Its users and their history stay."""
    if not at_desk(config, lambda desk: desk.apps.remove(app, by=whoever())):
        raise NotFoundError(f"No app has the slug or AppID {app}.")
    if json:
        emit_json({"removed": app})
    else:
        say(f"Removed {app}.")


def _pair(text: str) -> tuple[str, str]:
    name, equals, value = text.partition("=")
    if not equals:
        raise AppInvalidError(f"{name}: expected NAME=VALUE")
    return name.strip(), value.strip()


def _read_secret(file: str) -> Secret:
    if file != _STDIN:
        return Secret(Path(file).read_text(encoding="utf-8").strip())
    if sys.stdin.isatty():
        return Secret(str(typer.prompt("AppSecret", hide_input=True, err=True)).strip())
    return Secret(sys.stdin.readline().strip())


def _told(app: ShownApp, words: str, *, json: bool) -> None:
    if json:
        emit_json(app)
    else:
        say(f"{words} {app.slug} ({app.appid}), AppSecret …{app.secret_last4}.")
