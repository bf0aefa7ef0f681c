"""Which questions are open: sheets somebody is looking at, and QR codes waiting for a phone."""

from typing import Literal

import msgspec

from lingpai_emulator.chance import Chance
from lingpai_emulator.links import Link

Status = Literal["waiting", "scanned", "allowed", "denied"]

_KEPT_AT_LEAST = 3600.0


class Go(msgspec.Struct, frozen=True):
    """The browser goes on to `location`, asking twice for it when `twice`."""

    location: str
    why: str
    twice: bool = False


class Stay(msgspec.Struct, frozen=True):
    """Nothing more happens: the person refused, and WeChat sends nobody back."""

    why: str


class Consent(msgspec.Struct):
    """One question. `asked_at` is Unix seconds; `ticket` names it in pages and QR codes.

    `outcome` is what the answer led to for the browser that asked; None as long as the question is open.
    """

    ticket: str
    link: Link
    asked_at: float
    status: Status = "waiting"
    outcome: Go | Stay | None = None


class Consents:
    """All questions young enough to matter, oldest first."""

    def __init__(self, chance: Chance) -> None:
        self._chance = chance
        self._consents: dict[str, Consent] = {}

    def ask(self, link: Link, now: float, life: float) -> Consent:
        self._forget_old(now, life)
        consent = Consent(self._chance.consent_ticket(), link, now)
        self._consents[consent.ticket] = consent
        return consent

    def find(self, ticket: str) -> Consent | None:
        return self._consents.get(ticket)

    def all(self) -> list[Consent]:
        return list(self._consents.values())

    def _forget_old(self, now: float, life: float) -> None:
        limit = now - max(life, _KEPT_AT_LEAST)
        while self._consents:
            oldest = next(iter(self._consents.values()))
            if oldest.asked_at > limit:
                return
            del self._consents[oldest.ticket]
