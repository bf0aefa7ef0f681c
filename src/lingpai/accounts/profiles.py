"""A person's profile: what WeChat says of somebody is kept, what it says of nobody is not."""

from typing import Final

import msgspec

from lingpai.clock import Clock
from lingpai.errors import Problem, Words
from lingpai.errors.catalogue import SESSION_INVALID
from lingpai.model import Profile, ProfileChange, ProfileDetails
from lingpai.storage.port import Store

ANONYMOUS_NICKNAMES: Final = frozenset({"微信用户", "WeChat User", "WeChat user"})
"""What WeChat calls everybody since 2021-04 (getUserInfo) and 2022-11 (getUserProfile)."""

_GONE: Final = Words("The account was erased.", "账号已被删除。")
_LONGEST_NICKNAME: Final = 200
_LONGEST_URL: Final = 1000
_LONGEST_WORD: Final = 100


class WeChatProfile(msgspec.Struct, frozen=True, kw_only=True):
    """A `userInfo` as WeChat gives it; what is missing or of another type counts as not told."""

    nickname: str = ""
    avatar_url: str = ""
    details: ProfileDetails = ProfileDetails()

    @property
    def anonymous(self) -> bool:
        """Whether it is the name and the grey picture that WeChat gives for everybody."""
        return self.nickname in ANONYMOUS_NICKNAMES


class Profiles:
    """Reads and keeps profiles."""

    def __init__(self, store: Store, clock: Clock) -> None:
        self._store: Final = store
        self._clock: Final = clock

    async def get(self, user_id: str) -> Profile:
        """Raises Problem session_invalid when the person was erased meanwhile."""
        return _there(await self._store.users.profile(user_id))

    async def keep(self, user_id: str, told: WeChatProfile) -> Profile:
        """Store what WeChat vouched for; the anonymous answer changes nothing.

        Raises Problem session_invalid when the person was erased meanwhile.
        """
        if told.anonymous:
            return await self.get(user_id)
        change = ProfileChange(
            nickname=told.nickname or msgspec.UNSET,
            avatar_url=told.avatar_url or msgspec.UNSET,
            details=told.details,
            source="wechat",
            at=self._clock.now(),
        )
        return _there(await self._store.users.put_profile(user_id, change))


def from_user_info(told: dict[str, object]) -> WeChatProfile:
    """The `userInfo` of `wx.getUserProfile` and `wx.getUserInfo`: WeChat's camelCase, cut to what we store."""
    gender = told.get("gender")
    return WeChatProfile(
        nickname=_text(told.get("nickName"), _LONGEST_NICKNAME),
        avatar_url=_web_address(told.get("avatarUrl")),
        details=ProfileDetails(
            gender=gender if isinstance(gender, int) and gender in (1, 2) else 0,
            language=_text(told.get("language"), _LONGEST_WORD),
            country=_text(told.get("country"), _LONGEST_WORD),
            province=_text(told.get("province"), _LONGEST_WORD),
            city=_text(told.get("city"), _LONGEST_WORD),
        ),
    )


def _text(value: object, longest: int) -> str:
    """Control characters have been seen in nicknames; a lone surrogate fits into no database."""
    if not isinstance(value, str):
        return ""
    clean = "".join(c for c in value if c.isprintable() or c == "\u200d")
    return clean.encode("utf-8", "ignore").decode().strip()[:longest]


def _web_address(value: object) -> str:
    """WeChat's pictures are at http(s) addresses; anything else could run in somebody's page."""
    text = _text(value, _LONGEST_URL + 1)
    return text if text.startswith(("https://", "http://")) and len(text) <= _LONGEST_URL else ""


def _there(profile: Profile | None) -> Profile:
    if profile is None:
        raise Problem(SESSION_INVALID, facts={"what": _GONE})
    return profile
