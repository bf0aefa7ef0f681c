"""Nickname and avatar of somebody who signs in by a browser: read when missing or old, asked for only then."""

from typing import Final

import msgspec

from lingpai.accounts.profiles import Profiles, WeChatProfile, from_user_info
from lingpai.clock import DAY, SECOND, Clock
from lingpai.errors import Problem
from lingpai.keeper import HeldApp, WeChatCalls
from lingpai.model import Grant, Profile, SignedIn, UserToken, user_token_identity
from lingpai.observe import logger
from lingpai.secret import SealBrokenError, Sealer
from lingpai.storage.port import Store
from lingpai.wechat import Errcode
from lingpai.wechat.endpoints.sns import (
    SNS_OAUTH2_REFRESH_TOKEN,
    SNS_USERINFO,
    OAuth2RefreshTokenRequest,
    UserInfoRequest,
)

REFRESH_LIFE: Final = 30 * DAY
"""How long WeChat's refresh_token lives, from the consent on; using it does not prolong it."""
_CONSENT_IS_OVER: Final = frozenset(
    {
        Errcode.INVALID_REFRESH_TOKEN,
        Errcode.REFRESH_TOKEN_EXPIRED,
        Errcode.PASSWORD_CHANGED,
        Errcode.INVALID_CREDENTIAL,
        Errcode.ACCESS_TOKEN_EXPIRED,
        Errcode.INVALID_OPENID,
        Errcode.API_UNAUTHORIZED,
    }
)


class _Tokens(msgspec.Struct, frozen=True):
    """What is sealed of a grant."""

    access_token: str
    refresh_token: str

    def __repr__(self) -> str:
        return "_Tokens(…)"


class ProfileReading:
    """Keeps the tokens of a consent, and reads profiles with them for as long as they live."""

    def __init__(
        self, store: Store, sealer: Sealer, calls: WeChatCalls, profiles: Profiles, clock: Clock
    ) -> None:
        self._store: Final = store
        self._sealer: Final = sealer
        self._calls: Final = calls
        self._profiles: Final = profiles
        self._clock: Final = clock

    async def keep(self, appid: str, openid: str, grant: Grant) -> None:
        """Seal the tokens of a consent. Raises StorageUnavailableError."""
        now = self._clock.now()
        await self._put(
            appid,
            openid,
            _Tokens(grant.access_token.reveal(), grant.refresh_token.reveal()),
            access_expires_at=now + grant.expires_in * SECOND,
            refresh_expires_at=now + REFRESH_LIFE,
        )

    async def is_fresh(self, app: HeldApp, signed_in: SignedIn) -> bool:
        """Whether nothing has to be read: both are there, and what WeChat told is not old."""
        profile = await self._profiles.get(signed_in.user.id)
        if not profile.user.profile_complete:
            return False
        told_at = profile.updated_at if profile.source == "wechat" else None
        return told_at is None or self._clock.now() - told_at < app.app.settings.profile_days * DAY

    async def read(self, signed_in: SignedIn, language: str) -> bool:
        """Read the profile with the tokens of an earlier or the present consent.

        False: there is no consent (any more); the person has to be asked. Trouble at WeChat is no reason
        to ask anybody, and none to refuse a login: then the profile stays as it was.
        """
        appid, openid = signed_in.session.appid, signed_in.session.openid
        row = await self._store.browser_logins.user_token(appid, openid)
        if row is None or row.refresh_expires_at <= self._clock.now():
            return False
        try:
            tokens = await self._current(row)
            if tokens is None:
                return False
            ask = UserInfoRequest(
                access_token=tokens.access_token,
                openid=openid,
                lang="zh_CN" if language == "zh" else "en",
            )
            told = await self._calls.call(SNS_USERINFO, ask, appid)
        except Problem as trouble:
            if trouble.wechat is not None and trouble.wechat.errcode in _CONSENT_IS_OVER:
                return False
            logger().warning("profile_unread", app=appid, code=trouble.code, private=trouble.private)
            return True
        await self._keep(
            signed_in,
            from_user_info(
                {
                    "nickName": told.nickname,
                    "avatarUrl": told.headimgurl,
                    "gender": told.sex,
                    "language": told.language,
                    "country": told.country,
                    "province": told.province,
                    "city": told.city,
                }
            ),
        )
        return True

    async def _keep(self, signed_in: SignedIn, told: WeChatProfile) -> None:
        """What people wrote themselves is theirs; WeChat's word fills what they left empty."""
        profile: Profile = await self._profiles.get(signed_in.user.id)
        if profile.source == "person":
            told = msgspec.structs.replace(
                told,
                nickname="" if profile.user.nickname else told.nickname,
                avatar_url="" if profile.user.avatar_url else told.avatar_url,
            )
            if not (told.nickname or told.avatar_url):
                return
        await self._profiles.keep(signed_in.user.id, told)

    async def _current(self, row: UserToken) -> _Tokens | None:
        await self._sealer.prepare(row.sealed)
        try:
            opened = self._sealer.open(row.sealed, user_token_identity(row.appid, row.openid))
        except SealBrokenError:
            return None
        tokens = msgspec.json.decode(opened, type=_Tokens)
        if row.access_expires_at > self._clock.now():
            return tokens
        request = OAuth2RefreshTokenRequest(appid=row.appid, refresh_token=tokens.refresh_token)
        answer = await self._calls.call(SNS_OAUTH2_REFRESH_TOKEN, request, row.appid)
        renewed = _Tokens(answer.access_token, answer.refresh_token)
        await self._put(
            row.appid,
            row.openid,
            renewed,
            access_expires_at=self._clock.now() + answer.expires_in * SECOND,
            refresh_expires_at=row.refresh_expires_at,
        )
        return renewed

    async def _put(
        self, appid: str, openid: str, tokens: _Tokens, *, access_expires_at: int, refresh_expires_at: int
    ) -> None:
        sealed = self._sealer.seal(msgspec.json.encode(tokens), user_token_identity(appid, openid))
        await self._store.browser_logins.put_user_token(
            UserToken(
                appid=appid,
                openid=openid,
                sealed=sealed,
                access_expires_at=access_expires_at,
                refresh_expires_at=refresh_expires_at,
            )
        )
