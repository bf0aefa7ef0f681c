"""The page of commands, from the Typer application."""

import re
from collections.abc import Iterator
from typing import Any, Final, get_args

import typer.main

from docs.generator.markdown import code, page, pick, table
from docs.generator.words import hold, load
from lingpai.cli.main import cli
from lingpai.errors import Words
from lingpai.web.language import Language

_TITLE: Final = Words("Commands", "命令")
_INTRO: Final = Words(
    "Stdout is data, stderr is for people. `-h` or `--help` explains every command. "
    "[Exit codes](exit-codes.md) are the same for all of them.",
    "stdout 输出数据，stderr 输出提示。每个命令都支持 `-h` 或 `--help`。各命令共用一套[退出码](exit-codes.md)。",
)
_HEADINGS: Final = Words("option|default|what it is", "选项|默认值|说明")
_REQUIRED: Final = Words("required", "必填")
_CJK: Final = re.compile(r"\s*[\u3000-\u9fff].*")

Command = Any
"""A click command; Typer brings a click of its own, which has no types to import."""


def write(language: Language) -> str:
    """The page."""
    found = dict(commands())
    chinese: dict[str, dict[str, str]] = load("commands")
    hold("commands", code=found, words=chinese)
    for name, command in found.items():
        hold(f"options of {name}", code=_parameters(command), words=chinese[name].keys() - {"does"})
    sections = [_section(name, command, language, chinese[name]) for name, command in found.items()]
    return page(language, _TITLE, _INTRO, *sections)


def commands() -> Iterator[tuple[str, Command]]:
    """Every command by what one types, groups before their commands."""

    def walk(name: str, command: Command) -> Iterator[tuple[str, Command]]:
        yield name, command
        for word, inner in getattr(command, "commands", {}).items():
            yield from walk(f"{name} {word}", inner)

    root: Command = typer.main.get_command(cli)
    for word, command in root.commands.items():
        yield from walk(f"lingpai {word}", command)


def _section(name: str, command: Command, language: Language, chinese: dict[str, str]) -> str:
    does = chinese["does"] if language == "zh" else _CJK.sub("", " ".join(command.help.split()))
    heading = f"## `{name}`\n\n{does}"
    parameters = _parameters(command)
    rows = [
        (
            label,
            pick(_REQUIRED, language) if parameter.required else _default(parameter),
            chinese[label] if language == "zh" else parameter.help,
        )
        for label, parameter in parameters.items()
    ]
    parts = [heading, code(_usage(name, command, parameters), "text")]
    parts.append(table(pick(_HEADINGS, language).split("|"), [(f"`{a}`", b, c) for a, b, c in rows]))
    return "\n\n".join(part for part in parts if part)


def _parameters(command: Command) -> dict[str, Any]:
    """Arguments and options by their name on the command line."""
    return {
        parameter.name.upper() if parameter.param_type_name == "argument" else parameter.opts[-1]: parameter
        for parameter in command.params
        if parameter.name != "help"
    }


def _usage(name: str, command: Command, parameters: dict[str, Any]) -> str:
    if getattr(command, "commands", None):
        return ""
    words = [name]
    for label, parameter in parameters.items():
        if parameter.param_type_name == "argument":
            words.append(label if parameter.required else f"[{label}]")
        elif parameter.is_flag:
            words.append(f"[{label}]")
        else:
            value = f"{label} {_values(parameter)}"
            words.append(value if parameter.required else f"[{value}]")
    return " ".join(words)


def _values(parameter: Any) -> str:
    words = get_args(parameter.type_descriptor.annotation)
    chosen = [word for word in words if isinstance(word, str)]
    return "|".join(chosen) or str(parameter.name).upper()


def _default(parameter: Any) -> str:
    value = parameter.default
    if callable(value) or value is None or value is False or str(value) == "":
        return ""
    return f"`{value}`"
