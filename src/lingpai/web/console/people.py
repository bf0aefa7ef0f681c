"""People: finding them by what is known of them."""

from typing import Final
from urllib.parse import urlencode

from lingpai.admin.phone_numbers import LONGEST_PURPOSE, SHORTEST_PURPOSE
from lingpai.errors import Words
from lingpai.model import User
from lingpai.web.answering import Answer
from lingpai.web.call import Call
from lingpai.web.console.forms import Errors, read_form
from lingpai.web.console.frame import Frame
from lingpai.web.console.guarding import ConsoleRoute, Visitor
from lingpai.web.console.texts import TEXTS
from lingpai.web.pages.reader import query
from lingpai.web.rooms import Rooms

ROWS: Final = 50
_LONGEST_SEARCH: Final = 200
_UNPROCESSABLE: Final = 422


class People:
    """`/console/people`."""

    def __init__(self, frame: Frame, rooms: Rooms) -> None:
        self._frame: Final = frame
        self._people: Final = rooms.people
        self._numbers: Final = rooms.desk.phone_numbers

    def routes(self) -> list[ConsoleRoute]:
        return [
            ConsoleRoute("GET", "/console/people", "look", self.listed),
            ConsoleRoute("POST", "/console/people/by-phone", "run", self.by_phone),
        ]

    async def listed(self, call: Call, visitor: Visitor) -> Answer:
        """`GET /console/people`: the newest, page by page; with `?q=` the people found."""
        asked = query(call)
        wanted = asked.get("q", "")[:_LONGEST_SEARCH].strip()
        if wanted:
            users = await self._people.find(wanted, ROWS)
            return self._page(call, visitor, users, wanted=wanted, found=True)
        before = asked.get("before") or None
        users = await self._people.page(ROWS + 1, before=before)
        older = f"/console/people?{urlencode({'before': users[ROWS - 1].id})}" if len(users) > ROWS else None
        return self._page(
            call, visitor, users[:ROWS], older=older, first="/console/people" if before else None
        )

    async def by_phone(self, call: Call, visitor: Visitor) -> Answer:
        """`POST /console/people/by-phone`. The number travels in the body: a URL ends up in logs."""
        form = await read_form(call)
        purpose = form.text("purpose")
        errors: Errors = wrong_purpose(purpose)
        users: list[User] = []
        if not errors:
            found = await self._numbers.find(form.text("phone"), purpose, by=visitor.actor)
            if found is None:
                errors["phone"] = TEXTS["people.phone.wrong"]
            else:
                users = found
        return self._page(
            call, visitor, users, found=not errors, by_phone=True, errors=errors, purpose=purpose
        )

    def _page(
        self,
        call: Call,
        visitor: Visitor,
        users: list[User],
        *,
        wanted: str = "",
        found: bool = False,
        by_phone: bool = False,
        errors: dict[str, Words] | None = None,
        purpose: str = "",
        older: str | None = None,
        first: str | None = None,
    ) -> Answer:
        return self._frame.page(
            call,
            visitor,
            "people.html",
            here="people",
            status=_UNPROCESSABLE if errors else 200,
            wanted=wanted,
            users=users,
            found=found,
            by_phone=by_phone,
            errors=errors or {},
            purpose=purpose,
            older=older,
            first=first,
            rows=ROWS,
        )


def wrong_purpose(purpose: str) -> Errors:
    """What is wrong with a purpose."""
    if SHORTEST_PURPOSE <= len(purpose) <= LONGEST_PURPOSE:
        return {}
    return {"purpose": TEXTS["purpose.wrong"]}
