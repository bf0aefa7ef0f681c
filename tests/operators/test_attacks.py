"""What strangers try at the console's door: guessing, counting, replaying, racing, forging."""

import asyncio
import json
import re
from pathlib import Path

import pytest

from lingpai.admin.operators import Steps
from lingpai.testing.actors import TESTER
from tests.operators.conftest import PASSWORD, browser_of

pytestmark = pytest.mark.asyncio(loop_scope="module")

REFUSED = "Something of it is wrong, or there were too many failures."
QUARTER = 15 * 60


async def guess(running, address, name, password="wrong wrong wrong wrong"):
    async with browser_of(running, address) as http:
        return await http.post("/console/sign-in", data={"name": name, "password": password})


async def test_five_failures_close_a_name_for_a_quarter_of_an_hour_whoever_asks(running, hire):
    person = await hire("viewer")
    registry = running.server.rooms.operators.registry
    for n in range(5):
        assert (await guess(running, f"203.0.113.{n}", person.name)).status_code == 401
    assert (await person.sign_in()).status_code == 401, "the right password is no way around"
    shown = await registry.get(person.name)
    assert shown is not None
    assert shown.locked_until is not None
    person.clock.advance(QUARTER)
    assert (await person.sign_in()).status_code == 303
    assert (await registry.get(person.name)).locked_until is None


async def test_five_failures_close_an_address_for_every_name(running, hire):
    person = await hire("viewer")
    for n in range(5):
        assert (await guess(running, person.address, f"somebody-{n}")).status_code == 401
    assert (await person.sign_in()).status_code == 401
    async with browser_of(running, "203.0.113.77") as elsewhere:
        person.http, before = elsewhere, person.http
        assert (await person.sign_in()).status_code == 303
        person.http = before


async def test_of_two_hundred_guesses_at_once_five_are_looked_at(running, hire):
    person = await hire("viewer")
    before = await count_refusals(running)
    async with browser_of(running, "203.0.113.90") as http:
        answers = await asyncio.gather(
            *(
                http.post(
                    "/console/sign-in", data={"name": person.name, "password": f"guess number {n} of many"}
                )
                for n in range(200)
            )
        )
    assert {answer.status_code for answer in answers} == {401}
    assert await count_refusals(running) - before == 5


async def count_refusals(running):
    page = await running.server.rooms.desk.audit.page(1_000)
    return sum(entry.action == "operator.sign_in_refused" for entry in page)


async def test_codes_cannot_be_guessed_behind_a_right_password(running, hire):
    person = await hire("viewer")
    async with browser_of(running, "203.0.113.91") as http:
        step = await http.post("/console/sign-in", data={"name": person.name, "password": PASSWORD})
        assert step.status_code == 303
        for n in range(5):
            assert (await http.post("/console/sign-in/code", data={"code": f"00000{n}"})).status_code == 401
        person.clock.advance(30)
        assert (await http.post("/console/sign-in/code", data={"code": person.code()})).status_code == 401


async def test_a_name_that_nobody_has_is_answered_as_one_with_a_wrong_password(running, hire):
    person = await hire("viewer")
    known = await guess(running, "203.0.113.92", person.name)
    unknown = await guess(running, "203.0.113.93", "nobody-at-all")
    assert known.status_code == unknown.status_code == 401

    def plain(answer, name):
        return answer.text.replace(name, "NAME")

    assert plain(known, person.name) == plain(unknown, "nobody-at-all")
    assert set(known.headers) == set(unknown.headers)
    for _ in range(4):
        await guess(running, "203.0.113.92", person.name)
        await guess(running, "203.0.113.93", "nobody-at-all")
    assert plain(await guess(running, "203.0.113.94", person.name), person.name) == plain(
        await guess(running, "203.0.113.95", "nobody-at-all"), "nobody-at-all"
    )


async def test_as_much_is_computed_for_a_name_that_nobody_has(running, hire, monkeypatch):
    person = await hire("viewer")
    compared = []
    passwords = running.server.rooms.operators.entering._passwords
    right = passwords.right

    async def watched(password, password_hash):
        compared.append(password_hash is not None)
        return await right(password, password_hash)

    monkeypatch.setattr(passwords, "right", watched)
    await guess(running, "203.0.113.96", person.name)
    await guess(running, "203.0.113.97", "nobody-at-all-2")
    assert compared == [True, False]
    verified = []
    verify = passwords._hasher.verify

    class Watching:
        def verify(self, stored, text):
            verified.append(stored)
            return verify(stored, text)

    monkeypatch.setattr(passwords, "_hasher", Watching())
    await guess(running, "203.0.113.98", "nobody-at-all-3")
    (stored,) = verified
    assert "m=47104,t=2,p=1" in stored


async def test_a_link_is_opened_once_by_two_hundred_at_once(running):
    _, link = await running.server.rooms.operators.registry.add("raced", ["viewer"], by=TESTER)
    token = link.reveal().partition("#")[2]
    async with browser_of(running, "203.0.113.99") as http:
        answers = await asyncio.gather(
            *(http.post("/console/sign-in/set-up", data={"link": token}) for _ in range(200))
        )
    assert sorted({answer.status_code for answer in answers}) == [303, 410]
    assert sum(answer.status_code == 303 for answer in answers) == 1


async def test_a_link_dies_after_a_day_and_by_a_newer_one(running, clock):
    registry = running.server.rooms.operators.registry
    _, first = await registry.add("slow", ["viewer"], by=TESTER)
    _, second = await registry.reset("slow", by=TESTER)
    async with browser_of(running, "203.0.113.100") as http:
        for link, waited in ((first, 0), (second, 24 * 3_600)):
            clock.advance(waited)
            token = link.reveal().partition("#")[2]
            assert (await http.post("/console/sign-in/set-up", data={"link": token})).status_code == 410


