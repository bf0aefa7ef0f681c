"""Controls of the emulator's clock: go forward, stand still, run again."""

from datetime import UTC, datetime
from typing import Annotated, Final

import msgspec
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from lingpai_emulator.clock import Clock
from lingpai_emulator.control.json import read, reply
from lingpai_emulator.emulator import Emulator
from lingpai_emulator.mistakes import MistakeError

# A rid has 32 bits for the time; the emulator's time ends there too, in 2106.
_END_OF_TIME: Final = 0xFFFF_FFFF


class ClockChange(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One of: seconds to go forward; true, false or Unix seconds to stand at; true to run again."""

    advance: Annotated[float, msgspec.Meta(ge=0)] | None = None
    freeze: bool | float | None = None
    unfreeze: bool = False


def clock_as_json(clock: Clock) -> dict[str, object]:
    """`now` in Unix seconds, the same as text, and whether it stands still."""
    now = clock.now()
    text = datetime.fromtimestamp(now, UTC).isoformat(timespec="milliseconds")
    return {"now": round(now, 3), "utc": text, "frozen": clock.frozen}


def routes(emulator: Emulator) -> list[Route]:
    async def clock(request: Request) -> Response:
        if request.method == "POST":
            _change_clock(emulator.world.clock, await read(request, ClockChange))
        return reply(clock_as_json(emulator.world.clock))

    return [Route("/clock", clock, methods=["GET", "POST"])]


def _change_clock(clock: Clock, change: ClockChange) -> None:
    given = (change.advance is not None, change.freeze is not None, change.unfreeze)
    if sum(given) != 1:
        raise MistakeError(
            "Give one of `advance` (seconds), `freeze` (true or Unix seconds), `unfreeze` (true)."
        )
    if change.advance is not None:
        if clock.now() + change.advance > _END_OF_TIME:
            raise MistakeError("The clock ends in 2106.")
        clock.advance(change.advance)
    elif change.unfreeze or change.freeze is False:
        clock.unfreeze()
    elif change.freeze is True:
        clock.freeze()
    elif change.freeze is not None:
        if not 0 <= change.freeze <= _END_OF_TIME:
            raise MistakeError("`freeze` is in Unix seconds, from 1970 to 2106.")
        clock.freeze(float(change.freeze))
