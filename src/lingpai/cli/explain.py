"""`lingpai explain TEXT`: what an error means, and what to do, by whatever spelling it was met."""

from typing import Annotated

import msgspec
import typer

from lingpai.cli.language import terminal_language
from lingpai.cli.output import Json, NotFoundError, emit_json
from lingpai.errors import Entry, look_up, near


def explain(
    text: Annotated[
        list[str], typer.Argument(help="For example code_used, 40029, or a message: pad block corrupted.")
    ],
    *,
    lang: Annotated[str, typer.Option(help="en or zh; by default the terminal's.")] = "",
    json: Json = False,
) -> None:
    """Say what an error means and what to do: a problem code, an errcode of WeChat, or any message."""
    wanted = " ".join(text)
    for word in text:
        if word.startswith("--"):
            raise typer.BadParameter(f"there is no option {word}; the options are --lang and --json")
    found = look_up(wanted)
    if not found:
        close = near(wanted)
        raise NotFoundError(
            f"Nothing is known of {wanted}." + (f" Did you mean {', '.join(close)}?" if close else "")
        )
    if json:
        emit_json(msgspec.to_builtins(found if len(found) > 1 else found[0]))
    else:
        typer.echo("\n\n".join(_told(entry, lang or terminal_language()) for entry in found))


def _told(entry: Entry, language: str) -> str:
    title = entry.title.say(language)
    head = f"{entry.name} ({entry.status})" if entry.status else f"{entry.name} {title}".strip()
    lines = [head, title] if entry.status else [head]
    return "\n".join([*lines, entry.cause.say(language), entry.fix.say(language)])
