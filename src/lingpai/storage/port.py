"""What remembering promises: one small protocol a noun, one store that holds them all.

To add a backend: write a module that offers a `Store`, name its URL scheme in `storage/open.py`,
and the contract suite in `lingpai.testing` finds it by that scheme. What the suite asks for, in words:

- "Not there" is None; a lost race or a broken rule is an exception of this module.
- A method that writes returns only after the write is durable. An exception means: nothing was written;
  the one exception to this says so (`StorageUnavailableError.unknown`).
- Rules that must hold between requests are unique constraints, not checks.
- Writes are values (`NewLogin`, `Rotation`), so that a backend may commit many of them at once;
  one bad value never fails its neighbours.
- Any method may raise StorageUnavailableError. No method ever raises a driver's exception.
"""

from collections.abc import Callable
from typing import Protocol

import msgspec

from lingpai.model import (
    Attempt,
    CommittedLogin,
    EndReason,
    Identity,
    LoginEvent,
    NewLogin,
    NewSessionKey,
    NotRotated,
    Phone,
    Profile,
    ProfileChange,
    Rotated,
    Rotation,
    Session,
    SessionKey,
    SignedIn,
    User,
)
from lingpai.storage.port_accounts import Avatars, Budgets, Erasures
from lingpai.storage.port_apps import Apps, Keys
from lingpai.storage.port_audit import Audit
from lingpai.storage.port_flights import Flights
from lingpai.storage.port_imports import Imports
from lingpai.storage.port_limits import Limits
from lingpai.storage.port_merges import Merges
from lingpai.storage.port_oauth import BrowserLogins
from lingpai.storage.port_operators import Operators, OperatorSessions
from lingpai.storage.port_push import Pushes, Webhooks
from lingpai.storage.port_restores import Restores
from lingpai.storage.port_tokens import AccessTokens, KeyUses
from lingpai.storage.port_vault import Vault

OnProgress = Callable[[int, int | None], None]
"""Is told of a long piece of work how much is done, and of how much, if that is known."""


class StorageError(Exception):
    """Base of all that a store raises."""


class StorageUnavailableError(StorageError):
    """The store cannot answer now: down, full, read-only or overloaded.

    `retry_after` is in seconds. Nothing was written, unless `unknown` is True: then the commit itself
    broke, and only a later look (`Logins.attempt`) tells whether it happened.
    """

    def __init__(self, reason: str, retry_after: float = 1.0, *, unknown: bool = False) -> None:
        super().__init__(reason)
        self.retry_after = retry_after
        self.unknown = unknown


class ContendedError(StorageUnavailableError):
    """Others were quicker at every try: nothing was written, and the next try may well succeed."""


class SchemaMismatchError(StorageError):
    """The database has a schema that this release does not work with.

    `remedy` says what to do: migrate an older one; a newer one needs a newer release.
    """

    def __init__(self, found: str | None, wanted: str, *, ahead: bool = False) -> None:
        super().__init__(f"schema {found or 'missing'}, wanted {wanted}")
        self.found = found
        self.wanted = wanted
        self.remedy = "this release is too old for it: upgrade lingpai" if ahead else "run lingpai migrate"


class CodeSpentError(StorageError):
    """(app, code) has started a session already."""


class TakenError(StorageError):
    """A name that must be unique is taken. `what` names the field."""

    def __init__(self, what: str) -> None:
        super().__init__(f"{what} is taken")
        self.what = what


class UnfitError(StorageError):
    """A value no database holds: a number beyond 64 bits, a text that is not Unicode."""


class SchemaState(msgspec.Struct, frozen=True, kw_only=True):
    """The schema a database has, and the one this release is made for."""

    found: str | None
    wanted: str
    oldest: str | None = None
    """The oldest release, by its schema, that the database still lets work; None: it says nothing of others."""

    @property
    def up_to_date(self) -> bool:
        return self.found == self.wanted

    @property
    def ahead(self) -> bool:
        """A later release has migrated the database, or has begun to."""
        return max(self.found or "", self.oldest or "") > self.wanted

    @property
    def usable(self) -> bool:
        """Whether this release may work with it: its own schema, or a later one that allows it."""
        allowed = self.oldest is not None and self.oldest <= self.wanted
        return allowed if self.ahead else self.up_to_date

    def insist(self) -> None:
        """Raises SchemaMismatchError unless it is usable."""
        if not self.usable:
            raise SchemaMismatchError(self.found, self.wanted, ahead=self.ahead)


class Logins(Protocol):
    async def commit(self, login: NewLogin) -> CommittedLogin:
        """Write a whole login: attempt, user, identities, session_key, session, refresh token, event.

        The user is found by `model.resolve` under unique constraints.
        Raises CodeSpentError when (app, code digest) is on record,
        TakenError when an id of the login (`id`, `digest`) is.
        """
        ...

    async def attempt(self, appid: str, code_digest: bytes) -> Attempt | None: ...

    async def record(self, event: LoginEvent) -> None:
        """Remember a login that was refused."""
        ...

    async def recent(self, limit: int, *, user_id: str | None = None) -> list[LoginEvent]:
        """The latest events, newest first."""
        ...


