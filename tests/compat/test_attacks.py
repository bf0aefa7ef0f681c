"""The tutorials' holes, tried one by one: none of them is open."""

import asyncio
import io
import json

import pytest

from lingpai.testing.actors import TESTER
from tests.attacks.conftest import log_to as log_to  # noqa: PLC0414 - the fixture
from tests.compat.conftest import MP_REFERER, openid_of
from tests.conftest import DEMO_APPID, Stack

HERE = "https://api.weixin.qq.com/sns/jscode2session"
SECRET = "c0ffee11c0ffee22c0ffee33c0ffee44"

ELSEWHERE = {
    "another host": "https://evil.example.com/sns/jscode2session?js_code=CODE",
    "userinfo": "https://api.weixin.qq.com@evil.example.com/sns/jscode2session?js_code=CODE",
    "userinfo with a password": "https://api.weixin.qq.com:443@evil.example.com/sns/jscode2session?js_code=CODE",
    "userinfo before the host": "https://user@api.weixin.qq.com/sns/jscode2session?js_code=CODE",
    "backslash": "https://evil.example.com\\@api.weixin.qq.com/sns/jscode2session?js_code=CODE",
    "backslash path": "https://api.weixin.qq.com\\sns\\jscode2session?js_code=CODE",
    "another path": "https://api.weixin.qq.com/cgi-bin/token?js_code=CODE",
    "a longer path": "https://api.weixin.qq.com/sns/jscode2session/../../cgi-bin/token?js_code=CODE",
    "a subdomain": "https://api.weixin.qq.com.evil.example.com/sns/jscode2session?js_code=CODE",
    "a dot at the end": "https://api.weixin.qq.com./sns/jscode2session?js_code=CODE",
    "a port": "https://api.weixin.qq.com:8443/sns/jscode2session?js_code=CODE",
    "plain http": "http://api.weixin.qq.com/sns/jscode2session?js_code=CODE",
    "no scheme": "//api.weixin.qq.com/sns/jscode2session?js_code=CODE",
    "capitals": "HTTPS://API.WEIXIN.QQ.COM/sns/jscode2session?js_code=CODE",
    "a full-width letter": "https://ａpi.weixin.qq.com/sns/jscode2session?js_code=CODE",
    "loopback": "http://127.0.0.1/sns/jscode2session?js_code=CODE",
    "loopback as IPv6": "http://[::1]/sns/jscode2session?js_code=CODE",
    "mapped IPv6": "http://[::ffff:169.254.169.254]/sns/jscode2session?js_code=CODE",
    "loopback as a number": "http://2130706433/sns/jscode2session?js_code=CODE",
    "a metadata address": "http://169.254.169.254/latest/meta-data/?js_code=CODE",
    "a metadata name": "http://metadata.google.internal/computeMetadata/v1/?js_code=CODE",
    "Tencent's metadata name": "http://metadata.tencentyun.com/latest/meta-data/?js_code=CODE",
    "a file": "file:///etc/passwd?js_code=CODE",
    "gopher": "gopher://127.0.0.1:6379/_INFO?js_code=CODE",
    "a line break": "https://api.weixin.qq.com/sns/jscode2session\r\nHost: evil?js_code=CODE",
    "a fragment": "https://evil.example.com#https://api.weixin.qq.com/sns/jscode2session?js_code=CODE",
    "a fragment behind": "https://api.weixin.qq.com/sns/jscode2session?js_code=CODE#@evil.example.com",
    "a blank in front": " https://api.weixin.qq.com/sns/jscode2session?js_code=CODE",
    "nothing": "",
    "no query": "https://api.weixin.qq.com/sns/jscode2session",
}


@pytest.fixture
def log(log_to):
    stream = io.BytesIO()
    log_to(stream)
    return lambda: stream.getvalue().decode()


def upstream(stack: Stack) -> list[str]:
    return [call["path"] for call in stack.wechat.calls() if not call["path"].startswith("/__emulator__")]


