"""Reading what WeChat encrypted for an app about its user (开放数据), with the keys of that user's ring.

Three things are told apart, because the remedy differs: the data was made with a key we do not have
(session_key_stale: log in, get it anew), rawData is not what was signed (signature_mismatch: a mistake in the
client), and everything else (decrypt_failed). Within the last no cause is told apart from another, neither by
the answer nor by the way to it: there is no MAC, so each hint would help to forge.
"""

import hmac
from typing import Any, Final

import msgspec

from lingpai.clock import SECOND, Clock
from lingpai.errors import Problem, ProblemKind, Words
from lingpai.errors.catalogue_open_data import DECRYPT_FAILED, SESSION_KEY_STALE, SIGNATURE_MISMATCH
from lingpai.keeper import HeldApp
from lingpai.model import SignedIn
from lingpai.secret import Secret
from lingpai.sessions.damage import read_base64
from lingpai.sessions.session_keys import RING, SessionKeys
from lingpai.wechat.crypto import decrypt, raw_data_signature

Payload = dict[str, Any]
"""A decrypted object, as WeChat wrote it."""

_UNSIGNED: Final = frozenset({"watermark", "is_demote"})
"""What the object of `wx.getUserProfile`, which has no openId, may hold beside the signed fields."""

_UNUSABLE: Final = Words(
    "The data cannot be decrypted, or it is not fresh data of this user and app.",
    "数据无法解密，或者不是该用户在该应用中的最新数据。",
)
_CONTROLS: Final = bytes(b" "[0] if byte < ord(" ") else byte for byte in range(256))
_decode: Final = msgspec.json.Decoder().decode


class Encrypted(msgspec.Struct, frozen=True):
    """`encryptedData` and `iv` of one call, decoded."""

    data: bytes
    iv: bytes

    def __repr__(self) -> str:
        return "Encrypted(…)"


class Signed(msgspec.Struct, frozen=True):
    """`rawData` and `signature` of one call."""

    raw_data: str
    signature: str

    def __repr__(self) -> str:
        return "Signed(…)"


def read_encrypted(encrypted_data: str, iv: str) -> Encrypted:
    """The two fields as a client sent them. Raises Problem decrypt_failed that names what is damaged."""
    return Encrypted(
        read_base64("encryptedData", encrypted_data, one_block=False), read_base64("iv", iv, one_block=True)
    )


class OpenData:
    """Opens open data for the person who is signed in."""

    def __init__(self, keys: SessionKeys, clock: Clock, *, longest_age: int) -> None:
        """`longest_age` of a watermark, in seconds, into the past and into the future."""
        self._keys: Final = keys
        self._clock: Final = clock
        self._longest_age: Final = longest_age

    async def decrypted(self, app: HeldApp, who: SignedIn, encrypted: Encrypted) -> Payload:
        """The object, made for this user of this app just now.

        Raises Problem session_key_stale, decrypt_failed.
        """
        ring = await self._keys.ring(who)
        for key in ring:
            payload = self._opened(key, who, encrypted)
            if payload is not None:
                return payload
        raise await self._unknown_key(app, who, ring, DECRYPT_FAILED)

    async def profile(self, app: HeldApp, who: SignedIn, signed: Signed, encrypted: Encrypted) -> Payload:
        """The object of `decrypted`, which also is what `signed` says.

        Raises Problem session_key_stale, signature_mismatch, decrypt_failed.
        """
        ring = await self._keys.ring(who)
        fitting = [key for key in ring if _fits(signed, key)]
        for key in fitting:
            payload = self._opened(key, who, encrypted)
            if payload is not None and _agree(signed.raw_data, payload):
                return payload
        if fitting:
            raise _unusable()
        if any(self._opened(key, who, encrypted) is not None for key in ring):
            raise Problem(SIGNATURE_MISMATCH)
        raise await self._unknown_key(app, who, ring, SIGNATURE_MISMATCH)

    async def _unknown_key(
        self, app: HeldApp, who: SignedIn, ring: list[Secret], otherwise: ProblemKind
    ) -> Problem:
        """Why no key fits: because we do not have it, or because the data is at fault.

        A key may have fallen off a full ring. While none has, WeChat says whether the newest one is in force:
        then fresh data was made with it, and the data is at fault.
        """
        if not ring or len(ring) >= RING or not await self._keys.in_force(app, who, ring[0]):
            return Problem(SESSION_KEY_STALE)
        return _unusable() if otherwise is DECRYPT_FAILED else Problem(otherwise)

    def _opened(self, key: Secret, who: SignedIn, encrypted: Encrypted) -> Payload | None:
        """The object, if this key gives one that WeChat made for this user of this app just now."""
        plain = decrypt(key.reveal(), encrypted.data, encrypted.iv)
        # Without a good padding the same work is done on what cannot be JSON either.
        payload = _object(plain if plain is not None else encrypted.data)
        return payload if plain is not None and payload is not None and self._is_of(payload, who) else None

    def _is_of(self, payload: Payload, who: SignedIn) -> bool:
        watermark = payload.get("watermark")
        if not isinstance(watermark, dict) or watermark.get("appid") != who.session.appid:
            return False
        made = watermark.get("timestamp")
        if isinstance(made, bool) or not isinstance(made, int):
            return False
        if abs(self._clock.now() // SECOND - made) > self._longest_age:
            return False
        return bool(payload.get("openId", who.session.openid) == who.session.openid)


def _fits(signed: Signed, key: Secret) -> bool:
    ours = raw_data_signature(signed.raw_data, key.reveal())
    return hmac.compare_digest(ours.encode(), signed.signature.encode("utf-8", "surrogatepass"))


def _agree(raw_data: str, payload: Payload) -> bool:
    """Whether the decrypted object says all that was signed, and what it says beside that is WeChat's to say.

    Without a MAC the first block bends with the iv, names of fields included: a name that turned into another
    one must not get past the look at the openId.
    """
    raw = _object(raw_data.encode("utf-8", "surrogatepass"))
    if raw is None or any(name not in payload or payload[name] != value for name, value in raw.items()):
        return False
    return "openId" in payload or payload.keys() <= raw.keys() | _UNSIGNED


def _object(text: bytes) -> Payload | None:
    """A JSON object, or None. Raw control characters, which nicknames have contained, count as blanks."""
    for attempt in (text, text.translate(_CONTROLS)):
        try:
            value = _decode(attempt)
        except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
            continue
        return value if isinstance(value, dict) else None
    return None


def _unusable() -> Problem:
    return Problem(DECRYPT_FAILED, facts={"what": _UNUSABLE})
