"""Mini programs written after the tutorials work when only their base URL changes, mistakes included."""

import sqlite3
from contextlib import closing

import pytest

from lingpai.testing.actors import TESTER
from tests.compat.conftest import openid_of


def users(stack):
    path = stack.running.config.database_url.removeprefix("sqlite:///")
    with closing(sqlite3.connect(path)) as db:
        return db.execute("SELECT nickname FROM users").fetchall()


class TestDecodeUserInfo:
    @pytest.mark.parametrize("method", ["GET", "POST"])
    @pytest.mark.parametrize("encoded", [0, 1, 2])
    async def test_the_user_info_is_really_decrypted_however_often_it_was_encoded(
        self, stack, run, wechat, method, encoded
    ):
        wechat.login()  # the phone has a session_key, as after an earlier visit
        seen = await run("decode_user_info", method=method, encoded=encoded, era="real")
        body = seen["loads"][0]["body"]
        assert (body["code"], body["data"]["openid"], body["openid"]) == (
            0,
            openid_of(stack),
            openid_of(stack),
        )
        assert body["data"]["userInfo"]["nickName"] == "小明"
        assert body["data"]["userInfo"]["openId"] == openid_of(stack)
        assert "session_key" not in str(seen)

    async def test_a_post_with_json_is_understood_too(self, stack, run, wechat):
        wechat.login()
        seen = await run("decode_user_info", method="POST", form=False, era="real")
        assert seen["loads"][0]["body"]["data"]["userInfo"]["nickName"] == "小明"

    async def test_pages_that_all_log_in_at_once_are_one_user(self, stack, run, wechat):
        wechat.login()
        seen = await run("decode_user_info", twice=True, era="real")
        assert [load["body"]["code"] for load in seen["loads"]] == [0, 0, 0]
        assert len(users(stack)) == 1

    async def test_a_key_that_changed_after_the_data_was_made_leaves_the_login_standing(
        self, stack, run, wechat
    ):
        wechat.login()
        wechat.switch(key_rotation="always")
        seen = await run("decode_user_info", era="real")
        body = seen["loads"][0]["body"]
        assert (body["code"], body["data"]["openid"]) == (0, openid_of(stack))
        assert body["data"]["userInfo"] is None
        assert body["data"]["problem"]["code"] == "session_key_stale"
        assert seen["after"]["body"]["active"] is True

    async def test_an_earlier_key_still_opens_the_data(self, stack, run, wechat):
        await stack.signed_in()
        wechat.switch(key_rotation="always")
        seen = await run("decode_user_info", era="real")
        assert seen["loads"][0]["body"]["data"]["userInfo"]["nickName"] == "小明"

    async def test_whoever_refuses_is_signed_in_without_user_info(self, stack, run):
        seen = await run("decode_user_info", deny=True)
        assert seen["loads"][0]["body"]["data"] == {
            "openid": openid_of(stack),
            "unionid": seen["loads"][0]["body"]["data"]["unionid"],
        }

    @pytest.mark.parametrize(
        "choice", [{"appIdVersion": "1"}, {"appIdVersion": "demo-mp"}, {"app": "demo-mp"}]
    )
    async def test_app_id_version_chooses_the_app(self, stack, run, choice):
        seen = await run("decode_user_info", deny=True, more=choice)
        assert seen["loads"][0]["body"]["code"] == 0

    @pytest.mark.parametrize(
        ("choice", "code"),
        [
            ({"appIdVersion": "2"}, "app_unknown"),
            ({"app": "demo-oa"}, "compat_off"),
            ({"app": "x"}, "app_unknown"),
        ],
    )
    async def test_an_app_that_is_not_there_is_said_in_the_envelope(self, stack, run, choice, code):
        seen = await run("decode_user_info", deny=True, more=choice)
        body = seen["loads"][0]["body"]
        assert (body["code"], body["data"], body["problem"]["code"]) == (404, None, code)
        assert body["msg"]


