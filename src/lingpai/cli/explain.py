"""`lingpai explain CODE`: what a problem or a WeChat errcode means, and what to do."""

import difflib
from typing import Annotated

import msgspec
import typer

from lingpai.cli.language import terminal_language
from lingpai.cli.output import Json, NotFoundError, emit_json
from lingpai.errors import CATALOGUE, ERRCODES, ProblemKind
from lingpai.errors.errcodes import ErrcodeMeaning


def explain(
    code: Annotated[str, typer.Argument(help="For example code_used, or 40029.")],
    *,
    lang: Annotated[str, typer.Option(help="en or zh; by default the terminal's.")] = "",
    json: Json = False,
) -> None:
    """Say what a problem code of ours, or an errcode of WeChat, means and what to do."""
    language = lang or terminal_language()
    errcode = ERRCODES.get(code)
    kind = CATALOGUE.get(code)
    if json and (found := kind or errcode) is not None:
        emit_json(msgspec.to_builtins(found))
    elif kind is not None:
        typer.echo(_problem(kind, language))
    elif errcode is not None:
        typer.echo(_errcode(code, errcode, language))
    else:
        close = difflib.get_close_matches(code, [*CATALOGUE, *ERRCODES], n=1)
        raise NotFoundError(f"Nothing is known of {code}." + (f" Did you mean {close[0]}?" if close else ""))


def _problem(kind: ProblemKind, language: str) -> str:
    lines = (kind.title, kind.why, kind.hint)
    return "\n".join([f"{kind.code} ({kind.status})", *(words.say(language) for words in lines)])


def _errcode(code: str, meaning: ErrcodeMeaning, language: str) -> str:
    lines = [f"{code} {meaning.errmsg}", meaning.means.say(language), meaning.do.say(language)]
    return "\n".join(lines)
