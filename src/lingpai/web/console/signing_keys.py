"""Signing keys: which one signs, which are published; a new one, in a day or at once."""

from typing import Final, Literal

from lingpai.admin.keys import ShownKey
from lingpai.web.answering import Answer
from lingpai.web.call import Call
from lingpai.web.console.confirming import Sure, ask, mistyped
from lingpai.web.console.forms import read_form
from lingpai.web.console.frame import Frame
from lingpai.web.console.guarding import ConsoleRoute, Visitor
from lingpai.web.console.texts_keys import AT_ONCE_BUTTON, AT_ONCE_LEAD, AT_ONCE_POINTS, AT_ONCE_TITLE
from lingpai.web.rooms import Rooms

State = Literal["signs", "ahead", "published", "withdrawn"]

_PATH: Final = "/console/signing-keys"
_MOST: Final = 50
_TYPED: Final = "at once"


class SigningKeyPages:
    """`/console/signing-keys`."""

    def __init__(self, frame: Frame, rooms: Rooms) -> None:
        self._frame: Final = frame
        self._keys: Final = rooms.desk.signing_keys

    def routes(self) -> list[ConsoleRoute]:
        return [
            ConsoleRoute("GET", _PATH, "look", self.listed),
            ConsoleRoute("POST", _PATH, "secure", self.rotate),
            ConsoleRoute("GET", f"{_PATH}/at-once", "secure", self.ask_at_once),
            ConsoleRoute("POST", f"{_PATH}/at-once", "secure", self.at_once),
        ]

    async def listed(self, call: Call, visitor: Visitor) -> Answer:
        """`GET /console/signing-keys`."""
        keys, now = (await self._keys.all())[:_MOST], self._frame.clock.now()
        signer = next((key.kid for key in keys if key.active_at <= now and not _withdrawn(key, now)), None)
        rows = [(key, _state(key, signer, now)) for key in keys]
        return self._frame.page(call, visitor, "signing_keys.html", here="signing_keys", keys=rows)

    async def rotate(self, _call: Call, visitor: Visitor) -> Answer:
        """`POST /console/signing-keys`: one that signs from a day on."""
        await self._keys.rotate(by=visitor.actor)
        return self._frame.go(_PATH, "key_ahead")

    async def ask_at_once(self, call: Call, visitor: Visitor) -> Answer:
        """`GET …/at-once`."""
        return ask(self._frame, call, visitor, _QUESTION)

    async def at_once(self, call: Call, visitor: Visitor) -> Answer:
        """`POST …/at-once`. Every node signs with the new key within the seconds in which it looks for keys."""
        errors = mistyped(_QUESTION, await read_form(call))
        if errors:
            return ask(self._frame, call, visitor, _QUESTION, errors)
        await self._keys.rotate(at_once=True, by=visitor.actor)
        return self._frame.go(_PATH, "key_at_once")


_QUESTION: Final = Sure(
    here="signing_keys",
    title=AT_ONCE_TITLE,
    lead=AT_ONCE_LEAD,
    points=AT_ONCE_POINTS,
    button=AT_ONCE_BUTTON,
    action=f"{_PATH}/at-once",
    back=_PATH,
    typed=_TYPED,
)


def _state(key: ShownKey, signer: str | None, now: int) -> State:
    if _withdrawn(key, now):
        return "withdrawn"
    if key.kid == signer:
        return "signs"
    return "ahead" if key.active_at > now else "published"


def _withdrawn(key: ShownKey, now: int) -> bool:
    return key.retired_at is not None and key.retired_at <= now
