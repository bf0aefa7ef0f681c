"""How often one may guess a secret of somebody else's: counted for all nodes at once, before the guess is looked at.

A guess takes one of a few places and holds it for the whole period, so that in no period more are made than there are
places. Without the database nobody guesses.
"""

from contextlib import suppress
from typing import Final, Literal

import msgspec

from lingpai.clock import MINUTE, SECOND, Clock
from lingpai.errors import Problem, Quota, Words
from lingpai.errors.catalogue import RATE_LIMITED
from lingpai.limits.refusals import Refusals
from lingpai.secret import Sealer
from lingpai.storage.port import StorageError, Store

GuessKind = Literal["operator", "operator_address"]


class GuessPolicy(msgspec.Struct, frozen=True, kw_only=True):
    """So many guesses in so many milliseconds."""

    places: int
    period: int
    words: Words


GUESSES: Final[dict[GuessKind, GuessPolicy]] = {
    "operator": GuessPolicy(
        places=5,
        period=15 * MINUTE,
        words=Words("Too many attempts to sign in as this operator.", "尝试登录该管理员账号的次数过多。"),
    ),
    "operator_address": GuessPolicy(
        places=20,
        period=15 * MINUTE,
        words=Words(
            "Too many attempts to sign in as an operator from this address.",
            "该 IP 尝试登录管理员的次数过多。",
        ),
    ),
}
"""What may be guessed, and how often."""


class Guess:
    """A guess that is being looked at. One that was right gives its place back."""

    def __init__(self, store: Store, name: str, until: int) -> None:
        self._store: Final = store
        self._name: Final = name
        self._until: Final = until
        self._was_right = False

    async def right(self) -> None:
        """It was no guess: who knows the secret is not counted."""
        if self._was_right:
            return
        self._was_right = True
        with suppress(StorageError):
            await self._store.limits.give_back(self._name, self._until)


class Guesses:
    """Counts guesses."""

    def __init__(self, store: Store, sealer: Sealer, clock: Clock, refusals: Refusals) -> None:
        self._store: Final = store
        self._sealer: Final = sealer
        self._clock: Final = clock
        self._refusals: Final = refusals

    async def guess(self, kind: GuessKind, subject: str) -> Guess:
        """One guess more about `subject`; to be called before it is looked at.

        Raises Problem rate_limited; StorageUnavailableError, and then nothing may be looked at either.
        """
        policy = GUESSES[kind]
        now = self._clock.now()
        until = now + policy.period
        name = f"{kind} {self._sealer.fingerprint(f'guess {kind} {subject}'.encode()).hex()}"
        free_at = await self._store.limits.guess(name, policy.places, now, until)
        if free_at is None:
            return Guess(self._store, name, until)
        self._refusals.refused(kind)
        raise Problem(
            RATE_LIMITED,
            facts={"what": policy.words},
            retry_after=(free_at - now) / SECOND,
            quota=Quota(kind, policy.places, policy.period // SECOND),
        )
