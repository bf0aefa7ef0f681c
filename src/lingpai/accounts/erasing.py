"""Forgetting a person, and forgetting again whom an old backup brought back."""

from typing import Final, Literal

import msgspec

from lingpai.accounts.avatars import Avatars
from lingpai.accounts.ledger import Ledger, every_erasure
from lingpai.clock import Clock
from lingpai.ids import new_id
from lingpai.model import Erasure, NewNotice, user_digest
from lingpai.observe import logger
from lingpai.secret import random_bytes
from lingpai.storage.port import OnProgress, Store
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

    def __init__(
        self, store: Store, avatars: Avatars, clock: Clock, *, notices: Notices, ledger: Ledger
    ) -> None:
        self._notices: Final = notices
        self._store: Final = store
        self._ledger: Final = ledger
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
        return await every_erasure(self._store)

    async def replay(self, ledger: list[Erasure], on_progress: OnProgress | None = None) -> list[Erasure]:
        """Erase everybody in `ledger` who is here, after a restored backup; the erasures that were done again.

        `on_progress` counts the users looked at.
        """
        wanted = {erasure.user_digest: erasure for erasure in ledger}
        done: list[Erasure] = []
        total = await self._store.users.count() if on_progress and wanted else 0
        looked = 0
        last: str | None = None
        while wanted and (users := await self._store.users.page(_PAGE, before=last)):
            last = users[-1].id
            looked += len(users)
            for user in users:
                erasure = wanted.get(user_digest(user.id))
                if erasure is not None and await self._commit(erasure, user.id, "replay"):
                    done.append(erasure)
            if on_progress is not None:
                on_progress(looked, total)
        await self._ledger.note()
        return done

    async def _commit(self, erasure: Erasure, user_id: str, by: By) -> Receipt | None:
        erased = await self._store.erasures.commit(
            erasure, user_id, self._clock.now(), (self._told(erasure, user_id, by),)
        )
        if erased is None:
            return None
        if by != "replay":  # what is replayed came from a ledger; `replay` looks at the end
            await self._ledger.note()
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
