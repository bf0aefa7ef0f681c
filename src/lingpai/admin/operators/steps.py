"""One-time things between two requests: made, looked at, used up."""

import hashlib
from typing import Final

from lingpai.clock import HOUR, MINUTE, Clock
from lingpai.model import OperatorStep, StepPurpose
from lingpai.secret import Secret, random_token
from lingpai.storage.port import Store

LIFETIMES: Final[dict[StepPurpose, int]] = {
    "link": 24 * HOUR,
    "set_up": 30 * MINUTE,
    "second_factor": 10 * MINUTE,
    "register": 5 * MINUTE,
    "assert": 5 * MINUTE,
}
PREFIXES: Final[dict[StepPurpose, str]] = {
    "link": "lpl_",
    "set_up": "lpe_",
    "second_factor": "lpe_",
    "register": "lpe_",
    "assert": "lpe_",
}


class Steps:
    """Steps of all purposes."""

    def __init__(self, store: Store, clock: Clock) -> None:
        self._store: Final = store.operator_sessions
        self._clock: Final = clock

    async def make(
        self, purpose: StepPurpose, operator_id: str | None, challenge: bytes | None = None
    ) -> Secret:
        """Put a step on record; the token that stands for it."""
        token = Secret(random_token(PREFIXES[purpose]))
        await self._store.put_step(
            OperatorStep(
                digest=token_digest(token),
                purpose=purpose,
                operator_id=operator_id,
                challenge=challenge,
                expires_at=self._clock.now() + LIFETIMES[purpose],
            )
        )
        return token

    async def look(self, token: Secret | None, purpose: StepPurpose) -> OperatorStep | None:
        """The step, as long as it can be used."""
        if token is None:
            return None
        step = await self._store.step(token_digest(token))
        if step is None or step.purpose != purpose or step.used_at is not None:
            return None
        return step if step.expires_at > self._clock.now() else None

    async def take(self, step: OperatorStep) -> bool:
        """Use it up. False: somebody else did."""
        return await self._store.take_step(step.digest, self._clock.now())


def token_digest(token: Secret) -> bytes:
    """What is stored of a token: it has 256 random bits, so that one round of SHA-256 is enough."""
    return hashlib.sha256(token.reveal().encode(errors="replace")).digest()
