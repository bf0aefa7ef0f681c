"""One person across all apps: identities, sessions, history; ending sessions, handing over, erasing."""

from typing import Final
from urllib.parse import quote

from lingpai.accounts import AVATARS
from lingpai.admin.people import Person
from lingpai.admin.phone_numbers import ShownPhone
from lingpai.clock import DAY
from lingpai.errors import Problem
from lingpai.errors.catalogue import NOT_FOUND
from lingpai.model import Merge
from lingpai.web.answering import NO_STORE, Answer, encode_json
from lingpai.web.call import Call
from lingpai.web.console.confirming import Sure, ask, mistyped
from lingpai.web.console.forms import Errors, read_form
from lingpai.web.console.frame import Frame
from lingpai.web.console.guarding import ConsoleRoute, Visitor
from lingpai.web.console.people import wrong_purpose
from lingpai.web.console.seen import Seen
from lingpai.web.console.texts_people import ERASE_BUTTON, ERASE_LEAD, ERASE_POINTS, ERASE_TITLE
from lingpai.web.rooms import Rooms

_ROWS: Final = 50
_LOGINS: Final = 20
_UNDOABLE: Final = 30 * DAY
_UNPROCESSABLE: Final = 422
_PATH: Final = "/console/people/{id}"


class PersonPages:
    """`/console/people/{id}` and what hangs on it."""

    def __init__(self, frame: Frame, rooms: Rooms) -> None:
        self._frame: Final = frame
        self._rooms: Final = rooms
        self._desk: Final = rooms.desk

    def routes(self) -> list[ConsoleRoute]:
        return [
            ConsoleRoute("GET", _PATH, "look", self.show),
            ConsoleRoute("POST", f"{_PATH}/phone", "run", self.phone),
            ConsoleRoute("POST", f"{_PATH}/end-sessions", "run", self.end_sessions),
            ConsoleRoute("POST", f"{_PATH}/export", "run", self.export),
            ConsoleRoute("GET", f"{_PATH}/erase", "run", self.ask_erase),
            ConsoleRoute("POST", f"{_PATH}/erase", "run", self.erase),
        ]

    async def show(self, call: Call, visitor: Visitor) -> Answer:
        """`GET /console/people/{id}`. Raises Problem not_found."""
        return await self._page(call, visitor, await self._person(call))

    async def phone(self, call: Call, visitor: Visitor) -> Answer:
        """`POST …/phone`: the page with the number on it, once."""
        person = await self._person(call)
        purpose = (await read_form(call)).text("purpose")
        errors = wrong_purpose(purpose)
        shown = None
        if not errors:
            shown = await self._desk.phone_numbers.show(person.user.id, purpose, by=visitor.actor)
        return await self._page(call, visitor, person, shown=shown, errors=errors)

    async def end_sessions(self, call: Call, visitor: Visitor) -> Answer:
        """`POST …/end-sessions`: the one that is named, or all."""
        user_id, session = call.params["id"], (await read_form(call)).text("session")
        if session:
            if not await self._desk.sessions.end(user_id, session, by=visitor.actor):
                raise Problem(NOT_FOUND)
            return self._frame.go(f"/console/people/{quote(user_id, safe='')}", "one_session_ended")
        if await self._desk.sessions.end_all(user_id, by=visitor.actor) is None:
            raise Problem(NOT_FOUND)
        return self._frame.go(f"/console/people/{quote(user_id, safe='')}", "sessions_ended")

    async def export(self, call: Call, visitor: Visitor) -> Answer:
        """`POST …/export`: a file. Raises Problem not_found, avatar_store_unavailable."""
        document = await self._desk.requests.export(call.params["id"], by=visitor.actor)
        if document is None:
            raise Problem(NOT_FOUND)
        headers = (
            (b"content-type", b"application/json"),
            (b"content-disposition", b'attachment; filename="person.json"'),
            (b"x-content-type-options", b"nosniff"),
            NO_STORE,
        )
        return Answer(200, encode_json(document), headers)

    async def ask_erase(self, call: Call, visitor: Visitor) -> Answer:
        """`GET …/erase`."""
        return ask(self._frame, call, visitor, _question((await self._person(call)).user.id))

    async def erase(self, call: Call, visitor: Visitor) -> Answer:
        """`POST …/erase`, with the id typed."""
        person = await self._person(call)
        question = _question(person.user.id)
        errors = mistyped(question, await read_form(call))
        if errors:
            return ask(self._frame, call, visitor, question, errors)
        receipt = await self._desk.requests.erase(person.user.id, by=visitor.actor)
        if receipt is None:
            raise Problem(NOT_FOUND)
        self._rooms.ending.erased(receipt.sessions)
        return self._frame.go("/console/people", "erased")

    async def _person(self, call: Call) -> Person:
        person = await self._rooms.people.show(call.params["id"], sessions=_ROWS)
        if person is None:
            raise Problem(NOT_FOUND)
        return person

    async def _page(
        self,
        call: Call,
        visitor: Visitor,
        person: Person,
        *,
        shown: ShownPhone | None = None,
        errors: Errors | None = None,
    ) -> Answer:
        now = self._frame.clock.now()
        seen = Seen(await self._rooms.apps.all(), now)
        phone = await self._rooms.store.users.phone(person.user.id)
        consents = await self._desk.consents.of(person.user.id, person.identities)
        picture = person.user.avatar_url or ""
        return self._frame.page(
            call,
            visitor,
            "person.html",
            here="people",
            status=_UNPROCESSABLE if errors else 200,
            user=person.user,
            asked=call.params["id"],
            picture=picture if picture.startswith(AVATARS) else None,
            consents=[(None if one.appid is None else seen.app(one.appid), one) for one in consents],
            identities=[(seen.app(one.appid), one) for one in person.identities[:_ROWS]],
            sessions=[seen.session(session) for session in person.sessions],
            logins=[seen.login(event) for event in person.logins[:_LOGINS]],
            merges=[(merge, _undoable(merge, now)) for merge in person.merges[:_ROWS]],
            phone_at=phone.verified_at if phone else None,
            shown=shown,
            errors=errors or {},
        )


def _question(user_id: str) -> Sure:
    path = f"/console/people/{quote(user_id, safe='')}"
    return Sure(
        here="people",
        title=ERASE_TITLE,
        lead=ERASE_LEAD,
        points=ERASE_POINTS,
        facts={"id": user_id},
        button=ERASE_BUTTON,
        action=f"{path}/erase",
        back=path,
        typed=user_id,
    )


def _undoable(merge: Merge, now: int) -> bool:
    return merge.undone_at is None and now - merge.at <= _UNDOABLE
