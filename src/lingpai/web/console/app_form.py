"""The settings of an app as a form: each in the shape of its type, read back as the command line writes it."""

from collections.abc import Mapping
from typing import Any, Final, Literal, get_args, get_origin

import msgspec

from lingpai.admin.app_settings import APP_SETTINGS
from lingpai.errors import Words
from lingpai.model import AppSettings
from lingpai.web.console.forms import Form

Shape = Literal["box", "choice", "list", "text"]
_PREFIX: Final = "set-"


class SettingField(msgspec.Struct, frozen=True, kw_only=True):
    """One setting on the page."""

    name: str
    field: str
    """Its name in the form."""
    shape: Shape
    value: str
    choices: tuple[str, ...]
    words: Words


def fields(settings: Mapping[str, Any], sent: Form | None = None) -> list[SettingField]:
    """The settings as they are, or as somebody sent them."""
    return [
        SettingField(
            name=field.name,
            field=_PREFIX + field.name,
            shape=_shape(field.type),
            value=_shown(settings[field.name]) if sent is None else _sent(field.name, field.type, sent, "\n"),
            choices=get_args(field.type) if _shape(field.type) == "choice" else (),
            words=APP_SETTINGS[field.name],
        )
        for field in msgspec.structs.fields(AppSettings)
        if field.name in APP_SETTINGS
    ]


def changes(settings: Mapping[str, Any], sent: Form) -> dict[str, str]:
    """What differs from `settings`, in the words of the command line.

    A box that is not ticked is not sent; so the page says which settings it knew, and the others stay.
    """
    found: dict[str, str] = {}
    known = sent.several("known")
    for field in msgspec.structs.fields(AppSettings):
        if field.name in APP_SETTINGS and field.name in known:
            text = _sent(field.name, field.type, sent, ",")
            if text != _shown(settings[field.name]).replace("\n", ","):
                found[field.name] = text
    return found


def _sent(name: str, kind: Any, sent: Form, between: str) -> str:
    match _shape(kind):
        case "box":
            return "true" if sent.has(_PREFIX + name) else "false"
        case "list":
            lines = sent.text(_PREFIX + name).replace(",", "\n").split("\n")
            return between.join(line.strip() for line in lines if line.strip())
        case _:
            return sent.text(_PREFIX + name)


def _shape(kind: Any) -> Shape:
    if kind is bool:
        return "box"
    if get_origin(kind) is Literal:
        return "choice"
    return "list" if get_origin(kind) is tuple else "text"


def _shown(value: object) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    return "\n".join(map(str, value)) if isinstance(value, (tuple, list)) else str(value)
