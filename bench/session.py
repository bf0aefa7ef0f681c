"""What does a session check cost? Beside a trivial answer, a static file and a server of the usual kind."""

import json
import sys
import tempfile
from contextlib import ExitStack
from pathlib import Path
from typing import Any, Final

sys.path.insert(0, str(Path(__file__).parents[1]))

from bench import nginx, servers
from bench.codes import Codes
from bench.figures import Row, Verdict, at_most, median_cpu, publish, row
from bench.load import Batch, Outcome, http_request
from bench.machine import machine
from bench.processes import Serving
from bench.rounds import Subject, fire, take_turns
from bench.scale import Scale, asked_for

_REFRESH: Final = "/v1/session/refresh"


class NobodySignedInError(Exception):
    """The logins before the measurement failed."""


def main() -> None:
    """Measure, print, keep."""
    scale = asked_for("CPU, throughput and latency of session checks and refreshes.")
    about = machine()
    with tempfile.TemporaryDirectory(prefix="lingpai-bench-") as folder, ExitStack() as stack:
        rows, targets = _measured(stack, Path(folder), scale)
    title = f"Sessions, {scale.connections} at once"
    publish("session", about, {title: rows}, targets, scale.results)


def _measured(stack: ExitStack, directory: Path, scale: Scale) -> tuple[list[Row], list[Verdict]]:
    wechat = stack.enter_context(nginx.upstream(directory))
    ours = stack.enter_context(servers.lingpai(directory, wechat.port))
    usual = stack.enter_context(servers.naive(directory, wechat.port))
    tokens = _signed_in(ours, servers.LOGIN, scale.ours)
    static = stack.enter_context(nginx.static(directory, json.dumps(tokens[0]["user"])))

    def subject(name: str, server: Serving, requests: list[str], count: int) -> Subject:
        def make(wanted: int) -> list[str]:
            return [requests[n % len(requests)] for n in range(wanted)]

        return Subject(name, server, make, count, scale.connections)

    floor = subject("nginx static file", static, [http_request("GET", "/static/file")], scale.cheap)
    trivial = subject("lingpai /healthz", ours, [http_request("GET", "/healthz")], scale.cheap)
    check = subject(
        "lingpai /v1/session",
        ours,
        [_bearing("/v1/session", each) for each in tokens[: scale.known]],
        scale.cheap,
    )
    known = _signed_in(usual, servers.NAIVE_LOGIN, min(scale.known, 100))
    naive = subject(
        "FastAPI + SQLAlchemy /session",
        usual,
        [_bearing("/session", each) for each in known],
        scale.dear,
    )
    refresh = _refreshing(ours, tokens, scale)
    take_turns([floor, trivial, check, naive, refresh], scale.rounds)
    targets = [
        at_most("a session check, in trivial answers", median_cpu(check) / median_cpu(trivial), 2),
        at_most("memory of the serving process, MB", check.rss / 1e6, 80),
    ]
    return [row(each, floor) for each in (floor, trivial, check, refresh, naive)], targets


def _refreshing(server: Serving, tokens: list[dict[str, Any]], scale: Scale) -> Subject:
    """Every refresh token is used once; the next round uses what this one gave."""
    held = [each["refresh_token"] for each in tokens]

    def make(wanted: int) -> list[str]:
        return [
            http_request("POST", _REFRESH, body=json.dumps({"refresh_token": token}))
            for token in held[:wanted]
        ]

    def learn(outcome: Outcome) -> None:
        held[:] = [json.loads(body)["refresh_token"] for body in outcome.bodies]

    return Subject(
        "lingpai /v1/session/refresh",
        server,
        make,
        scale.ours,
        scale.connections,
        keep_bodies=True,
        learn=learn,
    )


def _signed_in(server: Serving, path: str, people: int) -> list[dict[str, Any]]:
    """What so many logins answered. Raises NobodySignedInError."""
    codes = Codes()
    requests = codes.logins(path, codes.first_visits(people))
    turn = fire(server, Batch(port=server.port, connections=8, requests=requests, keep_bodies=True))
    if turn.answered != people:
        raise NobodySignedInError(f"{path}: {turn.outcome.statuses}")
    return [json.loads(body) for body in turn.outcome.bodies]


def _bearing(path: str, tokens: dict[str, Any]) -> str:
    return http_request("GET", path, headers={"Authorization": f"Bearer {tokens['access_token']}"})


if __name__ == "__main__":
    main()