async def test_one_kind_of_step_does_not_stand_in_for_another(running, hire):
    person = await hire("viewer")
    rooms = running.server.rooms
    steps = Steps(rooms.store, rooms.clock)
    async with browser_of(running, "203.0.113.101") as http:
        for purpose in ("second_factor", "register", "assert", "link"):
            token = (await steps.make(purpose, person.id, b"x")).reveal()
            http.cookies.set("lingpai_console_step", token)
            assert (await http.get("/console/sign-in/set-up/ways")).status_code == 410, purpose
            if purpose != "link":
                opened = await http.post("/console/sign-in/set-up", data={"link": token})
                assert opened.status_code == 410, purpose


FOREIGN = [
    {"origin": "https://evil.example", "sec-fetch-site": "cross-site"},
    {"origin": "null", "sec-fetch-site": "cross-site"},
    {"origin": "https://evil.example"},
    {"origin": "null"},
    {"sec-fetch-site": "same-site"},
    {"sec-fetch-site": "none"},
    {},
]


@pytest.mark.parametrize("headers", FOREIGN, ids=str)
async def test_a_form_of_another_site_changes_nothing_even_with_the_right_token(running, hire, headers):
    person = await hire("viewer")
    csrf = await person.csrf()
    for name in ("origin", "sec-fetch-site"):
        person.http.headers.pop(name)
    refused = await person.http.post("/console/sign-out", data={"csrf": csrf}, headers=headers)
    assert refused.status_code == 403
    signing_in = await person.http.post(
        "/console/sign-in", data={"name": person.name, "password": PASSWORD}, headers=headers
    )
    assert signing_in.status_code == 403
    assert (await person.http.get("/console")).status_code == 200


async def test_a_form_of_another_session_changes_nothing(hire):
    one, two = await hire("viewer"), await hire("viewer")
    for csrf in (await two.csrf(), "", "x"):
        assert (await one.http.post("/console/sign-out", data={"csrf": csrf})).status_code == 403
    old = await one.csrf()
    await one.again()
    assert (await one.http.post("/console/sign-out", data={"csrf": old})).status_code == 403
    assert (await one.http.get("/console")).status_code == 200


async def test_what_changes_a_way_in_wants_a_fresh_factor(hire):
    person = await hire("security")
    person.clock.advance(300)
    for path in ("password", "codes", "passkeys/begin", "passkeys/remove", "keys"):
        answer = await person.post(f"/console/account/{path}")
        assert answer.headers.get("location") == "/console/sign-in/again?to=/console/account", path
    answer = await person.post("/console/operators", name="new", role="viewer")
    assert answer.headers["location"] == "/console/sign-in/again?to=/console/operators"
    await person.again()
    assert "lpl_" in (await person.post("/console/operators", name="new", role="viewer")).text


async def test_a_step_up_with_a_wrong_code_counts_as_a_failure(running, hire):
    person = await hire("viewer")
    person.clock.advance(300)
    for n in range(5):
        assert (await person.post("/console/sign-in/again", code=f"00000{n}")).status_code == 401
    person.clock.advance(30)
    assert (await person.post("/console/sign-in/again", code=person.code())).status_code == 401


async def test_two_values_of_the_cookie_are_none(running, hire):
    person = await hire("viewer")
    token = person.http.cookies["lingpai_console"]
    async with browser_of(running) as http:
        headers = {"cookie": f"lingpai_console={token}; lingpai_console=lpc_planted"}
        assert (await http.get("/console", headers=headers)).status_code == 303


@pytest.mark.parametrize(
    "credential",
    [
        "",
        "[]",
        "{}",
        "null",
        '{"id": 7, "response": {}}',
        '{"id": "", "response": {}}',
        '{"id": "AAAA", "response": []}',
        '{"id": "A", "response": {"userHandle": 1}}',
        '{"id": "' + "A" * 9_000 + '", "response": {}}',
        "[" * 5_000,
    ],
    ids=lambda text: text[:24],
)
async def test_nonsense_instead_of_a_passkey_is_no_fault_of_the_server(running, clock, credential):
    clock.advance(QUARTER)
    async with browser_of(running, "203.0.113.110") as http:
        asked = (await http.post("/console/sign-in/passkey/begin", headers={"accept": "*/*"})).json()
        fields = {"ceremony": asked["ceremony"], "credential": credential}
        answer = await http.post("/console/sign-in/passkey/finish", data=fields, headers={"accept": "*/*"})
        assert answer.status_code in (401, 422)


async def test_no_secret_of_an_operator_is_in_the_database_the_log_or_the_audit(running, hire, capsys):
    person = await hire("security")
    made = await person.post("/console/account/keys", name="ci", days="9", permission="look")
    key = re.search(r"data-made-key>(lpo_[^<]+)<", made.text)
    assert key
    await person.post("/console/sign-out")
    secrets = [key[1], PASSWORD, *person.codes, *(c.replace("-", "") for c in person.codes)]
    told = capsys.readouterr()
    audit = json.dumps(
        [
            [entry.action, entry.about, entry.actor_name, entry.details]
            for entry in await running.server.rooms.desk.audit.page(1_000)
        ]
    )
    path = running.config.database_url.removeprefix("sqlite:///")
    stored = on_disk(path)
    for secret in secrets:
        assert secret.encode() not in stored
        assert secret not in told.out + told.err + audit
    assert person.seed not in stored


def on_disk(path):
    return b"".join(Path(path + end).read_bytes() for end in ("", "-wal"))
