"""What WeChat lets an app know of its user (开放数据): profile, phone number, and whatever else comes encrypted."""

from typing import Annotated, Any, Final

import msgspec

from lingpai.accounts import from_user_info
from lingpai.errors import ProblemKind, Words
from lingpai.errors.catalogue import (
    APP_UNKNOWN,
    BODY_TOO_LARGE,
    CODE_INVALID,
    INVALID_REQUEST,
    RATE_LIMITED,
    SESSION_INVALID,
    STORAGE_UNAVAILABLE,
)
from lingpai.errors.catalogue_open_data import (
    DECRYPT_FAILED,
    PHONE_CODE_EXPECTED,
    SESSION_KEY_STALE,
    SIGNATURE_MISMATCH,
    WATERMARK_MISMATCH,
)
from lingpai.errors.catalogue_wechat import (
    WECHAT_BUSY,
    WECHAT_CREDENTIALS,
    WECHAT_IP_NOT_ALLOWED,
    WECHAT_QUOTA,
    WECHAT_RATE_LIMITED,
)
from lingpai.keeper import HeldApp
from lingpai.model import PhoneNumber, SignedIn
from lingpai.sessions import Signed, read_encrypted
from lingpai.web.answering import Answer, json_answer
from lingpai.web.call import Call
from lingpai.web.endpoint import Endpoint
from lingpai.web.reading import JsonReader, invalid
from lingpai.web.rooms import Rooms
from lingpai.web.shapes import THE_END, ProfileAnswer, Unprinted, profile_answer
from lingpai.web.signed_in import signed_in_at

_LONGEST: Final = 12_288

EncryptedData = Annotated[
    str,
    msgspec.Meta(min_length=1, max_length=_LONGEST, description="as WeChat gave it: base64, AES-128-CBC"),
]
Iv = Annotated[
    str, msgspec.Meta(min_length=1, max_length=128, description="as WeChat gave it: base64 of 16 bytes")
]


class ProfileRequest(Unprinted, frozen=True, kw_only=True, forbid_unknown_fields=True, rename="camel"):
    """The result of `wx.getUserProfile` or `wx.getUserInfo`."""

    raw_data: Annotated[
        str, msgspec.Meta(min_length=2, max_length=_LONGEST, description="the text itself, unchanged")
    ]
    signature: Annotated[str, msgspec.Meta(min_length=1, max_length=128)]
    encrypted_data: EncryptedData
    iv: Iv


class DecryptRequest(Unprinted, frozen=True, kw_only=True, forbid_unknown_fields=True, rename="camel"):
    """Encrypted data of any `wx.*` call: group ids, run data and the rest."""

    encrypted_data: EncryptedData
    iv: Iv


class PhoneRequest(Unprinted, frozen=True, kw_only=True, forbid_unknown_fields=True, rename="camel"):
    """`e.detail` of the phone button: the code; or the old way, where the app's settings allow it."""

    code: (
        Annotated[
            str,
            msgspec.Meta(
                min_length=1,
                max_length=256,
                pattern=f"^[ -~]+{THE_END}",
                description="of the phone button, not of wx.login; five minutes, once",
            ),
        ]
        | None
    ) = None
    encrypted_data: EncryptedData | None = None
    iv: Iv | None = None


class PhoneAnswer(Unprinted, frozen=True, kw_only=True):
    """The caller's own phone number."""

    phone_number: str
    """With the country code for foreign numbers only."""
    pure_phone_number: str
    country_code: str


_SIGNED_IN: Final = (INVALID_REQUEST, BODY_TOO_LARGE, APP_UNKNOWN, SESSION_INVALID, STORAGE_UNAVAILABLE)
_DATA: Final = (SESSION_KEY_STALE, DECRYPT_FAILED)
_WECHAT: Final[tuple[ProblemKind, ...]] = (
    WECHAT_BUSY,
    WECHAT_RATE_LIMITED,
    WECHAT_QUOTA,
    WECHAT_CREDENTIALS,
    WECHAT_IP_NOT_ALLOWED,
)


