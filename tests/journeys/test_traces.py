"""Traces, as a collector gets them: one login is one trace of three spans, and none of them tells a secret."""

import json
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import httpx
import pytest
from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest
from opentelemetry.proto.trace.v1.trace_pb2 import Span, Status

from lingpai.config import ConfigInvalidError, config_of
from lingpai.model import session_key_identity
from lingpai.observe import Tracing
from lingpai.testing.clock import FrozenClock
from lingpai.testing.server import running_server, server_config
from tests.attacks.canaries.conftest import Canaries
from tests.conftest import DEMO, DEMO_APPID, Stack, bearer, demo_apps

TRACE_ID, PARENT_ID = "0af7651916cd43dd8448eb211c80319c", "b7ad6b7169203331"
LOGIN = "POST /v1/{app}/login"
CODE2SESSION = "wechat SNS_JSCODE2SESSION"


@dataclass
class Collector:
    """What an OTLP/HTTP collector received."""

    url: str
    bodies: list[bytes]

    def spans(self) -> list[Span]:
        found = []
        for body in self.bodies:
            request = ExportTraceServiceRequest.FromString(body)
            for resource in request.resource_spans:
                told = said(resource.resource)
                assert (told["service.name"], told["service.version"]) == ("lingpai", "0.1.0")
                found += [span for scope in resource.scope_spans for span in scope.spans]
        return found

    def named(self, name: str) -> list[Span]:
        return [span for span in self.spans() if span.name == name]


@contextmanager
def collecting() -> Iterator[Collector]:
    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            bodies.append(self.rfile.read(int(self.headers["content-length"])))
            self.send_response(200)
            self.send_header("content-length", "0")
            self.end_headers()

        def log_message(self, *_: object) -> None:
            return

    bodies: list[bytes] = []
    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        made = Collector(f"http://127.0.0.1:{server.server_port}/v1/traces", bodies)
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        try:
            yield made
        finally:
            server.shutdown()
            thread.join()


@pytest.fixture
def collector() -> Iterator[Collector]:
    with collecting() as made:
        yield made


@pytest.fixture
def traced(wechat, tmp_path, collector):
    """A server that sends its traces when the block ends."""

    @asynccontextmanager
    async def run(**settings):
        config = server_config(
            tmp_path, wechat.url, **{"otel_endpoint": collector.url, "otel_sample": 1.0, **settings}
        )
        async with (
            running_server(config, demo_apps(wechat)) as running,
            httpx.AsyncClient(base_url=running.url, timeout=30) as http,
        ):
            yield Stack(running, wechat, FrozenClock(), http)

    return run


def said(of):
    """Attributes of a span or a resource."""
    return {pair.key: getattr(pair.value, pair.value.WhichOneof("value")) for pair in of.attributes}


def family(spans, root):
    return {span.name: span for span in spans if span.parent_span_id == root.span_id}


@pytest.mark.parametrize("database", ["sqlite", "postgresql"])
async def test_one_login_is_one_trace_of_request_call_and_commit(request, traced, collector, database):
    url = {} if database == "sqlite" else {"database_url": request.getfixturevalue("postgresql_url")}
    async with traced(**url) as stack:
        code = stack.wechat.login("xiaoming", DEMO)
        headers = {"traceparent": f"00-{TRACE_ID}-{PARENT_ID}-00", "x-request-id": "request-0123456789"}
        answer = await stack.http.post(f"/v1/{DEMO}/login", json={"code": code}, headers=headers)
        assert answer.status_code == 200
    (root,) = collector.named(LOGIN)
    assert (root.trace_id.hex(), root.parent_span_id.hex()) == (TRACE_ID, PARENT_ID)
    assert root.kind == Span.SpanKind.SPAN_KIND_SERVER
    assert said(root) == {
        "http.request.method": "POST",
        "http.route": "/v1/{app}/login",
        "http.response.status_code": 200,
        "lingpai.request_id": "request-0123456789",
    }
    children = family(collector.spans(), root)
    assert children.keys() == {CODE2SESSION, "commit"}
    assert {span.trace_id for span in children.values()} == {root.trace_id}
    call, commit = children[CODE2SESSION], children["commit"]
    assert said(call) == {"lingpai.outcome": "ok"}
    lane = "write" if database == "sqlite" else "logins"
    told = said(commit)
    assert (told.keys(), told["lingpai.lane"]) == (
        {"lingpai.lane", "lingpai.batch_size", "lingpai.wait_ms"},
        lane,
    )
    assert told["lingpai.batch_size"] >= 1
    assert told["lingpai.wait_ms"] >= 0
    assert root.start_time_unix_nano <= call.start_time_unix_nano <= call.end_time_unix_nano
    assert call.end_time_unix_nano <= commit.end_time_unix_nano <= root.end_time_unix_nano


