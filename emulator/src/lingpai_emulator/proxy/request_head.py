"""What somebody who opens a connection to the proxy wants: the first request's head, read and judged."""

import re
from typing import Final
from urllib.parse import urlsplit

import msgspec

from lingpai_emulator.domains import HOSTS

_CONNECT: Final = re.compile(r"CONNECT ([^\s/?#@]+):(\d{1,5}) HTTP/1\.[01]\Z")
_ABSOLUTE: Final = re.compile(r"[A-Z]+ (http://\S+) HTTP/1\.[01]\Z")
_REQUEST: Final = re.compile(r"[A-Z]+ \S+ HTTP/1\.[01]\Z")
_HTTPS: Final = 443


class Tunnel(msgspec.Struct, frozen=True):
    """A tunnel to one of WeChat's hosts: TLS comes next."""

    host: str


class Plain(msgspec.Struct, frozen=True):
    """A request to one of WeChat's hosts over plain HTTP, which WeChat itself refuses."""


class Refusal(msgspec.Struct, frozen=True):
    """What the proxy does not do: HTTP status, reason phrase, and a sentence in two languages."""

    status: int
    reason: str
    english: str
    chinese: str

    def __bytes__(self) -> bytes:
        body = f"{self.english}\n{self.chinese}\n".encode()
        head = (
            f"HTTP/1.1 {self.status} {self.reason}\r\nContent-Type: text/plain; charset=utf-8\r\n"
            f"Content-Length: {len(body)}\r\nConnection: close\r\n\r\n"
        )
        return head.encode("ascii") + body


TOO_LONG: Final = Refusal(
    431, "Request Header Fields Too Large", "The request's head is too long.", "请求头过长。"
)
TOO_EARLY: Final = Refusal(
    400,
    "Bad Request",
    "Something was sent before the tunnel was open. Wait for the answer to CONNECT.",
    "隧道尚未建立就发送了数据。请等到 CONNECT 得到应答之后再发送。",
)
_NO_PROXY_REQUEST: Final = Refusal(
    405,
    "Use CONNECT",
    "This port is an HTTPS proxy, no web page. Set HTTPS_PROXY to it.",
    "这个端口是 HTTPS 代理，不是网页。请把 HTTPS_PROXY 设为它的地址。",
)
_NO_HTTP: Final = Refusal(400, "Bad Request", "This is no HTTP/1.1 request.", "这不是 HTTP/1.1 请求。")


def judged(head: bytes) -> Tunnel | Plain | Refusal:
    """`head` is the request line and the header lines, without the empty one."""
    line = head.partition(b"\r\n")[0].decode("latin-1")
    asked = _CONNECT.match(line)
    if asked is not None:
        host, port = asked[1].lower().rstrip("."), int(asked[2])
        return Tunnel(host) if host in HOSTS and port == _HTTPS else _foreign(f"{host}:{port}")
    absolute = _ABSOLUTE.match(line)
    if absolute is not None:
        host = _host(absolute[1])
        return Plain() if host in HOSTS else _foreign(host)
    return _NO_PROXY_REQUEST if _REQUEST.match(line) else _NO_HTTP


def _host(url: str) -> str:
    try:
        return urlsplit(url).hostname or ""
    except ValueError:
        return ""


def _foreign(wanted: str) -> Refusal:
    shown = "".join(sign if sign.isascii() and sign.isprintable() else "?" for sign in wanted)
    hosts = ", ".join(HOSTS)
    return Refusal(
        403,
        "Not a host of WeChat",
        f"{shown} is refused: this proxy stands in for WeChat and forwards nothing. It answers for port 443 of "
        f"{hosts}. Name other hosts in NO_PROXY.",
        f"已拒绝 {shown}：本代理只扮演微信，不转发任何请求，只应答以下域名的 443 端口：{hosts}。"
        "其他域名请写进 NO_PROXY。",
    )
