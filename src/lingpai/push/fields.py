"""Reading what WeChat sends: XML or JSON, as the app is set, into plain fields.

The sender is unknown until a signature was checked, and that needs a field. So nothing here follows a reference,
declares an entity, or goes deeper than a few levels.
"""

from typing import Any, Final
from xml.etree.ElementTree import Element, ParseError

import msgspec
from defusedxml import DefusedXmlException
from defusedxml.ElementTree import fromstring

_DEEPEST: Final = 6
_MOST: Final = 500
_DOCUMENT: Final = b"{"


class FieldsInvalidError(ValueError):
    """This is no event; the text says why."""


def read_fields(body: bytes) -> dict[str, Any]:
    """Fields by name: texts, and objects or lists of them. Numbers are texts: XML knows no other.

    Raises FieldsInvalidError.
    """
    text = body.strip()
    fields = _of_json(text) if text.startswith(_DOCUMENT) else _of_xml(text)
    if not isinstance(fields, dict):
        raise FieldsInvalidError("no fields")
    return fields


def _of_json(text: bytes) -> Any:
    try:
        return _plain(msgspec.json.decode(text), _DEEPEST)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        raise FieldsInvalidError("neither XML nor JSON") from None


def _of_xml(text: bytes) -> Any:
    try:
        root = fromstring(text, forbid_dtd=True)
    except (ParseError, DefusedXmlException, ValueError, LookupError):
        raise FieldsInvalidError("neither XML nor JSON, or XML with a declaration") from None
    if sum(1 for _ in root.iter()) > _MOST:
        raise FieldsInvalidError("too many fields")
    return _element(root, _DEEPEST)


def _plain(value: Any, depth: int) -> Any:
    if depth == 0:
        raise FieldsInvalidError("too deep")
    match value:
        case dict():
            if len(value) > _MOST:
                raise FieldsInvalidError("too many fields")
            # The documentation's own sample has blanks in front of three of its names.
            return {name.strip(): _plain(each, depth - 1) for name, each in value.items()}
        case list():
            return [_plain(each, depth - 1) for each in value]
        case str():
            return value
        case None:
            return ""
        case _:
            return msgspec.json.encode(value).decode()


def _element(element: Element, depth: int) -> Any:
    if depth == 0:
        raise FieldsInvalidError("too deep")
    if not len(element):
        return (element.text or "").strip()
    fields: dict[str, Any] = {}
    for child in element:
        value = _element(child, depth - 1)
        name = child.tag.strip()
        if name in fields:
            before = fields[name]
            fields[name] = [*before, value] if isinstance(before, list) else [before, value]
        else:
            fields[name] = value
    return fields


def text_of(fields: dict[str, Any], name: str) -> str:
    """A field that has to be a text; empty when it is missing or something else."""
    value = fields.get(name)
    return value if isinstance(value, str) else ""
