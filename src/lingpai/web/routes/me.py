"""One's own account: looking at it and filling it in."""

from typing import Annotated, Final

import msgspec
from msgspec.structs import replace

from lingpai.accounts import AVATARS, LARGEST, Portrait
from lingpai.clock import rfc3339
from lingpai.errors import Problem, Words
from lingpai.errors.catalogue import BODY_TOO_LARGE, INVALID_REQUEST, SESSION_INVALID, STORAGE_UNAVAILABLE
from lingpai.errors.catalogue_accounts import (
    AVATAR_BUSY,
    AVATAR_BY_UPLOAD,
    AVATAR_REFUSED,
    AVATAR_STORE_UNAVAILABLE,
    AVATAR_TOO_LARGE,
    NICKNAME_ANONYMOUS,
    NICKNAME_REFUSED,
)
from lingpai.model import SignedIn
from lingpai.web.answering import Answer, json_answer
from lingpai.web.call import Call
from lingpai.web.endpoint import Endpoint
from lingpai.web.reading import JsonReader
from lingpai.web.rooms import Rooms
from lingpai.web.shapes import ProfileAnswer, Unprinted, profile_answer
from lingpai.web.signed_in import signed_in
from lingpai.web.uploads import uploaded

_LONGEST_SENT: Final = 256
_PICTURES: Final = ("image/jpeg", "image/png", "image/webp", "image/gif")


class ChangeRequest(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What the person fills in; what is left out stays."""

    nickname: (
        Annotated[str, msgspec.Meta(max_length=_LONGEST_SENT, description="null takes it away")]
        | msgspec.UnsetType
        | None
    ) = msgspec.UNSET


class OwnPhoneAnswer(Unprinted, frozen=True, kw_only=True):
    """The caller's own phone number, in full."""

    phone_number: str
    pure_phone_number: str
    country_code: str
    verified_at: str


class IdentityAnswer(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """What WeChat calls the person at one app."""

    app: str
    openid: str
    unionid: str | None = None


class MeAnswer(ProfileAnswer, frozen=True, kw_only=True, omit_defaults=True):
    """The caller's own account."""

    phone: OwnPhoneAnswer | None = None
    identities: list[IdentityAnswer]
    created_at: str


_OF_A_PERSON: Final = (SESSION_INVALID, STORAGE_UNAVAILABLE)
_OF_A_CHANGE: Final = (
    INVALID_REQUEST,
    BODY_TOO_LARGE,
    NICKNAME_REFUSED,
    NICKNAME_ANONYMOUS,
    AVATAR_BY_UPLOAD,
    *_OF_A_PERSON,
)
_OF_A_PICTURE: Final = (AVATAR_REFUSED, AVATAR_TOO_LARGE, AVATAR_BUSY, AVATAR_STORE_UNAVAILABLE)


def endpoints(rooms: Rooms) -> list[Endpoint]:
    """The endpoints of this file."""
    routes = _MeRoutes(rooms)
    return [
        Endpoint(
            method="GET",
            path="/v1/me",
            handle=routes.show,
            auth="access_token",
            summary=Words("One's own account", "查看自己的账号"),
            answer=MeAnswer,
            problems=_OF_A_PERSON,
        ),
        Endpoint(
            method="PATCH",
            path="/v1/me",
            handle=routes.change,
            auth="access_token",
            summary=Words("Fill in a nickname", "填写昵称"),
            body=ChangeRequest,
            answer=MeAnswer,
            problems=_OF_A_CHANGE,
        ),
        Endpoint(
            method="POST",
            path="/v1/me",
            handle=routes.change,
            auth="access_token",
            summary=Words(
                "The same as PATCH, which wx.request cannot send",
                "与 PATCH 相同，供不支持 PATCH 的 wx.request 使用",
            ),
            body=ChangeRequest,
            answer=MeAnswer,
            problems=_OF_A_CHANGE,
        ),
        Endpoint(
            method="PUT",
            path="/v1/me/avatar",
            handle=routes.picture,
            auth="access_token",
            summary=Words("Upload an avatar: the picture is the body", "上传头像：请求体即图片"),
            upload=_PICTURES,
            answer=MeAnswer,
            problems=(INVALID_REQUEST, *_OF_A_PICTURE, *_OF_A_PERSON),
        ),
        Endpoint(
            method="POST",
            path="/v1/me/avatar",
            handle=routes.picture,
            auth="access_token",
            summary=Words(
                "Upload an avatar as wx.uploadFile does: a form with the field file",
                "上传头像：wx.uploadFile 的表单，字段名为 file",
            ),
            upload=("multipart/form-data",),
            answer=MeAnswer,
            problems=(INVALID_REQUEST, *_OF_A_PICTURE, *_OF_A_PERSON),
        ),
    ]


class _MeRoutes:
    def __init__(self, rooms: Rooms) -> None:
        self._rooms: Final = rooms
        self._read_change: Final = JsonReader(ChangeRequest)

    async def show(self, call: Call) -> Answer:
        who = await signed_in(self._rooms, call)
        return await self._own(who)

    async def change(self, call: Call) -> Answer:
        who = await signed_in(self._rooms, call)
        body = await self._changes(call)
        if body.nickname is not msgspec.UNSET:
            await self._rooms.naming.name(who.user.id, body.nickname)
        return await self._own(who)

    async def picture(self, call: Call) -> Answer:
        who = await signed_in(self._rooms, call)
        await self._rooms.avatars.put(who.user.id, await uploaded(call, LARGEST))
        return await self._own(who)

    async def _changes(self, call: Call) -> ChangeRequest:
        body = await call.body(self._read_change.limit)
        try:
            return self._read_change.parse(body)
        except Problem:
            if _names_avatar_url(body):
                raise Problem(AVATAR_BY_UPLOAD) from None
            raise

    async def _own(self, who: SignedIn) -> Answer:
        """The account as it is now, which every look at the session shows from here on, too."""
        portrait = await self._rooms.portraits.own(who.user.id)
        self._rooms.running.started(replace(who, user=portrait.profile.user))
        return json_answer(_me(portrait, self._rooms.public_url))


def _me(portrait: Portrait, public_url: str) -> MeAnswer:
    profile = msgspec.structs.asdict(profile_answer(portrait.profile))
    url = portrait.profile.user.avatar_url
    if url is not None and url.startswith(AVATARS):
        profile["avatar_url"] = public_url + url
    return MeAnswer(
        **profile,
        phone=_phone(portrait),
        identities=[
            IdentityAnswer(app=each.appid, openid=each.openid, unionid=each.unionid)
            for each in portrait.identities
        ],
        created_at=rfc3339(portrait.profile.user.created_at),
    )


def _phone(portrait: Portrait) -> OwnPhoneAnswer | None:
    number, at = portrait.phone, portrait.phone_verified_at
    if number is None or at is None:
        return None
    return OwnPhoneAnswer(
        phone_number=number.phone_number,
        pure_phone_number=number.pure_phone_number,
        country_code=number.country_code,
        verified_at=rfc3339(at),
    )


def _names_avatar_url(body: bytes) -> bool:
    """Whether somebody tried to set the avatar by its address."""
    try:
        told = msgspec.json.decode(body)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        return False
    return isinstance(told, dict) and "avatar_url" in told
