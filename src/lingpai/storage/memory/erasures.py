"""Pictures on record, and forgetting a person, in memory."""

from typing import Final

from msgspec.structs import replace

from lingpai.model import Adopted, Avatar, Erased, Erasure, NewNotice, ProfileChange, ledger_of
from lingpai.storage.memory.fitting import fit
from lingpai.storage.memory.profiles import MemoryProfiles
from lingpai.storage.memory.tables import Picture, Tables
from lingpai.storage.memory.webhooks import MemoryWebhooks
from lingpai.storage.port import TakenError


class MemoryAvatars:
    def __init__(self, tables: Tables) -> None:
        self._tables: Final = tables

    async def begin(self, avatar: Avatar) -> bool:
        fit(avatar)
        if avatar.user_id not in self._tables.users:
            return False
        if avatar.url in self._tables.avatars:
            raise TakenError("url")
        self._tables.avatars[avatar.url] = Picture(avatar.user_id, avatar.at)
        return True

    async def adopt(self, avatar: Avatar) -> Adopted | None:
        fit(avatar)
        user = self._tables.users.get(avatar.user_id)
        if user is None:
            return None
        change = ProfileChange(avatar_url=avatar.url, source="person", at=avatar.at)
        await MemoryProfiles(self._tables).put_profile(avatar.user_id, change)
        return Adopted(replaced=user.avatar_url)

    async def orphans(self, before: int, limit: int) -> list[str]:
        in_use = {(user.id, user.avatar_url) for user in self._tables.users.values()}
        found = [
            (picture.created_at, url)
            for url, picture in self._tables.avatars.items()
            if picture.created_at < before and (picture.user_id, url) not in in_use
        ]
        return [url for _, url in sorted(found)][:limit]

    async def forget(self, url: str) -> None:
        self._tables.avatars.pop(url, None)


class MemoryErasures:
    def __init__(self, tables: Tables, webhooks: MemoryWebhooks | None = None) -> None:
        self._tables: Final = tables
        self._webhooks: Final = webhooks

    async def commit(
        self, erasure: Erasure, user_id: str, now: int, notices: tuple[NewNotice, ...] = ()
    ) -> Erased | None:
        erased = self._commit(erasure, user_id, now)
        if erased is not None and self._webhooks is not None:
            await self._webhooks.tell(list(notices))
        return erased

    def _commit(self, erasure: Erasure, user_id: str, now: int) -> Erased | None:
        tables = self._tables
        fit(erasure)
        ids = tables.members(user_id)
        user = tables.users.get(ids[0])
        if user is None:
            return None
        known = next((e for e in tables.erasures.values() if e.user_digest == erasure.user_digest), None)
        if known is None and erasure.id in tables.erasures:
            raise TakenError("id")
        digests = {each.user_digest for each in tables.erasures.values()}
        for line in ledger_of(erasure, user_id, ids):
            if line.user_digest not in digests:
                tables.erasures[line.id] = line
        ended = self._sessions(ids, now)
        self._identities(ids)
        for name, event in tables.events.items():
            if event.user_id in ids:
                tables.events[name] = replace(event, user_id=None, session_id=None)
        for url, picture in tables.avatars.items():
            if picture.user_id in ids:
                tables.avatars[url] = replace(picture, user_id=None)
        tables.merges = {
            name: (merge, moved)
            for name, (merge, moved) in tables.merges.items()
            if not {merge.winner, merge.loser} & set(ids)
        }
        for each in ids:
            tables.phones.pop(each, None)
            tables.profiles.pop(each, None)
            tables.aliases.pop(each, None)
            del tables.users[each]
        return Erased(erasure=known or erasure, sessions=ended, avatar_url=user.avatar_url)

    async def remember(self, lines: list[Erasure]) -> int:
        known = {each.user_digest for each in self._tables.erasures.values()}
        new = [
            each for each in lines if each.user_digest not in known and each.id not in self._tables.erasures
        ]
        for each in new:
            fit(each)
        self._tables.erasures.update({each.id: each for each in new})
        return len(new)

    async def page(self, limit: int, *, before: str | None = None) -> list[Erasure]:
        newest = sorted(self._tables.erasures.values(), key=lambda erasure: erasure.id, reverse=True)
        return [erasure for erasure in newest if before is None or erasure.id < before][:limit]

    def _sessions(self, user_ids: list[str], at: int) -> tuple[str, ...]:
        tables = self._tables
        own = sorted(session.id for session in tables.sessions.values() if session.user_id in user_ids)
        gone = set(own)
        for session_id in own:
            del tables.sessions[session_id]
            tables.erased_sessions[session_id] = at
        tables.tokens = {k: token for k, token in tables.tokens.items() if token.session_id not in gone}
        tables.tickets = {k: each for k, each in tables.tickets.items() if each.session_id not in gone}
        tables.attempts = {k: each for k, each in tables.attempts.items() if each.session_id not in gone}
        return tuple(own)

    def _identities(self, user_ids: list[str]) -> None:
        tables = self._tables
        for key in [key for key, identity in tables.identities.items() if identity.user_id in user_ids]:
            del tables.identities[key]
            tables.rings.pop(key, None)
            tables.user_tokens.pop(key, None)
        tables.unions = {key: owner for key, owner in tables.unions.items() if owner not in user_ids}