class TestTheAddressInUrl:
    @pytest.mark.parametrize("url", ELSEWHERE.values(), ids=ELSEWHERE)
    async def test_any_other_address_is_refused_and_nothing_is_called(self, stack, wechat, url):
        answer = await stack.http.get("/getOpenid", params={"url": url.replace("CODE", wechat.login())})
        assert (answer.status_code, answer.json()["errcode"]) == (400, 400)
        assert answer.json()["problem"]["code"] == "invalid_request"
        assert HERE in answer.json()["errmsg"]
        assert upstream(stack) == []

    async def test_a_listener_that_is_named_hears_nothing(self, stack, wechat):
        """A real socket, and every way of naming it: by port, by userinfo, behind a redirect that nobody follows."""
        heard = []

        async def hear(reader, writer):
            heard.append(await reader.readline())
            writer.write(f"HTTP/1.1 302 Found\r\nlocation: {HERE}\r\ncontent-length: 0\r\n\r\n".encode())
            writer.close()

        server = await asyncio.start_server(hear, "127.0.0.1", 0)
        port = server.sockets[0].getsockname()[1]
        for host in (f"127.0.0.1:{port}", f"api.weixin.qq.com@127.0.0.1:{port}", f"localhost:{port}"):
            url = f"http://{host}/sns/jscode2session?js_code={wechat.login()}"
            assert (await stack.http.get("/getOpenid", params={"url": url})).status_code == 400
        url = f"{HERE}?js_code={wechat.login()}&redirect=http://127.0.0.1:{port}/"
        assert (await stack.http.get("/getOpenid", params={"url": url})).status_code == 200
        server.close()
        await server.wait_closed()
        assert heard == []

    async def test_what_else_the_address_asks_for_is_not_passed_on(self, stack, wechat):
        code = wechat.login()
        url = f"{HERE}?appid={DEMO_APPID}&secret={SECRET}&js_code={code}&grant_type=client_credential&x=1"
        assert (await stack.http.get("/getOpenid", params={"url": url})).status_code == 200
        (call,) = wechat.calls("/sns/jscode2session")
        assert set(call["query"]) == {"appid", "secret", "js_code", "grant_type"}
        assert call["query"]["grant_type"] == "authorization_code"

    async def test_two_codes_are_refused(self, stack, wechat):
        url = f"{HERE}?js_code={wechat.login()}&js_code={wechat.login('xiaohong')}"
        answer = await stack.http.get("/getOpenid", params={"url": url})
        assert answer.status_code == 422


class TestAnAppSecretInAClient:
    async def ask(self, stack, secret):
        url = f"{HERE}?appid={DEMO_APPID}&secret={secret}&js_code={stack.wechat.login()}"
        return await stack.http.get("/getOpenid", params={"url": url})

    async def test_it_raises_the_alarm_in_log_metric_and_console_and_is_nowhere_kept(
        self, stack, wechat, log
    ):
        secret = wechat.app("demo-mp").secret
        assert (await self.ask(stack, secret)).status_code == 200
        await self.ask(stack, secret)
        lines = [json.loads(line) for line in log().splitlines()]
        (alarm,) = [line for line in lines if line["event"] == "app_secret_leaked"]
        assert (alarm["level"], alarm["app"], alarm["in_force"]) == ("error", DEMO_APPID, True)
        metrics = (await stack.http.get("/metrics")).text
        assert f'lingpai_app_secrets_leaked_total{{app="{DEMO_APPID}",in_force="yes"}} 2.0' in metrics
        console = (await stack.http.get("/console", headers={"accept-language": "en"})).text
        assert "A client sent this AppSecret" in console
        assert secret not in log() + metrics + console
        assert secret not in stack.running.server.rooms.leaked.__dict__.__repr__()

    async def test_it_is_over_once_the_secret_was_rotated(self, stack, wechat, log):
        from lingpai.secret import Secret

        old = wechat.app("demo-mp").secret
        await self.ask(stack, old)
        rooms = stack.running.server.rooms
        wechat.set_app("demo-mp", secret="f" * 32)
        await rooms.apps.rotate_secret("demo-mp", Secret("f" * 32), by=TESTER)
        await stack.running.server.secrets.settle(DEMO_APPID)
        await self.ask(stack, old)
        assert "A client sent this" not in (await stack.http.get("/console")).text
        assert '"in_force":false' in log().replace(" ", "")

    async def test_a_made_up_secret_does_not_pass_for_the_real_one(self, stack, log):
        await self.ask(stack, SECRET)
        assert '"in_force":false' in log().replace(" ", "")
        assert 'in_force="no"' in (await stack.http.get("/metrics")).text
        assert "A client sent this" not in (await stack.http.get("/console")).text
        assert SECRET not in log()


ROUTES = ("/index/decodeUserInfo", "/onLogin", "/external/code_2_wx_openid")