class TestCookie:
    @pytest.mark.parametrize("kept", ["header", "first", "array"])
    @pytest.mark.parametrize("stored", ["text", "json"])
    @pytest.mark.parametrize("platform", ["ios", "android"])
    async def test_whatever_a_client_keeps_of_the_cookie_signs_it_in(
        self, stack, run, kept, stored, platform
    ):
        seen = await run("decode_user_info", deny=True, cookie=kept, stored=stored, platform=platform)
        assert "Path=/" in str(seen["cookie"])
        assert seen["after"]["body"]["user"]["openid"] == openid_of(stack)

    @pytest.mark.parametrize("name", ["cookie", "Cookie", "COOKIE"])
    async def test_the_header_may_be_written_in_any_case(self, stack, run, name):
        seen = await run("decode_user_info", deny=True, name=name)
        assert seen["after"]["status"] == 200

    async def test_there_is_exactly_one_cookie_and_signing_out_ends_it(self, stack, run):
        seen = await run("decode_user_info", deny=True, sign_out=True)
        names = [name for name in seen["loads"][0]["header"] if name.lower() == "set-cookie"]
        assert len(names) == 1
        assert seen["cookie"].count("lingpai_session=") == 1
        assert seen["out"] == 204
        gone = await stack.http.get("/v1/session", headers={"cookie": seen["cookie"]})
        assert gone.json()["code"] == "session_invalid"

    async def test_it_counts_wherever_a_bearer_token_does(self, stack, run, wechat):
        seen = await run("decode_user_info", deny=True)
        given = wechat.user_profile(era="real")
        answer = await stack.http.post(
            "/v1/demo-mp/profile",
            json={name: given[name] for name in ("rawData", "signature", "encryptedData", "iv")},
            headers={
                "cookie": seen["cookie"],
                "referer": "https://servicewechat.com/wx00000000000000a1/0/page-frame.html",
            },
        )
        assert answer.status_code == 200, answer.text
        assert answer.json()["nickname"] == "小明"


class TestGetOpenid:
    @pytest.mark.parametrize("encoding", ["data", "glued", "twice"])
    async def test_the_address_is_read_for_its_code_however_it_was_written(
        self, stack, run, wechat, encoding
    ):
        seen = await run("get_openid", secret=wechat.app("demo-mp").secret, encoding=encoding)
        assert seen["body"]["openid"] == openid_of(stack)
        assert set(seen["body"]) <= {"openid", "unionid"}
        assert seen["after"]["user"]["openid"] == openid_of(stack)
        (call,) = wechat.calls("/sns/jscode2session")
        assert "code" not in call["query"], "the client's own address was not opened"

    async def test_an_appid_of_another_app_is_refused_as_wechat_would(self, stack, run):
        seen = await run("get_openid", secret="f" * 32, appid="wx00000000000000a1")
        assert seen["status"] == 200
        other = "https://api.weixin.qq.com/sns/jscode2session?appid=wx00000000000000ff&js_code=c"
        answer = await stack.http.get("/getOpenid", params={"url": other})
        assert (answer.status_code, answer.json()["errcode"]) == (409, 40013)
        assert answer.json()["problem"]["code"] == "app_mismatch"

    async def test_a_code_that_wechat_does_not_know_is_its_errcode(self, stack):
        url = "https://api.weixin.qq.com/sns/jscode2session?appid=wx00000000000000a1&js_code=nonsense"
        answer = await stack.http.get("/getOpenid", params={"url": url})
        assert (answer.status_code, answer.json()["errcode"]) == (401, 40029)
        assert answer.json()["problem"]["code"] == "code_invalid"


class TestLoginCertificate:
    async def test_the_first_user_is_zero_then_a_row_then_one(self, stack, run, wechat):
        wechat.add_person(id="xiaoming", avatar="https://example.com/mmopen/vi_32/xiaoming/132")
        seen = await run("login_certificate", era="real")
        assert seen["before"] == [0]
        row = seen["row"]
        assert (row["open_id"], row["nick_name"]) == (openid_of(stack), "小明")
        assert row["avatar_url"].startswith("https://example.com/")
        assert "session_key" not in row
        assert seen["after"] == 1

    async def test_two_calls_at_once_insert_one_user(self, stack, run):
        seen = await run("login_certificate", at_once=True, era="real")
        assert seen["before"] == [0, 0]
        assert len(users(stack)) == 1

    @pytest.mark.parametrize(
        "mistake", [{"by_hand": True}, {"encoded": 1}, {"encoded": 2}, {"stringified": True}], ids=str
    )
    @pytest.mark.parametrize("nickname", ["小明", 'a "quoted" + name', "100% 小明"])
    async def test_what_encoding_did_to_the_data_is_undone(self, stack, run, wechat, mistake, nickname):
        if mistake.get("by_hand") and "%" in nickname:
            mistake = {}
        wechat.add_person(id="xiaoming", nickname=nickname)
        seen = await run("login_certificate", era="real", **mistake)
        assert seen["status"] == 200, seen["row"]
        assert seen["row"]["nick_name"] == nickname

    async def test_logging_in_after_the_data_was_made_works_while_the_key_is_on_the_ring(
        self, stack, run, wechat
    ):
        wechat.switch(key_rotation="always")
        seen = await run("login_certificate", era="real")
        assert seen["row"]["nick_name"] == "小明"

    async def test_nobody_is_called_what_everybody_is_called(self, stack, run):
        seen = await run("login_certificate")
        assert (seen["status"], seen["row"]["nick_name"], seen["after"]) == (200, None, 0)

    async def test_a_refusal_is_told_before_the_code_is_spent(self, stack, run, wechat):
        seen = await run("login_certificate", deny=True)
        assert (seen["status"], seen["row"]["problem"]["code"]) == (400, "invalid_request")
        assert "rawData" in seen["row"]["msg"]
        assert len(wechat.calls("/sns/jscode2session")) == 2


