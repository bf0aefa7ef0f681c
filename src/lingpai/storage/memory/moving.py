"""Coming back from a backup and coming over from another table, in memory."""

from collections.abc import Callable
from typing import Final

from msgspec.structs import replace

from lingpai.model import (
    Identity,
    ImportBatch,
    ImportOutcome,
    ImportRun,
    Profile,
    ProfileDetails,
    Restore,
    User,
    Withdrawn,
)
from lingpai.storage.importing import Known, Placed, Placing, counted
from lingpai.storage.leasing import leapt
from lingpai.storage.memory.fitting import fit
from lingpai.storage.memory.tables import Tables


class MemoryRestores:
    def __init__(self, tables: Tables) -> None:
        self._tables: Final = tables

    async def latest(self) -> Restore | None:
        return max(self._tables.restores.values(), key=lambda restore: restore.id, default=None)

    async def begin(self, restore: Restore) -> Restore:
        last = await self.latest()
        if last is not None and last.finished_at is None:
            restore = replace(last, at=max(last.at, restore.at))
        self._tables.restores[restore.id] = restore
        return restore

    async def withdraw(self, at: int, on_rows: Callable[[int], None] | None = None) -> Withdrawn:
        tables = self._tables
        running = [s for s in tables.sessions.values() if s.ended_at is None and s.expires_at > at]
        for session in running:
            tables.sessions[session.id] = replace(session, ended_at=at, end_reason="restored")
        done = Withdrawn(
            sessions=len(running),
            refresh_tokens=len(tables.tokens),
            session_keys=sum(map(len, tables.rings.values())),
            one_time=len(tables.attempts) + len(tables.oauth_states) + len(tables.tickets),
            wechat_tokens=len(tables.user_tokens) + len(tables.access_tokens),
        )
        for table in (tables.tokens, tables.rings, tables.attempts, tables.oauth_states, tables.tickets):
            table.clear()
        tables.user_tokens.clear()
        for key, row in tables.access_tokens.items():
            tables.access_tokens[key] = leapt(row)
        if on_rows is not None:
            on_rows(len(tables.sessions))
        return done

    async def finish(self, restore_id: str, at: int) -> bool:
        restore = self._tables.restores.get(restore_id)
        if restore is None or restore.finished_at is not None:
            return False
        self._tables.restores[restore_id] = replace(restore, finished_at=at)
        return True


class MemoryImports:
    def __init__(self, tables: Tables) -> None:
        self._tables: Final = tables

    async def run(self, name: str) -> ImportRun | None:
        return self._tables.imports.get(name)

    async def put(self, run: ImportRun) -> None:
        fit(run)
        self._tables.imports[run.name] = run

    async def commit(self, batch: ImportBatch) -> tuple[ImportRun, list[ImportOutcome]]:
        for person in batch.people:
            fit(person)
        placed = self._placed(batch)
        for each in placed:
            self._write(batch, each)
        done = counted(batch, placed)
        self._tables.imports[done.name] = done
        return done, [each.outcome for each in placed]

    async def look(self, batch: ImportBatch) -> list[ImportOutcome]:
        return [each.outcome for each in self._placed(batch)]

    def _placed(self, batch: ImportBatch) -> list[Placed]:
        tables = self._tables
        known = {
            openid: Known(identity.user_id, identity.unionid)
            for (appid, openid), identity in tables.identities.items()
            if appid == batch.run.appid
        }
        unions = {
            unionid: user
            for (platform, unionid), user in tables.unions.items()
            if platform == batch.open_platform
        }
        return Placing(known, unions, joins=batch.open_platform is not None).all(batch.people)

    def _write(self, batch: ImportBatch, placed: Placed) -> None:
        tables, person, user_id = self._tables, placed.person, placed.user_id
        if placed.outcome == "new":
            user = User(
                id=user_id,
                created_at=person.created_at,
                nickname=person.nickname,
                avatar_url=person.avatar_url,
            )
            tables.users[user_id] = user
            if person.nickname or person.avatar_url or person.details != ProfileDetails():
                tables.profiles[user_id] = Profile(
                    user=user, details=person.details, source="person", updated_at=person.created_at
                )
        if placed.outcome == "joined":
            user = tables.users[user_id]
            tables.users[user_id] = replace(
                user,
                nickname=user.nickname if user.nickname is not None else person.nickname,
                avatar_url=user.avatar_url if user.avatar_url is not None else person.avatar_url,
            )
        if placed.resolution.add_union and batch.open_platform is not None and person.unionid is not None:
            tables.unions[batch.open_platform, person.unionid] = user_id
        self._identify(batch.run.appid, placed)

    def _identify(self, appid: str, placed: Placed) -> None:
        person, key = placed.person, (appid, placed.person.openid)
        if placed.resolution.add_identity:
            self._tables.identities[key] = Identity(
                appid=appid,
                openid=person.openid,
                user_id=placed.user_id,
                unionid=person.unionid,
                created_at=person.created_at,
            )
        elif placed.resolution.note_unionid:
            self._tables.identities[key] = replace(self._tables.identities[key], unionid=person.unionid)