class TestAnOpenidInARequest:
    @pytest.mark.parametrize("route", ROUTES)
    @pytest.mark.parametrize("name", ["openid", "openId", "open_id", "unionid", "user_id"])
    async def test_beside_a_code_it_is_nobodys(self, stack, wechat, route, name):
        victim = (await stack.signed_in("xiaohong"))["user"]
        answer = await stack.http.get(
            route,
            params={"code": wechat.login("xiaoming"), name: victim["openid"]},
            headers={"x-wx-openid": victim["openid"], "cookie": f"{name}={victim['openid']}"},
        )
        assert openid_of(stack) in answer.text
        assert victim["openid"] not in answer.text

    @pytest.mark.parametrize("path", [*ROUTES, "/wx/getLoginCertificate", "/wx/wxLogin", "/getOpenid"])
    async def test_instead_of_a_code_it_is_refused(self, stack, path):
        victim = (await stack.signed_in("xiaohong"))["user"]["openid"]
        stack.wechat.clear_calls()
        for params in ({"openid": victim}, {"openId": victim}, {"code": "", "openid": victim}):
            answer = await stack.http.get(path, params=params)
            assert answer.status_code == 400, answer.text
            assert "set-cookie" not in answer.headers
        spent = await stack.http.get(path, params={"code": victim, "url": f"{HERE}?js_code={victim}"})
        assert spent.status_code in (400, 401)
        assert "set-cookie" not in spent.headers

    async def test_as_a_path_segment_it_is_a_code_that_wechat_does_not_know(self, stack):
        victim = (await stack.signed_in("xiaohong"))["user"]["openid"]
        answer = await stack.http.get(f"/external/code_2_wx_openid/{victim}")
        assert (answer.status_code, answer.json()["problem"]["code"]) == (401, "code_invalid")

    async def test_as_a_cookie_or_a_token_it_signs_nobody_in(self, stack):
        victim = (await stack.signed_in("xiaohong"))["user"]["openid"]
        for headers in (
            {"cookie": f"lingpai_session={victim}", "referer": MP_REFERER},
            {"cookie": f"openid={victim}"},
            {"authorization": f"Bearer {victim}"},
        ):
            assert (await stack.http.get("/v1/session", headers=headers)).status_code == 401

    async def test_the_page_of_an_official_account_does_not_take_one(self, stack):
        answer = await stack.http.get("/getopenid", params={"openid": "oSomebody"})
        assert answer.status_code == 302
        assert "oSomebody" not in answer.headers["location"]


class TestReplays:
    @pytest.mark.parametrize(
        "other",
        [
            {"user-agent": "another phone"},
            {"x-forwarded-for": "203.0.113.9"},
            {"referer": "https://servicewechat.com/wx00000000000000ff/1/page-frame.html"},
        ],
        ids=str,
    )
    @pytest.mark.parametrize("path", ["/onLogin", "/index/decodeUserInfo", "/wx/getLoginCertificate"])
    async def test_a_code_replayed_by_another_client_gives_nothing(self, stack, wechat, path, other):
        mine = {"user-agent": "my phone", "x-forwarded-for": "203.0.113.8", "referer": MP_REFERER}
        code = wechat.login()
        first = await stack.http.get(path, params={"code": code}, headers=mine)
        assert first.status_code == 200
        stolen = await stack.http.get(path, params={"code": code}, headers={**mine, **other})
        assert (stolen.status_code, stolen.json()["problem"]["code"]) == (409, "code_used")
        assert "set-cookie" not in stolen.headers
        assert openid_of(stack) not in stolen.text
        again = await stack.http.get(path, params={"code": code}, headers=mine)
        assert again.status_code == 200
        assert again.headers["set-cookie"].split(";")[0] == first.headers["set-cookie"].split(";")[0]

    async def test_the_new_interface_does_not_repeat_what_a_tutorial_began(self, stack, wechat):
        code = wechat.login()
        await stack.http.get("/onLogin", params={"code": code})
        for nonce in (None, "0123456789abcdef"):
            answer = await stack.login(code, **({} if nonce is None else {"nonce": nonce}))
            assert answer.json()["code"] == "code_used"

    async def test_a_hundred_replays_start_one_session(self, stack, wechat):
        code = wechat.login()
        answers = await asyncio.gather(
            *(
                stack.http.get("/onLogin", params={"code": code}, headers={"user-agent": f"phone {n}"})
                for n in range(100)
            )
        )
        assert sorted(answer.status_code for answer in answers) == [200] + [409] * 99
        assert await stack.store.sessions.count_running(stack.clock.now()) == 1


