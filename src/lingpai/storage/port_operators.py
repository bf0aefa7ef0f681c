"""What remembering promises of operators, and of what lets them in; part of `port.py`."""

from typing import Protocol

from lingpai.model import Operator, OperatorKey, OperatorSession, OperatorStep, Passkey, Role, Tries


class Operators(Protocol):
    """Who they are and how they prove it. What is used once is used by one conditional write."""

    async def add(self, operator: Operator) -> None:
        """Raises TakenError for `name` and `id`."""
        ...

    async def all(self) -> list[Operator]:
        """By name."""
        ...

    async def get(self, operator_id: str) -> Operator | None: ...

    async def by_name(self, name: str) -> Operator | None: ...

    async def put_roles(self, operator_id: str, roles: tuple[Role, ...]) -> bool:
        """False: no such operator."""
        ...

    async def put_disabled(self, operator_id: str, at: int | None) -> bool:
        """Disable at an instant, or enable with None; disabling ends every session. False: no such operator."""
        ...

    async def put_password(self, operator_id: str, password_hash: str, totp_sealed: bytes, step: int) -> bool:
        """Password and second factor together, `step` as used. False: no such operator."""
        ...

    async def use_totp(self, operator_id: str, step: int) -> bool:
        """Note a step as used. False: it, or a later one, was used before. Of many callers one gets True."""
        ...

    async def put_codes(self, operator_id: str, digests: list[bytes]) -> None:
        """Replace the recovery codes."""
        ...

    async def use_code(self, operator_id: str, digest: bytes) -> bool:
        """Use a recovery code up. Of many callers one gets True."""
        ...

    async def codes_left(self, operator_id: str) -> int: ...

    async def add_passkey(self, passkey: Passkey) -> None:
        """Raises TakenError for `id`."""
        ...

    async def passkey(self, passkey_id: bytes) -> Passkey | None: ...

    async def passkeys(self, operator_id: str) -> list[Passkey]:
        """Oldest first."""
        ...

    async def use_passkey(self, passkey_id: bytes, before: int, count: int, at: int) -> bool:
        """Note a use and its counter. False: the counter on record is not `before` any more."""
        ...

    async def remove_passkey(self, operator_id: str, passkey_id: bytes) -> bool:
        """False: the operator has no such passkey."""
        ...

    async def reset(self, operator_id: str, at: int) -> bool:
        """Take away every way in: password, codes, passkeys, links, sessions; keys are revoked. False: no such operator."""
        ...

    async def remove(self, operator_id: str) -> bool:
        """Forget the operator with all that. False: no such operator."""
        ...


class OperatorSessions(Protocol):
    """Who is signed in, what is under way, which programs have a key, and how often somebody failed."""

    async def add(self, session: OperatorSession) -> None:
        """Raises TakenError for `digest` and `id`."""
        ...

    async def get(self, digest: bytes) -> OperatorSession | None: ...

    async def of_operator(self, operator_id: str) -> list[OperatorSession]:
        """Newest first."""
        ...

    async def touch(self, digest: bytes, at: int) -> None:
        """Note that it was seen."""
        ...

    async def replace(self, digest: bytes, new: OperatorSession) -> bool:
        """Put `new` in the place of the session with this digest. Of many callers one gets True."""
        ...

    async def end(self, operator_id: str, session_id: str) -> bool:
        """False: the operator has no such session."""
        ...

    async def end_all(self, operator_id: str, *, but: bytes | None = None) -> int:
        """End every session of an operator, but the one with that digest; how many there were."""
        ...

    async def put_step(self, step: OperatorStep) -> None:
        """Raises TakenError for `digest`."""
        ...

    async def step(self, digest: bytes) -> OperatorStep | None:
        """The step, also one that was used or has expired."""
        ...

    async def take_step(self, digest: bytes, at: int) -> bool:
        """Use a step up. False: used, expired at `at`, or never there. Of many callers one gets True."""
        ...

    async def add_key(self, key: OperatorKey) -> None:
        """Raises TakenError for `name` (of one operator), `id` and `digest`."""
        ...

    async def key(self, digest: bytes) -> OperatorKey | None:
        """The key with this SHA-256, also a revoked one."""
        ...

    async def keys(self, operator_id: str | None = None) -> list[OperatorKey]:
        """Oldest first, with the revoked ones; of one operator or of all."""
        ...

    async def revoke_key(self, operator_id: str, name: str, at: int) -> bool:
        """False: no such key, or it was revoked already."""
        ...

    async def note_key(self, key_id: str, at: int) -> None:
        """Note a use."""
        ...

    async def draw_try(self, subjects: list[str], limit: int, window: int, at: int) -> bool:
        """Take one try of every subject, or of none. False: one of them has failed `limit` times within `window`.

        A window begins with the first try after the last one is over. Of any number of concurrent calls exactly
        `limit` succeed.
        """
        ...

    async def give_back(self, subjects: list[str]) -> None:
        """The last try was no failure."""
        ...

    async def forgive(self, subject: str) -> None:
        """Forget the failures of a subject."""
        ...

    async def tries(self, subject: str) -> Tries | None: ...

    async def sweep(self, steps: int, sessions: int) -> int:
        """Remove steps and tries from before `steps`, and sessions that began before `sessions`; how many rows."""
        ...
