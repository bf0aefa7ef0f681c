"""What a program sent to WeChat: one HTTP request, and the parameters WeChat would see in it."""

from collections.abc import Sequence
from urllib.parse import parse_qsl

import msgspec

Params = dict[str, str]

_LONGEST_HOST = 259  # a name of 253 characters, and a port


class Call(msgspec.Struct, frozen=True, gc=False):
    """A request as received; nothing is decoded before somebody asks. `address` is where WeChat sees it come from."""

    method: str
    path: str
    query: bytes
    body: bytes
    content_type: str
    address: str = ""
    headers: Sequence[tuple[bytes, bytes]] = ()

    @property
    def is_form(self) -> bool:
        return self.content_type.partition(";")[0].strip().lower() == "application/x-www-form-urlencoded"

    @property
    def is_json(self) -> bool:
        return "json" in self.content_type.partition(";")[0].lower()

    @property
    def origin(self) -> str:
        """`http://host:port`, as the caller addressed the emulator; cut where no name is any longer."""
        return f"http://{self.header(b'host')[:_LONGEST_HOST]}"

    def header(self, name: bytes) -> str:
        """A request header by its name in lower case; empty when there is none."""
        return next((value.decode("latin-1") for known, value in self.headers if known == name), "")

    def params(self) -> Params:
        """Query string, and the body of a POST if it is a form. The first of a repeated name counts.

        A JSON body is not looked at: that is why `/sns/*` answers 41002 to a JSON POST.
        """
        params = first_values(self.query)
        if self.method == "POST" and self.is_form:
            return first_values(self.body) | params
        return params


def first_values(encoded: bytes) -> Params:
    """`a=1&b=%2F` as a dict; the first of a repeated name counts."""
    if b"%" not in encoded and b"+" not in encoded:
        pairs = [item.partition("=") for item in encoded.decode("utf-8", "replace").split("&") if item]
        return {name: value for name, _, value in reversed(pairs)}
    text = encoded.decode("utf-8", "replace")
    return dict(reversed(parse_qsl(text, keep_blank_values=True, errors="replace")))
