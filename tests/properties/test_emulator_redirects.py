"""Does a code ever leave for a host that is not the app's, however the redirect_uri is bent?"""

import socket
from urllib.parse import parse_qsl, quote, unquote, urlsplit

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from lingpai_emulator.apps import AppChange, Apps
from lingpai_emulator.callbacks import callback
from lingpai_emulator.links import Link, read_authorize
from lingpai_emulator.switches import Switches
from tests.emulator.oauth import authorize_link, qrconnect_link

_APPID = "wx00000000000000b2"
_DOMAIN = "h5.example.com"
_APPS = Apps()
_APPS.put(AppChange(_APPID, kind="official_account", redirect_domain=_DOMAIN))

_PIECES = st.sampled_from(
    [
        *(
            "http://",
            "https://",
            "javascript:",
            "data:",
            "//",
            "/",
            "\\",
            "@",
            ":",
            "?",
            "#",
            "%",
            "&",
            ";",
            ".",
        ),
        *(
            _DOMAIN,
            "evil.example",
            "127.0.0.1",
            "[::1]",
            "localhost",
            ":80",
            ":443",
            "user:pw",
            "。",
            "\t",
            "\r\n",
        ),
        *("%2f", "%5c", "%00", "%23", "%40", "\u2100", "\uff0f", " ", "a", "=", "code", "state"),
    ]
)
_BENT = st.lists(_PIECES, min_size=1, max_size=9).map("".join)
_NEAR = st.tuples(st.sampled_from(["https://", "http://", "HTTPS://", "https:/", ""]), _BENT).map("".join)


def _browsers_host(location):
    """The host as a browser reads it: backslashes are slashes, tabs and line ends are nothing (WHATWG URL)."""
    read = "".join(sign for sign in location if sign not in "\t\r\n").replace("\\", "/")
    return urlsplit(read).hostname


@settings(max_examples=2000, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(redirect_uri=st.one_of(_BENT, _NEAR), local=st.booleans())
def test_no_redirect_uri_leads_a_code_elsewhere(redirect_uri, local):
    query = authorize_link(_APPID, redirect_uri=redirect_uri).partition("?")[2].encode()
    found = read_authorize(_APPS, Switches(localhost_redirects=local), query)
    if not isinstance(found, Link):
        return
    location = callback(found.redirect_uri, code="CODE", state="s")
    assert location.isascii()
    assert location.isprintable()
    assert " " not in location
    allowed = {_DOMAIN, "localhost", "127.0.0.1", "::1"} if local else {_DOMAIN}
    assert _browsers_host(location) in allowed
    assert urlsplit(location).scheme.lower() in ("http", "https")
    assert "code=CODE&state=s" in urlsplit(location).query


@settings(max_examples=300, deadline=None)
@given(path=st.text(max_size=20), query=st.text(max_size=20), fragment=st.text(max_size=20))
def test_what_an_app_put_into_its_redirect_uri_comes_back_whole(path, query, fragment):
    base = f"https://{_DOMAIN}/{quote(path, safe='')}?q={quote(query, safe='')}#{quote(fragment, safe='')}"
    parts = urlsplit(callback(base, code="CODE", state="s"))
    assert unquote(parts.path) == f"/{path}"
    assert parse_qsl(parts.query, keep_blank_values=True) == [("q", query), ("code", "CODE"), ("state", "s")]
    assert unquote(parts.fragment) == fragment


@pytest.mark.parametrize("tail", [b"%ff%fe", b"\xc3\x28", b"%", b"&&&===", b"a" * 50_000, b"&state=\xff"])
@pytest.mark.parametrize("host", [b"127.0.0.1", b'"><script>', b"\xff\xfe", b""])
def test_bytes_no_client_would_send_get_a_page_and_no_trace(wechat, tail, host):
    for link in (authorize_link(_APPID, scope="snsapi_userinfo"), qrconnect_link("wx00000000000000c3")):
        request = (
            b"GET " + link.encode() + tail + b" HTTP/1.1\r\nConnection: close\r\nHost: " + host + b"\r\n\r\n"
        )
        address = urlsplit(wechat.url)
        with socket.create_connection((address.hostname, address.port), timeout=10) as connection:
            connection.sendall(request)
            answer = b"".join(iter(lambda: connection.recv(65_536), b""))
        assert answer.split(b" ")[1] in (b"200", b"400")
        assert b"<script>" not in answer
