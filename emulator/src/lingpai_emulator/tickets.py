"""Which tickets an app has for the JS-SDK and for cards."""

from typing import Literal

import msgspec

from lingpai_emulator.chance import Chance
from lingpai_emulator.switches import Switches

TicketType = Literal["jsapi", "wx_card"]


class Ticket(msgspec.Struct):
    """One ticket. Times are Unix seconds."""

    ticket: str
    appid: str
    type: TicketType
    generation: int
    expires_at: float


class Tickets:
    """Page on the JS-SDK: a ticket lives two hours and is to be kept; what a second call gives is not said."""

    def __init__(self, chance: Chance) -> None:
        self._chance = chance
        self._newest: dict[tuple[str, TicketType], Ticket] = {}
        self._issued: dict[str, None] = {}

    def get(self, appid: str, kind: TicketType, now: float, switches: Switches) -> Ticket:
        newest = self._newest.get((appid, kind))
        if newest is not None and now < newest.expires_at and switches.ticket_reissue == "same":
            return newest
        generation = newest.generation + 1 if newest else 1
        text = self._chance.ticket(appid, kind, generation)
        ticket = Ticket(text, appid, kind, generation, now + switches.token_life)
        self._newest[appid, kind] = ticket
        self._issued[text] = None
        return ticket

    def was_issued(self, text: str) -> bool:
        return text in self._issued

    def all(self) -> list[Ticket]:
        return list(self._newest.values())
