"""What the memory store holds: dicts by the keys that must be unique."""

import msgspec

from lingpai.model import (
    GENESIS,
    App,
    AppSecretVersion,
    Attempt,
    AuditHead,
    AuditRow,
    Erasure,
    Identity,
    ImportRun,
    KeyUse,
    KeyWrap,
    LoginEvent,
    Merge,
    Minute,
    NewNotice,
    NewSessionKey,
    OAuthState,
    Operator,
    OperatorKey,
    OperatorSession,
    OperatorStep,
    Passkey,
    Phone,
    Profile,
    PushEvent,
    PushSettings,
    Restore,
    SealingKey,
    ServiceKey,
    Session,
    SessionKey,
    SigningKey,
    Ticket,
    TimelinePage,
    TokenKind,
    TokenRow,
    Tries,
    User,
    UserToken,
    VaultNode,
    Webhook,
    WebhookDelivery,
)


class Token(msgspec.Struct, kw_only=True):
    """A refresh token on record."""

    session_id: str
    used_at: int | None = None
    client_tag: bytes = b""
    successor: bytes = b""
    successor_digest: bytes = b""


class Moved(msgspec.Struct, frozen=True):
    """What a merge took from the loser to the winner."""

    unions: list[tuple[str, str]]
    identities: list[tuple[str, str]]
    aliases: list[str]
    filled: list[str]


class Picture(msgspec.Struct, frozen=True):
    """An avatar on record; nobody's, once its person was erased."""

    user_id: str | None
    created_at: int


class HeldEvent(msgspec.Struct):
    """An event on record."""

    event: PushEvent
    nonce: bytes
    sealed: bytes
    next_at: int
    fence: int = 0

    def __repr__(self) -> str:
        return f"HeldEvent({self.event})"


class OnItsWay(msgspec.Struct):
    """A delivery, about whom it is, and who holds it."""

    delivery: WebhookDelivery
    subject: bytes
    fence: int = 0


class Tables:
    """Everything on record."""

    def __init__(self) -> None:
        self.apps: dict[str, App] = {}
        self.secrets: dict[tuple[str, int], AppSecretVersion] = {}
        self.users: dict[str, User] = {}
        self.profiles: dict[str, Profile] = {}
        self.phones: dict[str, Phone] = {}
        self.budgets: dict[tuple[str, int], int] = {}
        self.debts: dict[str, int] = {}
        self.guesses: dict[tuple[str, int], int] = {}
        self.avatars: dict[str, Picture] = {}
        self.erasures: dict[str, Erasure] = {}
        self.erased_sessions: dict[str, int] = {}
        self.identities: dict[tuple[str, str], Identity] = {}
        self.unions: dict[tuple[str, str], str] = {}
        self.aliases: dict[str, str] = {}
        self.merges: dict[str, tuple[Merge, Moved]] = {}
        self.rings: dict[tuple[str, str], list[SessionKey]] = {}
        self.sessions: dict[str, Session] = {}
        self.tokens: dict[bytes, Token] = {}
        self.attempts: dict[tuple[str, bytes], Attempt] = {}
        self.events: dict[str, LoginEvent] = {}
        self.timeline_pages: dict[str, TimelinePage] = {}
        self.minutes: dict[tuple[int, str, str, str], Minute] = {}
        self.oauth_states: dict[bytes, OAuthState] = {}
        self.tickets: dict[bytes, Ticket] = {}
        self.user_tokens: dict[tuple[str, str], UserToken] = {}
        self.signing: dict[str, SigningKey] = {}
        self.sealing: dict[bytes, SealingKey] = {}
        self.wraps: dict[tuple[str, str], KeyWrap] = {}
        self.vault_nodes: dict[str, VaultNode] = {}
        self.access_tokens: dict[tuple[str, TokenKind], TokenRow] = {}
        self.key_uses: dict[tuple[str, str, str, int], KeyUse] = {}
        self.services: dict[str, ServiceKey] = {}
        self.push_settings: dict[str, PushSettings] = {}
        self.push_events: dict[bytes, HeldEvent] = {}
        self.webhooks: dict[str, Webhook] = {}
        self.notices: dict[str, NewNotice] = {}
        self.deliveries: dict[tuple[str, str], OnItsWay] = {}
        self.webhook_cursors: dict[str, int] = {}
        self.restores: dict[str, Restore] = {}
        self.imports: dict[str, ImportRun] = {}
        self.audit: list[AuditRow] = []
        self.operators: dict[str, Operator] = {}
        self.passkeys: dict[bytes, Passkey] = {}
        self.operator_codes: dict[bytes, str] = {}
        self.operator_steps: dict[bytes, OperatorStep] = {}
        self.operator_sessions: dict[bytes, OperatorSession] = {}
        self.operator_keys: dict[str, OperatorKey] = {}
        self.operator_tries: dict[str, Tries] = {}
        self.audit_anchor = AuditHead(0, GENESIS)

    def meant(self, user_id: str) -> str:
        """The user an id means: itself, or the one it was joined to."""
        return self.aliases.get(user_id, user_id)

    def members(self, user_id: str) -> list[str]:
        """Every id that means the same user, its own first."""
        user = self.meant(user_id)
        return [user, *sorted(alias for alias, meant in self.aliases.items() if meant == user)]

    def push(self, appid: str, openid: str, new: NewSessionKey, at: int) -> None:
        """Put a session_key on the front of its ring, which keeps three."""
        key = SessionKey(fingerprint=new.fingerprint, sealed=new.sealed, received_at=at)
        others = [
            other for other in self.rings.get((appid, openid), []) if other.fingerprint != key.fingerprint
        ]
        self.rings[appid, openid] = [key, *others][:3]