def endpoints(rooms: Rooms) -> list[Endpoint]:
    """The endpoints of this file."""
    routes = _OpenDataRoutes(rooms)
    return [
        Endpoint(
            method="POST",
            path="/v1/{app}/profile",
            records="profile",
            handle=routes.profile,
            auth="access_token",
            summary=Words("Hand over a profile that WeChat signed", "提交微信签名的用户资料"),
            body=ProfileRequest,
            answer=ProfileAnswer,
            problems=(*_SIGNED_IN, *_DATA, SIGNATURE_MISMATCH),
        ),
        Endpoint(
            method="POST",
            path="/v1/{app}/phone",
            records="phone",
            handle=routes.phone,
            auth="access_token",
            summary=Words("Hand over a code of the phone button", "提交手机号按钮返回的 code"),
            body=PhoneRequest,
            answer=PhoneAnswer,
            problems=(
                *_SIGNED_IN,
                *_DATA,
                PHONE_CODE_EXPECTED,
                CODE_INVALID,
                WATERMARK_MISMATCH,
                RATE_LIMITED,
                *_WECHAT,
            ),
        ),
        Endpoint(
            method="POST",
            path="/v1/{app}/decrypt",
            records="decrypt",
            handle=routes.decrypt,
            auth="access_token",
            summary=Words("Read encrypted data of WeChat", "解密微信加密数据"),
            body=DecryptRequest,
            answer=dict[str, Any],
            problems=(*_SIGNED_IN, *_DATA, PHONE_CODE_EXPECTED),
        ),
    ]


class _OpenDataRoutes:
    def __init__(self, rooms: Rooms) -> None:
        self._rooms: Final = rooms
        self._read_profile: Final = JsonReader(ProfileRequest, limit=2 * 16_384).read
        self._read_phone: Final = JsonReader(PhoneRequest).read
        self._read_decrypt: Final = JsonReader(DecryptRequest).read

    async def _person(self, call: Call) -> tuple[HeldApp, SignedIn]:
        app, who = await signed_in_at(self._rooms, call)
        self._rooms.gate.person(app.app.appid, who.session.openid)
        return app, who

    async def profile(self, call: Call) -> Answer:
        app, who = await self._person(call)
        body = await self._read_profile(call)
        encrypted = read_encrypted(body.encrypted_data, body.iv)
        signed = Signed(body.raw_data, body.signature)
        told = await self._rooms.open_data.profile(app, who, signed, encrypted)
        profile = await self._rooms.profiles.keep(who.user.id, from_user_info(told))
        return json_answer(profile_answer(profile))

    async def phone(self, call: Call) -> Answer:
        app, who = await self._person(call)
        body = await self._read_phone(call)
        phones = self._rooms.phones
        if body.code is not None and body.encrypted_data is None and body.iv is None:
            address = self._rooms.proxies.client_of(call)
            return json_answer(_told(await phones.by_code(app, who, body.code, address)))
        if body.code is not None or body.encrypted_data is None or body.iv is None:
            raise invalid("send code alone, or encryptedData and iv")
        phones.refuse_data(app)
        encrypted = read_encrypted(body.encrypted_data, body.iv)
        payload = await self._rooms.open_data.decrypted(app, who, encrypted)
        return json_answer(_told(await phones.by_data(app, who, payload)))

    async def decrypt(self, call: Call) -> Answer:
        app, who = await self._person(call)
        body = await self._read_decrypt(call)
        encrypted = read_encrypted(body.encrypted_data, body.iv)
        payload = await self._rooms.open_data.decrypted(app, who, encrypted)
        if "phoneNumber" in payload:
            self._rooms.phones.refuse_data(app)
        return json_answer(payload)


def _told(number: PhoneNumber) -> PhoneAnswer:
    return PhoneAnswer(
        phone_number=number.phone_number,
        pure_phone_number=number.pure_phone_number,
        country_code=number.country_code,
    )
