"""Carrying one message to one receiver: a pinned address, no redirect, an end to time and size."""

from datetime import timedelta
from typing import Final

import msgspec
from pyreqwest.client import Client, ClientBuilder
from pyreqwest.exceptions import PyreqwestError, RequestTimeoutError

from lingpai.webhooks.addresses import AddressRefusedError, Reachable, Target

_CONNECT: Final = timedelta(seconds=3)
_TOTAL: Final = timedelta(seconds=10)
_READ: Final = 1024
_TAKEN: Final = range(200, 300)


class Posted(msgspec.Struct, frozen=True):
    """What came of it. `told`: the status, or why there is none."""

    told: str
    status: int | None = None

    @property
    def taken(self) -> bool:
        """Whether the receiver has it."""
        return self.status in _TAKEN


async def post(url: str, headers: dict[str, str], body: bytes, reachable: Reachable) -> Posted:
    """POST once. Raises nothing."""
    try:
        target = await reachable.target(url)
    except AddressRefusedError as refused:
        return Posted(f"not sent: {refused}")
    try:
        async with _client(target) as client:
            request = client.post(url).body_bytes(body).header("Content-Type", "application/json")
            for name, value in headers.items():
                request = request.header(name, value)
            async with request.streamed_read_buffer_limit(_READ).build_streamed() as response:
                return Posted(str(response.status), response.status)
    except RequestTimeoutError:
        return Posted("timeout")
    except (PyreqwestError, ValueError):
        return Posted("no connection, or no answer")


def _client(target: Target) -> Client:
    """A client of its own for each message: nothing of another receiver is reused, and its address is pinned."""
    return (
        ClientBuilder()
        .user_agent("lingpai-webhooks")
        .default_cookie_store(enable=False)
        .follow_redirects(enable=False)
        .referer(enable=False)
        .min_tls_version("TLSv1.2")
        .gzip(enable=False)
        .brotli(enable=False)
        .zstd(enable=False)
        .deflate(enable=False)
        .connect_timeout(_CONNECT)
        .timeout(_TOTAL)
        .no_proxy()
        .resolve(target.host, target.address, target.port)
        .build()
    )
