"""A pretend WeChat that takes its time: `slow_upstream.py PORT SECONDS`.

Every code is good and names its person, as for the one that nginx plays.
"""

import asyncio
import re
import sys
from typing import Final, cast

import uvloop

_HEAD_END: Final = b"\r\n\r\n"
_CODE: Final = re.compile(rb"[?&]js_code=([^& ]{21})([^& ]{11})")


class _Connection(asyncio.Protocol):
    def __init__(self, seconds: float) -> None:
        self._seconds: Final = seconds
        self._transport: asyncio.Transport | None = None
        self._received = b""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        # uvloop's transport is one in all but the name.
        self._transport = cast(asyncio.Transport, transport)

    def data_received(self, data: bytes) -> None:
        self._received += data
        head, end, rest = self._received.partition(_HEAD_END)
        if not end:
            return
        self._received = rest
        code = _CODE.search(head)
        if code is None:
            self._write(_answer(b"application/json", b'{"alive":true}'))
            return
        key, person = code.groups()
        body = b'{"session_key":"%bA==","openid":"oBenchNotARealId_%b"}' % (key, person)
        answer = _answer(b"text/plain", body)
        asyncio.get_running_loop().call_later(self._seconds, self._write, answer)

    def _write(self, answer: bytes) -> None:
        if self._transport is not None and not self._transport.is_closing():
            self._transport.write(answer)


def _answer(kind: bytes, body: bytes) -> bytes:
    return b"HTTP/1.1 200 OK\r\nContent-Type: %b\r\nContent-Length: %d\r\n\r\n%b" % (kind, len(body), body)


async def _main(port: int, seconds: float) -> None:
    loop = asyncio.get_running_loop()
    server = await loop.create_server(lambda: _Connection(seconds), "127.0.0.1", port, backlog=2048)
    await server.serve_forever()


if __name__ == "__main__":
    uvloop.run(_main(int(sys.argv[1]), float(sys.argv[2])))