class Users(Protocol):
    """An id that was joined to another user (`Merges`) finds that one, here and wherever a user is named."""

    async def get(self, user_id: str) -> User | None: ...

    async def identities(self, user_id: str) -> list[Identity]:
        """Oldest first."""
        ...

    async def page(self, limit: int, *, before: str | None = None) -> list[User]:
        """Newest first; `before` is the id of the last user of the page before."""
        ...

    async def find(self, text: str, limit: int) -> list[User]:
        """Users whose id, openid or unionid equals `text`, or whose nickname starts with it, newest first.

        Case counts. An empty `text` finds nobody.
        """
        ...

    async def named(self, user_ids: list[str]) -> dict[str, User]:
        """Who these ids mean now, by the id that was asked for; ids of nobody are missing."""
        ...

    async def count(self) -> int: ...

    async def profile(self, user_id: str) -> Profile | None:
        """None when there is no such user; a user nothing was told of has an empty profile."""
        ...

    async def put_profile(self, user_id: str, change: ProfileChange) -> Profile | None:
        """Write what the change names; the profile after it. None, nothing written: no such user."""
        ...

    async def phone(self, user_id: str) -> Phone | None: ...

    async def put_phone(self, phone: Phone) -> bool:
        """Replace the user's phone number. False when there is no such user."""
        ...

    async def with_phone(self, blind_index: bytes, limit: int) -> list[User]:
        """Users with this number, newest first: several people may share one."""
        ...


class Sessions(Protocol):
    async def get(self, session_id: str) -> SignedIn | None:
        """The session, also one that has ended or expired."""
        ...

    async def by_refresh(self, digest: bytes) -> SignedIn | None:
        """The session whose current refresh token has this SHA-256; None once the token was used."""
        ...

    async def rotate(self, rotation: Rotation) -> Rotated | NotRotated:
        """Replace a refresh token, or refuse; a reuse outside the grace ends the session in the same commit.

        In order: no such token → unknown; session ended → ended; session expired → expired;
        token not yet used → marked used, successor stored, Rotated;
        used less than `grace` ago, by the same `client_tag`, successor itself unused
        → Rotated with the stored successor, `retried`; otherwise → session ended, reused.
        Of any number of concurrent calls with one token and different tags, exactly one rotates.
        Raises TakenError (`digest`) when the successor's digest is on record.
        """
        ...

    async def end(self, session_id: str, reason: EndReason, at: int) -> bool:
        """End one session. False when it was over already (ended or expired), or never was."""
        ...

    async def end_all(self, user_id: str, reason: EndReason, at: int) -> list[str]:
        """End every running session of a user and forget the user's session_keys; the ids ended."""
        ...

    async def ended_since(self, at: int) -> list[tuple[str, int]]:
        """(session id, ended_at) of sessions ended at `at` or later, earliest first."""
        ...

    async def of_user(self, user_id: str, limit: int | None = None) -> list[Session]:
        """Newest first; with a limit, no more than that."""
        ...

    async def recent(self, limit: int) -> list[Session]:
        """Running and ended sessions, newest first."""
        ...

    async def count_running(self, at: int) -> int: ...

    async def session_keys(self, appid: str, openid: str) -> list[SessionKey]:
        """The ring, newest first, three at most."""
        ...

    async def push_session_key(self, appid: str, openid: str, key: NewSessionKey, at: int) -> None:
        """Put a key on the front of the ring, as a login does."""
        ...


class Swept(msgspec.Struct, frozen=True, kw_only=True):
    """How many rows a sweep removed."""

    attempts: int
    events: int
    session_keys: int
    sessions: int
    budgets: int = 0
    erased_sessions: int = 0
    key_uses: int = 0
    timeline_pages: int = 0


class SweepLimits(msgspec.Struct, frozen=True, kw_only=True):
    """Rows older than these instants go; a row of the very instant stays."""

    attempts: int
    events: int
    """Also pages of timelines, and counts of minutes."""
    session_keys: int
    sessions: int
    """Sessions (with their refresh tokens) that ended or expired before this."""
    budgets: int = 0
    """A period, not an instant: budgets of earlier ones go."""
    erased_sessions: int = 0
    """Ids of erased people's sessions, kept for as long as an access token may live."""
    key_uses: int = 0


class Store(Protocol):
    """One database. Opened by `storage.open_store`."""

    @property
    def logins(self) -> Logins: ...
    @property
    def users(self) -> Users: ...
    @property
    def sessions(self) -> Sessions: ...
    @property
    def budgets(self) -> Budgets: ...
    @property
    def browser_logins(self) -> BrowserLogins: ...
    @property
    def merges(self) -> Merges: ...
    @property
    def avatars(self) -> Avatars: ...
    @property
    def erasures(self) -> Erasures: ...
    @property
    def audit(self) -> Audit: ...

    @property
    def flights(self) -> Flights: ...
    @property
    def operators(self) -> Operators: ...
    @property
    def operator_sessions(self) -> OperatorSessions: ...
    @property
    def apps(self) -> Apps: ...
    @property
    def keys(self) -> Keys: ...
    @property
    def access_tokens(self) -> AccessTokens: ...
    @property
    def key_uses(self) -> KeyUses: ...
    @property
    def pushes(self) -> Pushes: ...
    @property
    def webhooks(self) -> Webhooks: ...

    @property
    def restores(self) -> Restores: ...
    @property
    def imports(self) -> Imports: ...

    @property
    def vault(self) -> Vault: ...

    @property
    def limits(self) -> Limits: ...

    async def check(self) -> None:
        """Whether reading and writing work now. Raises StorageUnavailableError or SchemaMismatchError."""
        ...

    async def sweep(self, limits: SweepLimits) -> Swept:
        """Remove what is past its time, in small commits."""
        ...

    async def aclose(self) -> None:
        """Commit what was accepted, refuse the rest, close."""
        ...
