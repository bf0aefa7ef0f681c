"""The settings as they are in force, fit for people's eyes."""

import re
from typing import Final

import msgspec

from lingpai.config.model import Config, Source
from lingpai.config.settings import SETTINGS
from lingpai.errors import Words
from lingpai.secret import Secret

_PASSWORD: Final = re.compile(r"(?<=://)[^/@]*@|(?<=password=)[^&]+")
_SECRET_NAME: Final = re.compile(r"(?:^|_)(?:key|secret|password|token|previous|command)$")


class SettingInForce(msgspec.Struct, frozen=True, kw_only=True):
    """One setting."""

    name: str
    value: str | None
    """None: a secret, of which can be said only whether it is set."""
    is_set: bool
    source: Source
    words: Words


def in_force(config: Config) -> list[SettingInForce]:
    """Every setting in the order of the documentation. No secret among them: neither a key nor a URL's password."""
    return [
        SettingInForce(
            name=setting.name,
            value=_shown(setting.name, getattr(config, setting.name), secret=setting.secret),
            is_set=_is_set(getattr(config, setting.name)),
            source=config.sources.get(setting.name, "default"),
            words=setting.words,
        )
        for setting in SETTINGS
    ]


def _is_set(value: object) -> bool:
    # A Secret hides even that it is empty, except from whoever asks for its text.
    return bool(value.reveal() if isinstance(value, Secret) else str(value))


def _shown(name: str, value: object, *, secret: bool) -> str | None:
    if secret or _SECRET_NAME.search(name):
        return None
    if isinstance(value, bool):
        return "true" if value else "false"
    return _PASSWORD.sub(lambda found: "…@" if found[0].endswith("@") else "…", str(value))
