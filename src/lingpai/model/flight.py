"""The flight recorder: one line an attempt, its timeline, and how many there were in a minute."""

from typing import Final, Literal

import msgspec

AttemptKind = Literal["login", "browser", "ticket", "refresh", "profile", "phone", "decrypt"]
"""What was attempted. The first three begin sessions; of the others only refusals have a line."""
LOGIN_KINDS: Final[tuple[AttemptKind, ...]] = ("login", "browser", "ticket")
GRANTED: Final = ("signed_in", "given_again")
"""The results that are no refusals. `given_again`: the same client asked twice and got the same session."""


class Step(msgspec.Struct, frozen=True, array_like=True):
    """Something that happened during an attempt. Times are microseconds since the request arrived."""

    name: str
    """`read`, `wechat`, `commit`, `answered`."""
    began: int
    ended: int
    facts: dict[str, str | int] = {}
    """For example endpoint, host, waited, errcode, rid; never anything of a person."""


class Client(msgspec.Struct, frozen=True, array_like=True):
    """Who asked, as far as that is kept."""

    agent: str = ""
    """User-Agent, printable, 200 characters at most."""
    network: str = ""
    """The client's address without its end: IPv4 /24, IPv6 /48."""
    sdk: str = ""
    nonce: bool | None = None
    """Whether the request can be made again safely; None: it is of a kind that has no nonce."""


class Timeline(msgspec.Struct, frozen=True, array_like=True):
    """The steps of one attempt."""

    event_id: str
    client: Client
    steps: tuple[Step, ...]


class TimelinePage(msgspec.Struct, frozen=True, kw_only=True):
    """Timelines that were written together."""

    id: str
    first_at: int
    """When the earliest attempt on the page ended, as its line says."""
    last_at: int
    """The same of the latest: a minute after it at most."""
    body: bytes
    """MessagePack of a list of `Timeline`."""


class Minute(msgspec.Struct, frozen=True, kw_only=True):
    """How often something was attempted, with one result, at one app."""

    minute: int
    """The instant it begins, in milliseconds."""
    appid: str
    kind: str
    result: str
    count: int
    unrecorded: int = 0
    """How many of them have no line, because there were too many."""


class AttemptSearch(msgspec.Struct, frozen=True, kw_only=True):
    """Which lines are wanted: those for which all of it holds."""

    before: str | None = None
    """The id of the last line of the page before."""
    user_ids: tuple[str, ...] | None = None
    request_id: str | None = None
    appid: str | None = None
    result: str | None = None
    refused: bool = False
    kinds: tuple[str, ...] = ()
    errcode: int | None = None
    since: int | None = None
    until: int | None = None
    """Instants in milliseconds; `until` is the first that no longer counts."""


_pages: Final = msgspec.msgpack.Decoder(list[Timeline])


def timelines(body: bytes) -> list[Timeline]:
    """What is on a page. Raises msgspec.DecodeError."""
    return _pages.decode(body)
