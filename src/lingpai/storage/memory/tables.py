"""What the memory store holds: dicts by the keys that must be unique."""

import msgspec

from lingpai.model import (
    App,
    AppSecretVersion,
    Attempt,
    Identity,
    KeyUse,
    LoginEvent,
    SealingKey,
    ServiceKey,
    Session,
    SessionKey,
    SigningKey,
    TokenKind,
    TokenRow,
    User,
)


class Token(msgspec.Struct, kw_only=True):
    """A refresh token on record."""

    session_id: str
    used_at: int | None = None
    client_tag: bytes = b""
    successor: bytes = b""
    successor_digest: bytes = b""


class Tables:
    """Everything on record."""

    def __init__(self) -> None:
        self.apps: dict[str, App] = {}
        self.secrets: dict[tuple[str, int], AppSecretVersion] = {}
        self.users: dict[str, User] = {}
        self.identities: dict[tuple[str, str], Identity] = {}
        self.unions: dict[tuple[str, str], str] = {}
        self.rings: dict[tuple[str, str], list[SessionKey]] = {}
        self.sessions: dict[str, Session] = {}
        self.tokens: dict[bytes, Token] = {}
        self.attempts: dict[tuple[str, bytes], Attempt] = {}
        self.events: dict[str, LoginEvent] = {}
        self.signing: dict[str, SigningKey] = {}
        self.sealing: dict[bytes, SealingKey] = {}
        self.access_tokens: dict[tuple[str, TokenKind], TokenRow] = {}
        self.key_uses: dict[tuple[str, str, str, int], KeyUse] = {}
        self.services: dict[str, ServiceKey] = {}
