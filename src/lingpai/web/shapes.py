"""The shapes several routes answer with."""

from typing import Annotated, Any

import msgspec

from lingpai.model import Profile, SignedIn
from lingpai.sessions import TokenSet

THE_END = r"$(?!\n)"
"""The end of a text: Python's `$` alone also matches before a line break."""


class Unprinted(msgspec.Struct, frozen=True):
    """A shape that holds secrets: its repr shows none of its fields."""

    def __repr__(self) -> str:
        return f"{type(self).__name__}(…)"

    def __rich_repr__(self) -> list[tuple[str, Any]]:
        return []


Nonce = Annotated[
    str,
    msgspec.Meta(
        min_length=16,
        max_length=128,
        pattern=f"^[A-Za-z0-9+/=_-]+{THE_END}",
        description="128 random bits of the client, in hex or base64",
    ),
]


class UserAnswer(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """The person."""

    id: str
    openid: str
    unionid: str | None = None
    is_new: bool
    profile_complete: bool


class ProfileAnswer(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A person's profile; what nobody told is left out."""

    id: str
    nickname: str | None
    avatar_url: str | None
    profile_complete: bool
    gender: int = 0
    """1 male, 2 female; WeChat tells it no more since 2021-10."""
    language: str = ""
    country: str = ""
    province: str = ""
    city: str = ""
    source: str | None = None
    """`wechat` when WeChat vouched for the last change, `person` when it was filled in."""


class TokensAnswer(Unprinted, frozen=True, kw_only=True):
    """Tokens; lifetimes in seconds."""

    access_token: str
    token_type: str
    expires_in: int
    refresh_token: str
    refresh_expires_in: int
    user: UserAnswer


def user_answer(signed_in: SignedIn, *, is_new: bool = False) -> UserAnswer:
    """What a client learns of its own person."""
    return UserAnswer(
        id=signed_in.user.id,
        openid=signed_in.session.openid,
        unionid=signed_in.unionid,
        is_new=is_new,
        profile_complete=signed_in.user.profile_complete,
    )


def profile_answer(profile: Profile) -> ProfileAnswer:
    """What a client learns of its own person's profile."""
    return ProfileAnswer(
        id=profile.user.id,
        nickname=profile.user.nickname,
        avatar_url=profile.user.avatar_url,
        profile_complete=profile.user.profile_complete,
        source=profile.source,
        **msgspec.structs.asdict(profile.details),
    )


def tokens_answer(tokens: TokenSet) -> TokensAnswer:
    """What a sign-in or a refresh answers."""
    return TokensAnswer(
        access_token=tokens.access_token,
        token_type="Bearer",  # noqa: S106  RFC 6750's word, not a password
        expires_in=tokens.expires_in,
        refresh_token=tokens.refresh_token,
        refresh_expires_in=tokens.refresh_expires_in,
        user=user_answer(tokens.signed_in, is_new=tokens.is_new),
    )
