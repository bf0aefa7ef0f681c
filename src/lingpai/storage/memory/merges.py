"""Joining users and telling them apart, in memory."""

from typing import Final

from msgspec.structs import replace

from lingpai.model import Merge, MergeRefusal, NewMerge, SplitRefusal
from lingpai.storage.memory.fitting import fit
from lingpai.storage.memory.tables import Moved, Tables

_FIELDS: Final = ("nickname", "avatar_url")


class MemoryMerges:
    def __init__(self, tables: Tables) -> None:
        self._tables: Final = tables

    async def join(self, new: NewMerge) -> Merge | MergeRefusal:
        fit(new)
        tables = self._tables
        other = new.other_id
        if other is None and new.late is not None:
            other = tables.unions.get((new.late.open_platform, new.late.unionid))
        if other is None:
            return "unknown"
        winner, loser = sorted([tables.meant(new.user_id), tables.meant(other)])
        if winner not in tables.users or loser not in tables.users:
            return "unknown"
        if winner == loser:
            self._note(new)
            return "same"
        if self._phones_conflict(winner, loser):
            return "phones_conflict"
        if new.reason == "unionid" and self._were_split(winner, loser):
            return "were_split"
        merge = Merge(id=new.id, winner=winner, loser=loser, reason=new.reason, at=new.at)
        tables.merges[new.id] = merge, self._move(winner, loser)
        self._note(new)
        return merge

    async def split(self, user_id: str, at: int, window: int) -> Merge | SplitRefusal:
        lost = [
            (merge, moved)
            for merge, moved in self._tables.merges.values()
            if merge.loser == user_id and merge.undone_at is None
        ]
        if not lost:
            return "unknown"
        merge, moved = max(lost, key=lambda each: (each[0].at, each[0].id))
        if at - merge.at > window:
            return "too_late"
        self._take_back(self._tables.meant(user_id), user_id, moved, at)
        undone = replace(merge, undone_at=at)
        self._tables.merges[merge.id] = undone, moved
        return undone

    async def of_user(self, user_id: str) -> list[Merge]:
        ids = set(self._tables.members(user_id))
        own = [merge for merge, _ in self._tables.merges.values() if ids & {merge.winner, merge.loser}]
        return sorted(own, key=lambda merge: (merge.at, merge.id), reverse=True)

    async def resolved(self, user_id: str) -> str:
        return self._tables.meant(user_id)

    def _phones_conflict(self, winner: str, loser: str) -> bool:
        phones = self._tables.phones
        one, other = (
            {phones[user].blind_index for user in self._tables.members(whose) if user in phones}
            for whose in (winner, loser)
        )
        return bool(one and other and not one & other)

    def _were_split(self, winner: str, loser: str) -> bool:
        these, those = set(self._tables.members(winner)), set(self._tables.members(loser))
        return any(
            merge.undone_at is not None
            and (
                (merge.winner in these and merge.loser in those)
                or (merge.winner in those and merge.loser in these)
            )
            for merge, _ in self._tables.merges.values()
        )

    def _move(self, winner: str, loser: str) -> Moved:
        tables = self._tables
        old, new = tables.users[loser], tables.users[winner]
        lacking = {
            name: getattr(old, name) for name in _FIELDS if getattr(old, name) and not getattr(new, name)
        }
        moved = Moved(
            unions=[key for key, user in tables.unions.items() if user == loser],
            identities=[key for key, identity in tables.identities.items() if identity.user_id == loser],
            aliases=tables.members(loser)[1:],
            filled=list(lacking),
        )
        tables.users[winner] = replace(new, **lacking)
        for union in moved.unions:
            tables.unions[union] = winner
        for identity in moved.identities:
            tables.identities[identity] = replace(tables.identities[identity], user_id=winner)
        for session in [one for one in tables.sessions.values() if one.user_id == loser]:
            tables.sessions[session.id] = replace(session, user_id=winner)
        for alias in [*moved.aliases, loser]:
            tables.aliases[alias] = winner
        return moved

    def _note(self, new: NewMerge) -> None:
        late = new.late
        if late is not None:
            identity = self._tables.identities.get((late.appid, late.openid))
            if identity is not None and identity.unionid is None:
                self._tables.identities[late.appid, late.openid] = replace(identity, unionid=late.unionid)

    def _take_back(self, winner: str, loser: str, moved: Moved, at: int) -> None:
        tables = self._tables
        for union in moved.unions:
            if tables.unions.get(union) == winner:
                tables.unions[union] = loser
        for key in moved.identities:
            identity = tables.identities.get(key)
            if identity is not None and identity.user_id == winner:
                tables.identities[key] = replace(identity, user_id=loser)
        for session in list(tables.sessions.values()):
            if (session.appid, session.openid) in moved.identities and session.user_id in (winner, loser):
                running = session.ended_at is None and session.expires_at > at
                ended = replace(session, ended_at=at, end_reason="operator") if running else session
                tables.sessions[session.id] = replace(ended, user_id=loser)
        del tables.aliases[loser]
        for alias in moved.aliases:
            if alias in tables.aliases:
                tables.aliases[alias] = loser
        self._empty(winner, loser, moved)

    def _empty(self, winner: str, loser: str, moved: Moved) -> None:
        tables = self._tables
        for name in moved.filled:
            if getattr(tables.users[winner], name) == getattr(tables.users[loser], name):
                tables.users[winner] = replace(tables.users[winner], **{name: None})
