"""People: finding them, joining and parting them, ending their sessions, handing over, erasing."""

import json

import pytest

from lingpai.accounts.phones import Phones
from lingpai.model import Phone, PhoneNumber, ProfileChange, UserToken, phone_identity
from lingpai.testing.clock import A_MOMENT
from lingpai.testing.server import RunningServer
from tests.console.asking import Operator
from tests.console.people import a_login, user_id

pytestmark = pytest.mark.asyncio(loop_scope="module")

FIRST, SECOND, THIRD = user_id(0), user_id(1), user_id(2)
NUMBER = "13912345678"


async def newcomer(running: RunningServer, number: int) -> str:
    """Somebody of one's own to try things on."""
    login = a_login(number, openid=f"o-newcomer-{number}", unionid=None)
    await running.server.store.logins.commit(login)
    return login.new_user_id


async def give_phone(running: RunningServer, user: str) -> None:
    phones: Phones = running.server.rooms.phones
    number = PhoneNumber(phone_number=NUMBER, pure_phone_number=NUMBER, country_code="86")
    text = json.dumps({"phone_number": NUMBER, "pure_phone_number": NUMBER, "country_code": "86"}).encode()
    phone = Phone(
        user_id=user,
        sealed=running.server.sealer.seal(text, phone_identity(user)),
        blind_index=phones.blind_index(number),
        code_digest=None,
        appid="wx00000000000000a1",
        verified_at=A_MOMENT,
    )
    assert await running.server.store.users.put_phone(phone)


@pytest.mark.parametrize("wanted", [FIRST, "o-fake-openid-of-the-oa", "u-fake-unionid-" + "0" * 13, "小"])
async def test_a_person_is_found(operator: Operator, wanted: str):
    page = (await operator.http.get(f"{operator.running.url}/console/people", params={"q": wanted})).text
    assert f'href="/console/people/{FIRST}"' in page
    assert "Found: 1" in page


@pytest.mark.parametrize(
    "query", ["q=%00", "q=%ff%fe", "q=" + "x" * 5000, "q=%ed%a0%80", "q=a&q=b", "q", "before=%00"]
)
async def test_a_strange_search_finds_nobody_and_breaks_nothing(operator: Operator, query: str):
    assert (await operator.get(f"/console/people?{query}")).status_code == 200


async def test_a_search_is_shown_escaped(operator: Operator):
    page = await operator.http.get(
        f"{operator.running.url}/console/people", params={"q": '"><script>alert(1)</script>'}
    )
    assert "<script>alert" not in page.text
    assert "Nobody has this id" in page.text


async def test_the_list_is_read_page_by_page(operator: Operator, running: RunningServer):
    for number in range(100, 160):
        await newcomer(running, number)
    first = (await operator.get("/console/people")).text
    assert first.count('<tr role="row" id="usr_') == 50
    older = first.partition('href="/console/people?before=')[2].partition('"')[0]
    second = (await operator.get(f"/console/people?before={older}")).text
    assert user_id(159) in first
    assert user_id(159) not in second
    assert FIRST in second
    assert "Newest" in second


async def test_a_person_is_shown_across_apps(operator: Operator):
    page = (await operator.get(f"/console/people/{FIRST}")).text
    for shown in ("demo-mp", "demo-oa", "wx00000000000000b2", "o-fake-openid-of-the-oa", "u-fake-unionid-"):
        assert shown in page
    assert (await operator.get("/console/people/usr_nobody")).status_code == 404


async def test_ending_a_session_ends_that_one_and_is_noted(operator: Operator, running: RunningServer):
    user = await newcomer(running, 200)
    session = a_login(200).session_id
    foreign = await operator.send(f"/console/people/{FIRST}/end-sessions", session=session)
    assert foreign.status_code == 404
    page = await operator.follow(await operator.send(f"/console/people/{user}/end-sessions", session=session))
    assert "The session has ended." in page
    assert "by an operator" in page
    assert await operator.noted("session.ended") == {"by": "dev", "about": user, "session": session}
    # Said once: the next page has nothing to say.
    assert "The session has ended." not in (await operator.get(f"/console/people/{user}")).text


async def test_all_sessions_end_at_once(operator: Operator, running: RunningServer):
    user = await newcomer(running, 201)
    page = await operator.follow(await operator.send(f"/console/people/{user}/end-sessions"))
    assert "The sessions have ended." in page
    assert (await operator.noted("sessions.ended"))["about"] == user


async def test_a_merge_is_looked_at_done_and_undone(operator: Operator, running: RunningServer):
    winner, loser = await newcomer(running, 210), await newcomer(running, 211)
    look = (await operator.get(f"/console/people/{loser}/merge?other={winner}")).text
    stays, _, becomes = look.partition("Becomes an alias")
    assert f"/console/people/{winner}" in stays.partition("Stays")[2]
    assert f"/console/people/{loser}" in becomes
    page = await operator.follow(await operator.send(f"/console/people/{loser}/merge", other=winner))
    assert "The two are one user now." in page
    assert "o-newcomer-211" in page
    assert "was joined to this person" in (await operator.get(f"/console/people/{loser}")).text
    again = await operator.send(f"/console/people/{loser}/merge", other=winner)
    assert again.status_code == 422
    assert "They are one user already." in again.text
    question = (await operator.get(f"/console/people/{winner}/split?alias={loser}")).text
    assert "become two users again" in question
    page = await operator.follow(await operator.send(f"/console/people/{winner}/split", alias=loser))
    assert "They are two users again." in page
    assert "o-newcomer-211" not in (await operator.get(f"/console/people/{winner}")).text
    assert (await operator.noted("user.split"))["about"] == loser


