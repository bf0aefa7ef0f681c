"""Events of WeChat, in memory."""

from typing import Final

from msgspec.structs import replace

from lingpai.clock import Clock
from lingpai.model import (
    ClaimedPushEvent,
    Deed,
    Done,
    NewPushEvent,
    ProfileDetails,
    PushEvent,
    PushPutting,
    PushSettings,
    user_digest,
)
from lingpai.storage.memory.erasures import MemoryErasures
from lingpai.storage.memory.fitting import fit
from lingpai.storage.memory.tables import HeldEvent, Tables
from lingpai.storage.memory.webhooks import MemoryWebhooks


class MemoryPushes:
    def __init__(self, tables: Tables, clock: Clock) -> None:
        self._tables: Final = tables
        self._clock: Final = clock

    async def settings(self) -> list[PushSettings]:
        return sorted(self._tables.push_settings.values(), key=lambda each: each.appid)

    async def put_settings(self, settings: PushSettings) -> None:
        self._tables.push_settings[settings.appid] = settings

    async def remove_settings(self, appid: str) -> bool:
        return self._tables.push_settings.pop(appid, None) is not None

    async def put(self, event: NewPushEvent) -> PushPutting:
        fit(event)
        held = self._tables.push_events
        if event.key in held:
            return "known"
        if any(each.nonce == event.nonce for each in held.values()):
            return "nonce_spent"
        row = PushEvent(
            key=event.key, appid=event.appid, name=event.name, digest=event.digest, received_at=event.at
        )
        held[event.key] = HeldEvent(row, event.nonce, event.sealed, self._clock.now())
        return "new"

    async def claim(self, limit: int, lease: int) -> list[ClaimedPushEvent]:
        now = self._clock.now()
        due = [
            each
            for each in self._tables.push_events.values()
            if each.event.settled_at is None and each.next_at <= now
        ]
        claimed = []
        for held in sorted(due, key=lambda each: (each.next_at, each.event.received_at))[:limit]:
            claimed.append(ClaimedPushEvent(event=held.event, sealed=held.sealed, fence=held.fence + 1))
            held.fence += 1
            held.next_at = now + lease
            held.event = replace(held.event, attempts=held.event.attempts + 1)
        return claimed

    async def settle(self, deed: Deed) -> Done | None:
        held = self._tables.push_events.get(deed.key)
        if held is None or held.event.settled_at is not None or held.fence != deed.fence:
            return None
        user_id = self._whom(held.event.appid, deed.openid)
        if deed.openid is not None and user_id is None:
            done = Done(outcome="nobody", user_id=None)
        else:
            done = await self._done(deed, user_id)
            await MemoryWebhooks(self._tables, self._clock).tell(list(deed.notices))
        held.sealed = b""
        held.event = replace(
            held.event,
            outcome=done.outcome,
            forgotten=deed.forget if done.outcome == "forgot" else (),
            user_digest=None if user_id is None else user_digest(user_id),
            settled_at=deed.at,
        )
        return done

    async def set_back(self, key: bytes, fence: int, retry_in: int) -> None:
        held = self._tables.push_events.get(key)
        if held is not None and held.fence == fence:
            held.next_at = self._clock.now() + retry_in

    async def page(
        self, limit: int, *, appid: str | None = None, before: tuple[int, bytes] | None = None
    ) -> list[PushEvent]:
        rows = [held.event for held in self._tables.push_events.values()]
        newest = sorted(rows, key=lambda each: (each.received_at, each.key), reverse=True)
        return [
            each
            for each in newest
            if appid in (None, each.appid) and (before is None or (each.received_at, each.key) < before)
        ][:limit]

    async def sweep(self, before: int) -> int:
        held = self._tables.push_events
        old = [key for key, each in held.items() if (each.event.settled_at or before) < before]
        for key in old:
            del held[key]
        return len(old)

    def _whom(self, appid: str, openid: str | None) -> str | None:
        identity = None if openid is None else self._tables.identities.get((appid, openid))
        return None if identity is None else self._tables.meant(identity.user_id)

    async def _done(self, deed: Deed, user_id: str | None) -> Done:
        if user_id is None:
            return Done(outcome=deed.outcome, user_id=None)
        tables = self._tables
        if deed.erasure is not None:
            erased = await MemoryErasures(tables).commit(deed.erasure, user_id, self._clock.now())
            if erased is None:
                return Done(outcome="nobody", user_id=None)
            return Done(
                outcome="erased", user_id=user_id, avatar_url=erased.avatar_url, sessions=erased.sessions
            )
        user = tables.users[user_id]
        picture = user.avatar_url if "avatar" in deed.forget else None
        if "nickname" in deed.forget:
            user = replace(user, nickname=None)
        if "avatar" in deed.forget:
            user = replace(user, avatar_url=None)
            for url, each in tables.avatars.items():
                if each.user_id == user_id:
                    tables.avatars[url] = replace(each, user_id=None)
        tables.users[user_id] = user
        if "phone" in deed.forget:
            for member in tables.members(user_id):
                tables.phones.pop(member, None)
        self._age(deed, user_id)
        return Done(outcome=deed.outcome, user_id=user_id, avatar_url=picture)

    def _age(self, deed: Deed, user_id: str) -> None:
        profile = self._tables.profiles.get(user_id)
        if profile is None:
            return
        if "details" in deed.forget:
            profile = replace(profile, details=ProfileDetails())
        if deed.outcome == "outdated" or {"nickname", "avatar"} & set(deed.forget):
            profile = replace(profile, updated_at=0)
        self._tables.profiles[user_id] = profile
