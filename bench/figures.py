"""What came out: one row a subject, the same as a table for people and as JSON for programs."""

import math
import platform
import statistics
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Final

import msgspec

from bench.rounds import Subject

_RESULTS: Final = Path(__file__).with_name("results")
_HEADINGS: Final = (
    *("subject", "requests", "errors", "CPU us/op", "min", "max", "x floor", "ops/s"),
    *("p50 ms", "p95", "p99", "max", "RSS MB", "up s", "up CPU s"),
)


class Row(msgspec.Struct, frozen=True, kw_only=True):
    """The figures of one subject. CPU in microseconds for each good answer, latencies in milliseconds."""

    subject: str
    connections: int
    requests: int
    errors: int
    """Answers with another status than 2xx, and requests without an answer."""
    statuses: dict[int, int]
    cpu_us: float
    """The median of the rounds."""
    cpu_us_min: float
    cpu_us_max: float
    times_floor: float | None
    per_second: float
    """Good answers a second, median of the rounds; generator and upstream share the cores."""
    p50_ms: float
    p95_ms: float
    p99_ms: float
    max_ms: float
    rss_mb: float
    start_seconds: float
    start_cpu_seconds: float


class Verdict(msgspec.Struct, frozen=True):
    """A target and what came out."""

    target: str
    measured: float
    met: bool


class Result(msgspec.Struct, frozen=True, kw_only=True):
    """One run."""

    at: str
    machine: list[str]
    tables: dict[str, list[Row]]
    targets: list[Verdict]


def row(subject: Subject, floor: Subject | None) -> Row:
    """The figures of a subject beside its floor."""
    rounds = subject.rounds
    costs = [each.cpu_us for each in rounds]
    latencies = sorted(us for each in rounds for us in each.outcome.latencies)
    statuses: dict[int, int] = {}
    for each in rounds:
        for status, count in each.outcome.statuses.items():
            statuses[status] = statuses.get(status, 0) + count
    answered = sum(each.answered for each in rounds)
    requests = sum(statuses.values()) + sum(each.outcome.lost for each in rounds)
    cost = statistics.median(costs)
    return Row(
        subject=subject.name,
        connections=subject.connections,
        requests=requests,
        errors=requests - answered,
        statuses=statuses,
        cpu_us=cost,
        cpu_us_min=min(costs),
        cpu_us_max=max(costs),
        times_floor=None if floor is None else cost / median_cpu(floor),
        per_second=statistics.median(each.answered / each.outcome.seconds for each in rounds),
        p50_ms=percentile(latencies, 50),
        p95_ms=percentile(latencies, 95),
        p99_ms=percentile(latencies, 99),
        max_ms=percentile(latencies, 100),
        rss_mb=subject.rss / 1e6,
        start_seconds=subject.server.start_seconds,
        start_cpu_seconds=subject.server.start_cpu,
    )


def median_cpu(subject: Subject) -> float:
    """CPU microseconds for each good answer, the median of its rounds."""
    return statistics.median(each.cpu_us for each in subject.rounds)


def percentile(ordered: Sequence[int], percent: int) -> float:
    """The nearest-rank percentile of microseconds in ascending order, in milliseconds; 0 of nothing."""
    if not ordered:
        return 0.0
    return ordered[math.ceil(len(ordered) * percent / 100) - 1] / 1000


def at_most(words: str, measured: float, limit: float) -> Verdict:
    """A target from above."""
    return Verdict(f"{words}: at most {limit:g}", measured, measured <= limit)


def at_least(words: str, measured: float, limit: float) -> Verdict:
    """A target from below."""
    return Verdict(f"{words}: at least {limit:g}", measured, measured >= limit)


def publish(
    name: str, machine: list[str], tables: dict[str, list[Row]], targets: list[Verdict], results: Path | None
) -> None:
    """Print everything, and keep a copy as JSON in `results` (default: beside this file)."""
    print("\n".join(machine))
    for title, rows in tables.items():
        print(f"\n{title}\n" + _table(rows))
    print("\nTargets")
    for each in targets:
        print(f"  {'met   ' if each.met else 'MISSED'}  {each.target}; measured {each.measured:.3g}")
    folder = results or _RESULTS
    folder.mkdir(parents=True, exist_ok=True)
    file = folder / f"{name}-{time.strftime('%Y%m%d-%H%M%S')}.json"
    result = Result(at=time.strftime("%Y-%m-%dT%H:%M:%S%z"), machine=machine, tables=tables, targets=targets)
    file.write_bytes(msgspec.json.format(msgspec.json.encode(result), indent=2) + b"\n")
    print(f"\nAs JSON: {file}  (Python {platform.python_version()})")


def _table(rows: Sequence[Row]) -> str:
    cells = [_HEADINGS, *(_cells(each) for each in rows)]
    widths = [max(len(line[column]) for line in cells) for column in range(len(_HEADINGS))]
    return "\n".join(
        "  ".join(
            cell.ljust(width) if column == 0 else cell.rjust(width)
            for column, (cell, width) in enumerate(zip(line, widths, strict=True))
        )
        for line in cells
    )


def _cells(each: Row) -> tuple[str, ...]:
    return (
        each.subject,
        str(each.requests),
        str(each.errors),
        *(f"{cost:.1f}" for cost in (each.cpu_us, each.cpu_us_min, each.cpu_us_max)),
        "-" if each.times_floor is None else f"{each.times_floor:.1f}",
        f"{each.per_second:.0f}",
        *(f"{ms:.1f}" for ms in (each.p50_ms, each.p95_ms, each.p99_ms, each.max_ms)),
        f"{each.rss_mb:.0f}",
        f"{each.start_seconds:.2f}",
        f"{each.start_cpu_seconds:.2f}",
    )
