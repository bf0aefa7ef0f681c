"""Several apps behind one address: the one registered first, unless the client says which."""

import pytest

from lingpai.model import AppSettings
from lingpai.secret import Secret
from lingpai.testing.actors import TESTER
from tests.compat.conftest import openid_of
from tests.conftest import DEMO_APPID, Stack

SECOND = "wx00000000000000f6"


@pytest.fixture
async def two(stack: Stack) -> Stack:
    """A second mini program, registered a day later."""
    app = stack.wechat.add_app(SECOND, slug="second-mp", kind="miniprogram")
    await stack.later(86_400)
    rooms = stack.running.server.rooms
    await rooms.apps.add(
        appid=SECOND,
        secret=Secret(app.secret),
        slug="second-mp",
        kind="miniprogram",
        settings=AppSettings(compat=True),
        by=TESTER,
    )
    await rooms.directory.reload()
    return stack


@pytest.mark.parametrize(
    ("choice", "appid"),
    [
        ({}, DEMO_APPID),
        ({"appIdVersion": "1"}, DEMO_APPID),
        ({"appIdVersion": "2"}, SECOND),
        ({"appIdVersion": "v2"}, SECOND),
        ({"appIdVersion": SECOND}, SECOND),
        ({"app": "second-mp"}, SECOND),
        ({"app": "demo-mp", "appIdVersion": "2"}, DEMO_APPID),
    ],
    ids=str,
)
async def test_the_app_is_the_one_that_is_named(two: Stack, choice: dict[str, str], appid: str):
    code = two.wechat.login(app=appid)
    answer = await two.http.get("/index/decodeUserInfo", params={"code": code, **choice})
    assert answer.json()["data"]["openid"] == openid_of(two, appid=appid)


async def test_the_appid_in_wechats_address_names_it_too(two: Stack):
    code = two.wechat.login(app=SECOND)
    url = f"https://api.weixin.qq.com/sns/jscode2session?appid={SECOND}&js_code={code}"
    answer = await two.http.get("/getOpenid", params={"url": url})
    assert answer.json()["openid"] == openid_of(two, appid=SECOND)


async def test_a_code_of_one_app_is_nothing_at_another(two: Stack):
    answer = await two.http.get("/onLogin", params={"code": two.wechat.login(app=SECOND)})
    assert (answer.status_code, answer.json()["problem"]["code"]) == (401, "code_invalid")


async def test_a_cookie_of_one_app_is_nothing_at_another(two: Stack):
    cookie = (await two.http.get("/onLogin", params={"code": two.wechat.login()})).headers["set-cookie"]
    answer = await two.http.get("/v1/second-mp/session-key", headers={"cookie": cookie})
    assert (answer.status_code, answer.json()["code"]) == (401, "session_invalid")
    foreign = f"https://servicewechat.com/{SECOND}/1/page-frame.html"
    other = await two.http.get("/v1/session", headers={"cookie": cookie, "referer": foreign})
    assert (other.status_code, other.json()["code"]) == (403, "origin_not_allowed")


async def test_where_the_first_is_closed_the_next_one_is_meant(two: Stack):
    rooms = two.running.server.rooms
    await rooms.apps.change_settings("demo-mp", {"compat": "false"}, by=TESTER)
    await rooms.directory.reload()
    code = two.wechat.login(app=SECOND)
    assert (await two.http.get("/onLogin", params={"code": code})).json()["openId"] == openid_of(
        two, appid=SECOND
    )
