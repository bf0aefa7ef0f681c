"""The first login, over real sockets: a code becomes a user, a session and tokens."""

import sqlite3

from lingpai.secret import Secret
from lingpai.testing.actors import TESTER
from lingpai.verify import Verifier


async def test_a_code_becomes_a_user_in_the_database(stack):
    answer = await stack.signed_in()
    with sqlite3.connect(stack.running.config.database_url.removeprefix("sqlite:///")) as other:
        rows = other.execute(
            "SELECT user_id, unionid FROM identities WHERE openid = ?", (answer["user"]["openid"],)
        )
        assert rows.fetchall() == [(answer["user"]["id"], answer["user"]["unionid"])]
    other.close()


async def test_the_answer_has_exactly_the_documented_fields(stack):
    answer = await stack.signed_in()
    assert set(answer) == {
        "access_token",
        "token_type",
        "expires_in",
        "refresh_token",
        "refresh_expires_in",
        "user",
    }
    assert set(answer["user"]) == {"id", "openid", "unionid", "is_new", "profile_complete"}
    assert answer["token_type"] == "Bearer"
    assert answer["expires_in"] == 900
    assert answer["refresh_token"].startswith("lpr_")
    assert answer["user"]["is_new"] is True
    assert answer["user"]["profile_complete"] is False


async def test_a_second_login_finds_the_same_user(stack):
    first = await stack.signed_in()
    second = await stack.signed_in()
    assert second["user"]["id"] == first["user"]["id"]
    assert second["user"]["is_new"] is False
    assert second["refresh_token"] != first["refresh_token"]


async def test_two_people_are_two_users(stack):
    assert (await stack.signed_in("xiaoming"))["user"]["id"] != (await stack.signed_in("sam"))["user"]["id"]


async def test_one_person_in_two_mini_programs_of_one_open_platform_is_one_user(stack):
    other = stack.wechat.add_app(
        "wx00000000000000d4", kind="miniprogram", slug="second", open_platform="demo"
    )
    await register(stack, other, "demo")
    first = await stack.signed_in()
    second = await stack.signed_in(app="second")
    assert second["user"]["id"] == first["user"]["id"]
    assert second["user"]["openid"] != first["user"]["openid"]
    assert second["user"]["unionid"] == first["user"]["unionid"]
    assert second["user"]["is_new"] is False


async def test_without_an_open_platform_there_is_no_unionid_and_nothing_joins(stack):
    other = stack.wechat.add_app("wx00000000000000d5", kind="miniprogram", slug="alone", open_platform=None)
    await register(stack, other, None)
    first = await stack.signed_in()
    second = await stack.signed_in(app="alone")
    assert "unionid" not in second["user"]
    assert second["user"]["id"] != first["user"]["id"]


async def test_a_unionid_that_appears_later_is_noted_on_the_same_user(stack):
    stack.wechat.add_person(id="late", nickname="晚到", unionid=False)
    first = await stack.signed_in("late")
    assert "unionid" not in first["user"]
    stack.wechat.add_person(id="late", nickname="晚到", unionid=True)
    second = await stack.signed_in("late")
    assert second["user"]["id"] == first["user"]["id"]
    assert second["user"]["unionid"].startswith("o")


async def test_the_app_is_named_by_slug_or_by_appid(stack):
    code = stack.wechat.login("xiaoming")
    answer = await stack.http.post("/v1/wx00000000000000a1/login", json={"code": code})
    assert answer.status_code == 200


async def test_the_access_token_is_good_offline_and_names_no_openid(stack):
    answer = await stack.signed_in()
    jwks = (await stack.http.get("/oauth2/jwks")).content
    verifier = Verifier(stack.url, audience="wx00000000000000a1", fetch=lambda _url: jwks, clock=stack.clock)
    claims = verifier.verify(answer["access_token"])
    assert claims.sub == answer["user"]["id"]
    assert answer["user"]["openid"] not in repr(claims)


async def test_a_login_costs_one_call_to_wechat(stack):
    await stack.signed_in()
    assert len(stack.wechat.calls("/sns/jscode2session")) == 1


async def test_the_session_knows_who_is_signed_in(stack):
    answer = await stack.signed_in()
    session = (await stack.session(answer["access_token"])).json()
    assert session["active"] is True
    assert session["app"] == "wx00000000000000a1"
    assert session["user"] == {**answer["user"], "is_new": False}
    assert 0 < session["expires_in"] <= 900


async def test_a_new_session_key_replaces_none_of_the_last_three(stack):
    answer = await stack.signed_in()
    openid = answer["user"]["openid"]
    for _ in range(4):
        stack.wechat.prefetch()
        stack.clock.advance(1)
        await stack.signed_in()
    ring = await stack.store.sessions.session_keys("wx00000000000000a1", openid)
    assert len(ring) == 3
    assert [key.received_at for key in ring] == sorted((key.received_at for key in ring), reverse=True)


async def test_the_same_session_key_is_kept_once(stack):
    answer = await stack.signed_in()
    await stack.signed_in()
    ring = await stack.store.sessions.session_keys("wx00000000000000a1", answer["user"]["openid"])
    assert len(ring) == 1


async def register(stack, app, open_platform: str | None) -> None:
    await stack.running.server.rooms.apps.add(
        appid=app.appid,
        secret=Secret(app.secret),
        slug=app.slug,
        kind="miniprogram",
        open_platform=open_platform,
        by=TESTER,
    )
    await stack.running.server.rooms.directory.reload()
