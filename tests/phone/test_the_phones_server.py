"""What does the phone's own server do, and what does it refuse?"""

import asyncio
from contextlib import AsyncExitStack

import pytest

from lingpai_emulator.mistakes import MistakeError
from lingpai_emulator.phone.app import build_phone
from lingpai_emulator.serving import _bind

APPID = "wx00000000000000a1"


async def _request(http, phone, url, **options):
    answer = await http.post(f"{phone}/phone/api/wx/request", json={"appid": APPID, "url": url, **options})
    assert answer.status_code == 200, answer.text
    return answer.json()


async def test_a_foreign_host_name_is_refused(http, tied_phone):
    for path in ("/", "/phone/api/start"):
        answer = await http.get(tied_phone + path, headers={"host": "rebound.example:8002"})
        assert answer.status_code == 403


async def test_a_page_of_another_origin_is_refused(http, tied_phone):
    body = {"appid": APPID, "person": "sam"}
    for origin in ("http://evil.example", "http://127.0.0.1:1", "null"):
        answer = await http.post(f"{tied_phone}/phone/api/wx/login", json=body, headers={"origin": origin})
        assert answer.status_code == 403
    own = await http.post(f"{tied_phone}/phone/api/wx/login", json=body, headers={"origin": tied_phone})
    assert own.json()["result"]["errMsg"] == "login:ok"


async def test_every_answer_carries_the_policy(http, tied_phone):
    for path in ("/", "/static/main.js", "/phone/api/start", "/nothing"):
        policy = (await http.get(tied_phone + path)).headers["content-security-policy"]
        assert "default-src 'self'; img-src 'self' data:" in policy
        assert "unsafe" not in policy


@pytest.mark.parametrize(
    "url",
    [
        "http://example.com/",
        "http://127.0.0.1:1/",
        "https://127.0.0.1:9/",
        "http://127.0.0.1:9@example.com/",
        "http://127.0.0.1:9.example.com/",
        "file:///etc/passwd",
        "no url",
        "http://[",
    ],
)
async def test_only_the_servers_origin_is_in_the_domain_list(http, tied_phone, url):
    answer = await _request(http, tied_phone, url)
    assert answer["result"] == {"errMsg": "request:fail url not in domain list", "errno": 600002}
    assert [step["kind"] for step in answer["steps"]] == ["request", "answer"]


async def test_without_a_server_the_emulators_controls_are_still_out_of_reach(http, lone_phone, wechat):
    port = wechat.url.rpartition(":")[2]
    for host in ("127.0.0.1", "localhost", "[::1]", "127.0.0.2"):
        answer = await _request(http, lone_phone, f"http://{host}:{port}/__emulator__/apps")
        assert answer["result"]["errno"] == 600002


async def test_the_apps_come_without_their_secrets(http, tied_phone, wechat):
    told = await http.get(f"{tied_phone}/phone/api/start")
    assert told.json()["server"] == "http://127.0.0.1:9"
    assert [app["slug"] for app in told.json()["apps"]] == ["demo-mp"]
    assert [person["id"] for person in told.json()["people"]] == ["xiaoming", "xiaohong", "sam"]
    assert not any(app.secret in told.text for app in wechat.apps)


async def test_a_request_says_it_comes_from_wechat(http, lone_phone):
    """A mini program cannot set Referer and User-Agent; a server may look at them."""
    heard = asyncio.get_running_loop().create_future()

    async def hear(reader, writer):
        heard.set_result((await reader.readuntil(b"\r\n\r\n")).decode().lower())
        writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\n[12]")
        await writer.drain()
        writer.close()
        await writer.wait_closed()

    async with await asyncio.start_server(hear, "127.0.0.1", 0) as backend:
        port = backend.sockets[0].getsockname()[1]
        header = {"Referer": "http://evil.example", "X-Own": "yes"}
        answer = await _request(http, lone_phone, f"http://127.0.0.1:{port}/login", header=header)
        head = await heard
    assert f"referer: https://servicewechat.com/{APPID}/0/page-frame.html" in head
    assert "micromessenger/" in head
    assert "x-own: yes" in head
    assert "evil" not in head
    assert answer["result"]["data"] == [12]


async def test_a_server_that_is_not_there_is_a_failure_of_the_network(http, lone_phone):
    async with AsyncExitStack() as stack:
        _sock, url = _bind(stack, "127.0.0.1", 0)  # bound, and nobody listens
        answer = await _request(http, lone_phone, f"{url}/login")
    assert answer["result"]["errno"] == 600001


@pytest.mark.parametrize("url", ["localhost:8000", "ftp://127.0.0.1/", "127.0.0.1:8000"])
def test_a_server_that_is_no_url_is_a_mistake(url):
    with pytest.raises(MistakeError, match="http://HOST:PORT"):
        build_phone("http://127.0.0.1:8001", url)
