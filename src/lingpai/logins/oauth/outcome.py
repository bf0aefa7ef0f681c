"""What came of a state, sealed under the browser's secret: told again to that browser, to nobody else."""

from typing import Final

import msgspec

from lingpai.secret import open_under, seal_under

_PURPOSE: Final = "lingpai oauth outcome"


class Outcome(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A session, and whether the visitor has to go on to WeChat once more."""

    refresh_token: str | None = None
    onward: str | None = None
    """The address at WeChat, with its state."""

    def __repr__(self) -> str:
        return "Outcome(…)"


def seal_outcome(secret: str, outcome: Outcome) -> bytes:
    """For the row of the state."""
    return seal_under(secret.encode(), msgspec.json.encode(outcome), _PURPOSE)


def open_outcome(secret: str, sealed: bytes) -> Outcome | None:
    """None for another browser."""
    opened = open_under(secret.encode(), sealed, _PURPOSE)
    return None if opened is None else msgspec.json.decode(opened, type=Outcome)
