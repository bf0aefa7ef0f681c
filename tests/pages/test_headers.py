"""Strict headers on every page."""

import httpx
import pytest

from lingpai.testing.server import RunningServer

PAGES = [
    "/",
    "/docs",
    "/docs/problems",
    "/docs/problems/code_used",
    "/docs/nothing",
]
POLICY = {
    "default-src 'none'",
    "style-src 'self'",
    "script-src 'self'",
    "img-src 'self' data:",
    "connect-src 'self'",
    "form-action 'self'",
    "frame-ancestors 'none'",
    "base-uri 'none'",
}


@pytest.mark.parametrize("path", PAGES)
async def test_every_page_is_strict(running: RunningServer, http: httpx.AsyncClient, path: str):
    answer = await http.get(running.url + path)
    assert answer.headers["content-type"] == "text/html; charset=utf-8"
    assert set(answer.headers["content-security-policy"].split("; ")) == POLICY
    assert answer.headers["referrer-policy"] == "no-referrer"
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert answer.headers["x-request-id"]
    assert "style=" not in answer.text
    assert "javascript:" not in answer.text
    assert " on" not in {attribute[:3] for attribute in answer.text.split('"')[::2]}


@pytest.mark.parametrize("path", ["/docs/nothing", "/docs/problems/nothing"])
async def test_refusals_are_never_stored(running: RunningServer, http: httpx.AsyncClient, path: str):
    assert (await http.get(running.url + path)).headers["cache-control"] == "no-store"


async def test_static_files_are_kept_for_good_under_a_name_that_follows_their_content(
    serving: RunningServer, http: httpx.AsyncClient
):
    page = (await http.get(f"{serving.url}/docs")).text
    linked = [part.split('"')[0] for part in page.split('"/static/')[1:]]
    assert {name.partition(".")[0] for name in linked} == {"style", "copy", "seal"}
    for name in linked:
        answer = await http.get(f"{serving.url}/static/{name}")
        assert answer.status_code == 200
        assert "immutable" in answer.headers["cache-control"]
        assert answer.headers["x-content-type-options"] == "nosniff"


@pytest.mark.parametrize("name", ["style.css", "style.000000000000.css", "..%2fpage.py", "%2e%2e/texts.py"])
async def test_nothing_else_is_served_as_static(serving: RunningServer, http: httpx.AsyncClient, name: str):
    assert (await http.get(f"{serving.url}/static/{name}")).status_code == 404


async def test_a_program_gets_a_problem_and_a_browser_a_page(serving: RunningServer, http: httpx.AsyncClient):
    for path in ("/docs/nothing", "/docs/problems/nothing"):
        page = await http.get(serving.url + path)
        assert page.status_code == 404
        assert "<h1>There is nothing here</h1>" in page.text
        problem = await http.get(serving.url + path, headers={"accept": "*/*"})
        assert problem.status_code == 404
        assert problem.headers["content-type"] == "application/problem+json"
        assert problem.json()["code"] == "not_found"


async def test_a_page_can_only_be_read(serving: RunningServer, http: httpx.AsyncClient):
    answer = await http.post(f"{serving.url}/docs")
    assert answer.status_code == 405
    assert (await http.head(f"{serving.url}/docs")).status_code == 200
