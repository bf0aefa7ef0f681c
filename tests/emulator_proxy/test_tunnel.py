"""What does the proxy do with what it should not do?"""

import asyncio
import logging
import socket
import ssl
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from urllib.parse import urlsplit

import pytest

from lingpai_emulator.domains import HOSTS
from lingpai_emulator.serving import EmulatorOptions, running

WITH_PROXY = EmulatorOptions(port=0, phone_port=None, proxy_port=0)


@pytest.mark.parametrize(
    "wanted",
    [
        "example.com:443",
        "api.weixin.qq.com:80",
        "api.weixin.qq.com.evil.example:443",
        "evil-api.weixin.qq.com:443",
        "weixin.qq.com:443",
        "127.0.0.1:443",
        "[::1]:443",
        "localhost:22",
    ],
)
def test_a_tunnel_to_anybody_else_is_refused_in_both_languages(door, wanted):
    told = door(f"CONNECT {wanted} HTTP/1.1\r\nHost: {wanted}\r\n\r\n".encode())
    assert told.startswith("HTTP/1.1 403 ")
    assert f"{wanted} is refused" in told
    assert "已拒绝" in told


def test_a_request_for_another_host_over_plain_http_is_refused(door):
    told = door(b"GET http://example.com/ HTTP/1.1\r\nHost: example.com\r\n\r\n")
    assert told.startswith("HTTP/1.1 403 ")


@pytest.mark.parametrize(
    ("sent", "status"),
    [
        (b"GET / HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n", 405),
        (b"GET http://[::1/ HTTP/1.1\r\n\r\n", 403),
        (b"nonsense\r\n\r\n", 400),
        (b"CONNECT api.weixin.qq.com HTTP/1.1\r\n\r\n", 405),
        (b"CONNECT a@api.weixin.qq.com:443 HTTP/1.1\r\n\r\n", 405),
        (b"\x16\x03\x01\x02\x00\x01\x00\r\n\r\n", 400),
        (b"CONNECT " + b"a" * 20_000, 431),
        (b"CONNECT api.weixin.qq.com:443 HTTP/1.1\r\nX: " + b"a" * 20_000 + b"\r\n\r\n", 431),
        (b"CONNECT api.weixin.qq.com:443 HTTP/1.1\r\n\r\nearly", 400),
    ],
)
def test_what_is_no_request_for_a_tunnel_gets_a_sentence(door, sent, status):
    assert door(sent).startswith(f"HTTP/1.1 {status} ")


def test_wechat_over_plain_http_says_that_it_wants_https(wechat_proxy, door):
    sent = b"GET http://api.weixin.qq.com/cgi-bin/token HTTP/1.1\r\nHost: api.weixin.qq.com\r\nConnection: close\r\n\r\n"
    assert '{"errcode":43003,"errmsg":"require https rid: ' in door(sent)
    (call,) = wechat_proxy.calls("/cgi-bin/token")
    assert call["why"] == "WeChat answers on https:// only"


def _asked(secure, path, host="api.weixin.qq.com"):
    secure.sendall(f"GET {path} HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n\r\n".encode())
    told = b""
    with suppress(ssl.SSLEOFError):
        while more := secure.recv(65_536):
            told += more
    return told.decode()


@pytest.mark.parametrize("host", HOSTS)
def test_each_of_wechats_hosts_shows_a_good_certificate(tunnel, host):
    assert tunnel(host).version() == "TLSv1.3"


def test_the_certificate_is_good_for_no_other_name(tunnel):
    with pytest.raises(ssl.SSLCertVerificationError, match="mismatch"):
        tunnel("api.weixin.qq.com", name="example.com")


@pytest.mark.parametrize(
    ("host", "path", "answer"),
    [
        ("api.weixin.qq.com", "/cgi-bin/token", '"errcode":41002'),
        ("api.weixin.qq.com", "/connect/oauth2/authorize", '"errcode":40066'),
        ("api.weixin.qq.com", "/mmopen/vi_32/x/132", '"errcode":40066'),
        ("open.weixin.qq.com", "/connect/oauth2/authorize", "<!doctype html>"),
        ("open.weixin.qq.com", "/connect/assets/pages.css", "HTTP/1.1 200"),
        ("open.weixin.qq.com", "/cgi-bin/token", "HTTP/1.1 404"),
        ("mp.weixin.qq.com", "/cgi-bin/token", "HTTP/1.1 404"),
        ("api.weixin.qq.com", "/__emulator__/state", '"errcode":40066'),
    ],
)
def test_each_host_answers_what_wechat_has_there(tunnel, host, path, answer):
    assert answer in _asked(tunnel(host), path, host)


def test_a_foreign_host_header_in_a_tunnel_gets_nothing(tunnel):
    told = _asked(tunnel(), "/cgi-bin/token", "example.com")
    assert told.startswith("HTTP/1.1 421 ")


def test_one_tunnel_carries_many_requests(tunnel, wechat_proxy):
    secure = tunnel()
    for _ in range(3):
        secure.sendall(b"GET /cgi-bin/token HTTP/1.1\r\nHost: api.weixin.qq.com\r\n\r\n")
        told = b""
        while b"}" not in told:
            told += secure.recv(65_536)
    assert len(wechat_proxy.calls("/cgi-bin/token")) == 3


