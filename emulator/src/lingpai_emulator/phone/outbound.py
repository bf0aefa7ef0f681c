"""How a call leaves the phone: what goes out, what comes back, how it fails."""

import base64
from collections.abc import Iterable
from datetime import timedelta
from time import perf_counter
from typing import Final

import msgspec
from pyreqwest.client import Client, ClientBuilder
from pyreqwest.exceptions import PyreqwestError, RequestTimeoutError
from pyreqwest.http import Url
from pyreqwest.response import Response

from lingpai_emulator.phone.domains import Domains
from lingpai_emulator.phone.wxrequest import Platform, WxRequest

_LONGEST_ANSWER: Final = 10 * 1024 * 1024
_MOST_REDIRECTS: Final = 5
_REDIRECTS: Final = frozenset({301, 302, 303, 307, 308})
_KEEPS_METHOD: Final = frozenset({307, 308})

FAIL_DOMAIN: Final = ("request:fail url not in domain list", 600002)
FAIL_TIMEOUT: Final = ("request:fail timeout", 5)
FAIL_NETWORK: Final = (
    "request:fail errcode:-102 cronet_error_code:-102 error_msg:net::ERR_CONNECTION_FAILED",
    600001,
)
FAIL_TOO_LONG: Final = ("request:fail the answer is longer than 10 MiB", 600004)
FAIL_REDIRECTS: Final = ("request:fail too many redirects", 600004)


class Answered(msgspec.Struct, frozen=True, rename="camel", omit_defaults=True):
    """What `success` is given: any HTTP status is one. `content` is the body in base64, if asked for."""

    status_code: int
    header: dict[str, str]
    data: object
    cookies: list[str] = []
    content: str | None = None
    ms: float = 0
    err_msg: str = "request:ok"


class Failed(msgspec.Struct, frozen=True, rename="camel"):
    """What `fail` is given: no answer came."""

    err_msg: str
    errno: int


def new_client() -> Client:
    """For one phone. Redirects are followed by hand: each could lead to a host not in the list."""
    return (
        ClientBuilder()
        .follow_redirects(enable=False)
        .referer(enable=False)
        .default_cookie_store(enable=False)
        .connect_timeout(timedelta(seconds=10))
        .no_proxy()
        .build()
    )


async def perform(client: Client, domains: Domains, request: WxRequest) -> Answered | Failed:
    """Send the request and wait for its answer. Raises MistakeError for a body that is no base64."""
    began = perf_counter()
    for _ in range(_MOST_REDIRECTS):
        if not domains.allow(request.url, request.reach):
            return Failed(*FAIL_DOMAIN)
        try:
            outcome = await _once(client, request, began)
        except RequestTimeoutError:
            return Failed(*FAIL_TIMEOUT)
        except (PyreqwestError, ValueError):
            return Failed(*FAIL_NETWORK)
        if not isinstance(outcome, WxRequest):
            return outcome
        request = outcome
    return Failed(*FAIL_REDIRECTS)


async def _once(client: Client, request: WxRequest, began: float) -> Answered | Failed | WxRequest:
    """One exchange; a WxRequest is where a redirect leads."""
    body, content_type = request.body()
    headers = request.headers() | ({} if content_type is None else {"Content-Type": content_type})
    builder = client.request(request.method, request.url).headers(headers)
    builder = builder.timeout(timedelta(milliseconds=request.timeout))
    if body is not None:
        builder = builder.body_bytes(body)
    async with builder.build_streamed() as response:
        onward = response.headers.get("location")
        if request.redirect == "follow" and response.status in _REDIRECTS and onward:
            return _redirected(request, response.status, onward)
        content = await _read(response)
        if content is None:
            return Failed(*FAIL_TOO_LONG)
        pairs = list(response.headers.items())
        return Answered(
            response.status,
            _as_seen(pairs, request.platform),
            None if request.binary else _data(content),
            [value for name, value in pairs if name.lower() == "set-cookie"],
            base64.b64encode(content).decode() if request.binary else None,
            round((perf_counter() - began) * 1000, 1),
        )


def _redirected(request: WxRequest, status: int, onward: str) -> WxRequest:
    """Credentials stay with the origin they were meant for."""
    there = str(Url(request.url).join(onward))
    header = request.header
    if Url(there).origin_ascii != Url(request.url).origin_ascii:
        header = {n: text for n, text in header.items() if n.lower() not in ("authorization", "cookie")}
    if status in _KEEPS_METHOD or request.method in ("GET", "HEAD"):
        return msgspec.structs.replace(request, url=there, header=header)
    return msgspec.structs.replace(
        request, url=there, header=header, method="GET", data=None, content=None, upload=None
    )


def _as_seen(pairs: Iterable[tuple[str, str]], platform: Platform) -> dict[str, str]:
    """Header names as the platform spells them; of a repeated header the values joined by commas."""
    seen: dict[str, str] = {}
    for name, value in pairs:
        spelt = "-".join(part.capitalize() for part in name.split("-")) if platform == "ios" else name.lower()
        seen[spelt] = f"{seen[spelt]},{value}" if spelt in seen else value
    return seen


async def _read(response: Response) -> bytes | None:
    content = bytearray()
    while chunk := await response.body_reader.read_chunk():
        content += bytes(chunk)
        if len(content) > _LONGEST_ANSWER:
            return None
    return bytes(content)


def _data(content: bytes) -> object:
    """`dataType: "json"`: one attempt to read JSON, a BOM aside; otherwise the text."""
    content = content.removeprefix(b"\xef\xbb\xbf")
    try:
        return msgspec.json.decode(content)
    except (msgspec.DecodeError, UnicodeDecodeError):
        return content.decode("utf-8", "replace")
