"""Everything about one person as one document (PIPL art. 45, GDPR art. 20)."""

import base64
from typing import Final, Literal

import msgspec

from lingpai.accounts.avatars import AVATARS, Avatars
from lingpai.accounts.portraits import Portrait, Portraits
from lingpai.clock import Clock, rfc3339
from lingpai.model import Identity, LoginEvent, ProfileDetails, ProfileSource, Session
from lingpai.observe import logger
from lingpai.storage.port import Store

By = Literal["self", "operator"]
_EVERY: Final = 1_000_000
"""More logins than anybody has in the days that are kept."""


class ExportedProfile(msgspec.Struct, frozen=True, kw_only=True):
    """What the person told, or let WeChat tell."""

    nickname: str | None
    avatar_url: str | None
    avatar_jpeg: str | None
    """The picture itself in base64, when it is kept by us."""
    details: ProfileDetails
    source: ProfileSource | None
    updated_at: str | None


class ExportedPhone(msgspec.Struct, frozen=True, kw_only=True):
    """The phone number, in the clear. Its repr shows nothing of it."""

    phone_number: str
    pure_phone_number: str
    country_code: str
    verified_at: str

    def __repr__(self) -> str:
        return "ExportedPhone(…)"


class ExportedIdentity(msgspec.Struct, frozen=True, kw_only=True):
    """What WeChat calls the person at one app."""

    app: str
    openid: str
    unionid: str | None
    first_seen_at: str


class ExportedSession(msgspec.Struct, frozen=True, kw_only=True):
    """One sign-in."""

    id: str
    app: str
    began_at: str
    expires_at: str
    ended_at: str | None
    end_reason: str | None
    user_agent: str


class ExportedLogin(msgspec.Struct, frozen=True, kw_only=True):
    """A line of the login history."""

    at: str
    app: str
    result: str
    session: str | None
    request_id: str


class PersonExport(msgspec.Struct, frozen=True, kw_only=True):
    """One person, whole. Times are RFC 3339, UTC. Tokens and keys are not about the person and are left out."""

    user: str
    """Our id of the person."""
    since: str
    exported_at: str
    profile: ExportedProfile
    phone: ExportedPhone | None
    identities: list[ExportedIdentity]
    sessions: list[ExportedSession]
    logins: list[ExportedLogin]


class Exports:
    """Puts the document together."""

    def __init__(self, store: Store, portraits: Portraits, avatars: Avatars, clock: Clock) -> None:
        self._store: Final = store
        self._portraits: Final = portraits
        self._avatars: Final = avatars
        self._clock: Final = clock

    async def of(self, user_id: str, by: By) -> PersonExport | None:
        """None when there is no such user. Raises Problem avatar_store_unavailable, SealBrokenError."""
        portrait = await self._portraits.of(user_id)
        if portrait is None:
            return None
        sessions = await self._store.sessions.of_user(user_id)
        logins = await self._store.logins.recent(_EVERY, user_id=user_id)
        document = PersonExport(
            user=user_id,
            since=rfc3339(portrait.profile.user.created_at),
            exported_at=rfc3339(self._clock.now()),
            profile=await self._profile(portrait),
            phone=_phone(portrait),
            identities=[_identity(each) for each in portrait.identities],
            sessions=[_session(each) for each in sessions],
            logins=[_login(each) for each in logins],
        )
        logger().info("user_exported", user_id=user_id, by=by, phone=portrait.phone is not None)
        return document

    async def _profile(self, portrait: Portrait) -> ExportedProfile:
        profile = portrait.profile
        url = profile.user.avatar_url
        picture = None
        if url is not None and url.startswith(AVATARS):
            picture = await self._avatars.get(url.removeprefix(AVATARS))
        return ExportedProfile(
            nickname=profile.user.nickname,
            avatar_url=url,
            avatar_jpeg=None if picture is None else base64.b64encode(picture).decode(),
            details=profile.details,
            source=profile.source,
            updated_at=_perhaps(profile.updated_at),
        )


def _phone(portrait: Portrait) -> ExportedPhone | None:
    number, at = portrait.phone, portrait.phone_verified_at
    if number is None or at is None:
        return None
    return ExportedPhone(
        phone_number=number.phone_number,
        pure_phone_number=number.pure_phone_number,
        country_code=number.country_code,
        verified_at=rfc3339(at),
    )


def _identity(identity: Identity) -> ExportedIdentity:
    return ExportedIdentity(
        app=identity.appid,
        openid=identity.openid,
        unionid=identity.unionid,
        first_seen_at=rfc3339(identity.created_at),
    )


def _session(session: Session) -> ExportedSession:
    return ExportedSession(
        id=session.id,
        app=session.appid,
        began_at=rfc3339(session.created_at),
        expires_at=rfc3339(session.expires_at),
        ended_at=_perhaps(session.ended_at),
        end_reason=session.end_reason,
        user_agent=session.user_agent,
    )


def _login(event: LoginEvent) -> ExportedLogin:
    return ExportedLogin(
        at=rfc3339(event.at),
        app=event.appid,
        result=event.result,
        session=event.session_id,
        request_id=event.request_id,
    )


def _perhaps(instant: int | None) -> str | None:
    return None if instant is None else rfc3339(instant)
