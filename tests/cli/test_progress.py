"""What a long command shows while it works: a bar to people, lines to a log, nothing beside JSON."""

import os
import pty
import subprocess
import sys

import pytest

from lingpai.cli.progress import progress

_WORK = """
from lingpai.cli.progress import progress
with progress("Working", 40) as step:
    for _ in range(40):
        step()
"""


class Ticking:
    """A clock that a test moves."""

    now = 0.0

    def __call__(self) -> float:
        return self.now


def test_without_a_terminal_there_is_a_line_every_few_seconds_and_one_at_the_end(capsys):
    clock = Ticking()
    with progress("Working", 100, monotonic=clock) as step:
        for _ in range(10):
            clock.now += 1
            step(10)
    told = capsys.readouterr()
    assert told.err.splitlines() == [
        "Working: 30 of 100",
        "Working: 60 of 100",
        "Working: 90 of 100",
        "Working: 100 of 100, done",
    ]
    assert told.out == ""


def test_a_total_may_come_later_or_never(capsys):
    clock = Ticking()
    with progress("Reading", None, monotonic=clock) as step:
        clock.now = 5
        step(7)
        step.reach(8, 9)
    assert capsys.readouterr().err.splitlines() == ["Reading: 7", "Reading: 8 of 9, done"]


def test_work_that_breaks_off_says_how_far_it_got(capsys):
    def work():
        with progress("Working", 3) as step:
            step(2)
            raise ValueError("broken")

    with pytest.raises(ValueError, match="broken"):
        work()
    assert capsys.readouterr().err == "Working: stopped at 2 of 3\n"


def test_nothing_is_said_of_no_work_or_beside_json(capsys):
    with progress("Working", 3):
        pass
    with progress("Working", 3, json=True) as step:
        step(3)
    assert capsys.readouterr() == ("", "")


def test_on_a_terminal_a_bar_is_drawn_on_stderr():
    mine, theirs = pty.openpty()
    done = subprocess.run(
        [sys.executable, "-c", _WORK],
        stderr=theirs,
        stdout=subprocess.PIPE,
        env={**os.environ, "TERM": "xterm", "COLUMNS": "100"},
        check=True,
    )
    os.close(theirs)
    drawn = os.read(mine, 65_536).decode()
    os.close(mine)
    assert "Working" in drawn
    assert "40/40" in drawn
    assert "━" in drawn
    assert done.stdout == b""


def test_migrations_are_counted(ready, run, tmp_path):
    (tmp_path / "lingpai.db").unlink()
    told = run("migrate").stderr
    assert "Migrations: " in told
    assert told.splitlines()[0].endswith(", done")
    assert "Migrations" not in run("migrate").stderr
