"""Forgetting a person, and forgetting again whom an old backup brought back."""

from typing import Final, Literal

import msgspec

from lingpai.accounts.avatars import Avatars
from lingpai.clock import Clock
from lingpai.ids import new_id
from lingpai.model import Erasure, NewNotice, user_digest
from lingpai.observe import logger
from lingpai.secret import random_bytes
from lingpai.storage.port import Store
from lingpai.webhooks import Notices

By = Literal["self", "operator", "replay"]
_PAGE: Final = 1_000


class Receipt(msgspec.Struct, frozen=True, kw_only=True):
    """What an erasure leaves."""

    erasure: Erasure
    sessions: tuple[str, ...]
    """Whose access tokens have to be refused from now on."""


class Erasing:
    """Erases people."""

    def __init__(self, store: Store, avatars: Avatars, clock: Clock, notices: Notices) -> None:
        self._notices: Final = notices
        self._store: Final = store
        self._avatars: Final = avatars
        self._clock: Final = clock

    async def erase(self, user_id: str, by: By) -> Receipt | None:
        """Erase one person. None when there is no such user.

        The database forgets in one unit of work, the picture goes right after it; should its store not answer,
        the record of it stays, as nobody's, and the sweep tries again.
        """
        now = self._clock.now()
        digest = user_digest(user_id)
        return await self._commit(
            Erasure(id=new_id("era", now, random_bytes(10)), user_digest=digest, at=now), user_id, by
        )

    async def ledger(self) -> list[Erasure]:
        """Every erasure on record, oldest first."""
        found: list[Erasure] = []
        while page := await self._store.erasures.page(_PAGE, before=found[-1].id if found else None):
            found += page
        return found[::-1]

    async def replay(self, ledger: list[Erasure]) -> list[Erasure]:
        """Erase everybody in `ledger` who is here, after a restored backup; the erasures that were done again."""
        wanted = {erasure.user_digest: erasure for erasure in ledger}
        done: list[Erasure] = []
        last: str | None = None
        while users := await self._store.users.page(_PAGE, before=last):
            last = users[-1].id
            for user in users:
                erasure = wanted.get(user_digest(user.id))
                if erasure is not None and await self._commit(erasure, user.id, "replay"):
                    done.append(erasure)
        return done

    async def _commit(self, erasure: Erasure, user_id: str, by: By) -> Receipt | None:
        erased = await self._store.erasures.commit(
            erasure, user_id, self._clock.now(), (self._told(erasure, user_id, by),)
        )
        if erased is None:
            return None
        # The id of the user would lead from the audit id to the person's other lines in the log.
        logger().info("user_erased", audit_id=erased.erasure.id, by=by)
        if erased.avatar_url is not None:
            await self._avatars.remove(erased.avatar_url)
        return Receipt(erasure=erased.erasure, sessions=erased.sessions)

    def _told(self, erasure: Erasure, user_id: str, by: By) -> NewNotice:
        # A backup that brought the person back may bring it to others, too: each time is a cause of its own.
        return self._notices.make(
            "user.erased",
            cause=f"{erasure.id}|{self._clock.now()}",
            about=user_id,
            at=self._clock.now(),
            data={"user_id": user_id, "audit_id": erasure.id, "by": by},
        )
