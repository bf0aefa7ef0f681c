"""Which questions are open: sheets somebody is looking at, and QR codes waiting for a phone."""

from typing import Literal

import msgspec

from lingpai_emulator.chance import Chance
from lingpai_emulator.links import Link

Status = Literal["waiting", "scanned", "allowed", "denied"]

_KEPT_AT_LEAST = 3600.0


class Consent(msgspec.Struct):
    """One question. `asked_at` is Unix seconds; `ticket` names it in pages and QR codes.

    `location` is where the browser that asked goes once there is an answer; None when it stays.
    """

    ticket: str
    link: Link
    asked_at: float
    status: Status = "waiting"
    location: str | None = None

    @property
    def open(self) -> bool:
        return self.status in ("waiting", "scanned")


class Consents:
    """All questions young enough to matter, oldest first."""

    def __init__(self, chance: Chance) -> None:
        self._chance = chance
        self._consents: dict[str, Consent] = {}

    def ask(self, link: Link, now: float, life: float) -> Consent:
        self._forget_old(now, life)
        consent = Consent(self._chance.ticket(), link, now)
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
