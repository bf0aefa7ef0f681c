"""The settings of one app: their words, and how a value is read from text."""

import difflib
from collections.abc import Mapping
from typing import Any, Final, get_origin

import msgspec

from lingpai.admin.invalid import AppInvalidError
from lingpai.errors import Words
from lingpai.model import AppSettings

APP_SETTINGS: Final = {
    "phone_by_encrypted_data": Words(
        "Whether the old way to a phone number is open: `encryptedData` and `iv` instead of a code. It stands and "
        "falls with the session_key, so leave it off unless old clients need it.",
        "是否允许用旧方式（`encryptedData` 和 `iv`，而不是 code）获取手机号。其安全性完全取决于 session_key，"
        "除非旧客户端需要，请保持关闭。",
    ),
    "token_kind": Words(
        "Which access_token is kept: `stable` (`cgi-bin/stable_token`) or `legacy` (`cgi-bin/token`). A legacy token "
        "is taken away by every other program that fetches one; choose it only while such programs still run.",
        "维护哪种 access_token：`stable`（`cgi-bin/stable_token`）或 `legacy`（`cgi-bin/token`）。"
        "legacy 会被其他程序的获取操作顶掉，仅在仍有这类程序时选用。",
    ),
}
"""By the name of the field in `AppSettings`."""

_TYPES: Final = {field.name: field.type for field in msgspec.structs.fields(AppSettings)}


def changed(settings: AppSettings, given: Mapping[str, str]) -> AppSettings:
    """`settings` with what is given in place; a list is given with commas.

    Raises AppInvalidError.
    """
    return msgspec.structs.replace(settings, **{name: _value(name, text) for name, text in given.items()})


def _value(name: str, text: str) -> Any:
    kind = _TYPES.get(name)
    if kind is None:
        close = difflib.get_close_matches(name, _TYPES, n=1)
        meant = f"; did you mean {close[0]}?" if close else f"; there are: {', '.join(_TYPES)}"
        raise AppInvalidError(f"{name}: no such setting of an app{meant}")
    parts: object = [part.strip() for part in text.split(",") if part.strip()]
    try:
        return msgspec.convert(parts if get_origin(kind) is tuple else text, kind, strict=False)
    except msgspec.ValidationError as error:
        raise AppInvalidError(f"{name}: {error}") from None
