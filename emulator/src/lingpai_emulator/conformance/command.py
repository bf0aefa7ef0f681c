"""`lingpai-emulator conformance`: the command line of a comparison with the real WeChat."""

import argparse
import re
import sys
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Final, cast
from urllib.parse import urlsplit

from lingpai_emulator.apps import Kind
from lingpai_emulator.clock import Clock
from lingpai_emulator.conformance.calling import Caller, UnreachableError, needs
from lingpai_emulator.conformance.probe import UNKNOWN_APPID, Probe
from lingpai_emulator.conformance.probes import probes_for
from lingpai_emulator.conformance.report import LeakError, rows, transcript
from lingpai_emulator.conformance.run import Findings, Subject, compare
from lingpai_emulator.domains import API_HOST, API_HOSTS
from lingpai_emulator.hosts import is_loopback
from lingpai_emulator.mistakes import MistakeError
from lingpai_emulator.switches import Switches
from lingpai_emulator.switching import switched

EXIT_ALIKE: Final = 0
EXIT_DIFFERENT: Final = 1
EXIT_UNREACHABLE: Final = 3
_KINDS: Final = ("miniprogram", "official_account", "website")
_APPID: Final = re.compile(r"wx[0-9a-f]{16}\Z")


def main(arguments: Sequence[str]) -> int:
    """0 when all answers are alike, 1 when some differ, 3 when WeChat gave none. Raises MistakeError."""
    parsed = _parser().parse_args(arguments)
    kind = cast(Kind, parsed.kind)
    if parsed.list:
        print("\n".join(_listed(kind)))  # noqa: T201 - a command speaks
        return EXIT_ALIKE
    subject, base, direct = _subject(parsed, kind), *_wechat(parsed.wechat)
    switches = switched(Switches(), parsed.switch)
    try:
        findings = compare(subject, Caller(base, direct=direct), switches, _progress)
    except UnreachableError as error:
        print(f"lingpai-emulator: {error}.", file=sys.stderr)  # noqa: T201 - a command speaks
        return EXIT_UNREACHABLE
    day = datetime.fromtimestamp(Clock().now(), UTC).date().isoformat()
    file = Path(f"conformance-{kind}-{day}.json") if parsed.transcript is None else parsed.transcript
    _write(file, findings, day, base)
    print("\n".join(rows(findings, day)))  # noqa: T201 - stdout is data
    return _concluded(findings, file)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="lingpai-emulator conformance",
        description="Compare WeChat with the emulator, by calls that cost and change nothing. Prints rows for "
        "FAITHFULNESS.md and writes a transcript without secrets.",
        allow_abbrev=False,
    )
    parser.add_argument("--appid", help="AppID of an app of yours")
    parser.add_argument(
        "--secret-file", metavar="FILE", help="file with its AppSecret; - reads standard input"
    )
    parser.add_argument(
        "--kind", choices=_KINDS, default=_KINDS[0], help="kind of app (default: %(default)s)"
    )
    parser.add_argument("--code", help="a fresh, unused code of wx.login or OAuth; it will be used up")
    parser.add_argument(
        "--transcript", type=Path, metavar="FILE", help="where to write (default: conformance-KIND-DATE.json)"
    )
    parser.add_argument(
        "--switch",
        action="append",
        default=[],
        metavar="NAME=VALUE",
        help="set a switch of the emulator first",
    )
    parser.add_argument("--wechat", metavar="URL", default=f"https://{API_HOST}", help="default: %(default)s")
    parser.add_argument("--list", action="store_true", help="show the calls, make none")
    return parser


def _listed(kind: Kind) -> list[str]:
    return [
        f"{probe.name}{'  (with --code)' if needs(probe) & {'code', 'openid', 'user_token'} else ''}"
        for probe in probes_for(kind)
    ]


def _subject(parsed: argparse.Namespace, kind: Kind) -> Subject:
    if parsed.appid is None or parsed.secret_file is None:
        raise MistakeError("conformance needs --appid and --secret-file; --list shows what it would ask.")
    if not _APPID.match(parsed.appid) or parsed.appid == UNKNOWN_APPID:
        raise MistakeError("--appid: an AppID is wx and 16 hex digits in lower case.")
    secret = _secret(parsed.secret_file)
    if parsed.code is not None and not re.fullmatch(r"[\x21-\x7e]{8,512}", parsed.code):
        raise MistakeError("--code: that is no code.")
    return Subject(parsed.appid, kind, secret, parsed.code)


def _secret(name: str) -> str:
    try:
        secret = (sys.stdin.read() if name == "-" else Path(name).read_text("utf-8")).strip()
    except (OSError, UnicodeDecodeError) as error:
        reason = error.strerror if isinstance(error, OSError) else "it is no text"
        raise MistakeError(f"--secret-file {name} cannot be read: {reason}.") from error
    if not re.fullmatch(r"[\x21-\x7e]{8,128}", secret):
        raise MistakeError(
            f"--secret-file {name}: an AppSecret is one word of 32 characters, alone in the file."
        )
    return secret


def _wechat(url: str) -> tuple[str, bool]:
    """The base of all calls, and whether it is this machine. Nobody else is ever sent a secret."""
    try:
        parts = urlsplit(url)
        host, _ = parts.hostname or "", parts.port
    except ValueError:
        host = ""
    bare = not (parts.path.strip("/") or parts.query or parts.fragment or parts.username) if host else False
    local = is_loopback(host)
    if not bare or not (
        (parts.scheme == "https" and host in API_HOSTS) or (local and parts.scheme == "http")
    ):
        allowed = ", ".join(f"https://{name}" for name in API_HOSTS)
        raise MistakeError(
            f"--wechat {url}: the secret goes to {allowed} or an emulator on this machine only."
        )
    return f"{parts.scheme}://{parts.netloc}", local


def _progress(probe: Probe) -> None:
    print(f"asking {probe.name}", file=sys.stderr)  # noqa: T201 - stderr is for people


def _write(file: Path, findings: Findings, day: str, base: str) -> None:
    try:
        file.write_text(transcript(findings, day, base), encoding="utf-8")
    except LeakError as error:
        raise MistakeError(str(error)) from None
    except OSError as error:
        raise MistakeError(f"--transcript {file} cannot be written: {error.strerror}.") from error


def _concluded(findings: Findings, file: Path) -> int:
    asked = [finding for finding in findings.all if finding.wechat is not None]
    differing = [finding for finding in asked if finding.differences]
    left_out = len(findings.all) - len(asked)
    print(  # noqa: T201 - stderr is for people
        f"{len(asked)} calls, {len(differing)} answered otherwise than here, {left_out} left out. "
        f"Everything, without secrets: {file}",
        file=sys.stderr,
    )
    return EXIT_DIFFERENT if differing else EXIT_ALIKE
