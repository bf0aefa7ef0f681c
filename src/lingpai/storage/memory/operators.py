"""Operators in memory."""

from collections.abc import Iterable
from typing import Final

from msgspec.structs import replace

from lingpai.model import Operator, OperatorKey, OperatorSession, OperatorStep, Passkey, Role, Tries
from lingpai.storage.memory.fitting import fit
from lingpai.storage.memory.tables import Tables
from lingpai.storage.port import TakenError


class MemoryOperators:
    def __init__(self, tables: Tables) -> None:
        self._tables: Final = tables

    async def add(self, operator: Operator) -> None:
        fit(operator)
        if any(known.name == operator.name for known in self._tables.operators.values()):
            raise TakenError("name")
        if operator.id in self._tables.operators:
            raise TakenError("id")
        self._tables.operators[operator.id] = operator

    async def all(self) -> list[Operator]:
        return sorted(self._tables.operators.values(), key=lambda operator: operator.name)

    async def get(self, operator_id: str) -> Operator | None:
        return self._tables.operators.get(operator_id)

    async def by_name(self, name: str) -> Operator | None:
        return next((known for known in self._tables.operators.values() if known.name == name), None)

    async def put_roles(self, operator_id: str, roles: tuple[Role, ...]) -> bool:
        return self._change(operator_id, roles=roles)

    async def put_disabled(self, operator_id: str, at: int | None) -> bool:
        if at is not None:
            await MemoryOperatorSessions(self._tables).end_all(operator_id)
        return self._change(operator_id, disabled_at=at)

    async def put_password(self, operator_id: str, password_hash: str, totp_sealed: bytes, step: int) -> bool:
        return self._change(operator_id, password_hash=password_hash, totp_sealed=totp_sealed, totp_step=step)

    async def use_totp(self, operator_id: str, step: int) -> bool:
        operator = self._tables.operators.get(operator_id)
        if operator is None or operator.totp_step >= step:
            return False
        return self._change(operator_id, totp_step=step)

    async def put_codes(self, operator_id: str, digests: list[bytes]) -> None:
        self._tables.operator_codes = {
            digest: owner for digest, owner in self._tables.operator_codes.items() if owner != operator_id
        }
        self._tables.operator_codes.update(dict.fromkeys(digests, operator_id))

    async def use_code(self, operator_id: str, digest: bytes) -> bool:
        if self._tables.operator_codes.get(digest) != operator_id:
            return False
        del self._tables.operator_codes[digest]
        return True

    async def codes_left(self, operator_id: str) -> int:
        return list(self._tables.operator_codes.values()).count(operator_id)

    async def add_passkey(self, passkey: Passkey) -> None:
        fit(passkey)
        if passkey.id in self._tables.passkeys:
            raise TakenError("id")
        self._tables.passkeys[passkey.id] = passkey

    async def passkey(self, passkey_id: bytes) -> Passkey | None:
        return self._tables.passkeys.get(passkey_id)

    async def passkeys(self, operator_id: str) -> list[Passkey]:
        own = [passkey for passkey in self._tables.passkeys.values() if passkey.operator_id == operator_id]
        return sorted(own, key=lambda passkey: (passkey.created_at, passkey.id))

    async def use_passkey(self, passkey_id: bytes, before: int, count: int, at: int) -> bool:
        passkey = self._tables.passkeys.get(passkey_id)
        if passkey is None or passkey.sign_count != before:
            return False
        self._tables.passkeys[passkey_id] = replace(passkey, sign_count=count, last_used_at=at)
        return True

    async def remove_passkey(self, operator_id: str, passkey_id: bytes) -> bool:
        passkey = self._tables.passkeys.get(passkey_id)
        if passkey is None or passkey.operator_id != operator_id:
            return False
        del self._tables.passkeys[passkey_id]
        return True

    async def reset(self, operator_id: str, at: int) -> bool:
        await self._take_away(operator_id)
        for key in await MemoryOperatorSessions(self._tables).keys(operator_id):
            if key.revoked_at is None:
                self._tables.operator_keys[key.id] = replace(key, revoked_at=at)
        return self._change(operator_id, password_hash=None, totp_sealed=None, totp_step=0)

    async def remove(self, operator_id: str) -> bool:
        await self._take_away(operator_id)
        for key in await MemoryOperatorSessions(self._tables).keys(operator_id):
            del self._tables.operator_keys[key.id]
        return self._tables.operators.pop(operator_id, None) is not None

    async def _take_away(self, operator_id: str) -> None:
        tables = self._tables
        await self.put_codes(operator_id, [])
        tables.passkeys = {k: p for k, p in tables.passkeys.items() if p.operator_id != operator_id}
        tables.operator_steps = {
            k: s for k, s in tables.operator_steps.items() if s.operator_id != operator_id
        }
        await MemoryOperatorSessions(tables).end_all(operator_id)

    def _change(self, operator_id: str, **changes: object) -> bool:
        operator = self._tables.operators.get(operator_id)
        if operator is None:
            return False
        self._tables.operators[operator_id] = replace(operator, **changes)
        return True


