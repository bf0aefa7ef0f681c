"""What the dialect of a database server brings: connections, the hot statements, and what an error means.

To add one: a package under `dialects/` with a `Driver`, and `open_store`, `migrate` and `schema_state`
from `servers/`. The hot statements work on a whole batch at once; what a batch writes is decided in
`servers/logins.py` and `servers/rotations.py` and is the same for all.
"""

from collections.abc import Callable, Sequence
from enum import Enum
from typing import Any, Final, Literal, NamedTuple, Protocol

from sqlalchemy.ext.asyncio import AsyncEngine

from lingpai.model import Attempt, EndReason, LoginEvent, NewLogin, SessionKey, SignedIn
from lingpai.storage.port import SchemaState
from lingpai.storage.sql.servers.rows import FoundLogins, FoundTokens, LoginRows, TokenRows

Connection = Any
"""A connection of the driver. Only the driver looks into it."""
Purpose = Literal["hot", "read", "write", "migrate"]
"""What a connection is for; each has its own isolation: hot units of work rely on unique keys alone, shared
statements that read see one state of the database, those that write run as if they were alone.
"""
READERS: Final = 4
"""Connections of one node for shared statements that read."""


class Kind(Enum):
    """What an error of the driver means."""

    TAKEN = "taken"
    """A unique key is held by another row."""
    ORPHAN = "orphan"
    """The row that a row belongs to is not there."""
    VALUE = "value"
    """No database holds this value; others may still succeed."""
    MOVED = "moved"
    """Somebody else was quicker (deadlock, serialization): the same again, from the top."""
    TROUBLE = "trouble"
    """The database refuses, and the connection is sound."""
    LOST = "lost"
    """The connection is gone; what it was committing may have happened. All connections are dropped."""
    READ_ONLY = "read_only"
    """The server does not write, which after a fail-over means: another does. All connections are dropped."""
    OURS = "ours"
    """No error of the driver at all: a fault of ours, for its caller alone."""


class Fault(NamedTuple):
    """An error of the driver, understood."""

    kind: Kind
    reason: str
    """The server's code and its name. Never its words: they may hold values."""
    table: str | None = None
    field: str | None = None
    """With TAKEN: the last column of the key."""


class Ending(NamedTuple):
    """The wish to end a session."""

    session_id: str
    reason: EndReason
    at: int


class Ring(NamedTuple):
    """Whose session_keys."""

    appid: str
    openid: str


class Code(NamedTuple):
    """Which login attempt."""

    appid: str
    digest: bytes


class Driver(Protocol):
    """One kind of database server at one URL."""

    async def connect(self) -> Connection: ...
    def abandon(self, connection: Connection) -> None:
        """Close without a word to the server, at once."""
        ...

    async def leave(self, connection: Connection) -> None:
        """Close in order."""
        ...

    def usable(self, connection: Connection) -> bool: ...
    def engine(self, purpose: Purpose) -> AsyncEngine:
        """SQLAlchemy's side of the same server; one connection for writing."""
        ...

    def fault(self, error: BaseException) -> Fault: ...

    async def begin(self, connection: Connection) -> None: ...
    async def commit(self, connection: Connection) -> None: ...
    async def rollback(self, connection: Connection) -> None: ...

    async def find_logins(self, connection: Connection, logins: Sequence[NewLogin]) -> FoundLogins: ...
    async def write_logins(
        self, connection: Connection, rows: LoginRows, committing: Callable[[], None]
    ) -> None:
        """All or nothing, in the order of the struct, and committed.

        `committing` is called before the statement that makes it durable.
        """
        ...

    async def record(
        self, connection: Connection, events: Sequence[LoginEvent], committing: Callable[[], None]
    ) -> None:
        """All or nothing, committed; see `write_logins`."""
        ...

    async def lock_tokens(self, connection: Connection, digests: Sequence[bytes]) -> FoundTokens:
        """Inside a transaction: nobody else changes these tokens until it ends."""
        ...

    async def write_tokens(self, connection: Connection, rows: TokenRows) -> None: ...
    async def end_sessions(self, connection: Connection, endings: Sequence[Ending]) -> set[int]:
        """Which of the endings, by their place, ended a session; each names another session."""
        ...

    async def signed_in(self, connection: Connection, ids: Sequence[str]) -> dict[str, SignedIn]: ...
    async def by_refresh(self, connection: Connection, digests: Sequence[bytes]) -> dict[bytes, SignedIn]: ...
    async def attempts(self, connection: Connection, codes: Sequence[Code]) -> dict[Code, Attempt]: ...
    async def session_keys(
        self, connection: Connection, rings: Sequence[Ring]
    ) -> dict[Ring, list[SessionKey]]:
        """Newest first, all there are."""
        ...

    async def schema(self, connection: Connection) -> SchemaState: ...
    async def probe(self, connection: Connection, at: int) -> None:
        """Write a row, durably."""
        ...
