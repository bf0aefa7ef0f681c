"""A call whose meaning is the caller's own: carried as it is, answered as it is."""

from typing import Literal

from msgspec import Struct


class RawRequest(Struct, frozen=True):
    """``path`` begins with a slash; ``query`` is without question mark and access_token."""

    method: Literal["GET", "POST"]
    path: str
    query: str
    body: bytes
    content_type: str

    def __repr__(self) -> str:
        return f"RawRequest({self.method} {self.path})"


class RawReply(Struct, frozen=True):
    """Whatever answered, up to the limit."""

    status: int
    content_type: str
    body: bytes

    def __repr__(self) -> str:
        return f"RawReply({self.status}, {len(self.body)} bytes)"
