"""The memory store as a whole: seven nouns over one set of dicts.

Nothing here awaits, so each method is a unit of work by itself.
"""

from typing import Final

from lingpai.clock import Clock
from lingpai.storage.batching import BatchSettings
from lingpai.storage.memory.access_tokens import MemoryAccessTokens
from lingpai.storage.memory.audit import MemoryAudit
from lingpai.storage.memory.erasures import MemoryAvatars, MemoryErasures
from lingpai.storage.memory.flights import MemoryFlights
from lingpai.storage.memory.key_uses import MemoryKeyUses
from lingpai.storage.memory.keys import MemoryApps, MemoryKeys
from lingpai.storage.memory.limits import MemoryLimits
from lingpai.storage.memory.merges import MemoryMerges
from lingpai.storage.memory.moving import MemoryImports, MemoryRestores
from lingpai.storage.memory.oauth import MemoryBrowserLogins
from lingpai.storage.memory.operators import MemoryOperators, MemoryOperatorSessions
from lingpai.storage.memory.people import MemoryLogins, MemoryUsers
from lingpai.storage.memory.profiles import MemoryBudgets
from lingpai.storage.memory.push import MemoryPushes
from lingpai.storage.memory.sessions import MemorySessions
from lingpai.storage.memory.tables import Tables
from lingpai.storage.memory.vault import MemoryVault
from lingpai.storage.memory.webhooks import MemoryWebhooks
from lingpai.storage.port import OnProgress, SchemaState, StorageUnavailableError, Store, SweepLimits, Swept

_SCHEMA: Final = "memory"


async def open_store(url: str, *, clock: Clock, batch: BatchSettings) -> Store:
    """See `lingpai.storage.open_store`. `memory:` is a new, empty store each time."""
    del batch  # nothing is batched
    schema_state(url)
    return MemoryStore(clock)


def migrate(url: str, on_progress: OnProgress | None = None) -> tuple[str | None, str]:
    """See `lingpai.storage.migrate`."""
    del on_progress  # nothing takes long
    state = schema_state(url)
    return state.found, state.wanted


def schema_state(url: str) -> SchemaState:
    """See `lingpai.storage.schema_state`."""
    if url != "memory:":
        raise ValueError("the store in memory is called memory: and nothing else")
    return SchemaState(found=_SCHEMA, wanted=_SCHEMA)


class MemoryStore:
    """A `Store` without a database."""

    def __init__(self, clock: Clock) -> None:
        self._clock: Final = clock
        self._tables = Tables()
        self._closed = False

    @property
    def logins(self) -> MemoryLogins:
        return MemoryLogins(self._open())

    @property
    def users(self) -> MemoryUsers:
        return MemoryUsers(self._open())

    @property
    def sessions(self) -> MemorySessions:
        return MemorySessions(self._open())

    @property
    def budgets(self) -> MemoryBudgets:
        return MemoryBudgets(self._open())

    @property
    def browser_logins(self) -> MemoryBrowserLogins:
        return MemoryBrowserLogins(self._open())

    @property
    def merges(self) -> MemoryMerges:
        return MemoryMerges(self._open())

    @property
    def avatars(self) -> MemoryAvatars:
        return MemoryAvatars(self._open())

    @property
    def erasures(self) -> MemoryErasures:
        return MemoryErasures(self._open(), self.webhooks)

    @property
    def audit(self) -> MemoryAudit:
        return MemoryAudit(self._open())

    @property
    def operators(self) -> MemoryOperators:
        return MemoryOperators(self._open())

    @property
    def operator_sessions(self) -> MemoryOperatorSessions:
        return MemoryOperatorSessions(self._open())

    @property
    def flights(self) -> MemoryFlights:
        return MemoryFlights(self._open())

    @property
    def apps(self) -> MemoryApps:
        return MemoryApps(self._open())

    @property
    def keys(self) -> MemoryKeys:
        return MemoryKeys(self._open())

    @property
    def access_tokens(self) -> MemoryAccessTokens:
        return MemoryAccessTokens(self._open(), self._clock)

    @property
    def key_uses(self) -> MemoryKeyUses:
        return MemoryKeyUses(self._open())

    @property
    def pushes(self) -> MemoryPushes:
        return MemoryPushes(self._open(), self._clock)

    @property
    def webhooks(self) -> MemoryWebhooks:
        return MemoryWebhooks(self._open(), self._clock)

    @property
    def restores(self) -> MemoryRestores:
        return MemoryRestores(self._open())

    @property
    def imports(self) -> MemoryImports:
        return MemoryImports(self._open())

    @property
    def vault(self) -> MemoryVault:
        return MemoryVault(self._open(), self._clock)

    @property
    def limits(self) -> MemoryLimits:
        return MemoryLimits(self._open(), self._clock)

    async def check(self) -> None:
        self._open()

    async def sweep(self, limits: SweepLimits) -> Swept:
        tables = self._open()
        attempts = [key for key, attempt in tables.attempts.items() if attempt.at < limits.attempts]
        events = [key for key, event in tables.events.items() if event.at < limits.events]
        sessions = [
            key
            for key, session in tables.sessions.items()
            if (session.expires_at if session.ended_at is None else session.ended_at) < limits.sessions
        ]
        budgets = [key for key in tables.budgets if key[1] < limits.budgets]
        for budget in budgets:
            del tables.budgets[budget]
        erased = [key for key, at in tables.erased_sessions.items() if at < limits.erased_sessions]
        for session_id in erased:
            del tables.erased_sessions[session_id]
        for key in attempts:
            del tables.attempts[key]
        for event in events:
            del tables.events[event]
        for session in sessions:
            del tables.sessions[session]
        gone = set(sessions)
        tables.tokens = {
            digest: token for digest, token in tables.tokens.items() if token.session_id not in gone
        }
        return Swept(
            attempts=len(attempts),
            events=len(events),
            session_keys=self._sweep_rings(limits.session_keys),
            sessions=len(sessions),
            budgets=len(budgets),
            erased_sessions=len(erased),
            key_uses=self.key_uses.sweep(limits.key_uses),
            timeline_pages=self.flights.sweep(limits.events),
        )

    async def aclose(self) -> None:
        self._closed = True

    def _sweep_rings(self, before: int) -> int:
        rings = self._tables.rings
        held = sum(map(len, rings.values()))
        self._tables.rings = {
            owner: [key for key in ring if key.received_at >= before] for owner, ring in rings.items()
        }
        return held - sum(map(len, self._tables.rings.values()))

    def _open(self) -> Tables:
        if self._closed:
            raise StorageUnavailableError("the store is closed")
        return self._tables