class TestOpenRedirect:
    @pytest.mark.parametrize(
        "name",
        [
            "redirect_uri",
            "redirect",
            "url",
            "return_to",
            "returnUrl",
            "next",
            "state",
            "callback",
            "to",
            "appid",
        ],
    )
    @pytest.mark.parametrize("path", ["/getCode", "/getopenid"])
    async def test_no_parameter_says_where_a_browser_goes(self, stack, path, name):
        for target in ("https://evil.example.com/", "//evil.example.com", "/\\evil.example.com"):
            answer = await stack.http.get(path, params={name: target})
            if name == "state":
                assert answer.status_code == 400
                continue
            assert answer.headers["location"].startswith(
                f"{stack.wechat.url}/connect/oauth2/authorize?appid="
            )
            assert "evil" not in answer.headers["location"]
            stack.http.cookies.clear()

    async def test_the_host_header_does_not_say_it_either(self, stack):
        answer = await stack.http.get(
            "/getCode", headers={"host": "evil.example.com", "x-forwarded-host": "evil.example.com"}
        )
        assert "evil" not in answer.headers["location"]


class TestForgery:
    """Cross-site requests, by which other pages act with what a browser or a mini program holds."""

    async def cookie(self, stack, person="xiaoming"):
        answer = await stack.http.get("/onLogin", params={"code": stack.wechat.login(person)})
        stack.http.cookies.clear()
        return answer.headers["set-cookie"]

    @pytest.mark.parametrize(
        "headers",
        [
            {"sec-fetch-site": "cross-site"},
            {"sec-fetch-site": "same-site"},
            {"origin": "https://evil.example.com"},
            {"origin": "null"},
        ],
        ids=str,
    )
    @pytest.mark.parametrize("path", ["/onLogin", "/index/decodeUserInfo", "/wx/getLoginCertificate"])
    async def test_a_page_cannot_sign_a_browser_in_as_somebody_else(self, stack, wechat, path, headers):
        answer = await stack.http.get(path, params={"code": wechat.login("xiaohong")}, headers=headers)
        assert (answer.status_code, answer.json()["problem"]["code"]) == (403, "origin_not_allowed")
        assert "set-cookie" not in answer.headers
        assert upstream(stack) == []

    async def test_wechats_developer_tools_ask_like_a_browser_and_are_let_in(self, stack, wechat):
        headers = {
            "sec-fetch-site": "cross-site",
            "origin": "http://127.0.0.1:23456",
            "referer": f"https://servicewechat.com/{DEMO_APPID}/devtools/page-frame.html",
        }
        answer = await stack.http.get("/onLogin", params={"code": wechat.login()}, headers=headers)
        assert answer.status_code == 200

    @pytest.mark.parametrize(
        "headers",
        [
            {},
            {"origin": "https://evil.example.com"},
            {"referer": "https://evil.example.com/"},
            {"referer": "https://servicewechat.com.evil.example.com/wx00000000000000a1/1/page-frame.html"},
            {
                "referer": "https://evil.example.com/https://servicewechat.com/wx00000000000000a1/1/page-frame.html"
            },
            {"referer": "https://servicewechat.com/wx00000000000000ff/1/page-frame.html"},
        ],
        ids=str,
    )
    async def test_a_write_with_the_cookie_says_which_mini_program_sends_it(self, stack, headers):
        cookie = await self.cookie(stack)
        refused = await stack.http.delete("/v1/session", headers={"cookie": cookie, **headers})
        assert (refused.status_code, refused.json()["code"]) == (403, "origin_not_allowed")
        assert (await stack.http.get("/v1/session", headers={"cookie": cookie})).status_code == 200
        mine = await stack.http.delete("/v1/session", headers={"cookie": cookie, "referer": MP_REFERER})
        assert mine.status_code == 204

    async def test_a_cookie_is_not_read_out_of_another_cookies_value(self, stack):
        """A sibling domain may set any cookie but ours: its value must not become ours behind a comma."""
        planted = (await self.cookie(stack, "xiaohong")).partition(";")[0]
        cookies = f"tracking=1,{planted}"
        browser = await stack.http.get("/v1/session", headers={"cookie": cookies})
        assert browser.status_code == 401
        client = await stack.http.get("/v1/session", headers={"cookie": cookies, "referer": MP_REFERER})
        assert client.status_code == 200

    async def test_of_two_cookies_neither_counts(self, stack):
        one, other = await self.cookie(stack), await self.cookie(stack, "xiaohong")
        for joined in (f"{one}; {other}", f"{one},{other}"):
            answer = await stack.http.get("/v1/session", headers={"cookie": joined, "referer": MP_REFERER})
            assert answer.status_code == 401
        both = [("cookie", one), ("cookie", other)]
        assert (await stack.http.get("/v1/session", headers=both)).status_code == 401


