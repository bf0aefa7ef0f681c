"""The role matrix: everybody who may come × every route there is. New routes of whomever are covered at once.

A route that needs a permission lets in who has it, and nobody else; whatever is answered then, it is the route that
answers. Routes are taken from the lists that the server serves.
"""

import itertools
import re
from collections.abc import AsyncIterator

import httpx
import pytest
import pytest_asyncio

from lingpai.model import ROLES
from lingpai.testing.actors import TESTER
from lingpai.web.build import all_endpoints
from tests.console.people import APPS
from tests.console.rooms import routes_of
from tests.operators.conftest import browser_of

pytestmark = pytest.mark.asyncio(loop_scope="module")

SAMPLES = {"app": "nothing", "appid": APPS[0].appid, "id": "usr_nobody", "user": "usr_nobody"}
STRANGERS = ("anonymous", "user session", "service key", "console session", "bearer of a cookie")


def filled(path: str) -> str:
    """A path with samples in place that are nobody's: what is let in changes nothing."""
    return re.sub(r"\{(\w+)(?::\w+)?\}", lambda name: SAMPLES.get(name[1], "nothing"), path)


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def keys(running) -> dict[str, str]:
    """A key of each role, and one with all permissions of an operator who has lost all but one role."""
    operators = running.server.rooms.operators
    made: dict[str, str] = {}
    for role, permissions in ROLES.items():
        await operators.registry.add(f"key-{role}", [role], by=TESTER)
        key = await operators.keys.add(f"key-{role}", "k", sorted(permissions), days=9, by=TESTER)
        made[role] = key[1].reveal()
    return made


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def strangers(running, hire) -> AsyncIterator[dict[str, httpx.AsyncClient]]:
    """Who has something, but not what /v1/admin asks for."""
    rooms = running.server.rooms
    person = await hire("operator", "security")
    cookie = person.http.cookies["lingpai_console"]
    _, service = await rooms.desk.clients.add("matrix", ("introspect", "access_token", "wechat"), by=TESTER)
    signed_in = await rooms.store.users.page(1)
    token = rooms.issuer.issue(user_id=signed_in[0].id, appid=APPS[0].appid, session_id="ses_x")
    presented = {
        "anonymous": {},
        "user session": {"authorization": f"Bearer {token}"},
        "service key": {"authorization": f"Bearer {service.reveal()}"},
        "console session": {"cookie": f"lingpai_console={cookie}"},
        "bearer of a cookie": {"authorization": f"Bearer {cookie}"},
    }
    clients = {
        who: httpx.AsyncClient(base_url=running.url, headers=headers) for who, headers in presented.items()
    }
    yield clients
    for client in clients.values():
        await client.aclose()


def admin_routes(running):
    found = [e for e in all_endpoints(running.server.rooms, "0") if e.path.startswith("/v1/admin/")]
    assert len(found) >= 20
    return found


async def test_every_admin_endpoint_says_what_it_needs_and_no_other_does(running):
    for endpoint in all_endpoints(running.server.rooms, "0"):
        of_admin = endpoint.path.startswith("/v1/admin/")
        assert (endpoint.needs is not None) == (endpoint.auth == "operator_key") == of_admin, endpoint.path


async def test_strangers_are_let_into_no_admin_endpoint(running, strangers):
    wrong = []
    for who, endpoint in itertools.product(STRANGERS, admin_routes(running)):
        answer = await strangers[who].request(endpoint.method, filled(endpoint.path), json={})
        if (answer.status_code, answer.json()["code"]) != (401, "operator_key_invalid"):
            wrong.append((who, endpoint.method, endpoint.path, answer.status_code))
    assert wrong == []


@pytest.mark.parametrize("role", ROLES)
async def test_a_key_is_let_into_an_admin_endpoint_exactly_when_its_role_allows_it(running, keys, role):
    wrong = []
    headers = {"authorization": f"Bearer {keys[role]}"}
    async with httpx.AsyncClient(base_url=running.url, headers=headers) as http:
        for endpoint in admin_routes(running):
            answer = await http.request(endpoint.method, filled(endpoint.path), json=[])
            refused = answer.status_code == 403
            if refused == (endpoint.needs in ROLES[role]) or answer.status_code in (401, 500, 502, 503):
                wrong.append((endpoint.method, endpoint.path, endpoint.needs, answer.status_code))
    assert wrong == []


def console_pages(running):
    found = routes_of(running)
    assert len(found) >= 20
    return found


async def test_strangers_are_let_into_no_page_of_the_console(running, strangers):
    wrong = []
    for who in ("anonymous", "user session", "service key", "bearer of a cookie"):
        for route in console_pages(running):
            answer = await strangers[who].request(
                route.method, filled(route.path), headers={"origin": running.url}
            )
            if (answer.status_code, answer.json().get("code")) != (401, "sign_in_needed"):
                wrong.append((who, route.method, route.path, answer.status_code))
    assert wrong == []


@pytest.mark.parametrize("role", ROLES)
async def test_a_page_of_the_console_opens_exactly_to_whom_its_permission_says(running, hire, role):
    """Signing out comes last. What is sent is a form of this session, without any of its fields."""
    person = await hire(role)
    csrf = await person.csrf()
    wrong = []
    ending = ("/console/sign-out", "/console/account/sessions/end-all")
    for route in sorted(console_pages(running), key=lambda route: route.path in ending):
        if route.path == ending[1]:
            continue
        fields = {"csrf": csrf} if route.method == "POST" else None
        answer = await person.http.request(route.method, filled(route.path), data=fields)
        missing = answer.status_code == 403 and "permission_missing" in answer.text
        if missing == (route.needs in ROLES[role]) or answer.status_code >= 500:
            wrong.append((route.method, route.path, route.needs, answer.status_code))
        if "/console/sign-in?" in answer.headers.get("location", ""):
            wrong.append((route.method, route.path, "was signed out", 303))
    assert wrong == []


async def test_no_page_changes_anything_without_a_form_of_the_session(running, hire):
    person = await hire("operator", "security")
    wrong = []
    for route in console_pages(running):
        if route.method == "GET":
            continue
        answer = await person.http.request(route.method, filled(route.path), data={"csrf": "x"})
        if answer.status_code != 403 or "form_stale" not in answer.text:
            wrong.append((route.method, route.path, answer.status_code))
    assert wrong == []


async def test_everything_under_the_console_that_no_list_names_wants_a_session(running):
    async with browser_of(running) as http:
        for path in ("/console/nothing", "/console/operators/x/y/z", "/console/account/x"):
            assert (await http.get(path)).headers["location"].startswith("/console/sign-in?to=")
