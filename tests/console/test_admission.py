"""To whom the console opens, and which forms it takes."""

import httpx
import pytest

from lingpai.testing.server import RunningServer
from tests.console.asking import Operator
from tests.console.people import user_id
from tests.console.rooms import filled, routes_of

pytestmark = pytest.mark.asyncio(loop_scope="module")

FIRST = user_id(0)
HARMLESS = "/console/nothing-of-this-name"


@pytest.mark.parametrize("path", ["/console", "/console/nothing", f"/console/people/{FIRST}"])
async def test_a_serving_server_shows_nothing_to_who_has_not_signed_in(
    serving: RunningServer, http: httpx.AsyncClient, path: str
):
    answer = await http.get(serving.url + path)
    assert (answer.status_code, answer.text) == (303, "")
    assert answer.headers["location"] == f"/console/sign-in?to={path}"
    assert 'href="/console"' not in (await http.get(serving.url)).text


@pytest.mark.parametrize(
    "host",
    ["evil.example", "evil.example:8000", "127.0.0.1.evil.example", "192.0.2.7", "", "[::1", "localhost."],
)
async def test_a_foreign_host_is_refused(running: RunningServer, http: httpx.AsyncClient, host: str):
    answer = await http.get(f"{running.url}/console", headers={"host": host})
    assert answer.status_code in (400, 404)
    assert FIRST[-8:] not in answer.text


@pytest.mark.parametrize("host", ["localhost:8000", "LOCALHOST", "127.0.0.1", "127.0.0.1:1", "[::1]:8000"])
async def test_the_names_of_this_machine_are_welcome(
    running: RunningServer, http: httpx.AsyncClient, host: str
):
    assert (await http.get(f"{running.url}/console", headers={"host": host})).status_code == 200


@pytest.mark.parametrize("client", [("192.0.2.7", 1), ("::ffff:192.0.2.7", 1), ("10.0.0.1", 1)])
async def test_another_machine_is_refused(running: RunningServer, client: tuple[str, int]):
    transport = httpx.ASGITransport(app=running.server.front, client=client)
    async with httpx.AsyncClient(transport=transport, base_url="http://127.0.0.1") as other:
        assert (await other.get("/console")).status_code == 404
        assert (await other.get("/docs")).status_code == 200


@pytest.mark.parametrize("header", ["x-forwarded-for", "forwarded", "x-real-ip", "via", "x-forwarded-host"])
async def test_a_tunnel_to_this_machine_is_refused(
    running: RunningServer, http: httpx.AsyncClient, header: str
):
    answer = await http.get(f"{running.url}/console", headers={header: "127.0.0.1"})
    assert answer.status_code == 404


async def test_a_program_gets_a_problem_and_a_browser_a_page(running: RunningServer, http: httpx.AsyncClient):
    page = await http.get(running.url + HARMLESS)
    assert page.status_code == 404
    assert "<h1>There is nothing here</h1>" in page.text
    assert page.headers["cache-control"] == "no-store"
    problem = await http.get(running.url + HARMLESS, headers={"accept": "*/*"})
    assert problem.json()["code"] == "not_found"


async def test_a_page_that_is_only_read_refuses_other_methods(
    running: RunningServer, http: httpx.AsyncClient
):
    assert (await http.head(f"{running.url}/console")).status_code == 200
    assert (await http.delete(f"{running.url}/console")).status_code == 403


@pytest.mark.parametrize(
    ("headers", "token"),
    [
        ({}, ""),
        ({}, "x" * 43),
        ({"sec-fetch-site": "cross-site"}, None),
        ({"sec-fetch-site": "same-site"}, None),
        ({"origin": "https://evil.example"}, None),
        ({"origin": "null", "sec-fetch-site": "cross-site"}, None),
        ({"origin": "null"}, ""),
    ],
)
async def test_a_form_of_another_site_or_without_its_token_changes_nothing(
    running: RunningServer, operator: Operator, headers: dict[str, str], token: str | None
):
    await operator.get("/console")
    operator.http.headers.update(headers)
    await operator.send("/console/audit/verify")
    given = operator.token if token is None else token
    before = await running.server.rooms.desk.audit.head()
    for route in routes_of(running):
        if route.method == "POST":
            path = filled(route.path)
            answer = await operator.http.post(running.url + path, data={"csrf": given, "typed": "x"})
            assert answer.status_code == 403, path
            assert "This form is not of this visit" in answer.text
    assert await running.server.rooms.desk.audit.head() == before


@pytest.mark.parametrize(
    ("body", "media", "status"),
    [
        (b"csrf=%ff", "application/x-www-form-urlencoded", 422),
        (b"a=1&" * 300, "application/x-www-form-urlencoded", 422),
        (b"{}", "application/json", 422),
        (b"a=" + b"x" * 70_000, "application/x-www-form-urlencoded", 413),
        (b"", "", 403),
    ],
)
async def test_a_body_that_is_no_form_is_refused(
    running: RunningServer, http: httpx.AsyncClient, body: bytes, media: str, status: int
):
    headers = {"content-type": media} if media else {}
    answer = await http.post(f"{running.url}/console/audit/verify", content=body, headers=headers)
    assert answer.status_code == status


async def test_the_menu_leads_to_every_room(running: RunningServer, operator: Operator):
    page = (await operator.get("/console")).text
    for path in ("/console/people", "/console/apps", "/console/audit", "/console/settings"):
        assert f'href="{path}"' in page
    assert "/console/operators" not in page


async def test_theme_and_language_are_chosen_by_a_link_and_remembered(operator: Operator):
    chosen = await operator.get("/console/apps?theme=dark&lang=zh")
    assert 'data-theme="dark"' in chosen.text
    assert all("HttpOnly" in cookie for cookie in chosen.headers.get_list("set-cookie"))
    again = (await operator.get("/console/settings")).text
    assert 'data-theme="dark"' in again
    assert '<html lang="zh-CN"' in again
    assert "data-theme" not in (await operator.get("/console?theme=auto")).text
    assert "data-theme" not in (await operator.get("/console?theme=<script>")).text
