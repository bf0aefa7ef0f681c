"""How `wx.request` leaves the phone: what it sends, what it adds, how it fails."""

from datetime import timedelta
from time import perf_counter
from typing import Annotated, Final, Literal

import msgspec
from pyreqwest.client import Client, ClientBuilder
from pyreqwest.exceptions import PyreqwestError, RequestTimeoutError
from pyreqwest.response import Response

from lingpai_emulator.phone.domains import Domains

Method = Literal["OPTIONS", "GET", "HEAD", "POST", "PUT", "DELETE"]

_TIMEOUT: Final = timedelta(seconds=60)
_LONGEST_ANSWER: Final = 1024 * 1024
_AGENT: Final = (
    "Mozilla/5.0 (iPhone; CPU iPhone OS 18_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) "
    "Mobile/15E148 MicroMessenger/8.0.60(0x18003c2f) NetType/WIFI Language/{language}"
)
_ACCEPT_LANGUAGE: Final = {"zh_CN": "zh-CN,zh-Hans;q=0.9", "en": "en-GB,en;q=0.9"}
# A mini program that sets these is not heard: they are WeChat's, or the connection's.
_NOT_THEIRS: Final = frozenset(
    {"referer", "user-agent", "accept-language", "host", "content-length", "connection"}
)

FAIL_DOMAIN: Final = ("request:fail url not in domain list", 600002)
FAIL_TIMEOUT: Final = ("request:fail timeout", 5)
FAIL_NETWORK: Final = (
    "request:fail errcode:-102 cronet_error_code:-102 error_msg:net::ERR_CONNECTION_FAILED",
    600001,
)
FAIL_TOO_LONG: Final = ("request:fail the answer is longer than 1 MiB", 600004)


class WxRequest(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """`wx.request` as a mini program calls it, plus the phone's language.

    `data` is sent as JSON, a text as it is; `header` names are the mini program's own.
    """

    appid: Annotated[str, msgspec.Meta(pattern=r"^wx[0-9a-f]{16}\Z")]
    url: Annotated[str, msgspec.Meta(max_length=4096)]
    method: Method = "GET"
    header: dict[str, str] = {}
    data: object = None
    language: Literal["zh_CN", "en"] = "zh_CN"

    def headers(self) -> dict[str, str]:
        """All that is sent. The Referer cannot be set; version 0 is a trial version (wx.request, 注意)."""
        own = {name: text for name, text in self.header.items() if name.lower() not in _NOT_THEIRS}
        if self.data is not None and not any(name.lower() == "content-type" for name in own):
            own["Content-Type"] = "application/json"
        return own | {
            "Referer": f"https://servicewechat.com/{self.appid}/0/page-frame.html",
            "User-Agent": _AGENT.format(language=self.language),
            "Accept-Language": _ACCEPT_LANGUAGE[self.language],
        }

    def body(self) -> bytes | None:
        if self.data is None:
            return None
        return self.data.encode() if isinstance(self.data, str) else msgspec.json.encode(self.data)


class Answered(msgspec.Struct, frozen=True, rename="camel"):
    """What `success` is given: any HTTP status is one."""

    status_code: int
    header: dict[str, str]
    data: object
    ms: float = 0
    err_msg: str = "request:ok"


class Failed(msgspec.Struct, frozen=True, rename="camel"):
    """What `fail` is given: no answer came."""

    err_msg: str
    errno: int


def new_client() -> Client:
    """For one phone. A redirect is an answer like any other: it could lead to a host not in the list."""
    return (
        ClientBuilder()
        .follow_redirects(enable=False)
        .referer(enable=False)
        .default_cookie_store(enable=False)
        .connect_timeout(timedelta(seconds=10))
        .timeout(_TIMEOUT)
        .no_proxy()
        .build()
    )


async def perform(client: Client, domains: Domains, request: WxRequest) -> Answered | Failed:
    """Send the request and wait for its answer, 60 s at most."""
    if not domains.allow(request.url):
        return Failed(*FAIL_DOMAIN)
    began = perf_counter()
    try:
        builder = client.request(request.method, request.url).headers(request.headers())
        body = request.body()
        if body is not None:
            builder = builder.body_bytes(body)
        async with builder.build_streamed() as response:
            content = await _read(response)
            if content is None:
                return Failed(*FAIL_TOO_LONG)
            header = dict(response.headers.items())
            return Answered(
                response.status, header, _data(content), round((perf_counter() - began) * 1000, 1)
            )
    except RequestTimeoutError:
        return Failed(*FAIL_TIMEOUT)
    except (PyreqwestError, ValueError):
        return Failed(*FAIL_NETWORK)


async def _read(response: Response) -> bytes | None:
    content = b""
    while chunk := await response.body_reader.read_chunk():
        content += bytes(chunk)
        if len(content) > _LONGEST_ANSWER:
            return None
    return content


def _data(content: bytes) -> object:
    """`dataType: "json"`: one attempt to read JSON, otherwise the text."""
    try:
        return msgspec.json.decode(content)
    except (msgspec.DecodeError, UnicodeDecodeError):
        return content.decode("utf-8", "replace")
