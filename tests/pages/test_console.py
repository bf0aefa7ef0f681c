"""The console: to whom it opens, what it shows, and what it never shows."""

import httpx
import pytest

from lingpai.testing.server import RunningServer

APPSECRET = "fa4e5ec2e7fa4e5ec2e7fa4e5ec2e701"
FIRST = "usr_01jd" + "0" * 22


@pytest.mark.parametrize("path", ["/console", "/console?q=x", f"/console/users/{FIRST}"])
async def test_a_serving_server_has_no_console(serving: RunningServer, http: httpx.AsyncClient, path: str):
    assert (await http.get(serving.url + path)).status_code == 404
    assert 'href="/console"' not in (await http.get(serving.url)).text


@pytest.mark.parametrize(
    "host",
    ["evil.example", "evil.example:8000", "127.0.0.1.evil.example", "192.0.2.7", "", "[::1", "localhost."],
)
@pytest.mark.parametrize("path", ["/console", f"/console/users/{FIRST}"])
async def test_a_foreign_host_is_refused(
    filled: RunningServer, http: httpx.AsyncClient, host: str, path: str
):
    answer = await http.get(filled.url + path, headers={"host": host})
    assert answer.status_code in (400, 404)
    assert FIRST[-8:] not in answer.text


@pytest.mark.parametrize("host", ["localhost:8000", "LOCALHOST", "127.0.0.1", "127.0.0.1:1", "[::1]:8000"])
async def test_the_names_of_this_machine_are_welcome(
    running: RunningServer, http: httpx.AsyncClient, host: str
):
    assert (await http.get(f"{running.url}/console", headers={"host": host})).status_code == 200


@pytest.mark.parametrize("client", [("192.0.2.7", 1), ("::ffff:192.0.2.7", 1), ("10.0.0.1", 1)])
async def test_another_machine_is_refused(running: RunningServer, client: tuple[str, int]):
    transport = httpx.ASGITransport(app=running.server.front, client=client)
    async with httpx.AsyncClient(transport=transport, base_url="http://127.0.0.1") as other:
        assert (await other.get("/console")).status_code == 404
        assert (await other.get("/docs")).status_code == 200


@pytest.mark.parametrize("header", ["x-forwarded-for", "forwarded", "x-real-ip", "via", "x-forwarded-host"])
async def test_a_tunnel_to_this_machine_is_refused(
    running: RunningServer, http: httpx.AsyncClient, header: str
):
    answer = await http.get(f"{running.url}/console", headers={header: "127.0.0.1"})
    assert answer.status_code == 404


async def test_every_page_says_that_it_is_open(filled: RunningServer, http: httpx.AsyncClient):
    for path in ("/console", "/console?q=nobody", f"/console/users/{FIRST}"):
        assert "Open without sign-in, to this machine only" in (await http.get(filled.url + path)).text


async def test_the_overview_tells_logins_with_result_and_reason(
    filled: RunningServer, http: httpx.AsyncClient
):
    page = (await http.get(f"{filled.url}/console")).text
    for shown in (
        "Signed in",
        "Refused",
        "WeChat does not accept this code",
        "errcode 40029 · rid 696f2d1c-0a1b2c3d-4e5f6a7b",
        'href="/docs/problems/code_invalid"',
        "a_code_of_a_later_release",
        "this openid came with another unionid",
        "140&nbsp;ms",
        f"{20:016x}",
    ):
        assert shown in page, shown


async def test_the_overview_counts_and_tells_how_sessions_stand(
    filled: RunningServer, http: httpx.AsyncClient
):
    page = (await http.get(f"{filled.url}/console", headers={"accept-language": "zh"})).text
    for count in ("<dt>用户</dt><dd>7</dd>", "<dt>进行中的会话</dt><dd>6</dd>", "<dt>应用</dt><dd>2</dd>"):
        assert count in page
    for state in ("进行中", "已过期", "已结束", "refresh token 被重复使用", "用户退出"):
        assert state in page


async def test_a_person_is_shown_across_apps(filled: RunningServer, http: httpx.AsyncClient):
    page = (await http.get(f"{filled.url}/console/users/{FIRST}")).text
    for shown in ("demo-mp", "demo-oa", "wx00000000000000b2", "o-fake-openid-of-the-oa", "u-fake-unionid-"):
        assert shown in page


@pytest.mark.parametrize("wanted", [FIRST, "o-fake-openid-of-the-oa", "u-fake-unionid-" + "0" * 13, "小"])
async def test_a_person_is_found(filled: RunningServer, http: httpx.AsyncClient, wanted: str):
    page = (await http.get(f"{filled.url}/console", params={"q": wanted})).text
    assert f'href="/console/users/{FIRST}"' in page
    assert "Found: 1" in page


@pytest.mark.parametrize("query", ["q=%00", "q=%ff%fe", "q=" + "x" * 5000, "q=%ed%a0%80", "q=a&q=b", "q"])
async def test_a_strange_search_finds_nobody_and_breaks_nothing(
    filled: RunningServer, http: httpx.AsyncClient, query: str
):
    assert (await http.get(f"{filled.url}/console?{query}")).status_code == 200


async def test_a_search_is_shown_escaped(filled: RunningServer, http: httpx.AsyncClient):
    page = (await http.get(f"{filled.url}/console", params={"q": '"><script>alert(1)</script>'})).text
    assert "<script>alert" not in page
    assert "Nobody has this id" in page


async def test_an_empty_server_says_what_to_do(running: RunningServer, http: httpx.AsyncClient):
    page = (await http.get(f"{running.url}/console")).text
    assert "No login yet." in page
    assert "No user yet." in page


async def test_no_secret_is_on_any_page(filled: RunningServer, http: httpx.AsyncClient):
    for path in ("/", "/docs", "/console", "/console?q=o", f"/console/users/{FIRST}"):
        page = (await http.get(filled.url + path)).text
        for secret in (APPSECRET, APPSECRET[::-1], "SEALED-SESSION-KEY", filled.config.master_key.reveal()):
            assert not secret or secret not in page
    assert "…" + APPSECRET[-4:] in (await http.get(f"{filled.url}/console")).text


async def test_a_page_whose_database_is_gone_is_kind(filled: RunningServer, http: httpx.AsyncClient):
    await filled.server.store.aclose()
    answer = await http.get(f"{filled.url}/console")
    assert answer.status_code == 503
    assert "<h1>The database does not answer now</h1>" in answer.text