class MemoryOperatorSessions:
    def __init__(self, tables: Tables) -> None:
        self._tables: Final = tables

    async def add(self, session: OperatorSession) -> None:
        fit(session)
        if session.digest in self._tables.operator_sessions:
            raise TakenError("digest")
        if any(known.id == session.id for known in self._tables.operator_sessions.values()):
            raise TakenError("id")
        self._tables.operator_sessions[session.digest] = session

    async def get(self, digest: bytes) -> OperatorSession | None:
        return self._tables.operator_sessions.get(digest)

    async def of_operator(self, operator_id: str) -> list[OperatorSession]:
        own = [s for s in self._tables.operator_sessions.values() if s.operator_id == operator_id]
        return sorted(own, key=lambda session: (session.created_at, session.id), reverse=True)

    async def touch(self, digest: bytes, at: int) -> None:
        session = self._tables.operator_sessions.get(digest)
        if session is not None:
            self._tables.operator_sessions[digest] = replace(session, seen_at=at)

    async def replace(self, digest: bytes, new: OperatorSession) -> bool:
        if self._tables.operator_sessions.pop(digest, None) is None:
            return False
        self._tables.operator_sessions[new.digest] = new
        return True

    async def end(self, operator_id: str, session_id: str) -> bool:
        return (
            self._end(
                digest
                for digest, session in self._tables.operator_sessions.items()
                if (session.operator_id, session.id) == (operator_id, session_id)
            )
            > 0
        )

    async def end_all(self, operator_id: str, *, but: bytes | None = None) -> int:
        return self._end(
            digest
            for digest, session in self._tables.operator_sessions.items()
            if session.operator_id == operator_id and digest != but
        )

    async def put_step(self, step: OperatorStep) -> None:
        fit(step)
        if step.digest in self._tables.operator_steps:
            raise TakenError("digest")
        self._tables.operator_steps[step.digest] = step

    async def step(self, digest: bytes) -> OperatorStep | None:
        return self._tables.operator_steps.get(digest)

    async def take_step(self, digest: bytes, at: int) -> bool:
        step = self._tables.operator_steps.get(digest)
        if step is None or step.used_at is not None or step.expires_at <= at:
            return False
        self._tables.operator_steps[digest] = replace(step, used_at=at)
        return True

    async def add_key(self, key: OperatorKey) -> None:
        fit(key)
        for known in self._tables.operator_keys.values():
            if (known.operator_id, known.name) == (key.operator_id, key.name):
                raise TakenError("name")
            if known.digest == key.digest:
                raise TakenError("digest")
        if key.id in self._tables.operator_keys:
            raise TakenError("id")
        self._tables.operator_keys[key.id] = key

    async def key(self, digest: bytes) -> OperatorKey | None:
        return next((key for key in self._tables.operator_keys.values() if key.digest == digest), None)

    async def keys(self, operator_id: str | None = None) -> list[OperatorKey]:
        found = [
            key
            for key in self._tables.operator_keys.values()
            if operator_id is None or key.operator_id == operator_id
        ]
        return sorted(found, key=lambda key: (key.created_at, key.id))

    async def revoke_key(self, operator_id: str, name: str, at: int) -> bool:
        for key in await self.keys(operator_id):
            if key.name == name and key.revoked_at is None:
                self._tables.operator_keys[key.id] = replace(key, revoked_at=at)
                return True
        return False

    async def note_key(self, key_id: str, at: int) -> None:
        key = self._tables.operator_keys.get(key_id)
        if key is not None and (key.last_used_at or 0) < at:
            self._tables.operator_keys[key_id] = replace(key, last_used_at=at)

    async def draw_try(self, subjects: list[str], limit: int, window: int, at: int) -> bool:
        known = self._tables.operator_tries
        running = {
            subject: tries
            for subject in subjects
            if (tries := known.get(subject)) is not None and tries.since > at - window
        }
        if any(tries.failures >= limit for tries in running.values()):
            return False
        for subject in subjects:
            before = running.get(subject, Tries(0, at))
            known[subject] = Tries(before.failures + 1, before.since)
        return True

    async def give_back(self, subjects: list[str]) -> None:
        for subject in subjects:
            tries = self._tables.operator_tries.get(subject)
            if tries is not None and tries.failures > 0:
                self._tables.operator_tries[subject] = Tries(tries.failures - 1, tries.since)

    async def forgive(self, subject: str) -> None:
        self._tables.operator_tries.pop(subject, None)

    async def tries(self, subject: str) -> Tries | None:
        return self._tables.operator_tries.get(subject)

    async def sweep(self, steps: int, sessions: int) -> int:
        tables = self._tables
        held = len(tables.operator_steps) + len(tables.operator_tries) + len(tables.operator_sessions)
        tables.operator_steps = {k: s for k, s in tables.operator_steps.items() if s.expires_at >= steps}
        tables.operator_tries = {k: t for k, t in tables.operator_tries.items() if t.since >= steps}
        tables.operator_sessions = {
            k: s for k, s in tables.operator_sessions.items() if s.created_at >= sessions
        }
        return held - len(tables.operator_steps) - len(tables.operator_tries) - len(tables.operator_sessions)

    def _end(self, digests: Iterable[bytes]) -> int:
        gone = list(digests)
        for digest in gone:
            del self._tables.operator_sessions[digest]
        return len(gone)
