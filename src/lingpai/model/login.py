"""A login: what a flow proves, what is written in one commit, what is remembered of it."""

from typing import Final

import msgspec

from lingpai.model.flight import AttemptKind
from lingpai.model.resolution import Conflict
from lingpai.model.session import Session
from lingpai.model.user import User
from lingpai.secret import Secret


class Grant(msgspec.Struct, frozen=True, kw_only=True):
    """What a person allowed an app at WeChat, as far as it outlives the login."""

    access_token: Secret
    refresh_token: Secret
    expires_in: int
    """Seconds the access_token lives."""
    scope: str


class ProvenIdentity(msgspec.Struct, frozen=True, kw_only=True):
    """What WeChat vouched for."""

    openid: str
    unionid: str | None
    session_key: Secret | None
    grant: Grant | None = None


class NewSessionKey(msgspec.Struct, frozen=True, kw_only=True):
    """A session_key to push on the ring of (app, openid), which keeps the newest three."""

    fingerprint: bytes
    """16 bytes; a key that is already on the ring is moved to its front, not stored twice."""
    sealed: bytes


class SessionKey(msgspec.Struct, frozen=True, kw_only=True):
    """A sealed session_key on the ring."""

    fingerprint: bytes
    sealed: bytes
    received_at: int


class NewLogin(msgspec.Struct, frozen=True, kw_only=True):
    """Everything one login writes. It is committed whole or not at all."""

    appid: str
    openid: str
    unionid: str | None
    open_platform: str | None
    code_digest: bytes
    """SHA-256 of the code; (app, digest) is unique, so that a code starts one session at most."""
    sealed_result: bytes | None
    """What a retry by the same client gets, sealed under (code, nonce); None without a nonce."""
    new_user_id: str
    """The id of the user, should this be somebody new."""
    session_id: str
    session_expires_at: int
    refresh_digest: bytes
    session_key: NewSessionKey | None
    user_agent: str
    at: int
    event_id: str
    request_id: str
    duration_ms: int
    kind: AttemptKind = "login"


class Share(msgspec.Struct, frozen=True, eq=False):
    """How a commit was shared. It says nothing about the login: any two are equal."""

    batch: int = 1
    """Logins in one commit."""
    taken_at: float | None = None
    """When the batch was taken up, on the monotonic clock; None: nobody waited for one."""

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Share)

    def __hash__(self) -> int:
        return 0


ALONE: Final = Share()


class CommittedLogin(msgspec.Struct, frozen=True, kw_only=True):
    """What the commit found out."""

    user: User
    is_new: bool
    unionid: str | None
    """The unionid on record, which may be known from earlier."""
    session: Session
    conflict: Conflict | None = None
    share: Share = ALONE


class Attempt(msgspec.Struct, frozen=True, kw_only=True):
    """A code that has started a session."""

    session_id: str
    sealed_result: bytes | None
    is_new: bool
    at: int


class LoginEvent(msgspec.Struct, frozen=True, kw_only=True):
    """One line of the login history: a success or a refusal, without any secret."""

    id: str
    at: int
    appid: str
    result: str
    """`signed_in`, or the code of the problem that was answered."""
    request_id: str
    duration_ms: int
    user_id: str | None = None
    session_id: str | None = None
    is_new: bool = False
    errcode: int | None = None
    rid: str | None = None
    note: str | None = None
    """A conflict between openid and unionid, when there was one."""
    kind: str = "login"

    @property
    def notable(self) -> bool | None:
        """True for all but a plain success; None, not False: an index of the few leaves out what is null."""
        return None if self.result == "signed_in" and self.note is None else True


def session_key_identity(appid: str, openid: str) -> str:
    """What a session_key is sealed for."""
    return f"session_keys|sealed|{appid}|{openid}"
