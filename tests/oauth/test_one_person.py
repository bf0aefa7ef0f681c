"""One person, three apps, one user: also when the unionid comes late, and never by anything but the unionid."""

import msgspec
import pytest

from lingpai.model import Phone
from lingpai.testing.actors import TESTER
from lingpai.testing.storage_contract_samples import login as sample
from tests.conftest import Stack
from tests.oauth.conftest import MP, OA, WEB, Surfer


@pytest.fixture(autouse=True)
def says_yes(stack: Stack):
    stack.wechat.browser(person="xiaoming", consent="allow")


async def me(surfer: Surfer) -> str:
    return (await surfer.session())["user"]["id"]


async def test_a_person_is_one_user_in_all_three_apps(surfer: Surfer, stack: Stack):
    ids = [(await stack.signed_in("xiaoming", MP))["user"]["id"]]
    await surfer.signed_in(scope="userinfo")
    ids.append(await me(surfer))
    await surfer.signed_in(WEB)
    ids.append(await me(surfer))
    assert len({await stack.store.merges.resolved(one) for one in ids}) == 1
    assert await stack.store.users.count() == 1
    assert len(await stack.store.users.identities(ids[0])) == 3


async def test_a_late_unionid_joins_and_the_older_id_wins(surfer: Surfer, stack: Stack):
    await surfer.signed_in()
    older = await me(surfer)
    stack.clock.advance(1)
    tokens = await stack.signed_in("xiaoming", MP)
    younger = tokens["user"]["id"]
    assert older < younger
    assert await stack.store.users.count() == 2

    await surfer.signed_in(scope="userinfo", again="1")
    assert await me(surfer) == older
    assert await stack.store.users.count() == 1
    # What was issued to the younger id goes on, for the same person under the older id.
    session = (await stack.session(tokens["access_token"])).json()
    assert session["user"]["id"] == older
    renewed = (await stack.refresh(tokens["refresh_token"])).json()
    assert renewed["user"]["id"] == older
    assert (await stack.signed_in("xiaoming", MP))["user"]["id"] == older
    merges = await stack.store.merges.of_user(younger)
    assert [(m.winner, m.loser, m.reason) for m in merges] == [(older, younger, "unionid")]


async def test_signing_out_everywhere_with_the_younger_ids_token_ends_all_of_the_person(
    surfer: Surfer, stack: Stack
):
    await surfer.signed_in()
    stack.clock.advance(1)
    tokens = await stack.signed_in("xiaoming", MP)
    await surfer.signed_in(scope="userinfo", again="1")
    assert (await stack.sign_out(tokens["access_token"], everywhere=True)).status_code == 204
    assert (await surfer.get("/v1/session", accept="application/json")).status_code == 401
    assert await stack.store.sessions.count_running(stack.clock.now()) == 0


async def test_a_join_that_a_crash_prevented_happens_at_the_next_login(surfer: Surfer, stack: Stack):
    await surfer.signed_in()
    older = await me(surfer)
    stack.clock.advance(1)
    await stack.signed_in("xiaoming", MP)
    merges = type(stack.store.merges)
    join = merges.join

    async def died(*_: object) -> None:
        raise OSError("the process died here")

    merges.join = died
    try:
        assert (await surfer.signed_in(scope="userinfo", again="1")).status_code == 500
    finally:
        merges.join = join
    assert await stack.store.users.count() == 2
    await surfer.signed_in(scope="userinfo", again="1")
    assert await stack.store.users.count() == 1
    assert await me(surfer) == older


async def test_two_verified_phone_numbers_keep_two_users_apart(surfer: Surfer, stack: Stack):
    await surfer.signed_in()
    first = await me(surfer)
    stack.clock.advance(1)
    second = (await stack.signed_in("xiaoming", MP))["user"]["id"]
    for number, user in enumerate((first, second)):
        await stack.store.users.put_phone(
            Phone(
                user_id=user,
                sealed=b"sealed",
                blind_index=number.to_bytes(16, "big"),
                code_digest=None,
                appid="wx00000000000000a1",
                verified_at=1,
            )
        )
    home = await surfer.signed_in(scope="userinfo", again="1")
    assert home.status_code == 303
    assert await stack.store.users.count() == 2


async def test_the_same_nickname_and_avatar_join_nobody(surfer: Surfer, stack: Stack):
    twin = {"nickname": "Same Name", "avatar": None, "unionid": False}
    for name in ("twin-a", "twin-b"):
        stack.wechat.add_person(id=name, **{k: v for k, v in twin.items() if v is not None})
        stack.wechat.browser(person=name)
        await Surfer(stack).signed_in(scope="userinfo")
    assert await stack.store.users.count() == 2


async def test_the_same_unionid_at_another_open_platform_is_somebody_else(surfer: Surfer, stack: Stack):
    first = await stack.signed_in("xiaoming", MP)
    held = await stack.running.server.rooms.directory.get(OA)
    await stack.store.apps.remove(held.app.appid)
    elsewhere = msgspec.structs.replace(held.app, open_platform="another")
    rooms = stack.running.server.rooms
    await rooms.apps.add(
        appid=elsewhere.appid,
        secret=held.secret,
        slug=elsewhere.slug,
        kind=elsewhere.kind,
        open_platform="another",
        settings=elsewhere.settings,
        by=TESTER,
    )
    await rooms.directory.reload()
    await surfer.signed_in(scope="userinfo")
    user = (await surfer.session())["user"]
    assert user["unionid"] == first["user"]["unionid"]
    assert user["id"] != first["user"]["id"]


async def test_who_an_operator_told_apart_stays_apart(surfer: Surfer, stack: Stack):
    await surfer.signed_in()
    older = await me(surfer)
    stack.clock.advance(1)
    younger = (await stack.signed_in("xiaoming", MP))["user"]["id"]
    await surfer.signed_in(scope="userinfo", again="1")
    people = stack.running.server.rooms.people
    await people.split(younger, by=TESTER)
    assert (await stack.signed_in("xiaoming", MP))["user"]["id"] == younger
    await surfer.signed_in(scope="userinfo", again="1")
    assert await me(surfer) == older
    assert await stack.store.users.count() == 2
    joined = await people.merge(younger, older, by=TESTER)
    assert (joined.winner, joined.reason) == (older, "operator")


async def test_a_unionid_noted_before_the_app_was_bound_counts_once_it_is(stack: Stack):
    held = await stack.running.server.rooms.directory.get(MP)
    login = {
        "openid": "oBefore",
        "unionid": "uBefore",
        "new_user_id": "usr_00000000000000000000000001",
    }
    first = await stack.store.logins.commit(sample(1, **login, appid=held.app.appid, open_platform=None))
    again = await stack.store.logins.commit(sample(2, openid="oBefore", unionid="uBefore"))
    other = await stack.store.logins.commit(
        sample(3, appid="wx00000000000000b2", openid="oElsewhere", unionid="uBefore")
    )
    assert first.user.id == again.user.id == other.user.id
