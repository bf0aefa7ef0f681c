"""How a connection to the proxy becomes a connection to WeChat: CONNECT, TLS, and then HTTP as usual."""

import asyncio
import logging
import ssl
from typing import Any, Final

from uvicorn.config import Config
from uvicorn.server import ServerState

from lingpai_emulator.connection import BreakableProtocol
from lingpai_emulator.proxy.request_head import TOO_EARLY, TOO_LONG, Plain, Refusal, judged

_LONGEST_HEAD: Final = 16 * 1024
_PATIENCE: Final = 10.0  # seconds for CONNECT, and again for TLS
_GOODBYE: Final = 1.0  # seconds a client may take to end TLS properly
_END: Final = b"\r\n\r\n"
_OPEN: Final = b"HTTP/1.1 200 Connection established\r\n\r\n"
_log: Final = logging.getLogger("lingpai_emulator.proxy")


class TunnelProtocol(asyncio.Protocol):
    """The first part of a connection. uvicorn makes one for each, as it makes its own protocol elsewhere."""

    def __init__(
        self,
        config: Config,
        server_state: ServerState,
        app_state: dict[str, Any],
        _loop: asyncio.AbstractEventLoop | None = None,
        *,
        context: ssl.SSLContext,
    ) -> None:
        self._config = config
        self._state = server_state
        self._app_state = app_state
        self._loop = _loop or asyncio.get_running_loop()
        self._context = context
        self._head = b""
        self._transport: asyncio.Transport | None = None
        self._impatience: asyncio.TimerHandle | None = None

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override] # a stream socket has no other
        self._transport = transport
        self._impatience = self._loop.call_later(_PATIENCE, transport.abort)
        self._state.connections.add(self)  # type: ignore[arg-type] # uvicorn only wants shutdown()

    def connection_lost(self, exc: Exception | None) -> None:  # noqa: ARG002 - asyncio's signature
        self._leave()

    def shutdown(self) -> None:
        """What uvicorn calls when the server stops."""
        if self._transport is not None:
            self._transport.abort()

    def data_received(self, data: bytes) -> None:
        if self._transport is None:
            return
        self._head += data
        if _END not in self._head:
            if len(self._head) > _LONGEST_HEAD:
                self._refuse(self._transport, TOO_LONG)
            return
        head, _, rest = self._head.partition(_END)
        wanted = TOO_LONG if len(head) > _LONGEST_HEAD else judged(head)
        if isinstance(wanted, Refusal):
            self._refuse(self._transport, wanted)
        elif isinstance(wanted, Plain):
            self._hand_over(self._transport, self._head)
        elif rest:
            self._refuse(self._transport, TOO_EARLY)
        else:
            self._open(self._transport, wanted.host)

    def _refuse(self, transport: asyncio.Transport, refusal: Refusal) -> None:
        self._transport = None
        transport.write(bytes(refusal))
        transport.close()

    def _open(self, transport: asyncio.Transport, host: str) -> None:
        transport.pause_reading()
        transport.write(_OPEN)
        self._leave()  # start_tls has a patience of its own
        securing = self._loop.create_task(self._secure(transport, host))
        self._state.tasks.add(securing)
        securing.add_done_callback(self._state.tasks.discard)

    async def _secure(self, transport: asyncio.Transport, host: str) -> None:
        early = _Early()
        try:
            secure = await self._loop.start_tls(
                transport,
                early,
                self._context,
                server_side=True,
                ssl_handshake_timeout=_PATIENCE,
                ssl_shutdown_timeout=_GOODBYE,
            )
        except (ssl.SSLError, ConnectionError) as error:
            # The one mistake everybody makes once, and which the program itself words in many ways. Some say
            # why in an alert, some just hang up.
            _log.warning(
                "A program broke off TLS with %s (%s). It does not trust the proxy's certificate yet: give it "
                "SSL_CERT_FILE, REQUESTS_CA_BUNDLE or NODE_EXTRA_CA_CERTS as printed at the start.",
                host,
                getattr(error, "reason", None) or type(error).__name__,
            )
            transport.abort()
        except (OSError, TimeoutError):
            transport.abort()
        else:
            if secure is None or early.ended:
                transport.abort()
            else:
                self._hand_over(secure, bytes(early.data))

    def _hand_over(self, transport: asyncio.Transport, data: bytes) -> None:
        self._leave()
        inner = BreakableProtocol(self._config, self._state, self._app_state, self._loop)
        transport.set_protocol(inner)
        inner.connection_made(transport)
        if data:
            inner.data_received(data)

    def _leave(self) -> None:
        self._transport = None
        self._state.connections.discard(self)
        if self._impatience is not None:
            self._impatience.cancel()
            self._impatience = None


class _Early(asyncio.Protocol):
    """Keeps what arrives together with the end of the handshake, before HTTP is ready for it."""

    def __init__(self) -> None:
        self.data = bytearray()
        self.ended = False

    def data_received(self, data: bytes) -> None:
        self.data += data

    def eof_received(self) -> None:
        self.ended = True

    def connection_lost(self, exc: Exception | None) -> None:  # noqa: ARG002 - asyncio's signature
        self.ended = True
