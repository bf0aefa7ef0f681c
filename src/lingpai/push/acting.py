"""The job that acts on events: claims one, understands it, and lets the store do it and close it in one commit."""

from typing import Any, Final

import msgspec

from lingpai.accounts import Avatars
from lingpai.clock import HOUR, SECOND, Clock
from lingpai.ids import new_id
from lingpai.keeper import Directory
from lingpai.model import (
    ClaimedPushEvent,
    Deed,
    Done,
    Erasure,
    NewNotice,
    PushOutcome,
    push_event_identity,
    user_digest,
)
from lingpai.observe import Metrics, logger
from lingpai.push.meaning import Meaning, meaning
from lingpai.secret import SealBrokenError, Sealer, random_bytes
from lingpai.storage.port import StorageError, Store
from lingpai.webhooks import Notices, WebhookEvent

_AT_ONCE: Final = 8
_LEASE: Final = 60 * SECOND
_LONGEST_WAIT: Final = HOUR
_CREDENTIALS: Final = frozenset({"ComponentVerifyTicket", "Ticket", "AuthorizationCode", "PreAuthCode"})
"""Fields of WeChat's events that open something: they are not passed on."""
_EVENTS: Final[dict[str, WebhookEvent]] = {
    "revoke": "authorization.revoked",
    "modified": "profile.modified",
    "cancel": "authorization.cancelled",
}
_FOUND: Final = 5


class Acting:
    """Acts on events."""

    def __init__(
        self,
        *,
        store: Store,
        sealer: Sealer,
        directory: Directory,
        avatars: Avatars,
        notices: Notices,
        clock: Clock,
        metrics: Metrics,
    ) -> None:
        self._store: Final = store
        self._sealer: Final = sealer
        self._directory: Final = directory
        self._avatars: Final = avatars
        self._notices: Final = notices
        self._clock: Final = clock
        self._done: Final = metrics.push.done

    async def run(self) -> None:
        """Every event that waits. Raises StorageUnavailableError."""
        while claimed := await self._store.pushes.claim(_AT_ONCE, _LEASE):
            for each in claimed:
                await self._try(each)

    async def _try(self, claimed: ClaimedPushEvent) -> None:
        """An event that cannot be acted on waits, longer each time, and holds up no other."""
        event = claimed.event
        try:
            await self._act(claimed)
        except StorageError:
            raise
        except Exception as error:  # noqa: BLE001  whatever is wrong with one event is not wrong with the next
            kind = type(error).__name__
            logger().error("push_act_failed", app=event.appid, digest=event.digest.hex(), reason=kind)
            await self._wait(claimed)

    async def _wait(self, claimed: ClaimedPushEvent) -> None:
        wait = min(SECOND << min(claimed.event.attempts, 12), _LONGEST_WAIT)
        await self._store.pushes.set_back(claimed.event.key, claimed.fence, wait)

    async def _act(self, claimed: ClaimedPushEvent) -> None:
        event = claimed.event
        try:
            plain = self._sealer.open(claimed.sealed, push_event_identity(event.key))
        except SealBrokenError:
            # Perhaps another node knows the key by now: it is tried again, seldom.
            logger().error("push_event_unreadable", app=event.appid, digest=event.digest.hex())
            await self._wait(claimed)
            return
        fields: dict[str, Any] = msgspec.json.decode(plain)
        done = await self._store.pushes.settle(await self._deed(claimed, fields))
        if done is not None:
            await self._tidy(claimed, done)

    async def _tidy(self, claimed: ClaimedPushEvent, done: Done) -> None:
        event = claimed.event
        self._done.labels(event.appid, done.outcome).inc()
        # Without the person: the digest leads to the proof, and the proof to nobody.
        logger().info(
            "push_acted",
            app=event.appid,
            event_type=event.name,
            outcome=done.outcome,
            digest=event.digest.hex(),
        )
        if done.avatar_url is not None:
            await self._avatars.remove(done.avatar_url)

    async def _deed(self, claimed: ClaimedPushEvent, fields: dict[str, Any]) -> Deed:
        event, now = claimed.event, self._clock.now()
        asked = meaning(event.name, fields)
        user_id = None if asked.openid is None else await self._whom(event.appid, asked.openid)
        erase = asked.ask == "cancel" and user_id is not None and self._erases(event.appid)
        erasure = None
        if erase and user_id is not None:
            erasure = Erasure(
                id=new_id("era", now, random_bytes(10)), user_digest=user_digest(user_id), at=now
            )
        return Deed(
            key=event.key,
            fence=claimed.fence,
            at=now,
            outcome=_outcome(asked, erase=erase),
            openid=asked.openid,
            forget=asked.forget,
            erasure=erasure,
            notices=tuple(self._told(claimed, asked, fields, user_id, erasure)),
        )

    def _told(
        self,
        claimed: ClaimedPushEvent,
        asked: Meaning,
        fields: dict[str, Any],
        user_id: str | None,
        erasure: Erasure | None,
    ) -> list[NewNotice]:
        event = claimed.event
        cause, digest = event.key.hex(), event.digest.hex()
        if asked.openid is None:
            passed = {name: value for name, value in fields.items() if name not in _CREDENTIALS}
            data: dict[str, Any] = {"app": event.appid, "event": event.name, "fields": passed}
            about = f"{event.appid}|{fields.get('FromUserName')}"
            return [
                self._notices.make("wechat.event", cause=cause, about=about, at=event.received_at, data=data)
            ]
        if user_id is None:
            return []
        data = {"user_id": user_id, "app": event.appid, "openid": asked.openid, "event_digest": digest}
        if asked.ask == "revoke":
            data |= {"revoked": asked.revoked, "forgotten": asked.forget}
        if asked.ask == "cancel":
            data |= {"erased": erasure is not None}
        told = [
            self._notices.make(
                _EVENTS[asked.ask], cause=cause, about=user_id, at=event.received_at, data=data
            )
        ]
        if erasure is not None:
            gone = {"user_id": user_id, "audit_id": erasure.id, "by": "wechat"}
            told.append(
                self._notices.make("user.erased", cause=cause, about=user_id, at=erasure.at, data=gone)
            )
        return told

    def _erases(self, appid: str) -> bool:
        """Of an app that is no longer registered, too: what WeChat asks for is the safe side."""
        held = self._directory.known(appid)
        return held is None or held.app.settings.on_cancellation == "erase"

    async def _whom(self, appid: str, openid: str) -> str | None:
        for user in await self._store.users.find(openid, _FOUND):
            for identity in await self._store.users.identities(user.id):
                if (identity.appid, identity.openid) == (appid, openid):
                    return user.id
        return None


def _outcome(asked: Meaning, *, erase: bool) -> PushOutcome:
    if asked.ask == "other" or asked.openid is None:
        return "passed_on"
    if asked.ask == "modified":
        return "outdated"
    if asked.ask == "cancel":
        return "erased" if erase else "marked"
    return "forgot" if asked.forget else "marked"
