"""`lingpai apps push` and `lingpai apps events`: what WeChat sends by itself, and what became of it."""

from typing import Annotated

import typer

from lingpai.admin.pushes import ShownPush
from lingpai.cli.opened import at_desk
from lingpai.cli.output import ConfigFile, Json, NotFoundError, emit_json, emit_table, say, when
from lingpai.cli.person import whoever

App = Annotated[str, typer.Argument(help="Slug or AppID.")]


def push(
    app: App,
    *,
    rotate: Annotated[
        bool, typer.Option("--rotate", help="Make new keys; the former ones are taken for a day more.")
    ] = False,
    off: Annotated[bool, typer.Option("--off", help="Take no more events.")] = False,
    config: ConfigFile = None,
    json: Json = False,
) -> None:
    """Take WeChat's events: prints URL, Token and EncodingAESKey to paste into WeChat's console, this once.

    Without options it makes the keys when there are none, and else says how it is set up.
    """
    if off:
        _switch_off(app, config, json=json)
        return
    shown = at_desk(config, lambda desk: desk.pushes.show(app))
    if shown is None:
        raise _nobody(app)
    if shown.on and not rotate:
        _tell(shown, json=json)
        return
    key = at_desk(config, lambda desk: desk.pushes.make_keys(app, by=whoever()))
    if key is None:
        raise _nobody(app)
    if json:
        emit_json(key)
        return
    say(
        "At mp.weixin.qq.com → 开发管理 → 消息推送 (official accounts: 设置与开发 → 开发接口管理 → 服务器配置), enter these,",
        "choose 安全模式 and XML or JSON. They are shown this once; a running server knows them within seconds.",
        "",
    )
    typer.echo(f"URL             {key.url}")
    typer.echo(f"Token           {key.token}")
    typer.echo(f"EncodingAESKey  {key.encoding_aes_key}")


def events(
    app: Annotated[str | None, typer.Argument(help="Slug or AppID; without it, every app.")] = None,
    *,
    limit: Annotated[int, typer.Option(help="How many, newest first.", min=1, max=1000)] = 50,
    config: ConfigFile = None,
    json: Json = False,
) -> None:
    """What WeChat pushed and what was done about it: the proof of every withdrawal, without the person."""
    rows = at_desk(config, lambda desk: desk.pushes.events(app, limit))
    if rows is None:
        raise _nobody(app or "")
    if json:
        emit_json(rows)
        return
    emit_table(
        ["app", "event", "received", "outcome", "forgotten", "done", "digest"],
        [
            (
                r.app,
                r.event,
                when(r.received_at),
                r.outcome,
                " ".join(r.forgotten) or None,
                when(r.settled_at),
                r.digest[:16],
            )
            for r in rows
        ],
    )


def _switch_off(app: str, config: str | None, *, json: bool) -> None:
    done = at_desk(config, lambda desk: desk.pushes.switch_off(app, by=whoever()))
    if done is None:
        raise _nobody(app)
    if json:
        emit_json({"app": app, "on": False})
    else:
        say(f"{app} takes no events." if done else f"{app} took none.")


def _tell(shown: ShownPush, *, json: bool) -> None:
    if json:
        emit_json(shown)
        return
    say(f"{shown.app} takes events at {shown.url}, with keys of {when(shown.changed_at)}.")
    if shown.former_key_too:
        say("Those of before are taken, too, for a day after the change.")


def _nobody(app: str) -> NotFoundError:
    return NotFoundError(f"No app has the slug or AppID {app}.")
