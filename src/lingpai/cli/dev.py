"""`lingpai dev`: the whole thing on one machine, with a WeChat that is not WeChat."""

import sys
import webbrowser
from contextlib import AsyncExitStack
from pathlib import Path
from typing import Annotated, Final

import msgspec
import typer

from lingpai.app import open_server
from lingpai.cli.demo import DemoApp, demo_config, demo_push_keys, demo_service_key, register_demo
from lingpai.cli.output import complain, emit_json, say
from lingpai.cli.serving import run, settle_memory, stop_signal
from lingpai.config import Config, at_port
from lingpai.observe import LogLevel, configure_logs
from lingpai.storage import migrate
from lingpai.web.listen import Listener, bind

_EXAMPLE: Final = Path("examples/miniprogram")


class Ports(msgspec.Struct, frozen=True):
    """Where everything listens; 0 picks a free port."""

    server: int
    emulator: int
    phone: int


class Program(msgspec.Struct, frozen=True):
    """What the phone runs: a mini program's folder, None for the demo it has."""

    folder: Path | None
    any_appid: bool


class Everything(msgspec.Struct, frozen=True):
    """What `--json` prints. URLs have no slash at the end."""

    server: str
    emulator: str
    console: str
    phone: str
    apps: list[DemoApp]
    service_key: str


def dev(
    *,
    port: Annotated[int, typer.Option(help="The server's port; 0 picks a free one.")] = 8000,
    emulator_port: Annotated[int, typer.Option(help="The emulator's port; 0 picks a free one.")] = 8001,
    phone_port: Annotated[
        int | None, typer.Option(help="The phone's port; by default the one after the emulator's.")
    ] = None,
    data: Annotated[Path, typer.Option(help="Where the database and the demo's keys live.")] = Path(
        ".lingpai"
    ),
    miniprogram: Annotated[
        Path | None,
        typer.Option(
            metavar="DIR",
            help="A mini program for the phone to run; by default examples/miniprogram, if that is here.",
        ),
    ] = None,
    any_appid: Annotated[
        bool, typer.Option("--any-appid", help="Let it name an AppID the emulator does not know.")
    ] = False,
    no_open: Annotated[bool, typer.Option("--no-open", help="Do not open a browser.")] = False,
    log_level: Annotated[LogLevel, typer.Option(help="How much to log.")] = "info",
    json: Annotated[
        bool, typer.Option("--json", help="Print one line of JSON on stdout when all is up.")
    ] = False,
) -> None:
    """Server, emulator, console and phone, with three demo apps and three demo people. No AppID needed."""
    try:
        # The emulator is a distribution of its own, which production does not have.
        import lingpai_emulator  # noqa: F401, PLC0415
    except ImportError:
        complain("The emulator is missing. Install it beside lingpai: pip install lingpai-emulator")
        sys.exit(1)
    configure_logs(log_level, "console")
    if phone_port is None:
        phone_port = emulator_port + 1 if emulator_port else 0
    config = demo_config(data)
    migrate(config.database_url)
    open_browser = not (no_open or json) and sys.stdout.isatty()
    ports = Ports(port, emulator_port, phone_port)
    if miniprogram is None and (_EXAMPLE / "app.json").is_file():
        miniprogram = _EXAMPLE
    program = Program(miniprogram, any_appid)
    run(_dev(config, data, ports, program, json=json, open_browser=open_browser))


async def _dev(
    config: Config, data: Path, ports: Ports, program: Program, *, json: bool, open_browser: bool
) -> None:
    from lingpai_emulator.apps import AppChange  # noqa: PLC0415
    from lingpai_emulator.mistakes import MistakeError  # noqa: PLC0415
    from lingpai_emulator.serving import EmulatorOptions, running  # noqa: PLC0415

    asked = stop_signal()
    sock = bind(config.host, ports.server)
    config = at_port(config, sock.getsockname()[1])
    options = EmulatorOptions(
        port=ports.emulator,
        phone_port=ports.phone,
        server_url=config.public_url,
        miniprogram=program.folder,
        any_appid=program.any_appid,
    )
    async with AsyncExitStack() as stack:
        try:
            emulator = await stack.enter_async_context(running(options))
        except MistakeError as mistake:
            complain(f"The emulator did not start: {mistake}")
            sys.exit(1)
        config = msgspec.structs.replace(config, wechat_base_url=emulator.url, wechat_open_url=emulator.url)
        apps = [
            DemoApp(app.slug, app.appid, app.kind, app.secret, app.name, app.open_platform)
            for app in emulator.apps
        ]
        service_key = demo_service_key(data)
        await register_demo(
            config, apps, service_key, (config.public_url, emulator.phone_url or emulator.url)
        )
        for app, key in zip(apps, await demo_push_keys(config, apps), strict=True):
            emulator.world.change_app(
                AppChange(
                    appid=app.appid,
                    push_url=key.url,
                    push_token=key.token,
                    push_aes_key=key.encoding_aes_key,
                )
            )
        server = await stack.enter_async_context(open_server(config, open_console=True))
        listener = Listener(server.front, sock, server.rooms.mood, grace=0, drain=2)
        await listener.start()
        stack.push_async_callback(listener.stop)
        everything = Everything(
            server=config.public_url,
            emulator=emulator.url,
            console=f"{config.public_url}/console",
            phone=emulator.phone_url or "",
            apps=apps,
            service_key=service_key.reveal(),
        )
        _announce(everything, json=json)
        if open_browser:
            webbrowser.open(everything.phone)
        settle_memory()
        await asked.wait()


def _announce(everything: Everything, *, json: bool) -> None:
    if json:
        emit_json(everything)
        return
    say(
        "",
        "  lingpai 令牌 is up. Everything here is a demo and stays on this machine.",
        "",
        f"  phone     {everything.phone}    pick a person, open the mini program, log in",
        f"  console   {everything.console}",
        f"  server    {everything.server}    (docs: {everything.server}/docs)",
        f"  emulator  {everything.emulator}",
        "",
        *(f"  {app.slug:<9} {app.appid}  secret {app.secret}" for app in everything.apps),
        f"  service key {everything.service_key}",
        "",
        "  Ctrl-C stops it.",
        "",
    )
