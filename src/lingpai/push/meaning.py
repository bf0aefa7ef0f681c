"""What an event asks of us: which fields of whom, or nothing.

https://developers.weixin.qq.com/miniprogram/dev/server/event_push/platform/authorized_user_information_changes
(1 to 20), …/doc/service/guide/h5/authorization_change (201 to 207), …/oplatform/Website_App/…/authorization_change (301).
"""

import re
from typing import Any, Final, Literal

import msgspec

from lingpai.model import Forgettable
from lingpai.push.fields import text_of

Ask = Literal["revoke", "modified", "cancel", "other"]

_ASKS: Final[dict[str, Ask]] = {
    "user_authorization_revoke": "revoke",
    "user_info_modified": "modified",
    "user_authorization_cancellation": "cancel",
}
_NAMES: Final[tuple[Forgettable, ...]] = ("nickname", "avatar", "details")
FORGET: Final[dict[str, tuple[Forgettable, ...]]] = {
    "6": _NAMES,
    "8": ("phone",),
    "19": ("nickname",),
    "20": ("avatar",),
    "205": _NAMES,
    "301": (*_NAMES, "phone"),
}
"""What is kept here of that which a number of `RevokeInfo` stands for. The others stand for what is never stored."""
_OPENID: Final = re.compile(r"[A-Za-z0-9_-]{1,64}")
_NUMBER: Final = re.compile(r"[0-9]{1,6}")


class Meaning(msgspec.Struct, frozen=True, kw_only=True):
    """An event understood."""

    ask: Ask
    openid: str | None
    """Whom it concerns; None: nobody is named."""
    revoked: tuple[str, ...] = ()
    """WeChat's numbers."""

    @property
    def forget(self) -> tuple[Forgettable, ...]:
        """The fields to erase, each once."""
        return tuple(dict.fromkeys(field for number in self.revoked for field in FORGET.get(number, ())))


def meaning(name: str, fields: dict[str, Any]) -> Meaning:
    """What this event asks for."""
    ask = _ASKS.get(name, "other")
    # FromUserName is WeChat's own push service in these events: only OpenID names a person.
    openid = text_of(fields, "OpenID") if ask != "other" else ""
    revoked = tuple(_NUMBER.findall(text_of(fields, "RevokeInfo"))) if ask == "revoke" else ()
    return Meaning(ask=ask, openid=openid if _OPENID.fullmatch(openid) else None, revoked=revoked)