class TestCodeToOpenid:
    @pytest.mark.parametrize(
        "way",
        [
            {},
            {"path": "/external/code_2_wx_openid"},
            {"path": "/external/code_2_wx_openid", "in_path": True},
        ],
        ids=str,
    )
    async def test_a_code_is_an_openid_and_a_token(self, stack, run, way):
        seen = await run("on_login", **way)
        (answer,) = seen["answers"]
        assert set(answer["body"]) == {"code", "openId", "token"}
        assert answer["body"]["code"] == 0
        assert seen["openId"] == seen["after"]["user"]["openid"] == openid_of(stack)

    async def test_the_same_code_from_every_page_at_once_is_one_session(self, stack, run, wechat):
        seen = await run("on_login", times=5)
        assert {answer["status"] for answer in seen["answers"]} == {200}
        assert len(wechat.calls("/sns/jscode2session")) == 1
        assert await stack.store.sessions.count_running(stack.clock.now()) == 1

    async def test_the_same_client_may_repeat_it_for_a_minute(self, stack, run):
        first = await run("on_login")
        await stack.later(59)
        again = await run("on_login", code=first["code"])
        assert again["answers"][0]["body"]["openId"] == first["openId"]
        await stack.later(2)
        late = await run("on_login", code=first["code"])
        assert (late["answers"][0]["status"], late["answers"][0]["body"]["problem"]["code"]) == (
            409,
            "code_used",
        )

    @pytest.mark.parametrize("code", ["", "undefined", "null", "[object Object]"])
    async def test_a_client_that_asks_too_early_is_told_to_wait(self, stack, code):
        answer = await stack.http.get("/onLogin", params={"code": code})
        assert (answer.status_code, answer.json()["code"]) == (400, 400)
        assert "wx.login" in answer.json()["msg"]

    async def test_the_words_are_in_the_language_of_the_client(self, stack):
        answer = await stack.http.get("/onLogin", headers={"accept-language": "zh-CN"})
        assert "请等 wx.login 成功之后" in answer.json()["msg"]


PATHS = (
    "/index/decodeUserInfo",
    "/getOpenid",
    "/wx/getLoginCertificate",
    "/wx/wxLogin",
    "/onLogin",
    "/external/code_2_wx_openid",
    "/external/code_2_wx_openid/abc",
    "/getCode",
    "/getopenid",
)


@pytest.mark.parametrize("path", PATHS)
async def test_an_app_that_has_them_closed_is_not_served(stack, path):
    for app in ("demo-mp", "demo-oa"):
        await stack.running.server.rooms.apps.change_settings(app, {"compat": "false"}, by=TESTER)
    await stack.running.server.rooms.directory.reload()
    url = "https://api.weixin.qq.com/sns/jscode2session?js_code=abc"
    asked = {"url": url} if path == "/getOpenid" else {}
    if path == "/wx/wxLogin":
        asked = dict.fromkeys(("rawData", "signature", "encryptedData", "iv"), "x")
    code = {} if path in ("/getCode", "/getopenid") else {"code": "abc"}
    answer = await stack.http.get(path, params={**asked, **code})
    assert answer.status_code == 404
    assert "compat_off" in answer.text
    assert "compat=true" in answer.text


async def test_wechat_in_trouble_is_told_in_the_tutorials_shape(stack, wechat):
    wechat.fail("/sns/jscode2session", times=None, errcode=-1, errmsg="system error")
    answer = await stack.http.get("/onLogin", params={"code": wechat.login()})
    assert (answer.status_code, answer.json()["code"]) == (503, 503)
    assert answer.json()["problem"]["code"] == "wechat_busy"
    assert answer.headers["retry-after"]


async def test_a_login_by_a_tutorial_stands_in_the_history_like_any_other(stack, run):
    await run("on_login")
    await stack.http.get("/onLogin", params={"code": "nonsense"})
    await stack.running.server.rooms.sign_in._history.drain()
    results = [event.result for event in await stack.store.logins.recent(10)]
    assert sorted(results) == ["code_invalid", "signed_in"]
