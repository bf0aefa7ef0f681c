"""Looking at one's own account and filling it in, over real sockets."""

import pytest
from msgspec.structs import replace

from lingpai.testing.server import running_server
from tests.me.conftest import NUMBER, picture, pixel


async def test_a_fresh_account_is_empty(person):
    me = await person()
    told = await me.show()
    assert told["id"] == me.id
    assert told["nickname"] is None
    assert told["avatar_url"] is None
    assert told["profile_complete"] is False
    assert "phone" not in told
    (identity,) = told["identities"]
    assert identity == {
        "app": "wx00000000000000a1",
        "openid": me.tokens["user"]["openid"],
        "unionid": me.tokens["user"]["unionid"],
    }
    assert told["created_at"].endswith("Z")


async def test_a_profile_is_filled_in_and_complete(stack, person):
    me = await person()
    named = await me.change(nickname="小明 🐼")
    assert named.status_code == 200, named.text
    assert named.json()["nickname"] == "小明 🐼"
    assert named.json()["source"] == "person"
    assert not named.json()["profile_complete"]
    pictured = await me.upload(picture())
    assert pictured.status_code == 200, pictured.text
    assert pictured.json()["profile_complete"] is True
    assert await me.show() == pictured.json()


async def test_wx_request_which_has_no_patch_posts_the_same(stack, person):
    me = await person()
    named = await stack.http.post("/v1/me", headers=me.auth, json={"nickname": "小满"})
    assert named.status_code == 200, named.text
    assert named.json() == await me.show()
    refused = await stack.http.post("/v1/me", headers=me.auth, json={"nickname": "微信用户"})
    assert refused.json()["code"] == "nickname_anonymous"
    unknown = await stack.http.post("/v1/me", headers=me.auth, json={"openid": "o"})
    assert unknown.status_code == 422


async def test_the_session_knows_of_the_profile_at_once(stack, person):
    me = await person()
    await stack.session(me.tokens["access_token"])
    await me.change(nickname="小明")
    await me.upload(picture())
    session = (await stack.session(me.tokens["access_token"])).json()
    assert session["user"]["profile_complete"] is True
    assert (await stack.signed_in())["user"]["profile_complete"] is True


async def test_a_name_can_be_taken_away(person):
    me = await person()
    await me.change(nickname="小明")
    assert (await me.change(nickname=None)).json()["nickname"] is None
    assert (await me.show())["nickname"] is None


async def test_a_change_of_nothing_changes_nothing(person):
    me = await person()
    await me.change(nickname="小明")
    before = await me.show()
    assert (await me.change()).json() == before


async def test_the_owner_sees_the_phone_number_in_full(person):
    me = await person()
    await me.give_phone()
    phone = (await me.show())["phone"]
    assert phone["phone_number"] == phone["pure_phone_number"] == NUMBER
    assert phone["country_code"] == "86"
    assert phone["verified_at"].endswith("Z")


async def test_everything_is_still_there_after_a_restart(stack, person):
    me = await person()
    await me.change(nickname="小明")
    await me.upload(picture())
    await me.give_phone()
    before = await me.show()
    name = before["avatar_url"].rpartition("/")[2]
    async with running_server(replace(stack.running.config, port=0), clock=stack.clock) as again:
        url = f"{again.url}/avatars/{name}"
        assert (await stack.http.get(url)).status_code == 200
        answer = await stack.http.get(f"{again.url}/v1/me", headers=me.auth)
        assert answer.json() == before


@pytest.mark.parametrize("field", ["avatar_url", "avatarUrl", "openid", "phone", "id", "profile_complete"])
async def test_what_is_not_the_persons_to_fill_in_is_refused(person, a_problem, field):
    me = await person()
    before = await me.show()
    answer = await me.change(nickname="小明", **{field: "https://evil.example/x.png"})
    assert answer.status_code == 422
    assert a_problem(answer) == ("avatar_by_upload" if field == "avatar_url" else "invalid_request")
    assert await me.show() == before


async def test_an_avatar_by_url_is_told_how_it_is_done(person):
    me = await person()
    answer = await me.change(avatar_url="https://evil.example/x.png")
    assert "wx.uploadFile" in answer.json()["hint"]


async def test_no_query_and_no_body_makes_somebody_else_of_the_caller(stack, person):
    me, other = await person(), await person("xiaohong")
    for query in ({"user_id": other.id}, {"id": other.id}, {"openid": other.tokens["user"]["openid"]}):
        answer = await stack.http.get("/v1/me", headers=me.auth, params=query)
        assert answer.json()["id"] == me.id


async def test_without_a_token_there_is_no_account(stack, a_problem):
    for method, path in (
        ("GET", "/v1/me"),
        ("PATCH", "/v1/me"),
        ("DELETE", "/v1/me"),
        ("PUT", "/v1/me/avatar"),
        ("POST", "/v1/me/avatar"),
        ("GET", "/v1/me/export"),
    ):
        for headers in ({}, {"authorization": "Bearer nonsense"}):
            answer = await stack.http.request(method, path, headers=headers, content=b"{}")
            assert answer.status_code == 401, (method, path)
            assert a_problem(answer) == "session_invalid"


async def test_the_apps_of_one_person_show_one_account(person):
    me, elsewhere = await person(), await person(app="demo-mp")
    await me.change(nickname="小明")
    assert (await elsewhere.show())["nickname"] == "小明"


async def test_a_picture_that_was_shown_is_the_one_that_was_sent(stack, person):
    me = await person()
    url = (await me.put(picture(color="red"))).json()["avatar_url"]
    assert url.startswith(stack.url + "/avatars/")
    answer = await stack.http.get(url)
    assert answer.headers["content-type"] == "image/jpeg"
    red, green, blue = pixel(answer.content, (5, 5))
    assert red > 200
    assert max(green, blue) < 60
