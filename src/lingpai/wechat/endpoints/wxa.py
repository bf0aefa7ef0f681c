"""What does WeChat say about a mini program's session_key and phone codes? (``/wxa/*``)"""

from typing import Annotated, ClassVar

from msgspec import Meta
from msgspec.structs import force_setattr

from lingpai.wechat._endpoint import Endpoint, Wire

SessionKey = Annotated[str, Meta(pattern=r"\A[A-Za-z0-9+/]{21}[AQgw]==\Z")]
PhoneText = Annotated[str, Meta(pattern=r"\A[0-9+ -]{3,32}\Z")]
CountryCode = Annotated[str, Meta(pattern=r"\A[0-9]{1,8}\Z")]


class SessionKeyRequest(Wire, frozen=True):
    """``signature``: `session_key_signature` of the key in question, over an empty message."""

    hidden: ClassVar[frozenset[str]] = frozenset({"access_token", "signature"})

    access_token: str
    openid: str
    signature: str
    sig_method: str = "hmac_sha256"


class SessionKeyChecked(Wire, frozen=True):
    """The key is the one WeChat has. There is nothing more to a success."""


# https://developers.weixin.qq.com/miniprogram/dev/server/API/user-login/api_checksessionkey
# Refusals to expect: 87009 (not the present key), 87007, 40003; those of the access_token.
WXA_CHECKSESSION = Endpoint(
    method="GET", path="/wxa/checksession", request=SessionKeyRequest, answer=SessionKeyChecked
)


class SessionKeyReset(Wire, frozen=True):
    """The new key; it lives no longer than the old one would have, which is dead now."""

    hidden: ClassVar[frozenset[str]] = frozenset({"session_key"})

    openid: str
    session_key: SessionKey


# https://developers.weixin.qq.com/miniprogram/dev/server/API/user-login/api_resetusersessionkey
# Refusals to expect: 87009, 87007, 45011 (too often for one person); those of the access_token.
WXA_RESETUSERSESSIONKEY = Endpoint(
    method="GET", path="/wxa/resetusersessionkey", request=SessionKeyRequest, answer=SessionKeyReset
)


class PhoneNumberRequest(Wire, frozen=True):
    """``code`` comes from the phone button, lives five minutes and can be used once; it is not the login code.

    ``openid``: whose code it has to be; WeChat compares.
    """

    hidden: ClassVar[frozenset[str]] = frozenset({"access_token", "code"})

    access_token: str
    code: str
    openid: str | None = None


class Watermark(Wire, frozen=True):
    """Whose data it is, and when it was made, in seconds."""

    appid: str
    timestamp: int


class PhoneInfo(Wire, frozen=True, rename="camel"):
    """``phone_number`` carries the country code for foreign numbers only; ``country_code`` comes as text or number."""

    hidden: ClassVar[frozenset[str]] = frozenset({"phone_number", "pure_phone_number"})

    phone_number: PhoneText
    pure_phone_number: PhoneText
    watermark: Watermark
    country_code: CountryCode | int = ""

    def __post_init__(self) -> None:
        if isinstance(self.country_code, int):
            force_setattr(self, "country_code", str(self.country_code))


class PhoneNumberTold(Wire, frozen=True):
    """The person's phone number at WeChat."""

    hidden: ClassVar[frozenset[str]] = frozenset({"phone_info"})

    phone_info: PhoneInfo


# https://developers.weixin.qq.com/miniprogram/dev/server/API/user-info/phone-number/api_getphonenumber
# Refusals to expect: 40029 (code), 40013 (another app's code), 45011; those of the access_token. The errcode for
# an openid that the code does not belong to is not published.
WXA_BUSINESS_GETUSERPHONENUMBER = Endpoint(
    method="POST",
    path="/wxa/business/getuserphonenumber",
    request=PhoneNumberRequest,
    answer=PhoneNumberTold,
)
