"""An event that WeChat pushed to us: on record before it is acted on, and afterwards as proof."""

from typing import Literal

import msgspec

from lingpai.model.erasure import Erasure
from lingpai.model.webhook import NewNotice

PushPutting = Literal["new", "known", "nonce_spent"]
"""`known`: this very event is on record. `nonce_spent`: another event came under the same signature."""

PushOutcome = Literal["passed_on", "forgot", "erased", "marked", "outdated", "nobody"]
"""`passed_on`: for others to act on. `forgot`: fields of a person were erased. `erased`: a person was erased.
`marked`: nothing was erased, on the operator's or WeChat's word. `outdated`: the profile has to be read anew.
`nobody`: the openid is not known here."""

Forgettable = Literal["nickname", "avatar", "phone", "details"]


class PushSettings(msgspec.Struct, frozen=True, kw_only=True):
    """What an app's events are signed and encrypted with."""

    appid: str
    sealed: bytes
    """`PushKeys` as JSON, sealed."""
    changed_at: int


class NewPushEvent(msgspec.Struct, frozen=True, kw_only=True):
    """An event as it arrived, proven to be WeChat's."""

    key: bytes
    """SHA-256 of what makes it this event: a repetition has the same."""
    nonce: bytes
    """SHA-256 of the app, the timestamp and the nonce it was signed with."""
    appid: str
    name: str
    """`Event`, or `MsgType` of a message that is none; at most 64 characters."""
    sealed: bytes
    """Its fields as a JSON object, sealed."""
    digest: bytes
    """SHA-256 of the event as WeChat wrote it: the proof."""
    at: int

    def __repr__(self) -> str:
        return f"NewPushEvent({self.appid}, {self.name})"


class PushEvent(msgspec.Struct, frozen=True, kw_only=True):
    """An event on record."""

    key: bytes
    appid: str
    name: str
    digest: bytes
    received_at: int
    attempts: int = 0
    outcome: PushOutcome | None = None
    """None as long as nobody has acted on it."""
    forgotten: tuple[Forgettable, ...] = ()
    user_digest: bytes | None = None
    """`model.user_digest` of whom it concerned."""
    settled_at: int | None = None

    def __repr__(self) -> str:
        return f"PushEvent({self.appid}, {self.name}, {self.outcome})"


class ClaimedPushEvent(msgspec.Struct, frozen=True, kw_only=True):
    """An event that is ours to act on, until the claim runs out."""

    event: PushEvent
    sealed: bytes
    fence: int


class Deed(msgspec.Struct, frozen=True, kw_only=True):
    """What an event makes of a person. It happens in one unit of work with the settling of the event."""

    key: bytes
    fence: int
    at: int
    outcome: PushOutcome
    openid: str | None = None
    """Whom it concerns, at the event's app; None: nobody."""
    forget: tuple[Forgettable, ...] = ()
    erasure: Erasure | None = None
    """Erase the person. The digest is that of the user the caller found."""
    notices: tuple[NewNotice, ...] = ()
    """What others are told, when the person is here or nobody is concerned."""

    def __repr__(self) -> str:
        return f"Deed({self.outcome})"


class Done(msgspec.Struct, frozen=True, kw_only=True):
    """What became of a deed."""

    outcome: PushOutcome
    user_id: str | None
    avatar_url: str | None = None
    """A picture that is nobody's any more."""
    sessions: tuple[str, ...] = ()


def push_settings_identity(appid: str) -> str:
    """What the settings are sealed for."""
    return f"push_settings|sealed|{appid}"


def push_event_identity(key: bytes) -> str:
    """What an event is sealed for."""
    return f"push_events|sealed|{key.hex()}"
