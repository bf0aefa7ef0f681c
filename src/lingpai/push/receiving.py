"""Taking an event in: proven to be WeChat's, fresh, ours, and durably on record before WeChat is told so."""

import hashlib
import re
from typing import Any, Final

import msgspec

from lingpai.clock import MINUTE, SECOND, Clock
from lingpai.errors import Problem
from lingpai.errors.catalogue_push import PUSH_NOT_SET_UP, PUSH_REFUSED
from lingpai.keeper import HeldApp
from lingpai.model import NewPushEvent, push_event_identity
from lingpai.observe import Metrics, logger
from lingpai.push.fields import FieldsInvalidError, read_fields, text_of
from lingpai.push.keys import PushKey, PushKeys
from lingpai.secret import Sealer
from lingpai.storage.port import Store
from lingpai.wechat.push import open_push, push_signature, same_signature

WINDOW: Final = 10 * MINUTE
"""How old a signature may be, or how far ahead: clocks differ, WeChat repeats within seconds."""
_NAME: Final = re.compile(r"[A-Za-z0-9_.-]{1,64}")
_SECONDS: Final = re.compile(r"[0-9]{1,12}")
_STORED: Final = 60_000
"""Bytes of an event as it is stored; MySQL's BLOB ends at 65,535."""


class Signed(msgspec.Struct, frozen=True, kw_only=True):
    """What stands in the query string."""

    timestamp: str
    nonce: str
    signature: str = ""
    msg_signature: str = ""

    def __repr__(self) -> str:
        return "Signed(…)"


class Receiving:
    """Takes events in."""

    def __init__(self, store: Store, sealer: Sealer, keys: PushKeys, clock: Clock, metrics: Metrics) -> None:
        self._store: Final = store
        self._sealer: Final = sealer
        self.keys: Final = keys
        self._clock: Final = clock
        self._events: Final = metrics.push.events

    async def greet(self, app: HeldApp, signed: Signed) -> None:
        """WeChat asks whether this address is ours, when it is entered. Raises Problem push_*."""
        for key in await self._keys_of(app):
            if same_signature(push_signature(key.token, signed.timestamp, signed.nonce), signed.signature):
                return
        raise self._refused(app, "signature")

    async def receive(self, app: HeldApp, signed: Signed, body: bytes) -> None:
        """Put an event on record. A repetition is taken again and changes nothing.

        Raises Problem push_*, StorageUnavailableError.
        """
        keys = await self._keys_of(app)
        self._insist_on_freshness(app, signed)
        try:
            envelope = read_fields(body)
            message = self._proven(app, keys, signed, envelope, body)
            fields = envelope if message is body else read_fields(message)
        except FieldsInvalidError as error:
            raise self._refused(app, f"unreadable: {error}") from None
        if text_of(fields, "AppID") not in ("", app.app.appid):
            raise self._refused(app, "another app's event")
        event = self._event(app, signed, fields, message)
        if len(event.sealed) > _STORED:
            raise self._refused(app, "too long")
        answer = await self._store.pushes.put(event)
        self._events.labels(app.app.appid, answer).inc()
        if answer == "nonce_spent":
            raise self._refused(app, "signature used for another event")

    async def _keys_of(self, app: HeldApp) -> list[PushKey]:
        keys = await self.keys.of(app.app.appid)
        if not keys:
            raise Problem(PUSH_NOT_SET_UP, facts={"app": app.app.slug})
        return keys

    def _insist_on_freshness(self, app: HeldApp, signed: Signed) -> None:
        if not _SECONDS.fullmatch(signed.timestamp):
            raise self._refused(app, "no timestamp")
        if abs(self._clock.now() - int(signed.timestamp) * SECOND) > WINDOW:
            raise self._refused(app, "timestamp outside the window")

    def _proven(
        self, app: HeldApp, keys: list[PushKey], signed: Signed, envelope: dict[str, Any], body: bytes
    ) -> bytes:
        """The message itself. Raises Problem push_refused."""
        encrypted = text_of(envelope, "Encrypt")
        if not encrypted and app.app.settings.push_mode != "plain":
            raise self._refused(app, "not encrypted")
        for key in keys:
            parts = (key.token, signed.timestamp, signed.nonce)
            if not encrypted:
                if same_signature(push_signature(*parts), signed.signature):
                    return body
            elif same_signature(push_signature(*parts, encrypted), signed.msg_signature):
                opened = open_push(key.aes_key, encrypted)
                if opened is None:
                    raise self._refused(app, "does not open")
                message, receiver = opened
                if receiver != app.app.appid:
                    raise self._refused(app, "encrypted for another app")
                return message
        raise self._refused(app, "signature")

    def _event(self, app: HeldApp, signed: Signed, fields: dict[str, Any], message: bytes) -> NewPushEvent:
        appid = app.app.appid
        plain = msgspec.json.encode(fields, order="deterministic")
        key = hashlib.sha256(b"push event\0" + appid.encode() + b"\0" + plain).digest()
        name = text_of(fields, "Event") or text_of(fields, "InfoType") or text_of(fields, "MsgType")
        nonce = f"push nonce\0{appid}\0{signed.timestamp}\0{signed.nonce}"
        return NewPushEvent(
            key=key,
            nonce=hashlib.sha256(nonce.encode("utf-8", "surrogatepass")).digest(),
            appid=appid,
            name=name if _NAME.fullmatch(name) else "unnamed",
            sealed=self._sealer.seal(plain, push_event_identity(key)),
            digest=hashlib.sha256(message).digest(),
            at=self._clock.now(),
        )

    def _refused(self, app: HeldApp, reason: str) -> Problem:
        """One answer for all reasons: whoever forges learns nothing from it."""
        self._events.labels(app.app.appid, "refused").inc()
        logger().info("push_refused", app=app.app.appid, reason=reason)
        return Problem(PUSH_REFUSED, private=reason)
