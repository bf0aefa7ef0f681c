"""What crosses the wire: one request, at most once, within its time, and nothing beside it."""

import asyncio
import contextlib
import socket
from dataclasses import replace
from urllib.parse import parse_qsl, urlsplit

import pytest

from lingpai.wechat import (
    WeChatAnswerInvalid,
    WeChatAnswerLost,
    WeChatClient,
    WeChatSettings,
    WeChatUnreachable,
)
from lingpai.wechat.endpoints.sns import SNS_JSCODE2SESSION, JsCode2SessionRequest

APP = "wx00000000000000a1"


def head_of(request: bytes) -> tuple[str, list[tuple[str, str]], dict[str, str]]:
    """Request line without its query, the query, the headers."""
    first, *lines = request.decode().rstrip().split("\r\n")
    method, target, _ = first.split(" ")
    url = urlsplit(target)
    return f"{method} {url.path}", parse_qsl(url.query), dict(line.lower().split(": ", 1) for line in lines)


@pytest.fixture
def closed_port():
    with socket.socket() as taken:
        taken.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        taken.bind(("127.0.0.1", 0))
        yield taken.getsockname()[1]


@pytest.fixture
def full_backlog():
    """A port on which connections are neither accepted nor refused."""
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        listener.listen(0)
        waiting = [socket.socket() for _ in range(4)]
        for each in waiting:
            each.setblocking(False)
            each.connect_ex(listener.getsockname())
        yield listener.getsockname()[1]
        for each in waiting:
            each.close()


async def test_jscode2session_is_a_get_with_everything_in_the_query(host, connect):
    request = JsCode2SessionRequest(appid=APP, secret="se&cret=+ /é", js_code="0#a?b%41")
    await connect(host.url).call(SNS_JSCODE2SESSION, request, app=APP)
    line, query, headers = head_of(host.requests[0])
    assert line == "GET /sns/jscode2session"
    assert query == [
        ("appid", APP),
        ("secret", "se&cret=+ /é"),
        ("js_code", "0#a?b%41"),
        ("grant_type", "authorization_code"),
    ]
    assert set(headers) == {"host", "accept", "user-agent"}


async def test_connections_are_kept_and_carry_no_cookie_and_no_referer(host, connect, request_, framed, good):
    host.answer = framed(good, headers="Set-Cookie: a=b; Path=/")
    client = connect(host.url)
    for _ in range(3):
        await client.call(SNS_JSCODE2SESSION, request_, app=APP)
    assert host.connections == 1
    assert not {"cookie", "referer"} & head_of(host.requests[-1])[2].keys()


@pytest.mark.parametrize(
    "status", ["301 Moved", "302 Found", "303 See Other", "307 Temporary", "308 Permanent"]
)
async def test_a_redirect_is_not_followed(status, host, connect, request_, framed):
    host.answer = framed(b"", status, f"Location: {host.url}/elsewhere")
    with pytest.raises(WeChatAnswerInvalid) as caught:
        await connect(host.url).call(SNS_JSCODE2SESSION, request_, app=APP)
    assert (caught.value.reason, caught.value.status) == ("status", int(status[:3]))
    assert len(host.requests) == 1


async def test_proxies_of_the_environment_are_not_used(host, connect, request_, closed_port, monkeypatch):
    for name in ("HTTP_PROXY", "http_proxy", "ALL_PROXY", "all_proxy"):
        monkeypatch.setenv(name, f"http://127.0.0.1:{closed_port}")
    await connect(host.url).call(SNS_JSCODE2SESSION, request_, app=APP)
    assert len(host.requests) == 1


async def test_a_configured_proxy_is_used(host, connect, request_):
    await connect("http://wechat.invalid", proxy=host.url).call(SNS_JSCODE2SESSION, request_, app=APP)
    assert host.requests[0].startswith(b"GET http://wechat.invalid/sns/jscode2session?")


async def test_a_refused_connection_means_nothing_was_sent(connect, request_, closed_port):
    with pytest.raises(WeChatUnreachable) as caught:
        await connect(f"http://127.0.0.1:{closed_port}").call(SNS_JSCODE2SESSION, request_, app=APP)
    assert caught.value.reason == "connect"


async def test_a_connect_that_times_out_means_nothing_was_sent(connect, request_, full_backlog):
    with pytest.raises(WeChatUnreachable) as caught:
        await connect(f"http://127.0.0.1:{full_backlog}", brief=True).call(
            SNS_JSCODE2SESSION, request_, app=APP
        )
    assert caught.value.reason == "connect"