def test_a_request_that_comes_together_with_the_end_of_the_handshake_is_answered(wechat_proxy):
    """What asyncio hands over before anybody is there to take it must not be lost."""
    parts = urlsplit(wechat_proxy.proxy.url)
    incoming, outgoing = ssl.MemoryBIO(), ssl.MemoryBIO()
    context = ssl.create_default_context(cafile=str(wechat_proxy.proxy.ca))
    client = context.wrap_bio(incoming, outgoing, server_hostname="api.weixin.qq.com")
    with socket.create_connection((parts.hostname, parts.port), timeout=10) as sock:
        sock.sendall(b"CONNECT api.weixin.qq.com:443 HTTP/1.1\r\n\r\n")
        assert sock.recv(65_536).startswith(b"HTTP/1.1 200 ")
        while True:
            try:
                client.do_handshake()
                break
            except ssl.SSLWantReadError:
                sock.sendall(outgoing.read())
                incoming.write(sock.recv(65_536))
        client.write(b"GET /cgi-bin/token HTTP/1.1\r\nHost: api.weixin.qq.com\r\n\r\n")
        sock.sendall(outgoing.read())  # Finished and the request in one piece
        told = b""
        while b"}" not in told:
            with suppress(ssl.SSLWantReadError):
                told += client.read(65_536)
                continue
            incoming.write(sock.recv(65_536))
    assert b'"errcode":41002' in told


def test_a_hundred_tunnels_at_once_are_a_hundred_answers(tunnel, wechat_proxy):
    def asking(_number):
        return _asked(tunnel(), "/cgi-bin/token")

    with ThreadPoolExecutor(20) as pool:
        answers = list(pool.map(asking, range(100)))
    assert all('"errcode":41002' in answer for answer in answers)
    assert len(wechat_proxy.calls("/cgi-bin/token")) == 100


@pytest.mark.parametrize("close", ["before", "after", "mid-body"])
def test_a_connection_that_a_fault_breaks_is_broken_inside_the_tunnel(tunnel, wechat_proxy, close):
    wechat_proxy.fail("/cgi-bin/token", close=close)
    secure = tunnel()
    secure.sendall(b"GET /cgi-bin/token HTTP/1.1\r\nHost: api.weixin.qq.com\r\n\r\n")
    told = b""
    with suppress(ConnectionError, ssl.SSLEOFError):
        while more := secure.recv(65_536):
            told += more
    assert b"}" not in told
    assert bool(told) == (close == "mid-body")


async def _opened(url):
    parts = urlsplit(url)
    return await asyncio.open_connection(parts.hostname, parts.port)


async def test_it_stops_with_tunnels_in_every_state():
    async with running(WITH_PROXY) as emulator:
        assert emulator.proxy is not None
        silent, _a = await _opened(emulator.proxy.url)
        shaking, b = await _opened(emulator.proxy.url)
        b.write(b"CONNECT api.weixin.qq.com:443 HTTP/1.1\r\n\r\n")
        await shaking.readuntil(b"\r\n\r\n")
        secured, c = await _opened(emulator.proxy.url)
        c.write(b"CONNECT api.weixin.qq.com:443 HTTP/1.1\r\n\r\n")
        await secured.readuntil(b"\r\n\r\n")
        context = ssl.create_default_context(cafile=str(emulator.proxy.ca))
        await c.start_tls(context, server_hostname="api.weixin.qq.com")
        certificate, port = emulator.proxy.ca, urlsplit(emulator.proxy.url).port
        assert port is not None
    for reader in (silent, shaking, secured):
        with suppress(ConnectionError, ssl.SSLError):
            assert await reader.read() == b""
    assert not certificate.exists()
    with pytest.raises(ConnectionRefusedError), socket.create_connection(("127.0.0.1", port), timeout=5):
        pass
    for writer in (_a, b, c):
        writer.close()
        with suppress(ConnectionError, ssl.SSLError):
            await writer.wait_closed()


class _Heard(logging.Handler):
    """Tells a waiting test that something was logged."""

    def __init__(self):
        super().__init__()
        self.event = asyncio.Event()

    def emit(self, record):
        self.event.set()


@pytest.fixture
def heard():
    handler, logger = _Heard(), logging.getLogger("lingpai_emulator.proxy")
    logger.addHandler(handler)
    yield handler.event
    logger.removeHandler(handler)


def _distrusting(url):
    """A client that says in an alert what it thinks of the certificate."""
    parts = urlsplit(url)
    with socket.create_connection((parts.hostname, parts.port), timeout=10) as sock:
        sock.sendall(b"CONNECT open.weixin.qq.com:443 HTTP/1.1\r\n\r\n")
        assert sock.recv(65_536).startswith(b"HTTP/1.1 200 ")
        with pytest.raises(ssl.SSLCertVerificationError):
            ssl.create_default_context().wrap_socket(sock, server_hostname="open.weixin.qq.com")


def _vanishing(url):
    """A client that just hangs up in the middle of the handshake."""
    parts = urlsplit(url)
    with socket.create_connection((parts.hostname, parts.port), timeout=10) as sock:
        sock.sendall(b"CONNECT open.weixin.qq.com:443 HTTP/1.1\r\n\r\n")
        assert sock.recv(65_536).startswith(b"HTTP/1.1 200 ")


@pytest.mark.parametrize("client", [_distrusting, _vanishing])
async def test_who_does_not_trust_the_certificate_is_named_in_the_log(caplog, heard, client):
    with caplog.at_level(logging.WARNING, "lingpai_emulator.proxy"):
        async with running(WITH_PROXY) as emulator:
            assert emulator.proxy is not None
            await asyncio.to_thread(client, emulator.proxy.url)
            await heard.wait()
    assert "open.weixin.qq.com" in caplog.messages[0]
    assert "SSL_CERT_FILE" in caplog.messages[0]


async def test_without_being_asked_there_is_no_proxy():
    async with running(EmulatorOptions(port=0, phone_port=None)) as emulator:
        assert emulator.proxy is None
