"""Rounds: the subjects take turns, so that whatever disturbs the machine disturbs them all alike."""

import subprocess
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

import msgspec

from bench.load import Batch, Outcome
from bench.processes import Serving

_LOAD: Final = str(Path(__file__).with_name("load.py"))


class GeneratorDiedError(Exception):
    """The load generator ended without an outcome."""


@dataclass(frozen=True, slots=True)
class Round:
    """One turn of one subject."""

    cpu_ns: int
    """What the server used; neither the generator nor the pretend WeChat."""
    outcome: Outcome

    @property
    def answered(self) -> int:
        """Requests answered with 2xx."""
        return sum(count for status, count in self.outcome.statuses.items() if 200 <= status < 300)

    @property
    def cpu_us(self) -> float:
        """CPU microseconds for each good answer."""
        return self.cpu_ns / 1000 / max(1, self.answered)


@dataclass(slots=True)
class Subject:
    """What is measured: `make` gives the next so many requests for `server`."""

    name: str
    server: Serving
    make: Callable[[int], list[str]]
    requests: int
    connections: int
    keep_bodies: bool = False
    learn: Callable[[Outcome], None] = lambda _outcome: None
    """Hears of every outcome, for requests that depend on earlier answers."""
    rounds: list[Round] = field(default_factory=list)
    rss: int = 0

    def take_turn(self) -> None:
        """One more round."""
        batch = Batch(
            port=self.server.port,
            connections=self.connections,
            # Opens the connections behind the server too.
            warmup=[] if self.keep_bodies else self.make(self.connections),
            requests=self.make(self.requests),
            keep_bodies=self.keep_bodies,
        )
        turn = fire(self.server, batch)
        self.learn(turn.outcome)
        self.rounds.append(turn)
        self.rss = max(self.rss, self.server.rss())


def fire(server: Serving, batch: Batch) -> Round:
    """Send a batch from a process of its own. Raises GeneratorDiedError."""
    with subprocess.Popen(
        [sys.executable, _LOAD], stdin=subprocess.PIPE, stdout=subprocess.PIPE
    ) as generator:
        if generator.stdin is None or generator.stdout is None:
            raise GeneratorDiedError
        generator.stdin.write(msgspec.json.encode(batch) + b"\n")
        generator.stdin.flush()
        if generator.stdout.readline() != b"ready\n":
            raise GeneratorDiedError
        before = server.cpu_ns()
        generator.stdin.write(b"go\n")
        generator.stdin.flush()
        line = generator.stdout.readline()
        after = server.cpu_ns()
        if not line:
            raise GeneratorDiedError
        return Round(after - before, msgspec.json.decode(line, type=Outcome))


def take_turns(subjects: Sequence[Subject], rounds: int) -> None:
    """A B C A B C …"""
    for number in range(1, rounds + 1):
        for subject in subjects:
            print(f"\r  round {number}/{rounds}: {subject.name:<40}", end="", file=sys.stderr, flush=True)
            subject.take_turn()
    print("\r" + " " * 60 + "\r", end="", file=sys.stderr, flush=True)
