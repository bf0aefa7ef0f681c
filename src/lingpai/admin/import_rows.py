"""Reading a row of another table: which column means what, what of it counts, why a row is refused."""

import datetime as dt
import re
from collections.abc import Mapping
from typing import Any, Final

import msgspec

from lingpai.accounts import from_user_info
from lingpai.clock import SECOND
from lingpai.ids import new_id
from lingpai.model import ImportedPerson
from lingpai.secret import random_bytes

FIELDS: Final = {
    "openid": ("openid", "wxopenid"),
    "unionid": ("unionid", "wxunionid"),
    "nickname": ("nickname",),
    "avatar_url": ("avatarurl", "avatar", "headimgurl", "headimg"),
    "gender": ("gender", "sex"),
    "language": ("language",),
    "country": ("country",),
    "province": ("province",),
    "city": ("city",),
    "created_at": ("createdat", "createtime", "createdtime", "gmtcreate", "createdate"),
}
"""What is taken over, and how columns for it are called when nobody says: without `_`, whatever their case."""
GREY_AVATARS: Final = (
    "/mmopen/vi_32/POgEwh4mIHO4nibH0KlMECNjjGxQUq24ZEaGT4poC6icRiccVGKSyXwibc",
    "/mmbiz/icTdbqWNOwNRna42FI242Lcia07jQodd2FJGIYQfG0LAJGFxM4FbnQP6yfMxBgJ0F3YRqJCJ1aPAK2dQagdusBZg",
)
"""Where the picture lies that WeChat gives for everybody, and the one its sample for the avatar button begins with."""
_OPENID: Final = re.compile(r"[A-Za-z0-9_-]{1,64}")
_EARLIEST: Final = 1_295_568_000_000
"""2011-01-21, when WeChat was published: nobody's account is older."""
_MILLISECONDS: Final = 100_000_000_000
"""A number above this counts milliseconds, not seconds."""
_GENDERS: Final = {"1": 1, "2": 2, "男": 1, "女": 2, "male": 1, "female": 2, "m": 1, "f": 2}


class MappingInvalidError(ValueError):
    """The columns cannot be taken as they were named; the message says why."""


class Refused(msgspec.Struct, frozen=True):
    """A row that is nobody, and why."""

    reason: str


class Taken(msgspec.Struct, frozen=True):
    """A row that is somebody, and which of its fields were left out, by reason."""

    person: ImportedPerson
    left_out: tuple[str, ...]


def mapping_of(columns: tuple[str, ...], given: Mapping[str, str]) -> dict[str, str]:
    """Field → column: as given, or guessed by the names. Raises MappingInvalidError."""
    for field, name in given.items():
        if field not in FIELDS:
            raise MappingInvalidError(
                f"{field}: there is nothing of that name to map; there are: {', '.join(FIELDS)}"
            )
        if name not in columns:
            raise MappingInvalidError(f"there is no column {name}; there are: {', '.join(columns)}")
        if is_session_key(name):
            raise MappingInvalidError(
                "a session_key is never imported: it is a secret, and the next login brings one"
            )
    plain = {_plain(name): name for name in reversed(columns)}
    found = dict(given) or {
        field: plain[name] for field, names in FIELDS.items() for name in reversed(names) if name in plain
    }
    if "openid" not in found:
        raise MappingInvalidError(
            f"which column is the openid? Say --map openid=… ; there are: {', '.join(columns)}"
        )
    return found


def is_session_key(column: str) -> bool:
    """Whether a column holds what must not be taken over."""
    return _plain(column) in ("sessionkey", "wxsessionkey")


def taken(
    row: Mapping[str, Any], mapping: Mapping[str, str], *, now: int, offset: dt.timedelta
) -> Taken | Refused:
    """The person a row tells of. `offset` from UTC is that of times that tell none."""
    told = {field: row.get(column) for field, column in mapping.items()}
    openid = _text(told.get("openid"))
    if not openid:
        return Refused("openid_missing")
    if not _OPENID.fullmatch(openid):
        return Refused("openid_invalid")
    unionid = _text(told.get("unionid"))
    if unionid and not _OPENID.fullmatch(unionid):
        return Refused("unionid_invalid")
    left_out: list[str] = []
    created_at = _instant(told.get("created_at"), now, offset)
    if created_at is None:
        if _text(told.get("created_at")):
            left_out.append("created_at_unreadable")
        created_at = now
    nickname, avatar_url = _profile(told, left_out)
    return Taken(
        ImportedPerson(
            openid=openid,
            unionid=unionid or None,
            # Ids sort by age: of two users who are one person, the older stays.
            user_id=new_id("usr", created_at, random_bytes(10)),
            created_at=created_at,
            nickname=nickname,
            avatar_url=avatar_url,
            details=from_user_info(
                {
                    "gender": _GENDERS.get(_text(told.get("gender")).lower(), 0),
                    **{name: _text(told.get(name)) for name in ("language", "country", "province", "city")},
                }
            ).details,
        ),
        tuple(left_out),
    )


def _profile(told: Mapping[str, Any], left_out: list[str]) -> tuple[str | None, str | None]:
    """Nickname and avatar, unless they are what WeChat gives for everybody, or nothing that can be shown."""
    nickname, avatar_url = _text(told.get("nickname")), _text(told.get("avatar_url"))
    read = from_user_info({"nickName": nickname, "avatarUrl": avatar_url})
    shown = read.nickname
    if read.anonymous:
        left_out.append("nickname_placeholder")
        shown = ""
    elif nickname and not shown:
        left_out.append("nickname_unusable")
    picture = read.avatar_url
    if any(grey in picture for grey in GREY_AVATARS):
        left_out.append("avatar_placeholder")
        picture = ""
    elif avatar_url and not picture:
        left_out.append("avatar_unusable")
    return shown or None, picture or None


def _text(value: Any) -> str:
    if isinstance(value, bytes | bytearray):
        return bytes(value).decode("utf-8", "replace").strip()
    return "" if value is None else str(value).strip()


def _instant(value: Any, now: int, offset: dt.timedelta) -> int | None:
    """Milliseconds since 1970 of a column's time; None when it is none, or before WeChat, or still to come."""
    found: float | None = None
    if isinstance(value, dt.date) and not isinstance(value, dt.datetime):
        value = dt.datetime.combine(value, dt.time())
    text = _text(value)
    if isinstance(value, dt.datetime):
        found = _stamp(value, offset)
    elif re.fullmatch(r"\d{9,13}(\.\d+)?", text):
        number = float(text)
        found = number if number > _MILLISECONDS else number * SECOND
    elif text:
        try:
            found = _stamp(dt.datetime.fromisoformat(text.replace("/", "-")), offset)
        except ValueError:
            return None
    return int(found) if found is not None and _EARLIEST <= found <= now else None


def _stamp(moment: dt.datetime, offset: dt.timedelta) -> float:
    aware = moment if moment.tzinfo is not None else moment.replace(tzinfo=dt.timezone(offset))
    return aware.timestamp() * SECOND


def _plain(column: str) -> str:
    return column.replace("_", "").replace("-", "").lower()
