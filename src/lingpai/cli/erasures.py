"""`lingpai users export`, `erase` and `erasures`: what somebody may ask an operator for."""

import sys
from pathlib import Path
from typing import Annotated, Final

import msgspec
import typer

from lingpai.cli.opened import at_desk
from lingpai.cli.output import ConfigFile, Json, NotFoundError, complain, emit_json, emit_table, say, when
from lingpai.cli.person import whoever
from lingpai.cli.progress import progress
from lingpai.errors import Problem
from lingpai.model import Erasure

_STDIN: Final = "-"

User = Annotated[str, typer.Argument(help="User id.")]


class LedgerInvalidError(ValueError):
    """What was given is no ledger of erasures; the message says why."""


class Entry(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """An erasure as it is written to a file."""

    audit_id: str
    user_digest: str
    """SHA-256 in hex."""
    at: int
    """Milliseconds since 1970."""


def export(user: User, *, config: ConfigFile = None, json: Json = False) -> None:
    """Everything about one person as JSON, phone number and picture included."""
    try:
        document = at_desk(config, lambda desk: desk.requests.export(user, by=whoever()))
    except Problem as problem:
        complain(problem.kind.title.en + ".", problem.kind.why.en)
        sys.exit(4)
    if document is None:
        raise _nobody(user)
    if json:
        emit_json(document)
    else:
        text = msgspec.json.format(msgspec.json.encode(document), indent=2).decode()
        sys.stdout.write(text + "\n")


def erase(
    user: User,
    *,
    yes: Annotated[bool, typer.Option("--yes", help="Do not ask.")] = False,
    config: ConfigFile = None,
    json: Json = False,
) -> None:
    """Erase one person for good: profile, phone, picture, identities, sessions. An audit id stays."""
    if not yes:
        _ask(user)
    receipt = at_desk(config, lambda desk: desk.requests.erase(user, by=whoever()))
    if receipt is None:
        raise _nobody(user)
    if json:
        emit_json(_entry(receipt.erasure))
    else:
        emit_table(["audit id", "erased"], [(receipt.erasure.id, when(receipt.erasure.at))])


def erasures(
    *,
    replay: Annotated[
        str,
        typer.Option(help="Erase again everybody of this list (`--json` of before; - reads stdin)."),
    ] = "",
    config: ConfigFile = None,
    json: Json = False,
) -> None:
    """Who was erased, by audit id. Keep the list beside the backups: after a restore it is replayed."""
    if replay:
        ledger = _read(replay)
        with progress("Looking for erased people", None, json=json) as step:
            done = at_desk(
                config, lambda desk: desk.requests.replay(ledger, by=whoever(), on_progress=step.reach)
            )
        say(f"{len(done)} of {len(ledger)} were here again, and are erased.")
    else:
        done = at_desk(config, lambda desk: desk.requests.erased())
    if json:
        emit_json([_entry(erasure) for erasure in done])
    else:
        emit_table(["audit id", "erased"], [(erasure.id, when(erasure.at)) for erasure in done])


def _ask(user: str) -> None:
    if not sys.stdin.isatty():
        complain("Nobody is here to ask. Say --yes to erase for good.")
        sys.exit(2)
    say(f"{user} will be erased for good. There is no way back.")
    if input("Type the user id again: ").strip() != user:
        complain("Nothing was erased.")
        sys.exit(1)


def _read(source: str) -> list[Erasure]:
    try:
        text = sys.stdin.buffer.read() if source == _STDIN else Path(source).read_bytes()
        entries = msgspec.json.decode(text, type=list[Entry])
        return [
            Erasure(id=entry.audit_id, user_digest=bytes.fromhex(entry.user_digest), at=entry.at)
            for entry in entries
        ]
    except OSError as error:
        raise LedgerInvalidError(f"{source}: cannot be read: {error.strerror}") from None
    except (msgspec.DecodeError, ValueError) as error:
        raise LedgerInvalidError(
            f"{source}: is not a list of `lingpai users erasures --json`: {error}"
        ) from None


def _entry(erasure: Erasure) -> Entry:
    return Entry(audit_id=erasure.id, user_digest=erasure.user_digest.hex(), at=erasure.at)


def _nobody(user: str) -> NotFoundError:
    return NotFoundError(f"No user has the id {user}.")
