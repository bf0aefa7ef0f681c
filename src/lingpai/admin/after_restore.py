"""What must follow when a database comes back from a backup: erased people go again, nothing of before signs in."""

from collections.abc import Callable
from typing import Final

import msgspec

from lingpai.accounts import Erasing, Ledger
from lingpai.accounts.ledger import erasures_of
from lingpai.admin.audit import AuditLog
from lingpai.admin.keys import SigningKeysAdmin
from lingpai.clock import SECOND, Clock, rfc3339
from lingpai.ids import new_id
from lingpai.model import Actor, Restore, Withdrawn
from lingpai.secret import Sealer, random_bytes
from lingpai.storage.ledger_file import LedgerLine
from lingpai.storage.port import OnProgress, Store


class AppNow(msgspec.Struct, frozen=True):
    """An app as the backup has it: was its AppSecret changed since?"""

    slug: str
    secret_last4: str
    secret_since: str


class Followed(msgspec.Struct, frozen=True, kw_only=True):
    """What was done after a restore, and what people have to look at."""

    restore: Restore
    withdrawn: Withdrawn
    ledger_lines: int
    erased_again: int
    keys_revoked: tuple[str, ...]
    """Names of keys of services and operators that were revoked after the backup, or all of them."""
    keys_valid: tuple[str, ...]
    """Names of those that are good again: were they, when the database was lost?"""
    apps: tuple[AppNow, ...]
    operators: tuple[str, ...]
    """Names of the operators who can sign in again: was one disabled or removed since?"""
    operator_sessions: int
    """Ended; operators sign in again."""


class AfterRestore:
    """Sees to a database that came back. All of it may be done again after it was broken off."""

    def __init__(self, store: Store, sealer: Sealer, erasing: Erasing, ledger: Ledger, clock: Clock) -> None:
        self._store: Final = store
        self._sealer: Final = sealer
        self._erasing: Final = erasing
        self._ledger: Final = ledger
        self._clock: Final = clock
        self._audit: Final = AuditLog(store, clock)

    async def follow(
        self,
        lines: list[LedgerLine],
        *,
        by: Actor,
        backup: str,
        revoke_all_keys: bool = False,
        on_rows: Callable[[int], None] | None = None,
        on_people: OnProgress | None = None,
    ) -> Followed:
        """`lines` are the ledger's, and those of whatever else is known to have been taken away; `backup` says what
        came back, for the audit log.

        Raises StorageUnavailableError.
        """
        told = {"ledger_lines": str(len(lines)), "revoke_service_keys": str(revoke_all_keys).lower()}
        async with self._audit.doing(by, "database.restored", backup, **told):
            return await self._followed(
                lines, by, everyone=revoke_all_keys, on_rows=on_rows, on_people=on_people
            )

    async def _followed(
        self,
        lines: list[LedgerLine],
        by: Actor,
        *,
        everyone: bool,
        on_rows: Callable[[int], None] | None,
        on_people: OnProgress | None,
    ) -> Followed:
        store, now = self._store, self._clock.now()
        # Up to the next whole second: access tokens know no less.
        wanted = Restore(id=new_id("rst", now, random_bytes(10)), at=-(-now // SECOND) * SECOND)
        restore = await store.restores.begin(wanted)
        withdrawn = await store.restores.withdraw(restore.at, on_rows)
        # A key that leaked and was withdrawn since the backup is back in it.
        await SigningKeysAdmin(store, self._sealer, self._clock).rotate(by=by, at_once=True)
        erasures = erasures_of(lines)
        operators = await store.operators.all()
        ended = [await store.operator_sessions.end_all(each.id) for each in operators]
        again = await self._erasing.replay(erasures, on_people)
        await store.erasures.remember(erasures)
        revoked = await self._revoke(lines, everyone=everyone)
        await self._ledger.catch_up(whole=True)
        finished_at = self._clock.now()
        await store.restores.finish(restore.id, finished_at)
        return Followed(
            restore=msgspec.structs.replace(restore, finished_at=finished_at),
            withdrawn=withdrawn,
            ledger_lines=len(lines),
            erased_again=len(again),
            keys_revoked=tuple(revoked),
            keys_valid=tuple(key.name for key in await store.keys.services() if key.revoked_at is None),
            apps=tuple(
                AppNow(app.slug, secret.last4, rfc3339(secret.created_at))
                for app, secret in await store.apps.all()
            ),
            operators=tuple(each.name for each in operators if each.disabled_at is None),
            operator_sessions=sum(ended),
        )

    async def _revoke(self, lines: list[LedgerLine], *, everyone: bool) -> list[str]:
        told = {line.id: line.at for line in lines if line.what != "user_erased"}
        revoked: list[str] = []
        for held in await self._store.operator_sessions.keys():
            at = told.get(held.id, self._clock.now() if everyone else None)
            if at is not None and await self._store.operator_sessions.revoke_key(
                held.operator_id, held.name, at
            ):
                revoked.append(held.name)
        for key in await self._store.keys.services():
            at = told.get(key.id, self._clock.now() if everyone else None)
            if at is not None and await self._store.keys.revoke_service(key.name, at):
                revoked.append(key.name)
        return revoked
