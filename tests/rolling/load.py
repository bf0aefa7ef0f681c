"""A steady load of people: each signs in, asks who they are, refreshes, and their backend reads the token.

Nothing is sent twice: a request that fails has failed, and is written down with its time and its id.
"""

import asyncio
import json
import secrets
import time
from contextlib import suppress
from dataclasses import dataclass, field

APP = "demo-mp"
APPID = "wx00000000000000a1"
# One turn of a phone. A login is one request in ten, as is a read of the token.
TURN = ("login", *["session"] * 3, "refresh", *["session"] * 3, "refresh", "token")
PATIENCE = 40


class ConnectionLostError(Exception):
    """The connection ended before its answer."""


@dataclass
class Connection:
    """One kept-alive connection with one request under way; a client of HTTP/1.1 that costs little."""

    port: int
    reader: asyncio.StreamReader | None = None
    writer: asyncio.StreamWriter | None = None

    async def send(
        self, method: str, path: str, *, body: object = None, **headers: str
    ) -> tuple[int, dict[str, object]]:
        """The status and the JSON of the answer. Raises ConnectionLostError."""
        if self.writer is None:
            self.reader, self.writer = await asyncio.open_connection("127.0.0.1", self.port)
        assert self.reader is not None
        data = b"" if body is None else json.dumps(body).encode()
        lines = [f"{method} {path} HTTP/1.1", "host: 127.0.0.1", "content-type: application/json"]
        lines += [f"{name.replace('_', '-')}: {value}" for name, value in headers.items()]
        head = "\r\n".join([*lines, f"content-length: {len(data)}", "", ""])
        try:
            self.writer.write(head.encode() + data)
            answer = (await self.reader.readuntil(b"\r\n\r\n")).decode().lower()
            length = next(line for line in answer.split("\r\n") if line.startswith("content-length:"))
            content = await self.reader.readexactly(int(length.partition(":")[2]))
        except (OSError, asyncio.IncompleteReadError) as error:
            await self.close()
            raise ConnectionLostError(type(error).__name__) from None
        if "\r\nconnection: close" in answer:
            await self.close()
        return int(answer[9:12]), json.loads(content) if content.startswith(b"{") else {}

    async def close(self) -> None:
        if self.writer is not None:
            self.writer.close()
            with suppress(OSError):
                await self.writer.wait_closed()
            self.writer = None


@dataclass(frozen=True)
class Sent:
    """One request and what became of it; times on the monotonic clock."""

    what: str
    request_id: str
    began: float
    ended: float
    outcome: int | str

    @property
    def failed(self) -> bool:
        return self.outcome != 200


@dataclass
class Load:
    """So many phones that send `rate` requests a second together, to `port`; codes come from the WeChat at `wechat`."""

    port: int
    wechat: int
    service_key: str
    phones: int
    rate: float
    sent: list[Sent] = field(default_factory=list)
    held: dict[str, str] = field(default_factory=dict)
    """Access tokens that were acknowledged, the last one of each phone."""
    logins: list[str] = field(default_factory=list)
    """Refresh tokens that were acknowledged, whether used by now or not."""
    _living: list[asyncio.Task[None]] = field(default_factory=list)
    _over: asyncio.Event = field(default_factory=asyncio.Event)

    @property
    def failed(self) -> list[Sent]:
        return [sent for sent in self.sent if sent.failed]

    def start(self) -> None:
        self._living = [asyncio.create_task(self._live(number)) for number in range(self.phones)]

    async def stop(self) -> None:
        self._over.set()
        await asyncio.wait_for(asyncio.gather(*self._living), PATIENCE)

    async def abandon(self) -> None:
        """The test is over, however it ended."""
        for phone in self._living:
            phone.cancel()
        await asyncio.gather(*self._living, return_exceptions=True)

    async def sign_in(self, person: str) -> None:
        """One login beside the steady ones."""
        wechat, server = Connection(self.wechat), Connection(self.port)
        try:
            await self._ask("login", person, {}, wechat, server)
        finally:
            await wechat.close()
            await server.close()

    async def more(self, count: int) -> None:
        """Wait until so many more requests were answered."""
        goal = len(self.sent) + count
        async with asyncio.timeout(PATIENCE + 4 * count / self.rate):
            while len(self.sent) < goal:
                for phone in self._living:
                    if phone.done():
                        phone.result()
                await asyncio.sleep(0.02)

    async def _live(self, number: int) -> None:
        wechat, server = Connection(self.wechat), Connection(self.port)
        try:
            await self._go_on(number, wechat, server)
        finally:
            await wechat.close()
            await server.close()

    async def _go_on(self, number: int, wechat: Connection, server: Connection) -> None:
        """The requests are spread evenly over time; one that was late puts no other off."""
        loop, pause = asyncio.get_running_loop(), self.phones / self.rate
        due, step, person = loop.time() + pause * number / self.phones, number, f"person-{number}"
        tokens: dict[str, object] = {}
        while not self._over.is_set():
            due = max(due + pause, loop.time())
            await asyncio.sleep(due - loop.time())
            what = TURN[step % len(TURN)] if tokens else "login"
            step += 1
            answer = await self._ask(what, person, tokens, wechat, server)
            if "refresh_token" in answer:
                tokens = answer
                self.held[person] = str(answer["access_token"])
                self.logins.append(str(answer["refresh_token"]))
            elif what in ("login", "refresh"):
                tokens = {}
                self.held.pop(person, None)

    async def _ask(
        self, what: str, person: str, tokens: dict[str, object], wechat: Connection, server: Connection
    ) -> dict[str, object]:
        if what == "login":
            asked = {"appid": APPID, "person": person}
            _, given = await wechat.send("POST", "/__emulator__/wx/login", body=asked)
            body = {"code": given["code"], "nonce": secrets.token_hex(16)}
            return await self._request(server, what, "POST", f"/v1/{APP}/login", body=body)
        if what == "refresh":
            body = {"refresh_token": tokens["refresh_token"]}
            return await self._request(server, what, "POST", "/v1/session/refresh", body=body)
        if what == "token":
            key = f"Bearer {self.service_key}"
            return await self._request(server, what, "GET", f"/v1/{APP}/access-token", authorization=key)
        token = f"Bearer {tokens['access_token']}"
        return await self._request(server, what, "GET", "/v1/session", authorization=token)

    async def _request(
        self, server: Connection, what: str, method: str, path: str, *, body: object = None, **headers: str
    ) -> dict[str, object]:
        """The JSON of a 200, or nothing."""
        request_id, began = secrets.token_hex(8), time.monotonic()
        answer: dict[str, object] = {}
        outcome: int | str
        try:
            outcome, answer = await server.send(
                method, path, body=body, user_agent="rolling", x_request_id=request_id, **headers
            )
        except ConnectionLostError as lost:
            outcome = str(lost)
        self.sent.append(Sent(what, request_id, began, time.monotonic(), outcome))
        return answer if outcome == 200 else {}
