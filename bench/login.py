"""What does a login cost? lingpai beside nginx's `proxy_pass` and beside a server of the usual kind."""

import sys
import tempfile
from contextlib import ExitStack
from pathlib import Path
from typing import Final

sys.path.insert(0, str(Path(__file__).parents[1]))

from bench import nginx, servers
from bench.codes import Codes
from bench.figures import Row, Verdict, at_least, at_most, median_cpu, publish, row
from bench.load import Batch
from bench.machine import machine
from bench.processes import Serving
from bench.rounds import Subject, fire, take_turns
from bench.scale import Scale, asked_for

_SLOW: Final = 0.08
_PROXY: Final = "nginx proxy_pass (floor)"
_LINGPAI: Final = "lingpai"
_NAIVE: Final = "FastAPI + httpx + SQLAlchemy"


def main() -> None:
    """Measure, print, keep."""
    scale = asked_for("CPU, throughput and latency of a login.")
    about = machine()
    tables: dict[str, list[Row]] = {}
    with tempfile.TemporaryDirectory(prefix="lingpai-bench-") as folder:
        at_once, targets = _at_once(Path(folder) / "at-once", scale)
        tables[f"Logins, {scale.connections} at once, WeChat answers at once"] = at_once
        title = f"Logins, {scale.waiting} at once, WeChat takes {_SLOW * 1000:.0f} ms"
        tables[title] = _with_slow_wechat(Path(folder) / "slow", scale)
    publish("login", about, tables, targets, scale.results)


def _at_once(directory: Path, scale: Scale) -> tuple[list[Row], list[Verdict]]:
    directory.mkdir()
    with ExitStack() as stack:
        wechat = stack.enter_context(nginx.upstream(directory))
        proxy, ours, usual = _subjects(stack, directory, wechat.port, scale, scale.connections)
        # Codes of its own: the same server has seen those of the first seed.
        name = f"{_LINGPAI}, one at a time"
        alone = _logins(name, ours.server, servers.LOGIN, scale.ours // 10, connections=1, seed=2)
        take_turns([proxy, ours, usual, alone], scale.rounds)
        targets = [
            at_most("a login, in nginx proxy_pass", median_cpu(ours) / median_cpu(proxy), 8),
            at_least("the usual kind of server, in lingpai", median_cpu(usual) / median_cpu(ours), 30),
            at_most("memory of the serving process, MB", ours.rss / 1e6, 80),
        ]
        return [row(each, proxy) for each in (proxy, ours, alone, usual)], targets


def _with_slow_wechat(directory: Path, scale: Scale) -> list[Row]:
    directory.mkdir()
    with ExitStack() as stack:
        wechat = stack.enter_context(servers.slow_upstream(directory, _SLOW))
        subjects = _subjects(stack, directory, wechat.port, scale, scale.waiting)
        take_turns(subjects, max(1, scale.rounds // 2))
        return [row(each, subjects[0]) for each in subjects]


def _subjects(
    stack: ExitStack, directory: Path, wechat: int, scale: Scale, connections: int
) -> tuple[Subject, Subject, Subject]:
    """nginx, lingpai and the usual kind, in front of the same pretend WeChat."""
    proxy = stack.enter_context(nginx.proxy(directory, wechat, appid=servers.APPID, secret=servers.SECRET))
    ours = stack.enter_context(servers.lingpai(directory, wechat, in_flight=connections))
    usual = stack.enter_context(servers.naive(directory, wechat))
    return (
        _logins(_PROXY, proxy, servers.NAIVE_LOGIN, scale.cheap, connections=connections),
        _logins(_LINGPAI, ours, servers.LOGIN, scale.ours, connections=connections, known=scale.known),
        _logins(_NAIVE, usual, servers.NAIVE_LOGIN, scale.dear, connections=connections, known=scale.known),
    )


def _logins(
    name: str, server: Serving, path: str, requests: int, *, connections: int, known: int = 0, seed: int = 1
) -> Subject:
    """The logins of `name`; so many people have been there before."""
    codes = Codes(seed)
    if known:
        first = codes.logins(path, codes.first_visits(known))
        fire(server, Batch(port=server.port, connections=min(8, connections), requests=first))
    return Subject(
        name=name,
        server=server,
        make=lambda count: codes.logins(path, codes.mixed(count)),
        requests=requests,
        connections=connections,
    )


if __name__ == "__main__":
    main()
