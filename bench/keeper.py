"""What does reading the kept access_token cost? From one, two and four processes, beside a static file."""

import sys
import tempfile
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

sys.path.insert(0, str(Path(__file__).parents[1]))

from bench import nginx, servers
from bench.figures import Row, Verdict, at_least, at_most, median_cpu, publish, row
from bench.load import Batch, Outcome, http_request
from bench.machine import machine
from bench.processes import Serving
from bench.rounds import Round, Subject, fire, take_turns
from bench.scale import Scale, asked_for

_FLEETS: Final = (1, 2, 4)
_SECOND: Final = 1e6


@dataclass(slots=True)
class Fleet(Subject):
    """Several processes at once, each with its share of the requests and a generator of its own."""

    others: list[Serving] = field(default_factory=list)

    def take_turn(self) -> None:
        servers_ = [self.server, *self.others]
        share = self.requests // len(servers_)
        connections = max(1, self.connections // len(servers_))
        batches = [
            Batch(
                port=each.port,
                connections=connections,
                warmup=self.make(connections),
                requests=self.make(share),
                keep_bodies=False,
            )
            for each in servers_
        ]
        with ThreadPoolExecutor(len(servers_)) as threads:
            turns = list(threads.map(fire, servers_, batches))
        self.rounds.append(_together(turns))
        self.rss = max(self.rss, sum(each.rss() for each in servers_))


def main() -> None:
    """Measure, print, keep."""
    scale = asked_for("CPU, throughput and latency of reading the kept access_token.")
    about = machine()
    with tempfile.TemporaryDirectory(prefix="lingpai-bench-") as folder, ExitStack() as stack:
        rows, targets = _measured(stack, Path(folder), scale)
    title = f"GET /v1/{{app}}/access-token, {scale.connections} at once"
    publish("keeper", about, {title: rows}, targets, scale.results)


def _measured(stack: ExitStack, directory: Path, scale: Scale) -> tuple[list[Row], list[Verdict]]:
    wechat = stack.enter_context(nginx.upstream(directory))
    static = stack.enter_context(nginx.static(directory, '{"access_token":"98_BenchNotARealToken"}'))
    plain = http_request("GET", "/static/file")
    floor = Subject(
        "nginx static file", static, lambda wanted: [plain] * wanted, scale.cheap, scale.connections
    )
    fleets = [_fleet(stack, directory, wechat.port, count, scale) for count in _FLEETS]
    take_turns([floor, *fleets], scale.rounds)
    one = fleets[0]
    targets = [
        at_least("reads per CPU-second of one process", _SECOND / median_cpu(one), 10_000),
        at_most(
            "a read from four processes, in reads from one", median_cpu(fleets[-1]) / median_cpu(one), 1.5
        ),
    ]
    return [row(each, floor) for each in (floor, *fleets)], targets


def _fleet(stack: ExitStack, directory: Path, wechat_port: int, count: int, scale: Scale) -> Fleet:
    home = directory / f"fleet-{count}"
    home.mkdir()
    running, key = stack.enter_context(servers.fleet(home, wechat_port, count))
    headers = {"Authorization": f"Bearer {key}"}
    read = http_request("GET", f"/v1/{servers.SLUG}/access-token", headers=headers)
    return Fleet(
        f"lingpai, processes: {count}",
        running[0],
        lambda wanted: [read] * wanted,
        scale.cheap,
        scale.connections,
        others=running[1:],
    )


def _together(turns: list[Round]) -> Round:
    statuses: dict[int, int] = {}
    for turn in turns:
        for status, count in turn.outcome.statuses.items():
            statuses[status] = statuses.get(status, 0) + count
    outcome = Outcome(
        seconds=max(turn.outcome.seconds for turn in turns),
        latencies=[us for turn in turns for us in turn.outcome.latencies],
        statuses=statuses,
        lost=sum(turn.outcome.lost for turn in turns),
        bodies=[],
    )
    return Round(sum(turn.cpu_ns for turn in turns), outcome)


if __name__ == "__main__":
    main()
