"""What the doctor says of the machine, and of addresses to enter at WeChat."""

import asyncio
import re
import socket

import pytest

from lingpai.admin.doctor import FINDINGS, DoctorSettings, network
from lingpai.admin.doctor.apps import domains
from lingpai.clock import SystemClock
from lingpai.model import App, AppSettings
from lingpai.wechat import NotReached, Reached, reach


@pytest.fixture
def settings(wechat):
    def made(**given):
        return DoctorSettings(
            **{
                "public_url": "https://id.example.com",
                "host": "127.0.0.1",
                "wechat_base_url": wechat.url,
                "fallback_urls": (),
                "trusted_proxies": "127.0.0.1",
                **given,
            }
        )

    return made


async def codes(settings, clock=None):
    return {finding.code: finding for finding in await network(settings, clock or SystemClock())}


def an_app(kind, *origins):
    return App(
        appid="wx00000000000000a1",
        slug="shop",
        kind=kind,
        name="shop",
        open_platform=None,
        created_at=0,
        settings=AppSettings(origins=origins),
    )


async def test_a_machine_in_order_has_no_fault(stack):
    rooms = stack.running.server.rooms
    findings = {finding.code: finding.level for finding in await rooms.doctor.machine("0006")}
    assert findings["database_ok"] == findings["keys_ok"] == findings["wechat_reached"] == "ok"
    # The server of this test has a clock that stands still, long ago: found as well.
    assert findings["clock_wrong"] == "fault"


async def test_the_clock_agrees_with_that_of_wechat(settings):
    assert (await codes(settings()))["clock_ok"].level == "ok"


async def test_no_connection_and_no_name_are_told_apart(settings):
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        refused = f"http://127.0.0.1:{taken.getsockname()[1]}"
        found = await codes(settings(wechat_base_url=refused))
        assert found["wechat_not_reached"].facts["stage"].en == "no connection opens"
    assert await reach("http://nowhere.invalid") == NotReached(host="nowhere.invalid", stage="dns")


async def test_a_certificate_that_nobody_signed_and_a_server_that_is_none_are_told_apart(wechat):
    async def silent(_reader, writer):
        writer.write(b"SSH-2.0-nothing\r\n")
        await writer.drain()
        writer.close()

    server = await asyncio.start_server(silent, "127.0.0.1", 0)
    async with server:
        port = server.sockets[0].getsockname()[1]
        no_tls = await reach(f"https://127.0.0.1:{port}")
        no_http = await reach(f"http://127.0.0.1:{port}")
    assert no_tls == NotReached(host="127.0.0.1", stage="tls")
    assert no_http == NotReached(host="127.0.0.1", stage="answer")
    assert isinstance(await reach(wechat.url), Reached)


async def test_a_host_that_would_stand_in_and_cannot_is_a_warning(settings):
    found = await codes(settings(fallback_urls=("http://nowhere.invalid",)))
    assert found["fallback_not_reached"].level == "warning"
    assert "wechat_reached" in found


@pytest.mark.parametrize(
    ("url", "code"),
    [
        ("https://id.example.com", "public_url_ok"),
        ("http://127.0.0.1:8000", "public_url_local"),
        ("https://203.0.113.7", "public_url_unfit"),
        ("http://id.example.com", "public_url_unfit"),
    ],
)
async def test_an_address_that_wechat_would_not_take_is_told(settings, url, code):
    assert code in await codes(settings(public_url=url))


async def test_proxies_in_front_and_on_the_way_out_are_told(settings):
    found = await codes(settings(trusted_proxies="", proxy_variables=("HTTPS_PROXY",)))
    assert found["proxies_unset"].level == found["proxy_ignored"].level == "warning"
    quiet = await codes(settings())
    assert {"proxies_unset", "proxy_ignored"} & quiet.keys() == set()


@pytest.mark.parametrize(
    ("kind", "url", "line"),
    [
        ("miniprogram", "https://id.example.com:8443", "request合法域名 https://id.example.com:8443"),
        ("official_account", "https://id.example.com/base", "网页授权域名: id.example.com"),
        ("website", "https://id.example.com", "授权回调域: id.example.com"),
    ],
)
def test_the_lines_to_enter_stand_ready_to_copy(kind, url, line):
    first = domains(an_app(kind, "https://shop.example.com"), url)[0]
    assert line in first.fix.say("en", first.facts)


def test_the_hosts_of_the_pages_are_listed_for_the_js_sdk():
    app = an_app("official_account", "https://shop.example.com", "https://club.example.com")
    listed = domains(app, "https://id.example.com")[1]
    assert listed.fix.say("zh", listed.facts).endswith("club.example.com shop.example.com")
    assert domains(an_app("website"), "https://id.example.com")[1].code == "origins_unset"


@pytest.mark.parametrize("kind", ["official_account", "website"])
def test_a_port_does_not_fit_into_a_callback_domain(kind):
    only = domains(an_app(kind), "https://id.example.com:8443")
    assert [finding.code for finding in only] == ["domain_unfit"]


def test_both_languages_of_a_finding_have_the_same_blanks():
    assert len(FINDINGS) > 30
    for kind in FINDINGS.values():
        for words in (kind.title, kind.cause, kind.fix):
            english, chinese = (set(re.findall(r"{(\w+)}", text)) for text in (words.en, words.zh))
            assert english == chinese, kind.code
            assert bool(words.en) == bool(words.zh), kind.code
