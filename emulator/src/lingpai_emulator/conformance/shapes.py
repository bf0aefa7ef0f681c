"""What of two answers is compared: everything but the values that differ by nature."""

import json
import re
from typing import Any, Final, Literal

import msgspec

from lingpai_emulator.conformance.calling import Reply
from lingpai_emulator.conformance.redacting import Redactor

Aspect = Literal["status", "content type", "keys", "errcode", "words", "trace", "slashes"]

_TRACE: Final = re.compile(r",? ?(?:rid: [0-9a-f]{8}-<rid>|hints?: \[.*?\](?: rid: [0-9a-f]{8}-<rid>)?)\Z")
_HINT: Final = re.compile(r"\[[^\]]*\]")
_RID: Final = re.compile(r"[0-9a-f]{8}-<rid>")
_TYPES: Final = {str: "string", bool: "boolean", int: "number", float: "number", type(None): "null"}


class Shape(msgspec.Struct, frozen=True):
    """`keys` are paths with types, in order; `words` is errmsg without its `trace`. None: there is none."""

    status: int
    content_type: str
    keys: tuple[str, ...] | None
    errcode: int | None = None
    words: str | None = None
    trace: str | None = None
    slashes: Literal["escaped", "plain"] | None = None


class Difference(msgspec.Struct, frozen=True):
    """`switch` makes the emulator do as WeChat, as far as one does."""

    aspect: Aspect
    wechat: str
    emulator: str
    switch: str | None = None


def shape(reply: Reply, redactor: Redactor) -> Shape:
    content_type = reply.content_type.lower()
    try:
        tree = json.loads(reply.body, strict=False)
    except ValueError:
        return Shape(reply.status, content_type, None)
    slashes: Literal["escaped", "plain"] | None = "escaped" if "\\/" in reply.body else None
    if slashes is None and "/" in reply.body:
        slashes = "plain"
    keys = tuple(_keys(tree, ""))
    if not isinstance(tree, dict) or "errcode" not in tree:
        return Shape(reply.status, content_type, keys, slashes=slashes)
    errmsg = redactor.text(str(tree.get("errmsg", "")))
    found = _TRACE.search(errmsg)
    words = errmsg[: found.start()] if found else errmsg
    trace = _HINT.sub("[…]", _RID.sub("…", found[0])) if found else ""
    return Shape(reply.status, content_type, keys, tree["errcode"], words, trace, slashes)


def differences(path: str, wechat: Shape, emulator: Shape, switch: str | None) -> tuple[Difference, ...]:
    """`switch` is the one of the probe, named where the answers say different things."""
    sns = path.startswith("/sns/")
    compared: tuple[tuple[Aspect, object, object, str | None], ...] = (
        ("status", wechat.status, emulator.status, None),
        (
            "content type",
            wechat.content_type,
            emulator.content_type,
            "sns_content_type" if sns else "json_content_type",
        ),
        ("errcode", wechat.errcode, emulator.errcode, switch),
        ("keys", wechat.keys, emulator.keys, switch),
    )
    found = [each for each in compared if each[1] != each[2]]
    # Other errcodes have other words; that difference has been told.
    if wechat.errcode == emulator.errcode and wechat.errcode is not None:
        if wechat.words != emulator.words:
            found.append(("words", wechat.words, emulator.words, None))
        if wechat.trace != emulator.trace:
            found.append(("trace", wechat.trace, emulator.trace, "errmsg_era"))
    if None not in (wechat.slashes, emulator.slashes) and wechat.slashes != emulator.slashes:
        found.append(("slashes", wechat.slashes, emulator.slashes, "escape_slashes" if sns else None))
    return tuple(Difference(aspect, _told(one), _told(other), by) for aspect, one, other, by in found)


def _keys(value: Any, path: str) -> list[str]:
    if isinstance(value, dict):
        below = [_keys(item, f"{path}.{key}" if path else str(key)) for key, item in value.items()]
        return [name for names in below for name in names]
    if isinstance(value, list):
        return _keys(value[0], f"{path}[]") if value else [f"{path}[]"]
    return [f"{path}: {_TYPES[type(value)]}"]


def _told(value: object) -> str:
    if value is None:
        return "none"
    return ", ".join(map(str, value)) if isinstance(value, tuple) else str(value)
