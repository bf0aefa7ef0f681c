"""Can a host of WeChat be reached from here, and what time is it there?

Asks without a credential, so that the answer says nothing but "a server of WeChat is here". Steps are taken one
by one, because each fails for another reason and has another remedy: name, connection, certificate, answer.
"""

import asyncio
import socket
import ssl
from contextlib import suppress
from datetime import timedelta
from email.utils import parsedate_to_datetime
from typing import Final, Literal
from urllib.parse import urlsplit

from msgspec import Struct
from pyreqwest.client import ClientBuilder
from pyreqwest.exceptions import PyreqwestError

Stage = Literal["dns", "connect", "tls", "answer"]

_HTTPS: Final = 443
_HTTP: Final = 80
_LONGEST_BODY: Final = 4096
_PATH: Final = "/cgi-bin/get_api_domain_ip"


class Reached(Struct, frozen=True, kw_only=True):
    """A host that answered. ``date``: Unix seconds of its Date header; ``seconds``: how long the answer took."""

    host: str
    address: str
    date: float | None
    seconds: float


class NotReached(Struct, frozen=True, kw_only=True):
    """A host that did not, and the step at which it ended."""

    host: str
    stage: Stage


async def reach(base_url: str, timeout: float = 5.0) -> Reached | NotReached:  # noqa: ASYNC109 - a limit a step
    """Try one host. ``timeout``: seconds for each step. Raises nothing."""
    url = urlsplit(base_url)
    host, secure = url.hostname or "", url.scheme == "https"
    port = url.port or (_HTTPS if secure else _HTTP)
    loop = asyncio.get_running_loop()
    try:
        async with asyncio.timeout(timeout):
            found = await loop.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except (OSError, TimeoutError):
        return NotReached(host=host, stage="dns")
    try:
        async with asyncio.timeout(timeout):
            await _connect(host, port, secure=secure)
    except ssl.SSLError:
        return NotReached(host=host, stage="tls")
    except (OSError, TimeoutError):
        return NotReached(host=host, stage="connect")
    started = loop.time()
    date = await _date(base_url, timeout)
    if date is None:
        return NotReached(host=host, stage="answer")
    return Reached(host=host, address=str(found[0][4][0]), date=date or None, seconds=loop.time() - started)


async def _connect(host: str, port: int, *, secure: bool) -> None:
    context = ssl.create_default_context() if secure else None
    _, writer = await asyncio.open_connection(host, port, ssl=context)
    writer.close()
    with suppress(OSError):
        await writer.wait_closed()


async def _date(base_url: str, timeout: float) -> float | None:  # noqa: ASYNC109 - see reach
    """Unix seconds, 0 without a date; None: nothing that speaks HTTP answered."""
    limit = timedelta(seconds=timeout)
    builder = ClientBuilder().user_agent("lingpai").follow_redirects(enable=False).timeout(limit).no_proxy()
    try:
        async with builder.build() as client:
            request = client.get(base_url.rstrip("/") + _PATH)
            async with request.streamed_read_buffer_limit(_LONGEST_BODY).build_streamed() as response:
                written = response.headers.get("date")
    except PyreqwestError:
        return None
    if written is None:
        return 0.0
    try:
        return parsedate_to_datetime(written).timestamp()
    except ValueError:
        return 0.0
