"""WeChat's own token endpoints, answered here: what an SDK sends, and what it must be told."""

import pytest

from lingpai.testing.actors import TESTER

APPID = "wx00000000000000a1"
GRANT = "client_credential"


@pytest.fixture
def get(stack, keys):
    async def getting(key="reader", **changes):
        query = {"grant_type": GRANT, "appid": APPID, "secret": keys.get(key, key), **changes}
        query = {name: value for name, value in query.items() if value is not None}
        return await stack.http.get("/cgi-bin/token", params=query)

    return getting


@pytest.fixture
def post(stack, keys):
    async def posting(key="reader", **changes):
        body = {"grant_type": GRANT, "appid": APPID, "secret": keys.get(key, key), **changes}
        return await stack.http.post("/cgi-bin/stable_token", json=body)

    return posting


pytestmark = pytest.mark.usefixtures("look_alike")


async def test_both_answer_the_kept_token_in_wechats_shape(get, post, ask):
    kept = (await ask("reader", "GET", f"/v1/{APPID}/access-token")).json()
    for answer in (await get(), await post()):
        assert answer.status_code == 200
        assert answer.json() == {
            "access_token": kept["access_token"],
            "expires_in": kept["expires_in"],
        }


@pytest.mark.parametrize(
    ("key", "changes", "errcode"),
    [
        ("reader", {"appid": None}, 41002),
        ("reader", {"appid": "wx0000000000000000"}, 40013),
        ("reader", {"appid": "demo-mp"}, 40013),
        ("reader", {"secret": None}, 41004),
        ("lps_nobody", {}, 40125),
        ("revoked", {}, 40125),
        ("without the scope", {}, 48001),
        ("of another app", {}, 48001),
        ("reader", {"grant_type": None}, 40002),
        ("reader", {"grant_type": "authorization_code"}, 40002),
        ("of another app", {"appid": "wx00000000000000b2"}, 40013),
    ],
)
async def test_a_refusal_is_http_200_and_an_errcode(stack, get, key, changes, errcode):
    answer = await get(key, **changes)
    assert answer.status_code == 200
    assert list(answer.json()) == ["errcode", "errmsg"]
    assert answer.json()["errcode"] == errcode
    assert " rid: " in answer.json()["errmsg"]


async def test_the_appsecret_itself_is_not_taken(stack, get):
    secret = stack.wechat.app("demo-mp").secret
    answer = await get(secret)
    assert answer.json()["errcode"] == 40125
    assert secret not in answer.text


@pytest.mark.parametrize(
    ("body", "errcode"), [(b"", 44002), (b"{", 47001), (b"[]", 47001), (b'{"appid":1}', 47001)]
)
async def test_a_body_that_is_no_json_is_told_as_wechat_tells_it(stack, body, errcode):
    answer = await stack.http.post("/cgi-bin/stable_token", content=body)
    assert answer.status_code == 200
    assert answer.json()["errcode"] == errcode


async def test_who_wants_to_force_gets_a_new_token_only_when_the_old_one_is_dead(stack, post):
    first = (await post()).json()["access_token"]
    assert (await post(force_refresh=True)).json()["access_token"] == first
    stack.clock.advance(10)
    stack.wechat.rogue("demo-mp", kind="stable_token", force_refresh=True)
    assert (await post(force_refresh=True)).json()["access_token"] != first


async def test_what_wechat_refused_keeps_its_errcode(stack, get):
    stack.wechat.fail("/cgi-bin/stable_token", times=None, errcode=40243)
    assert (await get()).json()["errcode"] == 40243


async def test_when_wechat_does_not_answer_it_is_minus_one(stack, get):
    stack.wechat.fail("/cgi-bin/stable_token", times=None, close="before")
    assert (await get()).json()["errcode"] == -1


async def test_an_app_that_did_not_ask_for_it_has_no_look_alike(rooms, get):
    await rooms.apps.change_settings(APPID, {"look_alike": "false"}, by=TESTER)
    await rooms.directory.reload()
    assert (await get()).json()["errcode"] == 40013
