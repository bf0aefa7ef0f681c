"""What the emulator's tests share: requests as raw as WeChat's callers send them, and the list of guesses."""

import json
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import dataclass
from http.client import HTTPConnection
from pathlib import Path
from typing import Any
from urllib.parse import urlencode, urlsplit

import pytest

FAITHFULNESS = Path(__file__).parents[2] / "emulator" / "FAITHFULNESS.md"


@dataclass(frozen=True)
class Reply:
    """An answer as it came over the wire; header names in lower case."""

    status: int
    headers: dict[str, str]
    body: bytes

    @property
    def json(self) -> Any:
        return json.loads(self.body)

    @property
    def errcode(self) -> int | None:
        return self.json.get("errcode")


Ask = Callable[..., Reply]


@pytest.fixture
def ask() -> Ask:
    """`ask(url, path, query={…}, method=…, body=…, headers={…})` over a connection of its own."""

    def asking(
        url: str,
        path: str,
        *,
        query: dict[str, str] | None = None,
        method: str = "GET",
        body: bytes | None = None,
        headers: dict[str, str] | None = None,
    ) -> Reply:
        target = path + ("?" + urlencode(query) if query else "")
        with closing(HTTPConnection(urlsplit(url).netloc, timeout=10)) as connection:
            connection.request(method, target, body, headers or {})
            response = connection.getresponse()
            content = response.read()
            named = {name.lower(): value for name, value in response.getheaders()}
            return Reply(response.status, named, content)

    return asking


@pytest.fixture
def exchange(wechat, ask) -> Ask:
    """`exchange(code)`: jscode2session of the demo mini program; any parameter may be given or left out (None)."""
    app = wechat.app("demo-mp")

    def exchanging(code: str | None = None, /, **changed: str | None) -> Reply:
        query = {
            "appid": app.appid,
            "secret": app.secret,
            "js_code": code,
            "grant_type": "authorization_code",
            **changed,
        }
        given = {name: value for name, value in query.items() if value is not None}
        return ask(wechat.url, "/sns/jscode2session", query=given)

    return exchanging


@pytest.fixture
def fetch(wechat, ask) -> Ask:
    """`fetch()`: cgi-bin/token of the demo mini program; any parameter may be given or left out (None)."""

    def fetching(slug: str = "demo-mp", /, **changed: str | None) -> Reply:
        app = wechat.app(slug)
        query = {"grant_type": "client_credential", "appid": app.appid, "secret": app.secret, **changed}
        given = {name: value for name, value in query.items() if value is not None}
        return ask(wechat.url, "/cgi-bin/token", query=given)

    return fetching


@pytest.fixture
def fetch_stable(wechat, ask) -> Ask:
    """`fetch_stable()`: the same of cgi-bin/stable_token; `force_refresh=True` may be given."""

    def fetching(slug: str = "demo-mp", /, **changed: object) -> Reply:
        app = wechat.app(slug)
        body = {"grant_type": "client_credential", "appid": app.appid, "secret": app.secret, **changed}
        given = {name: value for name, value in body.items() if value is not None}
        return ask(wechat.url, "/cgi-bin/stable_token", method="POST", body=json.dumps(given).encode())

    return fetching


@pytest.fixture
def call(wechat, ask, fetch_stable) -> Ask:
    """`call(path, {…}, openid=…)`: an API with a living token of the app `by`; a body makes it a POST."""

    def calling(
        path: str, body: object = None, *, by: str = "demo-mp", token: str | None = None, **query: str
    ) -> Reply:
        token = fetch_stable(by).json["access_token"] if token is None else token
        sent = body if isinstance(body, bytes) else json.dumps(body).encode()
        return ask(
            wechat.url,
            path,
            query={"access_token": token, **query},
            method="GET" if body is None else "POST",
            body=None if body is None else sent,
        )

    return calling


@pytest.fixture
def control(wechat, ask) -> Ask:
    """`control("POST", "/apps", {…})`: the control API as another language would call it."""

    def controlling(method: str, path: str, value: object = None, **headers: str) -> Reply:
        body = value if isinstance(value, bytes) else None if value is None else json.dumps(value).encode()
        sent = {name.replace("_", "-"): text for name, text in headers.items()}
        return ask(wechat.url, "/__emulator__" + path, method=method, body=body, headers=sent)

    return controlling


@dataclass(frozen=True)
class Behaviour:
    """A row of FAITHFULNESS.md."""

    says: str
    kind: str
    rests_on: str
    switch: str


def _behaviours() -> Iterator[Behaviour]:
    for line in FAITHFULNESS.read_text(encoding="utf-8").splitlines():
        cells = [cell.strip() for cell in line.strip("|").split("|")] if line.startswith("|") else []
        if cells and cells[0] != "Behaviour" and not set(cells[0]) <= {"-"}:
            yield Behaviour(*cells)


@pytest.fixture(scope="session")
def behaviours() -> list[Behaviour]:
    return list(_behaviours())


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Say after each run what the emulator only guesses."""
    terminalreporter.section("guessed behaviour of WeChat (emulator/FAITHFULNESS.md)")
    for behaviour in _behaviours():
        if behaviour.kind == "guessed":
            terminalreporter.line(f"- {behaviour.says}")
