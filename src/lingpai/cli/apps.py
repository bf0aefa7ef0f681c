"""`lingpai apps`: the WeChat apps this server knows."""

import sys
from pathlib import Path
from typing import Annotated, Final

import typer

from lingpai.admin.apps import ShownApp
from lingpai.admin.invalid import AppInvalidError
from lingpai.cli.app_secrets import outcome, told
from lingpai.cli.opened import Desk, at_configured_desk, at_desk
from lingpai.cli.output import ConfigFile, Json, NotFoundError, emit_json, emit_table, say, when
from lingpai.cli.person import whoever
from lingpai.config import Config
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
    """Every app; of the AppSecret in force the last four characters, and what becomes of others."""
    apps = at_desk(config, lambda desk: desk.apps.all())
    if json:
        emit_json(apps)
    else:
        emit_table(
            ["slug", "AppID", "kind", "open platform", "secret", "since"],
            [(a.slug, a.appid, a.kind, a.open_platform, _secrets(a), when(a.created_at)) for a in apps],
        )


@cli.command("show")
def show_app(app: Name, *, config: ConfigFile = None, json: Json = False) -> None:
    """One app, and every version of its AppSecret with its state."""
    shown = at_desk(config, lambda desk: desk.apps.one(app))
    if shown is None:
        raise NotFoundError(f"No app has the slug or AppID {app}.")
    if json:
        emit_json(shown)
        return
    say(f"{shown.slug} ({shown.appid}), {shown.kind}, {shown.name}")
    emit_table(
        ["version", "state", "since", "ends in", "fingerprint", "asked", "WeChat said"],
        [
            (
                one.version,
                one.state,
                when(one.changed_at),
                f"…{one.last4}",
                one.fingerprint,
                when(one.probed_at),
                one.errcode and f"{one.errcode} {one.errmsg}",
            )
            for one in shown.secrets
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
    app: Name,
    *,
    secret_file: SecretFile = _STDIN,
    no_wait: Annotated[
        bool, typer.Option("--no-wait", help="Only store it; do not wait for what WeChat says of it.")
    ] = False,
    back: Annotated[
        bool, typer.Option("--back", help="Put the former AppSecret in force again, within 15 minutes.")
    ] = False,
    config: ConfigFile = None,
    json: Json = False,
) -> None:
    """Hand over a new AppSecret. It is in force once WeChat takes it; running servers have it within seconds."""
    if back:
        shown = at_desk(config, lambda desk: desk.apps.turn_back_secret(app, by=whoever()))
    else:
        secret = _read_secret(secret_file)

        async def rotate(desk: Desk, settings: Config) -> ShownApp | None:
            stored = await desk.apps.rotate_secret(app, secret, by=whoever())
            if stored is None or no_wait:
                return stored
            return await outcome(desk, settings, stored, stored.secrets[0].version)

        shown = at_configured_desk(config, rotate)
    if shown is None:
        raise NotFoundError(f"No app has the slug or AppID {app}.")
    version = shown.secret_version if back else shown.secrets[0].version
    if json:
        emit_json(shown)
    else:
        say(told(shown, version))
    if not no_wait and version != shown.secret_version:
        sys.exit(1)


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


def _secrets(app: ShownApp) -> str:
    others = [f"…{one.last4} {one.state}" for one in app.secrets if one.state != "current"]
    return ", ".join([f"…{app.secret_last4}", *others])


def _told(app: ShownApp, words: str, *, json: bool) -> None:
    if json:
        emit_json(app)
    else:
        say(f"{words} {app.slug} ({app.appid}), AppSecret …{app.secret_last4}.")
