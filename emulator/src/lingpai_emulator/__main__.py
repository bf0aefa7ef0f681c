"""What `lingpai-emulator` does on the command line."""

import argparse
import asyncio
import json
import signal
import sys
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path

import msgspec

from lingpai_emulator.loops import new_loop
from lingpai_emulator.mistakes import MistakeError
from lingpai_emulator.seed import Seed, read_world_file
from lingpai_emulator.serving import EmulatorOptions, RunningEmulator, running
from lingpai_emulator.switches import Switches

_EXIT_MISTAKE = 2


def main(arguments: Sequence[str] | None = None) -> int:
    """Run until SIGINT or SIGTERM. Returns 0 then, 2 when the options cannot be followed."""
    parsed = _parser().parse_args(arguments)
    try:
        options = _options(parsed)
        with asyncio.Runner(loop_factory=new_loop) as runner:
            runner.run(_run(options, as_json=parsed.json))
    except MistakeError as mistake:
        print(f"lingpai-emulator: {mistake.sentence}", file=sys.stderr)  # noqa: T201 - a command speaks
        return _EXIT_MISTAKE
    except KeyboardInterrupt:
        return 0
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="lingpai-emulator",
        description="A WeChat that runs on your machine. Not affiliated with Tencent.",
        allow_abbrev=False,
    )
    parser.add_argument("--host", default="127.0.0.1", help="address to listen on (default: %(default)s)")
    parser.add_argument("--port", type=_port, default=8001, help="port, 0 picks one (default: %(default)s)")
    parser.add_argument(
        "--phone-port", type=_port, default=8002, help="the phone's port (default: %(default)s)"
    )
    parser.add_argument("--no-phone", action="store_true", help="leave the phone in the browser out")
    parser.add_argument("--server", metavar="URL", help="the server the phone's mini program talks to")
    parser.add_argument(
        "--miniprogram", type=Path, metavar="DIR", help="a mini program's folder for the phone to run"
    )
    parser.add_argument(
        "--any-appid", action="store_true", help="let it name an AppID this emulator does not know"
    )
    parser.add_argument("--seed", metavar="N", help="makes codes, keys and rids repeat")
    parser.add_argument(
        "--world", type=Path, metavar="FILE", help="JSON with apps, people and switches to add"
    )
    parser.add_argument(
        "--switch", action="append", default=[], metavar="NAME=VALUE", help="set a switch; may be repeated"
    )
    parser.add_argument("--allow-remote", action="store_true", help="let other machines in")
    parser.add_argument("--json", action="store_true", help="print one JSON line when all is up")
    return parser


def _port(text: str) -> int:
    number = int(text)
    if not 0 <= number <= 65_535:  # noqa: PLR2004 - the range of ports
        raise argparse.ArgumentTypeError("a port is a number from 0 to 65535")
    return number


def _options(parsed: argparse.Namespace) -> EmulatorOptions:
    seed = Seed() if parsed.world is None else read_world_file(parsed.world)
    if parsed.seed is not None:
        number = int(parsed.seed) if parsed.seed.isdecimal() else parsed.seed
        seed = msgspec.structs.replace(seed, seed=number)
    seed = msgspec.structs.replace(seed, switches=_switched(seed.switches, parsed.switch))
    return EmulatorOptions(
        host=parsed.host,
        port=parsed.port,
        phone_port=None if parsed.no_phone else parsed.phone_port,
        server_url=parsed.server,
        miniprogram=parsed.miniprogram,
        any_appid=parsed.any_appid,
        seed=seed,
        allow_remote=parsed.allow_remote,
    )


def _switched(switches: Switches, settings: list[str]) -> Switches:
    """`name=value` pairs laid over the switches; words are read as the switch's own type."""
    given: dict[str, str] = {}
    for setting in settings:
        name, sign, value = setting.partition("=")
        if not sign:
            raise MistakeError(f"--switch {setting}: write it as NAME=VALUE.")
        given[name.replace("-", "_")] = value
    try:
        return msgspec.convert(msgspec.structs.asdict(switches) | given, Switches, strict=False)
    except msgspec.ValidationError as error:
        raise MistakeError(f"--switch: {error}.") from error


async def _run(options: EmulatorOptions, *, as_json: bool) -> None:
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    with suppress(NotImplementedError):  # Windows has no such handlers; Ctrl-C is caught in main
        for number in (signal.SIGINT, signal.SIGTERM):
            loop.add_signal_handler(number, stop.set)
    async with running(options) as emulator:
        if as_json:
            print(json.dumps(_as_json(emulator)), flush=True)  # noqa: T201 - stdout is data
        else:
            print(_as_text(emulator), file=sys.stderr)  # noqa: T201 - stderr is for people
        await stop.wait()


def _as_json(emulator: RunningEmulator) -> dict[str, object]:
    apps = [
        {"slug": app.slug, "appid": app.appid, "kind": app.kind, "secret": app.secret}
        for app in emulator.apps
    ]
    return {"emulator": emulator.url, "phone": emulator.phone_url, "apps": apps}


def _as_text(emulator: RunningEmulator) -> str:
    lines = [f"WeChat emulator  {emulator.url}", f"controls         {emulator.url}/__emulator__/"]
    if emulator.phone_url is not None:
        lines.append(f"phone            {emulator.phone_url}")
    lines += [f"  {app.slug:<10} {app.appid}  secret {app.secret}  ({app.kind})" for app in emulator.apps]
    people = ", ".join(person.id for person in emulator.world.people.all())
    return "\n".join([*lines, f"people: {people}", "Stop with Ctrl-C."])


if __name__ == "__main__":
    sys.exit(main())