async def test_a_host_that_does_not_speak_tls_means_nothing_was_sent(connect, request_):
    heard = asyncio.get_running_loop().create_future()

    async def babble(reader, writer):
        hello = await reader.read(5)
        writer.write(b"this is no server hello")
        writer.close()
        with contextlib.suppress(OSError):
            await writer.wait_closed()
        heard.set_result(hello)

    async with await asyncio.start_server(babble, "127.0.0.1", 0) as server:
        port = server.sockets[0].getsockname()[1]
        client = connect(f"https://127.0.0.1:{port}")
        with pytest.raises(WeChatUnreachable):
            await client.call(replace(SNS_JSCODE2SESSION, retry_unsent=False), request_, app=APP)
        hello = await heard
    assert hello[:3] == b"\x16\x03\x01", "a TLS handshake and nothing else"


async def test_a_host_name_that_does_not_resolve_means_nothing_was_sent(connect, request_):
    with pytest.raises(WeChatUnreachable):
        await connect("http://wechat.invalid").call(SNS_JSCODE2SESSION, request_, app=APP)


async def test_text_no_url_can_carry_means_nothing_was_sent(host, connect):
    request = JsCode2SessionRequest(appid=APP, secret="0" * 32, js_code="\ud800")
    with pytest.raises(WeChatUnreachable) as caught:
        await connect(host.url).call(SNS_JSCODE2SESSION, request, app=APP)
    assert caught.value.reason == "request"
    assert host.requests == []


@pytest.fixture
def counted(monkeypatch):
    """Runs ``before`` ahead of every try of a client's calls and keeps the time each one was given."""

    def count(client, before=None):
        budgets: list[float | None] = []
        exchange = client._transport.exchange

        async def watched(endpoint, request, budget, way):
            budgets.append(budget)
            if before is not None:
                await before(len(budgets))
            return await exchange(endpoint, request, budget, way)

        monkeypatch.setattr(client._transport, "exchange", watched)
        return budgets

    return count


async def test_a_connect_that_failed_is_tried_once_more(request_, closed_port, connect, counted, host):
    async def come_up(number):
        if number == 2:
            await host.start(closed_port)

    client = connect(f"http://127.0.0.1:{closed_port}")
    budgets = counted(client, come_up)
    session = await client.call(SNS_JSCODE2SESSION, request_, app=APP)
    assert session.openid
    assert budgets[0] is None
    assert budgets[1] <= 60.0, "the second try gets what the first left of the time"
    assert len(host.requests) == 1


async def test_a_connect_that_failed_twice_is_given_up(request_, closed_port, connect, counted):
    client = connect(f"http://127.0.0.1:{closed_port}")
    budgets = counted(client)
    with pytest.raises(WeChatUnreachable):
        await client.call(SNS_JSCODE2SESSION, request_, app=APP)
    assert len(budgets) == 2


async def test_an_endpoint_can_forbid_the_second_try(request_, closed_port, connect, counted):
    client = connect(f"http://127.0.0.1:{closed_port}")
    budgets = counted(client)
    with pytest.raises(WeChatUnreachable):
        await client.call(replace(SNS_JSCODE2SESSION, retry_unsent=False), request_, app=APP)
    assert budgets == [None]


async def test_a_second_try_needs_time_enough_to_connect(request_, full_backlog, connect, counted):
    client = connect(
        f"http://127.0.0.1:{full_backlog}", connect_timeout=0.4, read_timeout=0.6, total_timeout=0.7
    )
    budgets = counted(client)
    with pytest.raises(WeChatUnreachable):
        await client.call(SNS_JSCODE2SESSION, request_, app=APP)
    assert budgets == [None]


async def test_a_host_that_reads_and_closes_is_asked_only_once(host, connect, request_):
    host.answer, host.close = b"", True
    with pytest.raises(WeChatAnswerLost) as caught:
        await connect(host.url).call(SNS_JSCODE2SESSION, request_, app=APP)
    assert caught.value.reason == "connection"
    assert len(host.requests) == host.connections == 1


async def test_a_host_that_reads_and_resets_is_asked_only_once(host, connect, request_):
    async def reset(writer, _number):
        writer.transport.abort()

    host.behave = reset
    with pytest.raises(WeChatAnswerLost):
        await connect(host.url).call(SNS_JSCODE2SESSION, request_, app=APP)
    assert len(host.requests) == 1


async def test_a_request_written_to_a_stale_connection_is_not_sent_again(
    host, connect, request_, framed, good
):
    async def answer_the_first(writer, number):
        if number == 1:
            writer.write(framed(good))
        else:
            writer.close()

    host.behave = answer_the_first
    client = connect(host.url)
    await client.call(SNS_JSCODE2SESSION, request_, app=APP)
    with pytest.raises(WeChatAnswerLost):
        await client.call(SNS_JSCODE2SESSION, request_, app=APP)
    assert host.connections == 1, "the second request went down the kept connection"
    assert len(host.requests) == 2