async def test_a_refusal_of_wechat_is_told_by_errcode_and_rid(traced, collector):
    async with traced() as stack:
        stack.wechat.fail("/sns/jscode2session", errcode=40029)
        assert (await stack.login()).status_code == 401
        (call,) = stack.wechat.calls("/sns/jscode2session")
    (span,) = collector.named(CODE2SESSION)
    assert said(span) == {
        "lingpai.outcome": "refused",
        "lingpai.errcode": 40029,
        "lingpai.rid": call["answer"]["errmsg"].partition("rid: ")[2],
    }
    assert span.status.code == Status.StatusCode.STATUS_CODE_ERROR
    assert span.status.message == ""
    (root,) = collector.named(LOGIN)
    assert said(root)["http.response.status_code"] == 401


async def test_no_span_tells_a_secret(traced, collector):
    canaries = Canaries()
    async with traced() as stack:
        for slug in (DEMO, "demo-oa"):
            canaries.plant("AppSecret", next(app.secret for app in stack.wechat.apps if app.slug == slug))
        for person in ("xiaoming", "xiaohong"):
            code, nonce = stack.wechat.login(person, DEMO), stack.nonce()
            canaries.plant("code", code)
            canaries.plant("nonce", nonce)
            given = (await stack.login(code, nonce=nonce, person=person)).json()
            canaries.plant("access_token", given["access_token"])
            canaries.plant("openid", given["user"]["openid"])
            canaries.plant("refresh_token", given["refresh_token"])
            await stack.session(given["access_token"])
            renewed = (await stack.refresh(given["refresh_token"])).json()
            canaries.plant("refresh_token", renewed["refresh_token"])
            await stack.http.get(f"/v1/session?access_token={given['access_token']}")
            await stack.http.get(f"/docs/{given['access_token']}", headers=bearer(given["access_token"]))
            await stack.http.request("SECRET", "/v1/session", headers={"tracestate": f"a={code}"})
            stack.wechat.fail("/sns/jscode2session", body="<html>")
            await stack.login(person=person)
            identity = session_key_identity(DEMO_APPID, given["user"]["openid"])
            for key in await stack.store.sessions.session_keys(DEMO_APPID, given["user"]["openid"]):
                canaries.plant("session_key", stack.running.server.sealer.open(key.sealed, identity))
    sent = b"".join(collector.bodies)
    assert len(collector.spans()) > 20
    assert {"session_key", "openid", "code"} <= set(canaries.by_form.values())
    assert canaries.found_in(sent) == set()
    assert b"SECRET" not in sent
    assert b"jscode2session?" not in sent


@pytest.mark.parametrize(
    "given",
    [
        [],
        ["00-" + "0" * 32 + f"-{PARENT_ID}-01"],
        [f"00-{TRACE_ID}-{'0' * 16}-01"],
        [f"ff-{TRACE_ID}-{PARENT_ID}-01"],
        [f"00-{TRACE_ID.upper()}-{PARENT_ID}-01"],
        [f"00-{TRACE_ID}-{PARENT_ID}"],
        ["x" * 5_000],
        [f"00-{TRACE_ID}-{PARENT_ID}-01", f"00-{TRACE_ID}-{PARENT_ID}-01"],
    ],
    ids=["none", "no trace", "no span", "version ff", "upper case", "short", "long", "two"],
)
def test_a_traceparent_that_is_none_begins_a_new_trace(given):
    tracing = Tracing.open(
        "http://127.0.0.1:9/v1/traces", 1.0, version="0", monotonic=lambda: 0.0, fraction=lambda: 0.0
    )
    headers = [(b"traceparent", value.encode()) for value in given]
    trace = tracing.begin(headers)
    assert trace is not None
    assert trace._span.parent is None
    tracing._provider.shutdown()


async def test_no_caller_decides_that_it_is_traced(traced, collector):
    async with traced(otel_sample=0.0) as stack:
        headers = {"traceparent": f"00-{TRACE_ID}-{PARENT_ID}-01"}
        assert (await stack.http.get("/healthz", headers=headers)).status_code == 200
    assert collector.bodies == []


async def test_a_collector_that_is_gone_costs_no_answer_and_no_stop(traced):
    async with traced(otel_endpoint="http://127.0.0.1:9/v1/traces") as stack:
        assert (await stack.login()).status_code == 200


def test_without_traces_nothing_of_them_is_loaded():
    program = "import lingpai.cli.main, sys, json; print(json.dumps(sorted(sys.modules)))"
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert [name for name in json.loads(done.stdout) if name.startswith("opentelemetry")] == []


@pytest.mark.parametrize(
    "url", ["collector:4318", "https://user:pass@collector/v1/traces", "http://c/?key=1"]
)
def test_an_endpoint_that_is_no_plain_url_is_refused(url, tmp_path):
    with pytest.raises(ConfigInvalidError) as caught:
        config_of(otel_endpoint=url)
    assert any(line.startswith("otel_endpoint:") for line in caught.value.complaints)
