"""Operators set themselves up, come in by two factors, and stay for as long as they may."""

import re

import pytest

from lingpai.testing.actors import TESTER
from tests.operators.conftest import PASSWORD, browser_of, set_up

pytestmark = pytest.mark.asyncio(loop_scope="module")

REFUSED = "Something of it is wrong, or there were too many failures."


async def link_for(running, operator):
    done = await running.server.rooms.operators.registry.reset(operator.id, by=TESTER)
    assert done is not None
    return done[1].reveal()


async def newest(running, rows=5):
    return [entry.action for entry in await running.server.rooms.desk.audit.page(rows)]


async def test_without_a_session_a_browser_goes_to_sign_in_and_a_program_gets_a_problem(running):
    async with browser_of(running) as http:
        sent = await http.get("/console/operators")
        assert (sent.status_code, sent.headers["location"]) == (303, "/console/sign-in?to=/console/operators")
        problem = await http.get("/console/operators", headers={"accept": "*/*"})
        assert (problem.status_code, problem.json()["code"]) == (401, "sign_in_needed")


async def test_the_link_leads_to_a_password_a_code_and_recovery_codes_once(running, hire):
    person = await hire("viewer")
    assert len(person.codes) == 10
    assert person.signed_in
    assert (await person.http.get("/console")).status_code == 200
    assert await newest(running, 3) == ["operator.signed_in", "operator.password_set", "operator.link_used"]


async def test_a_session_cookie_is_kept_from_scripts_and_from_other_sites(running, hire):
    person = await hire("viewer")
    answer = await person.sign_in()
    cookie = next(c for c in answer.headers.get_list("set-cookie") if c.startswith("lingpai_console="))
    assert "; HttpOnly" in cookie
    assert "; SameSite=Strict" in cookie
    assert "; Path=/" in cookie
    token = person.http.cookies["lingpai_console"]
    assert re.fullmatch(r"lpc_[A-Za-z0-9_-]{43}", token)
    stored = [s.digest for s in await running.server.store.operator_sessions.of_operator(person.id)]
    assert token.encode() not in stored


async def test_a_password_and_a_code_lead_back_to_where_one_wanted_to_go(hire):
    person = await hire("viewer")
    person.http.cookies.clear()
    page = await person.http.get("/console/sign-in?to=/console/audit")
    assert 'name="to" value="/console/audit"' in page.text
    fields = {"name": person.name, "password": PASSWORD, "to": "/console/audit"}
    step = await person.http.post("/console/sign-in", data=fields)
    assert step.headers["location"] == "/console/sign-in/code?to=/console/audit"
    person.clock.advance(30)
    done = await person.http.post(
        "/console/sign-in/code", data={"code": person.code(), "to": "/console/audit"}
    )
    assert (done.status_code, done.headers["location"]) == (303, "/console/audit")


@pytest.mark.parametrize(
    "to",
    [
        "https://evil.example/",
        "//evil.example/console",
        "/console/../docs",
        "/console//evil.example",
        "/docs",
        "/console\\evil",
        "/console/sign-in/again",
        "javascript:alert(1)",
        "/console?x=\r\nset-cookie: a=b",
    ],
)
async def test_nobody_is_sent_anywhere_else(hire, running, to):
    async with browser_of(running) as http:
        page = await http.get("/console/sign-in", params={"to": to})
        assert 'name="to" value="/console"' in page.text


async def test_a_code_works_once(running, hire):
    person = await hire("viewer")
    answer = await person.sign_in()
    assert answer.status_code == 303
    used = person.code()
    await person.http.post("/console/sign-in", data={"name": person.name, "password": PASSWORD})
    replayed = await person.http.post("/console/sign-in/code", data={"code": used})
    assert replayed.status_code == 401
    assert REFUSED in replayed.text
    person.clock.advance(30)
    assert (await person.http.post("/console/sign-in/code", data={"code": person.code()})).status_code == 303


async def test_a_recovery_code_works_once(hire):
    person = await hire("viewer")
    assert (await person.sign_in(code=person.codes[3].upper().replace("-", " "))).status_code == 303
    assert (await person.sign_in(code=person.codes[3])).status_code == 401


async def test_a_new_sign_in_is_a_new_token_and_the_step_between_is_none(running, hire):
    person = await hire("viewer")
    before = person.http.cookies["lingpai_console"]
    planted = "lpc_" + "a" * 43
    person.http.cookies.clear()
    person.http.cookies.set("lingpai_console", planted, domain="localhost.local", path="/")
    await person.sign_in()
    tokens = {cookie.value for cookie in person.http.cookies.jar if cookie.name == "lingpai_console"}
    assert before not in tokens
    assert tokens - {planted}
    async with browser_of(running) as thief:
        step = person.http.cookies.get("lingpai_console_step") or "lpe_x"
        for value in (planted, step):
            thief.cookies.set("lingpai_console", value)
            assert (await thief.get("/console")).status_code == 303
            thief.cookies.clear()


