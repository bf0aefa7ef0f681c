"""What a SQL dialect promises; `store.py` makes a `Store` of it.

To add a dialect: a package under `dialects/` with `open_store`, `migrate` and `schema_state`, whose
`Dialect` runs the shared statements on its own connections and brings the hot ones hand-written.
The shared statements are synchronous functions over a `sqlalchemy.Connection`, so that they also serve an
`AsyncConnection` by its `run_sync`.
"""

from collections.abc import Callable
from typing import Protocol, TypeVar

from sqlalchemy import Connection

from lingpai.model import (
    Attempt,
    CommittedLogin,
    EndReason,
    LoginEvent,
    NewLogin,
    NotRotated,
    Rotated,
    Rotation,
    SessionKey,
    SignedIn,
)

T = TypeVar("T")
Statement = Callable[[Connection], T]


class Dialect(Protocol):
    """One database, open. Every method keeps the promises of `storage/port.py`."""

    async def read(self, statement: Statement[T]) -> T:
        """Run a shared statement that writes nothing."""
        ...

    async def write(self, statement: Statement[T]) -> T:
        """Run a shared statement as a unit of work of its own."""
        ...

    def now(self, connection: Connection) -> int:
        """What time the database has, in milliseconds; what all its nodes agree on."""
        ...

    async def commit(self, login: NewLogin) -> CommittedLogin: ...
    async def record(self, event: LoginEvent) -> None: ...
    async def rotate(self, rotation: Rotation) -> Rotated | NotRotated: ...
    async def end(self, session_id: str, reason: EndReason, at: int) -> bool: ...
    async def attempt(self, appid: str, code_digest: bytes) -> Attempt | None: ...
    async def signed_in(self, session_id: str) -> SignedIn | None: ...
    async def by_refresh(self, digest: bytes) -> SignedIn | None: ...
    async def session_keys(self, appid: str, openid: str) -> list[SessionKey]: ...
    async def scrub(self) -> None:
        """What was deleted or overwritten can be read from no file of the database, as far as it can see to that.

        Best effort, and never an error: whoever deleted has been told so.
        """
        ...

    async def check(self) -> None: ...
    async def aclose(self) -> None: ...
