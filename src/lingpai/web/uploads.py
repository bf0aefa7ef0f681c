"""A file in a request: as the body itself, or as a field of a form, which is all that wx.uploadFile can send."""

from typing import Final

from python_multipart import MultipartParser
from python_multipart.exceptions import FormParserError
from python_multipart.multipart import parse_options_header

from lingpai.errors import Problem
from lingpai.errors.catalogue import BODY_TOO_LARGE
from lingpai.errors.catalogue_accounts import AVATAR_TOO_LARGE
from lingpai.web.call import Call
from lingpai.web.reading import invalid

FIELD: Final = b"file"
_WRAPPING: Final = 16_384
"""Bytes that a form may have around its file."""
_PARTS: Final = 10
_LONGEST_BOUNDARY: Final = 70  # RFC 2046 §5.1.1


async def uploaded(call: Call, limit: int) -> bytes:
    """The uploaded file: the field `file` of a form, or the body of anything that is no form.

    Raises Problem avatar_too_large beyond `limit` bytes, invalid_request for a form without such a file.
    """
    content_type = call.header(b"content-type") or b""
    is_form = content_type.lower().startswith(b"multipart/form-data")
    try:
        body = await call.body(limit + _WRAPPING if is_form else limit)
    except Problem as problem:
        if problem.kind is BODY_TOO_LARGE:
            raise _too_large(limit) from None
        raise
    file = _file_of_form(content_type, body) if is_form else body
    if len(file) > limit:
        raise _too_large(limit)
    return file


def _file_of_form(content_type: bytes, body: bytes) -> bytes:
    _, options = parse_options_header(content_type)
    boundary = options.get(b"boundary", b"")
    if not 1 <= len(boundary) <= _LONGEST_BOUNDARY:
        raise invalid("the form has no boundary")
    form = _Form()
    try:
        form.read(boundary, body)
    except FormParserError:
        raise invalid("the form cannot be read") from None
    if not form.complete:
        raise invalid("the form is cut off")
    if len(form.files) != 1:
        raise invalid("the form needs one file, in the field file (wx.uploadFile: name)")
    return form.files[0]


class _Form:
    """Collects the files of the field `file`, and lets everything else pass."""

    def __init__(self) -> None:
        self.files: Final[list[bytes]] = []
        self.complete = False
        self._parts = 0
        self._name = b""
        self._value = b""
        self._disposition = b""
        self._data: list[bytes] | None = None

    def read(self, boundary: bytes, body: bytes) -> None:
        """Raises FormParserError, or Problem invalid_request."""
        parser = MultipartParser(
            boundary,
            {
                "on_part_begin": self._begin,
                "on_header_field": self._field,
                "on_header_value": self._told,
                "on_header_end": self._header,
                "on_headers_finished": self._headers,
                "on_part_data": self._part,
                "on_part_end": self._end,
                "on_end": self._finish,
            },
        )
        parser.write(body)
        parser.finalize()

    def _begin(self) -> None:
        self._parts += 1
        if self._parts > _PARTS:
            raise invalid(f"the form has more than {_PARTS} fields")
        self._disposition, self._data = b"", None

    def _field(self, data: bytes, start: int, end: int) -> None:
        self._name += data[start:end]

    def _told(self, data: bytes, start: int, end: int) -> None:
        self._value += data[start:end]

    def _header(self) -> None:
        if self._name.lower() == b"content-disposition":
            self._disposition = self._value
        self._name = self._value = b""

    def _headers(self) -> None:
        _, options = parse_options_header(self._disposition)
        if options.get(b"name") == FIELD and b"filename" in options:
            self._data = []

    def _part(self, data: bytes, start: int, end: int) -> None:
        if self._data is not None:
            self._data.append(data[start:end])

    def _end(self) -> None:
        if self._data is not None:
            self.files.append(b"".join(self._data))

    def _finish(self) -> None:
        self.complete = True


def _too_large(limit: int) -> Problem:
    return Problem(AVATAR_TOO_LARGE, facts={"limit": str(limit)})
