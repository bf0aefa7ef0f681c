"""What is known of a person beside the WeChat identities: profile and phone number."""

from typing import Literal

import msgspec

from lingpai.model.user import User

ProfileSource = Literal["wechat", "person"]
"""Who vouches for it: WeChat (decrypted or from `sns/userinfo`), or the person who filled it in."""


class ProfileDetails(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """What WeChat once told of a person; since 2021-10 it answers 0 and empty texts. Stored as JSON."""

    gender: int = 0
    """0 unknown, 1 male, 2 female."""
    language: str = ""
    country: str = ""
    province: str = ""
    city: str = ""


class Profile(msgspec.Struct, frozen=True, kw_only=True):
    """A person's profile as it is on record."""

    user: User
    details: ProfileDetails = ProfileDetails()
    source: ProfileSource | None = None
    """Whose word the last change was; None: nothing was ever told."""
    updated_at: int | None = None


class ProfileChange(msgspec.Struct, frozen=True, kw_only=True):
    """New values for a profile; what is UNSET stays, None takes away."""

    nickname: str | msgspec.UnsetType | None = msgspec.UNSET
    avatar_url: str | msgspec.UnsetType | None = msgspec.UNSET
    details: ProfileDetails | msgspec.UnsetType = msgspec.UNSET
    source: ProfileSource
    at: int


class Phone(msgspec.Struct, frozen=True, kw_only=True):
    """A phone number WeChat vouched for. It is something known of a person, never a way to be somebody."""

    user_id: str
    sealed: bytes
    """A `PhoneNumber` as JSON, sealed."""
    blind_index: bytes
    """16 bytes, equal for equal numbers; by it a number is found without being readable."""
    code_digest: bytes | None
    """SHA-256 of the code it came by: the same client's retry costs nothing."""
    appid: str
    verified_at: int


class PhoneNumber(msgspec.Struct, frozen=True, kw_only=True):
    """A phone number in the clear; its repr shows nothing of it."""

    phone_number: str
    """As WeChat gives it: with the country code for foreign numbers only."""
    pure_phone_number: str
    country_code: str

    def __repr__(self) -> str:
        return "PhoneNumber(…)"


def phone_identity(user_id: str) -> str:
    """What a phone number is sealed for."""
    return f"phones|sealed|{user_id}"
