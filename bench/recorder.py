"""What does it cost to watch a login? One server with log, metrics and flight recorder, and by turns without."""

import os
import signal
import statistics
import sys
import tempfile
import time
from contextlib import ExitStack
from dataclasses import replace
from pathlib import Path
from typing import Final

sys.path.insert(0, str(Path(__file__).parents[1]))

from bench import nginx, servers
from bench.codes import Codes
from bench.figures import at_most, publish, row
from bench.load import Batch
from bench.machine import machine
from bench.processes import Serving
from bench.rounds import Subject, fire
from bench.scale import Scale, asked_for

_SETTLES: Final = 0.8
"""Seconds until what waits in the recorder has been written; it counts for the turn that made it."""


def main() -> None:
    """Measure, print, keep."""
    scale = asked_for("CPU of a login, watched and unwatched.")
    about = machine()
    with tempfile.TemporaryDirectory(prefix="lingpai-bench-") as folder, ExitStack() as stack:
        directory = Path(folder)
        wechat = stack.enter_context(nginx.upstream(directory)).port
        made = servers.lingpai(directory, wechat, in_flight=scale.connections, command=servers.WITH_A_SWITCH)
        server = stack.enter_context(made)
        codes = Codes(1)
        _have_been_there(server, codes, scale)
        watched, blind = (
            _subject(name, server, codes, scale) for name in ("log, metrics, recorder", "none of them")
        )
        for number in range(1, scale.rounds + 1):
            print(f"\r  round {number}/{scale.rounds}", end="", file=sys.stderr, flush=True)
            # Who begins changes, so that a drift falls on both.
            for subject in (watched, blind) if number % 2 else (blind, watched):
                _turn(subject, off=subject is blind)
        print("\r", end="", file=sys.stderr)
        shares = [
            100 * (with_it.cpu_us - without.cpu_us) / with_it.cpu_us
            for with_it, without in zip(watched.rounds, blind.rounds, strict=True)
        ]
        words = "log, metrics and recorder, percent of a login's CPU, median of pairs"
        targets = [at_most(words, statistics.median(shares), 5)]
        tables = {f"Logins, {scale.connections} at once": [row(each, blind) for each in (blind, watched)]}
        publish("recorder", about, tables, targets, scale.results)


def _turn(subject: Subject, *, off: bool) -> None:
    server = subject.server
    if off:
        os.kill(server.pid, signal.SIGUSR1)
    before = server.cpu_ns()
    subject.take_turn()
    time.sleep(_SETTLES)
    subject.rounds[-1] = replace(subject.rounds[-1], cpu_ns=server.cpu_ns() - before)
    if off:
        os.kill(server.pid, signal.SIGUSR1)


def _subject(name: str, server: Serving, codes: Codes, scale: Scale) -> Subject:
    return Subject(
        name=name,
        server=server,
        make=lambda count: codes.logins(servers.LOGIN, codes.mixed(count)),
        requests=scale.ours,
        connections=scale.connections,
    )


def _have_been_there(server: Serving, codes: Codes, scale: Scale) -> None:
    first = codes.logins(servers.LOGIN, codes.first_visits(scale.known))
    fire(server, Batch(port=server.port, connections=min(8, scale.connections), requests=first))


if __name__ == "__main__":
    main()
