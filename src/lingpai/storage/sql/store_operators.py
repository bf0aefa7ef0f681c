"""The store's part about operators."""

from typing import Final

from lingpai.model import Operator, OperatorKey, OperatorSession, OperatorStep, Passkey, Role, Tries
from lingpai.storage.sql import operator_sessions, operators
from lingpai.storage.sql.insistence import insistently
from lingpai.storage.sql.port import Dialect


class _Part:
    def __init__(self, dialect: Dialect) -> None:
        self._dialect: Final = dialect
        self._read: Final = dialect.read
        self._write: Final = dialect.write


class SqlOperators(_Part):
    async def add(self, operator: Operator) -> None:
        await self._write(lambda to: operators.add(to, operator))

    async def all(self) -> list[Operator]:
        return await self._read(operators.every)

    async def get(self, operator_id: str) -> Operator | None:
        return await self._read(lambda to: operators.get(to, operator_id))

    async def by_name(self, name: str) -> Operator | None:
        return await self._read(lambda to: operators.by_name(to, name))

    async def put_roles(self, operator_id: str, roles: tuple[Role, ...]) -> bool:
        return await self._write(lambda to: operators.put_roles(to, operator_id, roles))

    async def put_disabled(self, operator_id: str, at: int | None) -> bool:
        return await self._write(lambda to: operators.put_disabled(to, operator_id, at))

    async def put_password(self, operator_id: str, password_hash: str, totp_sealed: bytes, step: int) -> bool:
        return await self._write(
            lambda to: operators.put_password(to, operator_id, password_hash, totp_sealed, step)
        )

    async def use_totp(self, operator_id: str, step: int) -> bool:
        return await self._write(lambda to: operators.use_totp(to, operator_id, step))

    async def put_codes(self, operator_id: str, digests: list[bytes]) -> None:
        await self._write(lambda to: operators.put_codes(to, operator_id, digests))

    async def use_code(self, operator_id: str, digest: bytes) -> bool:
        return await self._write(lambda to: operators.use_code(to, operator_id, digest))

    async def codes_left(self, operator_id: str) -> int:
        return await self._read(lambda to: operators.codes_left(to, operator_id))

    async def add_passkey(self, passkey: Passkey) -> None:
        await self._write(lambda to: operators.add_passkey(to, passkey))

    async def passkey(self, passkey_id: bytes) -> Passkey | None:
        return await self._read(lambda to: operators.passkey(to, passkey_id))

    async def passkeys(self, operator_id: str) -> list[Passkey]:
        return await self._read(lambda to: operators.passkeys(to, operator_id))

    async def use_passkey(self, passkey_id: bytes, before: int, count: int, at: int) -> bool:
        return await self._write(lambda to: operators.use_passkey(to, passkey_id, before, count, at))

    async def remove_passkey(self, operator_id: str, passkey_id: bytes) -> bool:
        return await self._write(lambda to: operators.remove_passkey(to, operator_id, passkey_id))

    async def reset(self, operator_id: str, at: int) -> bool:
        return await self._write(lambda to: operators.reset(to, operator_id, at))

    async def remove(self, operator_id: str) -> bool:
        return await self._write(lambda to: operators.remove(to, operator_id))


class SqlOperatorSessions(_Part):
    async def add(self, session: OperatorSession) -> None:
        await self._write(lambda to: operator_sessions.add(to, session))

    async def get(self, digest: bytes) -> OperatorSession | None:
        return await self._read(lambda to: operator_sessions.get(to, digest))

    async def of_operator(self, operator_id: str) -> list[OperatorSession]:
        return await self._read(lambda to: operator_sessions.of_operator(to, operator_id))

    async def touch(self, digest: bytes, at: int) -> None:
        await self._write(lambda to: operator_sessions.touch(to, digest, at))

    async def replace(self, digest: bytes, new: OperatorSession) -> bool:
        return await self._write(lambda to: operator_sessions.replace(to, digest, new))

    async def end(self, operator_id: str, session_id: str) -> bool:
        return await self._write(lambda to: operator_sessions.end(to, operator_id, session_id))

    async def end_all(self, operator_id: str, *, but: bytes | None = None) -> int:
        return await self._write(lambda to: operator_sessions.end_all(to, operator_id, but))

    async def put_step(self, step: OperatorStep) -> None:
        await self._write(lambda to: operator_sessions.put_step(to, step))

    async def step(self, digest: bytes) -> OperatorStep | None:
        return await self._read(lambda to: operator_sessions.step(to, digest))

    async def take_step(self, digest: bytes, at: int) -> bool:
        return await self._write(lambda to: operator_sessions.take_step(to, digest, at))

    async def add_key(self, key: OperatorKey) -> None:
        await self._write(lambda to: operator_sessions.add_key(to, key))

    async def key(self, digest: bytes) -> OperatorKey | None:
        return await self._read(lambda to: operator_sessions.key(to, digest))

    async def keys(self, operator_id: str | None = None) -> list[OperatorKey]:
        return await self._read(lambda to: operator_sessions.keys(to, operator_id))

    async def revoke_key(self, operator_id: str, name: str, at: int) -> bool:
        return await self._write(lambda to: operator_sessions.revoke_key(to, operator_id, name, at))

    async def note_key(self, key_id: str, at: int) -> None:
        await self._write(lambda to: operator_sessions.note_key(to, key_id, at))

    async def draw_try(self, subjects: list[str], limit: int, window: int, at: int) -> bool:
        try:
            await insistently(
                self._dialect, lambda to: operator_sessions.draw_try(to, subjects, limit, window, at)
            )
        except operator_sessions.TooManyError:
            return False
        return True

    async def give_back(self, subjects: list[str]) -> None:
        await insistently(self._dialect, lambda to: operator_sessions.give_back(to, subjects))

    async def forgive(self, subject: str) -> None:
        await self._write(lambda to: operator_sessions.forgive(to, subject))

    async def tries(self, subject: str) -> Tries | None:
        return await self._read(lambda to: operator_sessions.tries(to, subject))

    async def sweep(self, steps: int, sessions: int) -> int:
        return await self._write(lambda to: operator_sessions.sweep(to, steps, sessions))
