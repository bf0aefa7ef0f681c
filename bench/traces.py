"""What do traces cost? One server without, one that traces each tenth request, one that traces all."""

import sys
import tempfile
import threading
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))

from bench import nginx, servers
from bench.codes import Codes
from bench.figures import Row, Verdict, at_most, median_cpu, publish, row
from bench.load import http_request
from bench.machine import machine
from bench.processes import Serving
from bench.rounds import Subject, take_turns
from bench.scale import Scale, asked_for


def main() -> None:
    """Measure, print, keep."""
    scale = asked_for("CPU of logins and of trivial answers, with traces and without.")
    about = machine()
    with tempfile.TemporaryDirectory(prefix="lingpai-bench-") as folder, ExitStack() as stack:
        rows, targets = _measured(stack, Path(folder), scale)
    title = f"Traces, {scale.connections} at once"
    publish("traces", about, {title: rows}, targets, scale.results)


def _measured(stack: ExitStack, directory: Path, scale: Scale) -> tuple[list[Row], list[Verdict]]:
    wechat = stack.enter_context(nginx.upstream(directory))
    collector = stack.enter_context(_collector())

    def server(name: str, share: str | None) -> Serving:
        home = directory / name
        home.mkdir()
        traced = {"LINGPAI_OTEL_ENDPOINT": collector, "LINGPAI_OTEL_SAMPLE": share or ""}
        return stack.enter_context(
            servers.lingpai(home, wechat.port, settings=None if share is None else traced)
        )

    running = {"off": server("off", None), "a tenth": server("tenth", "0.1"), "all": server("all", "1")}
    codes = Codes()
    logins = {
        name: Subject(
            f"login, traces {name}",
            each,
            lambda wanted: codes.logins(servers.LOGIN, codes.mixed(wanted)),
            scale.ours,
            scale.connections,
        )
        for name, each in running.items()
    }
    trivial = {
        name: Subject(
            f"/healthz, traces {name}",
            each,
            lambda wanted: [http_request("GET", "/healthz")] * wanted,
            scale.cheap,
            scale.connections,
        )
        for name, each in running.items()
    }
    subjects = [*logins.values(), *trivial.values()]
    take_turns(subjects, scale.rounds)
    targets = [
        at_most(
            "a login with a tenth traced, in logins without",
            median_cpu(logins["a tenth"]) / median_cpu(logins["off"]),
            1.25,
        )
    ]
    return [row(each, logins["off"]) for each in subjects], targets


@contextmanager
def _collector() -> Iterator[str]:
    """Swallows what it is sent."""

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            self.rfile.read(int(self.headers["content-length"]))
            self.send_response(200)
            self.send_header("content-length", "0")
            self.end_headers()

        def log_message(self, *_: object) -> None:
            return

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        try:
            yield f"http://127.0.0.1:{server.server_port}/v1/traces"
        finally:
            server.shutdown()
            thread.join()


if __name__ == "__main__":
    main()
