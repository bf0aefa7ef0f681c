"""How far a long command is: a bar on a terminal, a plain line now and then elsewhere. Always on stderr."""

import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Final, Protocol, TextIO

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

from lingpai.cli.output import say

_LINE_EVERY: Final = 3.0
"""Seconds between two plain lines."""
_BAR_EVERY: Final = 0.1


class Step(Protocol):
    """Tells that work was done."""

    def __call__(self, count: int = 1) -> None:
        """`count` more are done."""
        ...

    def reach(self, done: int, total: int | None = None) -> None:
        """`done` are done of `total`, if that is known by now; the `on_progress` of long operations in admin/."""
        ...


class _Counter:
    """What is done so far, shown by whoever was given."""

    def __init__(self, total: int | None, show: Callable[[int, int | None], None]) -> None:
        self.done = 0
        self.total = total
        self._show: Final = show

    def __call__(self, count: int = 1) -> None:
        self.reach(self.done + count, self.total)

    def reach(self, done: int, total: int | None = None) -> None:
        self.done = done
        self.total = self.total if total is None else total
        self._show(self.done, self.total)


@contextmanager
def progress(
    label: str, total: int | None, *, json: bool = False, monotonic: Callable[[], float] = time.monotonic
) -> Iterator[Step]:
    """`with progress("Importing", total) as step: … step(n)`; with `json` nothing is shown.

    Without a terminal there are plain lines, one at the end; a failure shows how far it got.
    """
    if json:
        yield _Counter(total, lambda _done, _total: None)
    elif sys.stderr.isatty():
        with _bar(label, total, sys.stderr) as step:
            yield step
    else:
        with _lines(label, total, monotonic) as step:
            yield step


@contextmanager
def _bar(label: str, total: int | None, stream: TextIO) -> Iterator[Step]:
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    # Drawn when something was done: a thread that draws would break into what the command says.
    drawn = Progress(*columns, console=Console(file=stream), auto_refresh=False)
    task = drawn.add_task(label, total=total)
    drawn_at = 0.0

    def show(done: int, of: int | None) -> None:
        nonlocal drawn_at
        drawn.start()
        drawn.update(task, completed=done, total=of)
        if time.monotonic() - drawn_at >= _BAR_EVERY:
            drawn_at = time.monotonic()
            drawn.refresh()

    try:
        yield _Counter(total, show)
    finally:
        drawn.stop()


@contextmanager
def _lines(label: str, total: int | None, monotonic: Callable[[], float]) -> Iterator[Step]:
    said_at = monotonic()

    def show(done: int, of: int | None) -> None:
        nonlocal said_at
        if monotonic() - said_at >= _LINE_EVERY:
            said_at = monotonic()
            say(f"{label}: {_share(done, of)}")

    counter = _Counter(total, show)
    try:
        yield counter
    except BaseException:
        if counter.done:
            say(f"{label}: stopped at {_share(counter.done, counter.total)}")
        raise
    if counter.done:
        say(f"{label}: {_share(counter.done, counter.total)}, done")


def _share(done: int, total: int | None) -> str:
    return f"{done}" if total is None else f"{done} of {total}"
