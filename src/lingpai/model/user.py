"""A person, and the names WeChat has for that person."""

import msgspec


class User(msgspec.Struct, frozen=True, kw_only=True):
    """One human across all apps of one open-platform account."""

    id: str
    created_at: int
    nickname: str | None = None
    avatar_url: str | None = None

    @property
    def profile_complete(self) -> bool:
        """Whether the person has given both a nickname and an avatar."""
        return bool(self.nickname and self.avatar_url)


class Identity(msgspec.Struct, frozen=True, kw_only=True):
    """A user's openid at one app, with the unionid that came with it."""

    appid: str
    openid: str
    user_id: str
    unionid: str | None
    created_at: int
