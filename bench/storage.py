"""What does a durable login cost the database and the process that writes it? On each, with shared commits and
with one transaction for each login.
"""

import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

import msgspec

sys.path.insert(0, str(Path(__file__).parents[1]))

from bench.figures import Row, Verdict, at_least, at_most, median_cpu, publish, row
from bench.load import Outcome
from bench.machine import machine
from bench.processes import NotUpError, Serving, cpu_ns
from bench.rounds import GeneratorDiedError, Round, Subject, take_turns
from bench.scale import Scale, asked_for
from bench.store_load import Store, Turn
from lingpai.storage import migrate
from lingpai.testing.databases import PrivateServer, execute, started

_LOAD: Final = str(Path(__file__).with_name("store_load.py"))
_MANY: Final = 8
"""Times as many callers in the second table."""
_KINDS: Final = ("sqlite", "postgresql", "mysql")


@dataclass(slots=True)
class Writing(Subject):
    """A process that writes to a store, and the processes of its database."""

    child: "subprocess.Popen[bytes] | None" = None
    database: PrivateServer | None = None
    written: int = 0
    sent: list[int] = field(default_factory=list)

    def take_turn(self) -> None:
        """One more round; a short one before it, which is not counted, opens what has to be opened."""
        self._turn(self.connections * 2)
        before = self._cpu()
        outcome = self._turn(self.requests)
        self.rounds.append(Round(self._cpu() - before, outcome))
        self.rss = max(self.rss, self.server.rss())

    def _turn(self, count: int) -> Outcome:
        assert self.child is not None
        assert self.child.stdin is not None
        assert self.child.stdout is not None
        turn = Turn(first=self.written, count=count, callers=self.connections)
        self.written += count
        self.child.stdin.write(msgspec.json.encode(turn) + b"\n")
        self.child.stdin.flush()
        line = self.child.stdout.readline()
        if not line:
            raise GeneratorDiedError
        return msgspec.json.decode(line, type=Outcome)

    def _cpu(self) -> int:
        return self.server.cpu_ns() + (0 if self.database is None else cpu_ns(self.database.pid))


def main() -> None:
    """Measure, print, keep."""
    scale = asked_for("CPU, throughput and latency of a durable login, by database.")
    about = machine()
    tables: dict[str, list[Row]] = {}
    targets: list[Verdict] = []
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="lingpai-bench-")))
        servers = {kind: stack.enter_context(_server(kind)) for kind in _KINDS if kind != "sqlite"}
        for callers in (scale.connections, scale.connections * _MANY):
            with ExitStack() as turn:
                place = folder / str(callers)
                place.mkdir()
                pairs = [
                    _pair(
                        turn,
                        kind,
                        servers.get(kind),
                        file=place / f"{kind}.db",
                        scale=scale,
                        callers=callers,
                    )
                    for kind in _KINDS
                ]
                take_turns([subject for pair in pairs for subject in pair], scale.rounds)
                title = f"Durable logins, {callers} at once, writer and database"
                tables[title] = [row(subject, None) for pair in pairs for subject in pair]
                targets += [
                    at_least(
                        f"{kind}: one transaction each, in a shared commit, {callers} at once",
                        median_cpu(each) / median_cpu(shared),
                        1,
                    )
                    for kind, (shared, each) in zip(_KINDS, pairs, strict=True)
                ]
                if callers == scale.connections:
                    microseconds = median_cpu(pairs[1][0])
                    targets.append(at_most("a login on PostgreSQL, CPU us", microseconds, 60))
    publish("storage", about, tables, targets, scale.results)


def _pair(
    stack: ExitStack,
    kind: str,
    server: PrivateServer | None,
    *,
    file: Path,
    scale: Scale,
    callers: int,
) -> tuple[Writing, Writing]:
    """The same logins on two fresh databases: sharing commits, and each in a transaction of its own."""
    subjects = []
    for shared in (True, False):
        name = f"lingpai_{callers}_{'shared' if shared else 'each'}"
        if server is None:
            url = f"sqlite:///{file.with_suffix(f'.{shared}.db')}"
        else:
            execute(server.url(server.admin_database), f"CREATE DATABASE {name}")
            url = server.url(name)
        migrate(url)
        child, serving = stack.enter_context(_child(Store(url=url, shared=shared)))
        subjects.append(
            Writing(
                name=f"{kind}, {'shared commits' if shared else 'one transaction each'}",
                server=serving,
                make=lambda _count: [],
                requests=scale.ours if shared else max(callers, scale.ours // 4),
                connections=callers,
                child=child,
                database=server,
            )
        )
    return subjects[0], subjects[1]


@contextmanager
def _child(store: Store) -> Iterator[tuple["subprocess.Popen[bytes]", Serving]]:
    began = time.perf_counter()
    with subprocess.Popen([sys.executable, _LOAD], stdin=subprocess.PIPE, stdout=subprocess.PIPE) as child:
        if child.stdin is None or child.stdout is None:
            raise GeneratorDiedError
        child.stdin.write(msgspec.json.encode(store) + b"\n")
        child.stdin.flush()
        if child.stdout.readline() != b"ready\n":
            raise NotUpError(store.url.partition(":")[0])
        seconds = time.perf_counter() - began
        yield child, Serving("writer", 0, child.pid, seconds, cpu_ns(child.pid) / 1e9)
        child.kill()


@contextmanager
def _server(kind: str) -> Iterator[PrivateServer]:
    server = started(kind)
    try:
        yield server
    finally:
        server.stop()


if __name__ == "__main__":
    main()
