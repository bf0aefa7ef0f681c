"""Who uses this WeChat: people with a nickname, an avatar, a phone number and habits."""

import base64
from html import escape
from itertools import count
from typing import Annotated, Literal

import msgspec

from lingpai_emulator.mistakes import MistakeError

PersonId = Annotated[str, msgspec.Meta(pattern=r"^[A-Za-z0-9_.-]{1,64}\Z")]
Phone = Annotated[str, msgspec.Meta(pattern=r"^\+?[0-9]{5,15}\Z")]
Gender = Literal[0, 1, 2]

_COLOURS = ("#2f6f5e", "#b4532a", "#3d5a98", "#8a3b6b", "#6b6a1f")


class Person(msgspec.Struct, frozen=True):
    """`phone` is E.164, Chinese without a prefix; `follows` lists AppIDs of official accounts.

    A `risky` person is refused at login (40226). `unionid` false means WeChat gives no
    unionid for this person, wherever the app is bound. `gender` is 1 for a man, 2 for a
    woman, 0 for not said; it and the region were told to apps until October 2021.
    """

    id: str
    nickname: str
    avatar: str
    phone: str | None
    follows: tuple[str, ...]
    risky: bool
    unionid: bool
    gender: Gender = 0
    country: str = ""
    province: str = ""
    city: str = ""


class PersonChange(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A new person, or new values for one who exists; what is left out stays or is made up."""

    id: PersonId | msgspec.UnsetType = msgspec.UNSET
    nickname: str | msgspec.UnsetType = msgspec.UNSET
    avatar: str | msgspec.UnsetType = msgspec.UNSET
    phone: Phone | msgspec.UnsetType | None = msgspec.UNSET
    follows: tuple[str, ...] | msgspec.UnsetType = msgspec.UNSET
    risky: bool | msgspec.UnsetType = msgspec.UNSET
    unionid: bool | msgspec.UnsetType = msgspec.UNSET
    gender: Gender | msgspec.UnsetType = msgspec.UNSET
    country: str | msgspec.UnsetType = msgspec.UNSET
    province: str | msgspec.UnsetType = msgspec.UNSET
    city: str | msgspec.UnsetType = msgspec.UNSET


class People:
    """The people by id, in the order they came."""

    def __init__(self) -> None:
        self._people: dict[str, Person] = {}

    def named(self, person: str) -> Person:
        """Raises MistakeError (404) when there is no such person."""
        found = self._people.get(person)
        if found is None:
            raise MistakeError(f"There is no person {person!r}. There are: {', '.join(self._people)}.", 404)
        return found

    def find(self, person: str) -> Person | None:
        return self._people.get(person)

    def first(self) -> Person | None:
        return next(iter(self._people.values()), None)

    def put(self, change: PersonChange) -> Person:
        """Add or change; a new person without an id is called `person-1`, `person-2`, …"""
        given = {
            field: value
            for field, value in msgspec.structs.asdict(change).items()
            if value is not msgspec.UNSET
        }
        if "id" not in given:
            given["id"] = self._free_id()
        person_id: str = given["id"]
        before = self._people.get(person_id)
        if before is None:
            nickname = given.get("nickname", person_id)
            avatar = drawn_avatar(nickname, len(self._people))
            before = Person(person_id, nickname, avatar, None, (), risky=False, unionid=True)
        person = msgspec.structs.replace(before, **given)
        self._people[person_id] = person
        return person

    def all(self) -> list[Person]:
        return list(self._people.values())

    def _free_id(self) -> str:
        return next(name for n in count(1) if (name := f"person-{n}") not in self._people)


def drawn_avatar(nickname: str, number: int) -> str:
    """A 96-pixel square with one sign of the nickname, as an SVG data URI.

    Of a Chinese name the last says most; of one in letters, the first.
    """
    sign = escape((nickname[:1].upper() if nickname.isascii() else nickname[-1:]) or "?")
    svg = (
        '<svg xmlns="http://www.w3.org/2000/svg" width="96" height="96">'
        f'<rect width="96" height="96" fill="{_COLOURS[number % len(_COLOURS)]}"/>'
        '<text x="48" y="64" font-size="48" font-family="sans-serif" fill="#fff" '
        f'text-anchor="middle">{sign}</text></svg>'
    )
    return "data:image/svg+xml;base64," + base64.b64encode(svg.encode()).decode()
