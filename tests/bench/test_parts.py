"""What the figures rest on: the codes, the load generator's count, the CPU clock."""

import http.server
import sys
import threading
from collections import Counter

import pytest

from bench.codes import Codes
from bench.figures import percentile
from bench.load import Batch, http_request
from bench.processes import NotUpError, free_port, serving
from bench.rounds import fire

SPINNING = """
import http.server, sys
class Answering(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    def do_GET(self):
        body = b"{}"
        if self.path == "/spin":
            sum(range(2_000_000))
        self.send_response(404 if self.path == "/nothing" else 200)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)
    def log_message(self, *words):
        pass
http.server.ThreadingHTTPServer(("127.0.0.1", int(sys.argv[1])), Answering).serve_forever()
"""


@pytest.fixture
def server(tmp_path):
    port = free_port()
    with serving("spinning", [sys.executable, "-c", SPINNING, str(port)], port, directory=tmp_path) as up:
        yield up


def test_codes_never_repeat_and_most_people_come_again():
    codes = Codes().mixed(2000)
    assert len(set(codes)) == 2000
    assert {len(code) for code in codes} == {32}
    people = Counter(code[21:] for code in codes)
    assert 500 < len(people) < 700


def test_the_same_seed_gives_the_same_logins():
    one, two = Codes(seed=7), Codes(seed=7)
    assert one.logins("/login", one.mixed(50)) == two.logins("/login", two.mixed(50))


def test_people_who_come_for_the_first_time_are_all_different():
    assert len({code[21:] for code in Codes().first_visits(3000)}) == 3000


def test_every_answer_is_counted_by_its_status(server):
    requests = [http_request("GET", path) for path in ["/", "/nothing", "/"]] * 5
    outcome = fire(server, Batch(port=server.port, connections=3, requests=requests)).outcome
    assert outcome.statuses == {200: 10, 404: 5}
    assert outcome.lost == 0
    assert len(outcome.latencies) == 15


def test_only_good_answers_count_as_operations(server):
    requests = [http_request("GET", "/nothing")] * 4 + [http_request("GET", "/")]
    assert fire(server, Batch(port=server.port, connections=1, requests=requests)).answered == 1


def test_what_nobody_answers_is_lost(tmp_path):
    class Hanging(http.server.BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self):
            self.close_connection = True

        def log_message(self, *words):
            pass

    hanging = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Hanging)
    thread = threading.Thread(target=hanging.serve_forever)
    thread.start()
    port = free_port()
    try:
        with serving("idle", [sys.executable, "-c", SPINNING, str(port)], port, directory=tmp_path) as up:
            batch = Batch(
                port=hanging.server_port,
                connections=2,
                requests=[http_request("GET", "/")] * 6,
                longest=1.0,
            )
            outcome = fire(up, batch).outcome
    finally:
        hanging.shutdown()
        thread.join()
        hanging.server_close()
    assert outcome.lost == 6
    assert outcome.statuses == {}


def test_bodies_are_kept_when_they_are_asked_for(server):
    batch = Batch(port=server.port, connections=1, requests=[http_request("GET", "/")] * 3, keep_bodies=True)
    assert fire(server, batch).outcome.bodies == ["{}"] * 3


def test_work_of_the_server_shows_in_its_cpu(server):
    def cost(path: str) -> int:
        return fire(
            server, Batch(port=server.port, connections=1, requests=[http_request("GET", path)] * 5)
        ).cpu_ns

    assert cost("/spin") > 5 * cost("/")


def test_a_server_that_does_not_come_up_is_told_with_its_own_words(tmp_path):
    with (
        pytest.raises(NotUpError, match="no such luck"),
        serving(
            "dead",
            [sys.executable, "-c", "raise SystemExit('no such luck')"],
            free_port(),
            directory=tmp_path,
        ),
    ):
        pass


def test_percentiles_are_measured_values():
    assert percentile([1000, 2000, 3000, 4000], 50) == 2.0
    assert percentile([1000, 2000, 3000, 4000], 99) == 4.0
    assert percentile([], 50) == 0.0
