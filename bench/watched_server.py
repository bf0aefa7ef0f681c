"""lingpai with a switch, for `recorder.py` alone: SIGUSR1 turns log, metrics and flight recorder off, and on again.

One process with two states is compared, because two processes differ by more than what is measured here.
"""

import runpy
import signal
from typing import Any, Final

from prometheus_client import Counter, Histogram

from lingpai.logins import Recorder
from lingpai.observe import Flight
from lingpai.observe.logs import _JsonLines

_WATCHING: Final[tuple[tuple[Any, str], ...]] = (
    (Counter, "inc"),
    (Histogram, "observe"),
    (_JsonLines, "info"),
    (Flight, "step"),
    (Recorder, "granted"),
)
_REAL: Final = {place: getattr(*place) for place in _WATCHING}


def _nothing(*_values: Any, **_named: Any) -> None:
    return None


def _switch(_signal: int, _frame: object) -> None:
    off = Flight.step is _nothing
    for owner, name in _WATCHING:
        setattr(owner, name, _REAL[owner, name] if off else _nothing)


signal.signal(signal.SIGUSR1, _switch)
runpy.run_module("lingpai", run_name="__main__")