async def test_a_stolen_token_is_worth_nothing_after_signing_out(running, hire):
    person = await hire("viewer")
    token = person.http.cookies["lingpai_console"]
    assert (await person.post("/console/sign-out")).status_code == 303
    async with browser_of(running) as thief:
        thief.cookies.set("lingpai_console", token)
        assert (await thief.get("/console")).headers["location"].startswith("/console/sign-in")


async def test_thirty_minutes_without_a_request_end_a_session(hire):
    person = await hire("viewer")
    person.clock.advance(30 * 60 - 1)
    assert (await person.http.get("/console")).status_code == 200
    person.clock.advance(30 * 60)
    assert (await person.http.get("/console")).status_code == 303


async def test_twelve_hours_end_a_session_however_busy(hire):
    person = await hire("viewer")
    for _ in range(12 * 60 // 20 - 1):
        person.clock.advance(20 * 60)
        assert (await person.http.get("/console")).status_code == 200
    person.clock.advance(20 * 60 - 1)
    assert (await person.http.get("/console")).status_code == 200
    person.clock.advance(1)
    assert (await person.http.get("/console")).status_code == 303


async def test_disabling_ends_sessions_at_once_and_closes_every_way(running, hire):
    person = await hire("viewer")
    await running.server.rooms.operators.registry.disable(person.id, by=TESTER)
    assert (await person.http.get("/console")).status_code == 303
    person.http.cookies.clear()
    assert REFUSED in (await person.sign_in()).text
    await running.server.rooms.operators.registry.enable(person.id, by=TESTER)
    assert (await person.sign_in()).status_code == 303


async def test_a_reset_takes_the_old_ways_and_the_new_link_opens_one(running, hire):
    person = await hire("viewer")
    link = await link_for(running, person)
    assert (await person.http.get("/console")).status_code == 303
    person.http.cookies.clear()
    assert (await person.sign_in()).status_code == 401
    assert (await set_up(person, link, "nine green birds sing at dusk")).status_code == 200
    assert (await person.http.get("/console")).status_code == 200


@pytest.mark.parametrize(
    ("password", "words"),
    [
        ("short", "12 to 200"),
        ("passwordpassword", "tried first"),
        ("aaaaaaaaaaaaaaaa", "tried first"),
        ("x" * 201, "12 to 200"),
    ],
)
async def test_a_weak_password_is_refused_and_the_form_stays(hire, running, password, words):
    person = await hire("viewer", ready=False)
    refused = await set_up(person, await link_for(running, person), password)
    assert refused.status_code == 422
    assert words in refused.text
    fields = {"password": PASSWORD, "again": PASSWORD, "code": person.code()}
    assert (await person.http.post("/console/sign-in/set-up/ways", data=fields)).status_code == 200


async def test_an_own_password_and_app_change_together_and_end_the_other_browsers(running, hire):
    person = await hire("viewer")
    other = browser_of(running)
    other.cookies.set("lingpai_console", person.http.cookies["lingpai_console"])
    await person.again()
    assert (await other.get("/console")).status_code == 303, "a step-up replaces the token"
    await other.aclose()
    page = await person.http.get("/console/account/password")
    offer = re.search(r'name="offer" value="([^"]+)"', page.text)
    assert offer
    from tests.operators.conftest import seed_in

    person.seed = seed_in(page.text)
    new = "nine green birds sing at dusk"
    differs = await person.post(
        "/console/account/password", offer=offer[1], password=new, again=new + "!", code=person.code()
    )
    assert "The two are not the same." in differs.text
    done = await person.post(
        "/console/account/password", offer=offer[1], password=new, again=new, code=person.code()
    )
    assert done.status_code == 200
    person.http.cookies.clear()
    assert (await person.sign_in()).status_code == 401
    assert (await person.sign_in(new)).status_code == 303


async def test_sessions_are_listed_and_ended_by_their_owner_only(running, hire):
    one, two = await hire("viewer"), await hire("viewer")
    (session,) = await running.server.store.operator_sessions.of_operator(one.id)
    assert (await two.post("/console/account/sessions/end", id=session.id)).status_code == 404
    assert (await one.http.get("/console")).status_code == 200
    await one.post("/console/account/sessions/end-all")
    assert (await one.http.get("/console")).status_code == 303
