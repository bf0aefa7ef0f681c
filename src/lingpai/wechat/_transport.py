"""How does one request cross the wire, and if it does not come back, was it sent?

Facts about pyreqwest 0.15 this file rests on, each held by a test: a connection that closes after
the request was written raises ConnectError, and so does one that never opened; only the causes
tell them apart. Hyper repeats a request by itself only when not one byte of it was written to a
kept-alive connection. Its exceptions carry the whole URL, so none of them leaves this file.
"""

from collections.abc import Callable
from datetime import timedelta
from typing import Final
from urllib.parse import quote

from pyreqwest.client import Client, ClientBuilder
from pyreqwest.exceptions import DecodeError, PyreqwestError, RequestError, RequestTimeoutError
from pyreqwest.proxy import ProxyBuilder
from pyreqwest.request import StreamRequest

from lingpai.wechat._endpoint import AnswerT, Endpoint, RequestT
from lingpai.wechat._errors import WeChatAnswerInvalid, WeChatAnswerLost, WeChatError, WeChatUnreachable
from lingpai.wechat._hosts import Hosts
from lingpai.wechat._raw import RawReply, RawRequest
from lingpai.wechat._record import Way
from lingpai.wechat._settings import WeChatSettings

Reply = tuple[int, bytes]


class Transport:
    """A pool of kept-alive connections to WeChat, made once and shared by all calls."""

    def __init__(self, settings: WeChatSettings, monotonic: Callable[[], float]) -> None:
        self._limit: Final = settings.answer_limit
        self._forward_limit: Final = settings.forward_limit
        self._hosts: Final = Hosts((settings.base_url, *settings.fallback_urls), monotonic)
        self._client: Final = _client(settings)
        self._closed = False

    async def exchange(
        self, endpoint: Endpoint[RequestT, AnswerT], request: RequestT, budget: float | None, way: Way
    ) -> Reply | WeChatError:
        """Status and body, or why there are none. ``budget``: seconds left, None for all of them.

        Errors are returned, not raised: so no traceback ever holds the request.
        """
        if self._closed:
            return WeChatUnreachable("closed")
        base = way.base = self._hosts.current()
        try:
            # The request is not kept in a variable: printing one that was sent raises.
            async with self._sendable(base, endpoint, request, budget) as response:
                body = await response.body_reader.read(self._limit + 1)
                if body is None:
                    return response.status, b""
                if len(body) > self._limit:
                    return WeChatAnswerInvalid("length", response.status)
                return response.status, bytes(body)
        except (ValueError, TypeError):
            return WeChatUnreachable("request")
        except PyreqwestError as cause:
            return self._told(base, _meaning(cause))

    async def forward(self, request: RawRequest, access_token: str, way: Way) -> RawReply | WeChatError:
        """As `exchange`, with an answer that is not understood here. Redirects are answers, too."""
        if self._closed:
            return WeChatUnreachable("closed")
        base = way.base = self._hosts.current()
        try:
            async with self._forwardable(base, request, access_token) as response:
                body = await response.body_reader.read(self._forward_limit + 1)
                if body is not None and len(body) > self._forward_limit:
                    return WeChatAnswerInvalid("length", response.status)
                kind = response.headers.get("content-type") or "application/json"
                return RawReply(response.status, kind, bytes(body or b""))
        except (ValueError, TypeError):
            return WeChatUnreachable("request")
        except PyreqwestError as cause:
            return self._told(base, _meaning(cause))

    async def close(self) -> None:
        self._closed = True
        await self._client.close()

    def _told(self, base: str, error: WeChatError) -> WeChatError:
        if isinstance(error, WeChatUnreachable) and error.reason == "connect":
            self._hosts.unreachable(base)
        return error

    def _forwardable(self, base: str, request: RawRequest, access_token: str) -> StreamRequest:
        query = f"access_token={quote(access_token, safe='')}" + (
            "&" + request.query if request.query else ""
        )
        builder = self._client.request(request.method, f"{base}{request.path}?{query}")
        if request.method == "POST":
            builder = builder.body_bytes(request.body).header("Content-Type", request.content_type)
        return builder.streamed_read_buffer_limit(self._forward_limit + 1).build_streamed()

    def _sendable(
        self, base: str, endpoint: Endpoint[RequestT, AnswerT], request: RequestT, budget: float | None
    ) -> StreamRequest:
        # The URL is never kept in a variable: frames are printed by those who debug.
        builder = self._client.request(endpoint.method, base + endpoint.path + endpoint.query_of(request))
        if endpoint.method == "POST":
            builder = builder.body_bytes(endpoint.body_of(request)).header("Content-Type", "application/json")
        if budget is not None:
            builder = builder.timeout(timedelta(seconds=budget))
        # Room for a whole answer: it is then read in one go with its head.
        return builder.streamed_read_buffer_limit(self._limit + 1).build_streamed()


def _client(settings: WeChatSettings) -> Client:
    builder = (
        ClientBuilder()
        .user_agent(settings.user_agent)
        .default_cookie_store(enable=False)
        .follow_redirects(enable=False)
        .referer(enable=False)
        # Answers are some hundred bytes; without compression there is no bomb to defuse.
        .gzip(enable=False)
        .brotli(enable=False)
        .zstd(enable=False)
        .deflate(enable=False)
        .https_only(settings.base_url.startswith("https:"))
        .min_tls_version("TLSv1.2")
        .connect_timeout(timedelta(seconds=settings.connect_timeout))
        .read_timeout(timedelta(seconds=settings.read_timeout))
        .timeout(timedelta(seconds=settings.total_timeout))
        .pool_idle_timeout(timedelta(seconds=settings.idle_timeout))
        .no_proxy()
    )
    if settings.proxy is not None:
        builder = builder.proxy(ProxyBuilder.all(settings.proxy))
    return builder.build()


def _meaning(cause: PyreqwestError) -> WeChatError:
    """When in doubt the request counts as sent: a code spent twice is worse than a login repeated."""
    if isinstance(cause, DecodeError):
        return WeChatAnswerInvalid("http")
    if isinstance(cause, RequestError) and _never_connected(cause):
        return WeChatUnreachable("connect")
    if isinstance(cause, RequestTimeoutError):
        return WeChatAnswerLost("timeout")
    return WeChatAnswerLost("connection")


def _never_connected(cause: RequestError) -> bool:
    causes = cause.details["causes"] or ()
    return any(each["message"] == "client error (Connect)" for each in causes)