async def test_connections_the_host_closed_while_idle_never_double_a_request(host, connect, request_):
    host.close = True
    client = connect(host.url)
    answered = lost = 0
    for _ in range(50):
        try:
            await client.call(SNS_JSCODE2SESSION, request_, app=APP)
            answered += 1
        except WeChatAnswerLost:
            lost += 1
    assert len(host.requests) <= 50
    assert answered >= 1
    assert answered <= len(host.requests) <= answered + lost


async def test_a_black_hole_ends_with_the_answer_lost(host, connect, request_):
    host.answer = None
    with pytest.raises(WeChatAnswerLost) as caught:
        await connect(host.url, brief=True).call(SNS_JSCODE2SESSION, request_, app=APP)
    assert caught.value.reason == "timeout"
    assert len(host.requests) == 1


@pytest.mark.parametrize(
    "start",
    [b"HTTP/1.1 200 OK\r\nX: ", b"HTTP/1.1 200 OK\r\nContent-Length: 60000\r\n\r\n"],
    ids=["head", "body"],
)
async def test_a_slow_drip_does_not_outlast_the_time_of_the_call(start, host, connect, request_):
    async def drip(writer, _number):
        writer.write(start)
        while not writer.is_closing():
            writer.write(b"a")
            await writer.drain()
            await asyncio.sleep(0.05)

    host.behave = drip
    with pytest.raises(WeChatAnswerLost) as caught:
        await connect(host.url, brief=True).call(SNS_JSCODE2SESSION, request_, app=APP)
    assert caught.value.reason == "timeout"


async def test_a_body_without_end_is_not_read_to_its_end(host, connect, request_):
    async def pour(writer, _number):
        writer.write(b"HTTP/1.1 200 OK\r\n\r\n")
        while True:
            writer.write(b" " * 10_000)
            await writer.drain()

    host.behave = pour
    with pytest.raises(WeChatAnswerInvalid) as caught:
        await connect(host.url).call(SNS_JSCODE2SESSION, request_, app=APP)
    assert caught.value.reason == "length"


async def test_the_connection_of_a_cancelled_call_does_not_stay_open(connect, request_):
    reached, gone = asyncio.Event(), asyncio.Event()

    async def listen(reader, writer):
        await reader.readuntil(b"\r\n\r\n")
        reached.set()
        await reader.read()
        writer.close()
        await writer.wait_closed()
        gone.set()

    async with await asyncio.start_server(listen, "127.0.0.1", 0) as server:
        client = connect(f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}", brief=True)
        call = asyncio.create_task(client.call(SNS_JSCODE2SESSION, request_, app=APP))
        await reached.wait()
        call.cancel()
        with pytest.raises(asyncio.CancelledError):
            await call
        await gone.wait()


async def test_a_closed_client_sends_nothing(host, connect, request_):
    client = connect(host.url)
    await client.aclose()
    with pytest.raises(WeChatUnreachable) as caught:
        await client.call(SNS_JSCODE2SESSION, request_, app=APP)
    assert caught.value.reason == "closed"
    assert host.requests == []


async def test_a_client_closes_at_the_end_of_its_block(host, request_):
    async with WeChatClient(WeChatSettings(base_url=host.url)) as client:
        await client.call(SNS_JSCODE2SESSION, request_, app=APP)
    with pytest.raises(WeChatUnreachable):
        await client.call(SNS_JSCODE2SESSION, request_, app=APP)


async def test_closing_the_client_ends_calls_under_way(host, connect, request_):
    host.answer = None
    client = connect(host.url)
    call = asyncio.create_task(client.call(SNS_JSCODE2SESSION, request_, app=APP))
    await host.heard(1)
    await client.aclose()
    with pytest.raises(WeChatAnswerLost):
        await call


@pytest.mark.parametrize(
    "wrong",
    [
        {"base_url": "api.weixin.qq.com"},
        {"base_url": "ftp://api.weixin.qq.com"},
        {"base_url": "https://user:pass@api.weixin.qq.com"},
        {"base_url": "https://api.weixin.qq.com?a=b"},
        {"base_url": "https://api.weixin.qq.com:99999"},
        {"connect_timeout": 0},
        {"connect_timeout": 3.0},
        {"read_timeout": 9.0},
        {"queue_wait": 4.5},
        {"in_flight_per_app": 0},
        {"queue_per_app": -1},
        {"breaker_share": 0},
        {"breaker_window": 0},
    ],
    ids=str,
)
def test_settings_that_contradict_one_another_are_refused(wrong):
    with pytest.raises(ValueError):
        WeChatSettings(**wrong)


def test_settings_do_not_print_the_proxy():
    assert "hunter2" not in repr(WeChatSettings(proxy="http://user:hunter2@proxy.invalid"))