async def test_two_numbers_are_two_people_and_nobody_is_joined_to_nobody(
    operator: Operator, running: RunningServer
):
    one, other = await newcomer(running, 220), await newcomer(running, 221)
    await give_phone(running, one)
    look = await operator.get(f"/console/people/{one}/merge?other=usr_nobody")
    assert look.status_code == 422
    assert "One of the two users does not exist." in look.text
    assert "Join the two" not in look.text
    fine = await operator.get(f"/console/people/{one}/merge?other={other}")
    assert "Join the two" in fine.text
    too_late = await operator.send(f"/console/people/{one}/split", alias="usr_nobody")
    assert too_late.status_code == 422


async def test_a_number_is_found_whole_and_for_a_purpose_only(operator: Operator, running: RunningServer):
    user = await newcomer(running, 230)
    await give_phone(running, user)
    path = "/console/people/by-phone"
    for number, purpose, wrong in (
        (NUMBER, "", "Say in 4 to 200 characters"),
        ("139 1234", "ticket 7", "Nobody has this number."),
        ("no number", "ticket 7", "This is no phone number."),
    ):
        assert wrong in (await operator.send(path, phone=number, purpose=purpose)).text
    for number in (NUMBER, f"+86{NUMBER}", "+86 139-1234-5678"):
        found = await operator.send(path, phone=number, purpose="ticket 7")
        assert f'href="/console/people/{user}"' in found.text
        assert NUMBER not in found.text
    assert await operator.noted("phone.searched") == {"by": "dev", "about": None, "purpose": "ticket 7"}


async def test_a_number_is_shown_once_and_that_is_noted(operator: Operator, running: RunningServer):
    user = await newcomer(running, 231)
    await give_phone(running, user)
    assert NUMBER not in (await operator.get(f"/console/people/{user}")).text
    shown = await operator.send(f"/console/people/{user}/phone", purpose="called by support")
    assert f"+86 {NUMBER}" in shown.text
    assert shown.headers["cache-control"] == "no-store"
    assert (await operator.noted("phone.shown"))["about"] == user
    refused = await operator.send(f"/console/people/{user}/phone", purpose="x")
    assert refused.status_code == 422
    assert NUMBER not in refused.text


async def test_a_person_is_handed_over_as_a_file(operator: Operator):
    answer = await operator.send(f"/console/people/{FIRST}/export")
    assert answer.headers["content-disposition"] == 'attachment; filename="person.json"'
    assert {one["openid"] for one in answer.json()["identities"]} >= {"o-fake-openid-of-the-oa"}
    assert (await operator.noted("user.exported"))["about"] == FIRST


async def test_erasing_wants_the_id_typed_and_leaves_nobody(operator: Operator, running: RunningServer):
    user = await newcomer(running, 240)
    path = f"/console/people/{user}/erase"
    assert "There is no way back." in (await operator.get(path)).text
    mistyped = await operator.send(path, typed=user[:-1])
    assert mistyped.status_code == 422
    assert "That is not what was asked for." in mistyped.text
    page = await operator.follow(await operator.send(path, typed=user))
    assert "The person was erased." in page
    assert (await operator.get(f"/console/people/{user}")).status_code == 404
    assert user not in str(await operator.noted("user.erased"))


async def test_the_page_of_a_person_says_what_was_agreed_to_and_until_when(operator: Operator):
    store = operator.running.server.store
    user = await newcomer(operator.running, 71)
    page = (await operator.get(f"/console/people/{user}")).text
    assert "Nothing on record that WeChat asked for." in page

    told = ProfileChange(nickname="同意的人", source="wechat", at=A_MOMENT)
    await store.users.put_profile(user, told)
    await give_phone(operator.running, user)
    await store.browser_logins.put_user_token(
        UserToken(
            appid="wx00000000000000a1",
            openid="o-newcomer-71",
            sealed=b"sealed",
            access_expires_at=A_MOMENT,
            refresh_expires_at=A_MOMENT + 1,
        )
    )
    page = (await operator.get(f"/console/people/{user}")).text
    consents = page[page.index('id="consents"') : page.index('id="sessions"')]
    for words in (
        "nickname and avatar",
        "phone number",
        "snsapi_userinfo",
        "all apps",
        "A withdrawal at WeChat",
    ):
        assert words in consents
    assert NUMBER not in page


async def test_a_profile_that_the_person_filled_in_is_no_consent_of_wechat(operator: Operator):
    user = await newcomer(operator.running, 72)
    told = ProfileChange(nickname="自己填的", source="person", at=A_MOMENT)
    await operator.running.server.store.users.put_profile(user, told)
    assert "Nothing on record that WeChat asked for." in (await operator.get(f"/console/people/{user}")).text
