"""A form that a browser sends: its fields, and what is wrong with them."""

from typing import Final
from urllib.parse import parse_qsl

from lingpai.errors import Words
from lingpai.web.call import Call
from lingpai.web.reading import invalid

FORM_LIMIT: Final = 65_536
"""Bytes of a whole form."""
_MOST_FIELDS: Final = 200
_TYPE: Final = b"application/x-www-form-urlencoded"
_KEPT: Final = "lingpai.console.form"

Errors = dict[str, Words]
"""By the name of the field; under the empty name what concerns the whole form."""


class Form:
    """The fields that were sent."""

    def __init__(self, fields: list[tuple[str, str]]) -> None:
        self._fields: Final = fields

    def text(self, name: str) -> str:
        """One field without blanks around it; of several, the last; empty when it was not sent."""
        return next((value.strip() for key, value in reversed(self._fields) if key == name), "")

    def exactly(self, name: str) -> str:
        """One field as it was typed, blanks and all: a password."""
        return next((value for key, value in reversed(self._fields) if key == name), "")

    def several(self, name: str) -> list[str]:
        """Every value of a field that may be sent more than once."""
        return [value for key, value in self._fields if key == name]

    def has(self, name: str) -> bool:
        """Whether a box was ticked, a button pressed."""
        return any(key == name for key, _ in self._fields)


async def read_form(call: Call) -> Form:
    """The form of a request, read once. Raises Problem invalid_request (422), body_too_large."""
    kept: Form | None = call.scope.get(_KEPT)
    if kept is not None:
        return kept
    body = await call.body(FORM_LIMIT)
    if body and not (call.header(b"content-type") or b"").startswith(_TYPE):
        raise invalid("the body is not a form")
    try:
        fields = parse_qsl(
            body.decode("ascii"), keep_blank_values=True, errors="strict", max_num_fields=_MOST_FIELDS
        )
    except ValueError:
        raise invalid("the form is not ASCII, not UTF-8 once decoded, or has too many fields") from None
    form = Form(fields)
    call.scope[_KEPT] = form
    return form
