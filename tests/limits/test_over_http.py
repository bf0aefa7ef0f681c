"""A server with limits, as clients meet it: who is refused, by which count, and in which words."""

import dataclasses
from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack
from pathlib import Path
from typing import Any

import httpx
import pytest
import structlog

from lingpai.admin.clients import ClientsAdmin
from lingpai.limits import Sharing
from lingpai.model import AppSettings
from lingpai.observe import logs
from lingpai.testing.actors import TESTER
from lingpai.testing.clock import FrozenClock
from lingpai.testing.server import running_server, server_config
from lingpai_emulator.client import Wechat
from tests.conftest import Stack, bearer, demo_apps

APPID = "wx00000000000000a1"
BROWSER = {"accept": "text/html", "accept-language": "zh-CN"}


@pytest.fixture
async def serve(
    wechat: Wechat, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> AsyncIterator[Callable[..., Any]]:
    """`await serve(**settings)` → a server whose limits are on, and whose clock stands still."""
    # It has nobody to exchange with; and the database's clock, by which nodes exchange, does not stand still.
    monkeypatch.setattr(Sharing, "start", lambda _self: None)
    async with AsyncExitStack() as stack:

        async def serving(app: AppSettings | None = None, **settings: object) -> Stack:
            clock = FrozenClock()
            config = server_config(
                tmp_path, wechat.url, **{"log_level": "error", "rate_limits": True, **settings}
            )
            apps = [dataclasses.replace(each, settings=app) for each in demo_apps(wechat)]
            running = await stack.enter_async_context(running_server(config, apps, clock=clock))
            http = await stack.enter_async_context(httpx.AsyncClient(base_url=running.url, timeout=10))
            return Stack(running, wechat, clock, http)

        yield serving


def codes(answers):
    return [answer.json().get("code", answer.status_code) for answer in answers]


def metric(stack, limit):
    value = stack.running.server.rooms.metrics.registry.get_sample_value(
        "lingpai_rate_limited_total", {"limit": limit}
    )
    return value or 0


async def nonsense(stack, times, **headers):
    """Logins whose body is none: they reach the server, and nobody else."""
    return [await stack.http.post("/v1/demo-mp/login", content=b"{", headers=headers) for _ in range(times)]


async def test_an_address_is_refused_with_the_headers_that_say_why(serve):
    stack = await serve(rate_limit_address=30, rate_limit_address_burst=3)
    answers = await nonsense(stack, 4)
    assert codes(answers) == ["invalid_request"] * 3 + ["rate_limited"]
    refused = answers[-1]
    assert refused.status_code == 429
    assert refused.headers["content-type"] == "application/problem+json"
    assert refused.headers["retry-after"] == "2"
    assert refused.headers["ratelimit-policy"] == '"address";q=30;w=60'
    assert refused.headers["ratelimit"] == '"address";r=0;t=2'
    assert refused.json()["detail"] == "Too many requests from this address."
    (chinese,) = await nonsense(stack, 1, **{"accept-language": "zh"})
    assert chinese.json()["detail"] == "该 IP 的请求过于频繁。"
    assert metric(stack, "address") == 2
    stack.clock.advance(2)
    assert codes(await nonsense(stack, 2)) == ["invalid_request", "rate_limited"]


async def test_limits_can_be_off(serve):
    stack = await serve(rate_limits=False, rate_limit_address=30, rate_limit_address_burst=3)
    assert codes(await nonsense(stack, 20)) == ["invalid_request"] * 20


async def test_nobody_who_asks_at_a_humans_pace_is_refused(serve):
    stack = await serve()
    for _ in range(20):
        tokens = await stack.signed_in()
        assert (await stack.session(tokens["access_token"])).status_code == 200
        assert (await stack.refresh(tokens["refresh_token"])).status_code == 200
        await stack.later(3)


async def test_an_invented_x_forwarded_for_changes_nothing(serve):
    stack = await serve(rate_limit_address=30, rate_limit_address_burst=3)
    answers = [
        (await nonsense(stack, 1, **{"x-forwarded-for": f"203.0.113.{n}, 198.51.100.{n}"}))[0]
        for n in range(6)
    ]
    assert codes(answers) == ["invalid_request"] * 3 + ["rate_limited"] * 3


async def test_behind_a_trusted_proxy_each_client_has_its_own_count(serve):
    stack = await serve(rate_limit_address=30, rate_limit_address_burst=2, trusted_proxies="127.0.0.1")

    async def from_address(address, times=3):
        return codes(await nonsense(stack, times, **{"x-forwarded-for": address}))

    over = ["invalid_request"] * 2 + ["rate_limited"]
    assert await from_address("203.0.113.1") == over
    assert await from_address("203.0.113.2") == over
    # What stands before the address that the proxy saw, anybody may have invented.
    assert await from_address("198.51.100.9, 203.0.113.1", 1) == ["rate_limited"]
    # A household or a phone has a /64 to itself.
    assert await from_address("2001:db8:1:2::1") == over
    assert await from_address("2001:db8:1:2:ffff::9", 1) == ["rate_limited"]
    assert await from_address("2001:db8:1:3::1") == over


async def test_a_proxy_that_nobody_told_of_is_told_of_in_the_log_once(serve, monkeypatch):
    stack = await serve(rate_limit_address=30, rate_limit_address_burst=1)
    events = structlog.testing.LogCapture()
    monkeypatch.setattr(
        logs._Current, "log", structlog.wrap_logger(None, processors=[events], cache_logger_on_first_use=True)
    )
    await nonsense(stack, 5)
    assert "proxy_not_trusted" not in [entry["event"] for entry in events.entries]
    await nonsense(stack, 5, **{"x-forwarded-for": "203.0.113.1"})
    told = [entry["event"] for entry in events.entries]
    assert told.count("proxy_not_trusted") == 1
    # One line a minute, however many are refused; and nobody's address in it.
    (line,) = [entry for entry in events.entries if entry["event"] == "rate_limited"]
    assert (line["limit"], line["refusals"]) == ("address", 1)
    stack.clock.advance(61)
    await nonsense(stack, 3)
    lines = [entry for entry in events.entries if entry["event"] == "rate_limited"]
    assert [entry["refusals"] for entry in lines] == [1, 9]
    assert "127.0.0.1" not in str(events.entries)


async def test_codes_that_were_of_no_use_are_counted_and_wechat_is_spared(serve):
    stack = await serve(rate_limit_failed_codes=3)
    good = await stack.login()
    assert good.status_code == 200
    wrong = [await stack.login(f"0wrong{n:026}") for n in range(3)]
    assert codes(wrong) == ["code_invalid"] * 3
    stack.wechat.clear_calls()
    refused = await stack.login()
    assert codes([refused]) == ["rate_limited"]
    assert refused.headers["ratelimit-policy"] == '"failed_codes";q=3;w=60'
    assert stack.wechat.calls("/sns/jscode2session") == []
    stack.clock.advance(20)
    assert (await stack.login()).status_code == 200


async def test_good_logins_are_no_failed_codes(serve):
    stack = await serve(rate_limit_failed_codes=2, rate_limit_openid=0)
    assert [(await stack.login()).status_code for _ in range(6)] == [200] * 6


async def test_a_person_who_signs_in_in_a_loop_is_stopped_and_others_are_not(serve):
    stack = await serve(rate_limit_openid=9)
    answers = [await stack.login() for _ in range(4)]
    assert codes(answers) == [200] * 3 + ["rate_limited"]
    assert answers[-1].headers["ratelimit-policy"] == '"openid";q=9;w=60'
    assert (await stack.login(person="xiaohong")).status_code == 200
    stack.clock.advance(7)
    assert (await stack.login()).status_code == 200


async def test_what_a_person_has_wechat_asked_counts_by_person(serve):
    stack = await serve(rate_limit_openid=9)
    tokens = await stack.signed_in()
    path = "/v1/demo-mp/session-key"
    answers = [await stack.http.get(path, headers=bearer(tokens["access_token"])) for _ in range(3)]
    assert codes(answers) == [200, 200, "rate_limited"]
    # Being asked who one is costs nobody anything.
    checks = [await stack.session(tokens["access_token"]) for _ in range(50)]
    assert codes(checks) == [200] * 50


async def test_an_app_has_as_many_logins_as_its_operator_allows(serve):
    stack = await serve(AppSettings(logins_per_minute=6), rate_limit_openid=0)
    answers = [await stack.login(person=person) for person in ("xiaoming", "xiaohong", "sam")]
    assert codes(answers) == [200, 200, "rate_limited"]
    assert answers[-1].headers["ratelimit-policy"] == '"app";q=6;w=60'
    stack.clock.advance(10)
    assert (await stack.login(person="sam")).status_code == 200


async def test_one_count_for_every_way_in(serve):
    settings = AppSettings(compat=True, origins=("https://shop.example.com",))
    stack = await serve(settings, rate_limit_address=60, rate_limit_address_burst=6)
    ways = [
        ("POST", "/v1/demo-mp/login"),
        ("GET", "/v1/demo-oa/oauth/start?return_to=https://shop.example.com/"),
        ("GET", "/v1/demo-web/oauth/qr?return_to=https://shop.example.com/"),
        ("GET", "/v1/demo-oa/oauth/callback?code=x&state=y"),
        ("POST", "/v1/session/refresh"),
        ("GET", "/onLogin?code=x"),
        ("POST", "/v1/demo-mp/tickets/exchange"),
        ("GET", "/v1/demo-oa/oauth/enter?ticket=x"),
        ("GET", "/getCode"),
        ("POST", "/index/decodeUserInfo"),
    ]
    answers = [await stack.http.request(method, path) for method, path in ways]
    assert [answer.status_code == 429 for answer in answers] == [False] * 6 + [True] * 4
    for method, path in ways:
        assert (await stack.http.request(method, path)).status_code == 429, path


async def test_a_failed_code_counts_whichever_way_it_came(serve):
    stack = await serve(AppSettings(compat=True), rate_limit_failed_codes=2)
    for n in range(2):
        answer = await stack.http.get(f"/onLogin?code=0wrong{n:026}")
        assert answer.status_code == 401
    assert codes([await stack.login()]) == ["rate_limited"]
    tutorial = await stack.http.get(f"/onLogin?code=0wrong{9:026}")
    assert tutorial.status_code == 429
    assert tutorial.headers["retry-after"] == "30"
    assert tutorial.json()["problem"]["code"] == "rate_limited"


async def test_a_browser_is_told_by_a_page(serve):
    stack = await serve(rate_limit_address=60, rate_limit_address_burst=1)
    path = "/v1/demo-oa/oauth/callback?code=x&state=y"
    await stack.http.get(path, headers=BROWSER)
    refused = await stack.http.get(path, headers=BROWSER)
    assert refused.status_code == 429
    assert refused.headers["content-type"].startswith("text/html")
    assert refused.headers["retry-after"] == "1"
    assert "rate_limited" in refused.text


async def test_tokens_and_keys_that_are_none_make_a_stranger(serve):
    stack = await serve(rate_limit_address=60, rate_limit_address_burst=4)
    ways = ["/v1/session", "/v1/me", "/v1/demo-mp/access-token", "/v1/session", "/v1/session", "/v1/me"]
    answers = [await stack.http.get(path, headers=bearer("nonsense")) for path in ways]
    assert [answer.status_code for answer in answers] == [401] * 4 + [429] * 2


async def test_a_backend_is_limited_by_its_key_and_in_wechats_words_where_it_expects_them(serve):
    stack = await serve(
        AppSettings(look_alike=True),
        rate_limit_service_key=6,
        rate_limit_address=60,
        rate_limit_address_burst=1,
    )
    admin = ClientsAdmin(stack.store, stack.clock)
    one, other = [
        (await admin.add(name, ("access_token",), by=TESTER))[1].reveal() for name in ("one", "other")
    ]
    path = f"/v1/{APPID}/access-token"
    answers = [await stack.http.get(path, headers=bearer(one)) for _ in range(3)]
    assert codes(answers) == [200, 200, "rate_limited"]
    assert answers[-1].headers["ratelimit-policy"] == '"service_key";q=6;w=60'
    assert (await stack.http.get(path, headers=bearer(other))).status_code == 200

    query = {"grant_type": "client_credential", "appid": APPID, "secret": one}
    looks_alike = await stack.http.get("/cgi-bin/token", params=query)
    assert (looks_alike.status_code, looks_alike.json()["errcode"]) == (200, 45011)
    for errcode in (40125, 45011):
        wrong = await stack.http.get("/cgi-bin/token", params={**query, "secret": "lps_nobody"})
        assert wrong.json()["errcode"] == errcode


async def test_what_machines_ask_is_not_counted(serve):
    stack = await serve(rate_limit_address=60, rate_limit_address_burst=1)
    for path in ("/healthz", "/readyz", "/metrics", "/oauth2/jwks", "/openapi.json", "/docs"):
        answers = [await stack.http.get(path, follow_redirects=True) for _ in range(5)]
        assert [answer.status_code for answer in answers] == [200] * 5, path


async def test_the_description_says_where_429_may_come(serve):
    stack = await serve()
    paths = (await stack.http.get("/openapi.json")).json()["paths"]
    said = {
        path for path, methods in paths.items() for each in methods.values() if "429" in each["responses"]
    }
    assert said >= {
        *("/v1/{app}/login", "/v1/session/refresh", "/v1/{app}/oauth/callback", "/v1/{app}/access-token"),
        *("/v1/{app}/session-key", "/v1/{app}/decrypt", "/v1/{app}/profile", "/v1/session", "/v1/me"),
    }
