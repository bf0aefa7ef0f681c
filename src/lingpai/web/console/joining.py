"""Making two users one, after a look at what would happen; and two again."""

from typing import Final
from urllib.parse import quote

from lingpai.admin.merging import MergePreview
from lingpai.admin.people import SameUserError
from lingpai.errors import Problem
from lingpai.errors.catalogue import NOT_FOUND
from lingpai.web.answering import Answer
from lingpai.web.call import Call
from lingpai.web.console.confirming import Sure, ask
from lingpai.web.console.forms import Errors, read_form
from lingpai.web.console.frame import Frame
from lingpai.web.console.guarding import ConsoleRoute, Visitor
from lingpai.web.console.seen import Seen
from lingpai.web.console.texts import TEXTS
from lingpai.web.console.texts_people import SPLIT_BUTTON, SPLIT_LEAD, SPLIT_POINTS, SPLIT_TITLE
from lingpai.web.pages.reader import query
from lingpai.web.rooms import Rooms

_PATH: Final = "/console/people/{id}"
_LONGEST_ID: Final = 40
_UNPROCESSABLE: Final = 422


class JoiningPages:
    """`/console/people/{id}/merge` and `/split`."""

    def __init__(self, frame: Frame, rooms: Rooms) -> None:
        self._frame: Final = frame
        self._rooms: Final = rooms

    def routes(self) -> list[ConsoleRoute]:
        return [
            ConsoleRoute("GET", f"{_PATH}/merge", "run", self.look),
            ConsoleRoute("POST", f"{_PATH}/merge", "run", self.merge),
            ConsoleRoute("GET", f"{_PATH}/split", "run", self.ask_split),
            ConsoleRoute("POST", f"{_PATH}/split", "run", self.split),
        ]

    async def look(self, call: Call, visitor: Visitor) -> Answer:
        """`GET …/merge?other=`: what would happen."""
        return await self._look(call, visitor, query(call).get("other", "").strip()[:_LONGEST_ID], {})

    async def merge(self, call: Call, visitor: Visitor) -> Answer:
        """`POST …/merge`."""
        other = (await read_form(call)).text("other")[:_LONGEST_ID]
        try:
            merge = await self._rooms.people.merge(call.params["id"], other, by=visitor.actor)
        except SameUserError as error:
            return await self._look(call, visitor, other, {"other": TEXTS[f"merge.{error.why}"]})
        self._rooms.running.joined(merge.loser)
        return self._frame.go(_of(merge.winner), "merged")

    async def ask_split(self, call: Call, visitor: Visitor) -> Answer:
        """`GET …/split?alias=`."""
        return ask(self._frame, call, visitor, _question(call, query(call).get("alias", "")[:_LONGEST_ID]))

    async def split(self, call: Call, visitor: Visitor) -> Answer:
        """`POST …/split`."""
        alias = (await read_form(call)).text("alias")[:_LONGEST_ID]
        try:
            merge = await self._rooms.people.split(alias, by=visitor.actor)
        except SameUserError as error:
            errors = {"": TEXTS[f"merge.{error.why}"]}
            return ask(self._frame, call, visitor, _question(call, alias), errors)
        # Sessions of what goes back have ended: this node need not wait for its timer to learn of it.
        await self._rooms.running.try_follow()
        return self._frame.go(_of(merge.loser), "split")

    async def _look(self, call: Call, visitor: Visitor, other: str, errors: Errors) -> Answer:
        user = await self._rooms.store.users.get(call.params["id"])
        if user is None:
            raise Problem(NOT_FOUND)
        preview: MergePreview | None = None
        if other:
            preview = await self._rooms.desk.merging.preview(user.id, other)
            why = "unknown" if preview is None else preview.refused
            if why and not errors:
                errors = {"other": TEXTS[f"merge.{why}"]}
        seen = Seen(await self._rooms.apps.all(), self._frame.clock.now())
        return self._frame.page(
            call,
            visitor,
            "merge.html",
            here="people",
            status=_UNPROCESSABLE if errors else 200,
            user=user,
            other=other,
            preview=preview,
            app_of=seen.app,
            errors=errors,
        )


def _question(call: Call, alias: str) -> Sure:
    path = _of(call.params["id"])
    return Sure(
        here="people",
        title=SPLIT_TITLE,
        lead=SPLIT_LEAD,
        points=SPLIT_POINTS,
        facts={"alias": alias, "id": call.params["id"]},
        button=SPLIT_BUTTON,
        action=f"{path}/split",
        back=path,
        hidden={"alias": alias},
    )


def _of(user_id: str) -> str:
    return f"/console/people/{quote(user_id, safe='')}"