class TestForgedData:
    async def ask(self, stack, path="/wx/wxLogin", **given):
        return await stack.http.get(path, params={"code": stack.wechat.login(), **given})

    @pytest.fixture
    def told(self, stack, wechat):
        wechat.login()
        return wechat.user_profile(era="real")

    FIELDS = ("rawData", "signature", "encryptedData", "iv")

    async def test_another_persons_signed_profile_is_not_taken(self, stack, wechat):
        await stack.signed_in("xiaohong")
        theirs = wechat.user_profile("xiaohong", era="real")
        answer = await self.ask(stack, **{name: theirs[name] for name in self.FIELDS})
        assert (answer.status_code, answer.json()["problem"]["code"]) == (409, "session_key_stale")

    async def test_raw_data_that_was_changed_is_named(self, stack, told):
        given = {name: told[name] for name in self.FIELDS}
        given["rawData"] = given["rawData"].replace("小明", "管理员")
        answer = await self.ask(stack, **given)
        assert (answer.status_code, answer.json()["problem"]["code"]) == (422, "signature_mismatch")

    async def test_old_data_is_refused(self, stack, wechat, told):
        wechat.advance(301)
        stack.clock.advance(301)
        await stack.running.server.rooms.running.follow()
        answer = await self.ask(stack, **{name: told[name] for name in self.FIELDS})
        assert answer.status_code in (409, 422)

    async def test_damaged_data_is_told_before_the_code_is_spent(self, stack, told):
        answer = await self.ask(stack, "/index/decodeUserInfo", encryptedData="§", iv=told["iv"])
        assert (answer.status_code, answer.json()["problem"]["code"]) == (422, "decrypt_failed")
        assert upstream(stack) == []

    async def test_a_phone_number_does_not_come_this_way(self, stack, wechat):
        wechat.login()
        given = wechat.phone_number()
        answer = await self.ask(
            stack, "/index/decodeUserInfo", encryptedData=given["encryptedData"], iv=given["iv"]
        )
        assert answer.json()["problem"]["code"] == "phone_code_expected"
        assert "13800000001" not in answer.text


class TestLogs:
    async def test_nothing_of_an_address_lands_in_the_log(self, stack, wechat, log):
        code, other = wechat.login(), wechat.login()
        told = wechat.user_info(era="real")
        await stack.http.get("/onLogin", params={"code": code})
        await stack.http.get(f"/external/code_2_wx_openid/{code}")
        await stack.http.get(
            "/index/decodeUserInfo",
            params={"code": other, "encryptedData": told["encryptedData"], "iv": told["iv"]},
        )
        await stack.http.get("/getOpenid", params={"url": f"https://evil.example.com/?secret={SECRET}"})
        said = log()
        assert said
        for secret in (
            code,
            other,
            told["encryptedData"][:24],
            told["iv"],
            SECRET,
            "evil.example.com",
            "lpr_",
        ):
            assert secret not in said


@pytest.mark.parametrize("method", ["GET", "POST"])
@pytest.mark.parametrize(
    "query",
    ["code=%ff", "code=a&code=b", "code=" + "x" * 300, "code=%00", "=", "&&&", "code[]=x", "code=%"],
    ids=str,
)
async def test_nonsense_is_refused_and_never_a_fault(stack, method, query):
    for path in ("/index/decodeUserInfo", "/getOpenid", "/wx/wxLogin", "/onLogin", "/wx/getLoginCertificate"):
        answer = await stack.http.request(method, f"{path}?{query}")
        assert 400 <= answer.status_code < 500, (path, answer.text)


@pytest.mark.parametrize(
    "body", [b"[]", b"{", b"\xff", b'{"code": {}}', b'{"code": [1]}', b"[" * 9_000], ids=str
)
async def test_a_body_that_is_no_object_is_refused(stack, body):
    answer = await stack.http.post(
        "/index/decodeUserInfo", content=body, headers={"content-type": "application/json"}
    )
    assert answer.status_code == 422
    assert answer.json()["data"] is None
