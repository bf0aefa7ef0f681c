"""The emulator as an ASGI application: WeChat's own paths, and the controls beside them."""

from email.utils import formatdate
from http import HTTPStatus
from typing import Final

import msgspec
from starlette.types import ASGIApp, Receive, Scope, Send

from lingpai_emulator import connection, routes
from lingpai_emulator.answers import Answer, content_type
from lingpai_emulator.calls import Call
from lingpai_emulator.control import build_control
from lingpai_emulator.emulator import Emulator
from lingpai_emulator.faults import Fault
from lingpai_emulator.ledger import Entry

_LONGEST_BODY: Final = 1024 * 1024
_BODILESS: Final = frozenset({204, 205, 304})


def build_app(emulator: Emulator, *, any_host: bool = False) -> ASGIApp:
    """The ASGI application over an emulator.

    `any_host` lets the controls be used under other names than localhost; see control/door.py.
    """
    control = build_control(emulator, any_host=any_host)
    wechat = _WeChat(emulator)

    async def app(scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http" and not scope["path"].startswith("/__emulator__"):
            await wechat(scope, receive, send)
        else:
            await control(scope, receive, send)

    return app


class _WeChat:
    """Everything that is WeChat's: no framework in between, benchmarks run against this."""

    def __init__(self, emulator: Emulator) -> None:
        self._emulator = emulator
        self._date = (0, b"")

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        method: str = scope["method"]
        body = b"" if method in {"GET", "HEAD"} else await _body(receive)
        emulator = self._emulator
        address = emulator.world.egress or (scope["client"][0] if scope["client"] else "")
        call = Call(
            method,
            scope["path"],
            scope["query_string"],
            body,
            _content_type(scope),
            address,
            scope["headers"],
        )
        if call.path.startswith(routes.OWN):
            await self._answer(routes.answer(emulator.world, call), send)
            return
        fault = emulator.faults.take(call.path)
        entry = emulator.ledger.open(emulator.world.clock.now(), call, fault)
        if fault is not None:
            await self._spoil(fault, entry, scope, receive, send)
            return
        answer = entry.answer = routes.answer(emulator.world, call)
        entry.status = answer.status
        await self._answer(answer, send)

    async def _answer(self, answer: Answer, send: Send) -> None:
        await self._start(answer, send)
        await send({"type": "http.response.body", "body": answer.body})

    async def _spoil(self, fault: Fault, entry: Entry, scope: Scope, receive: Receive, send: Send) -> None:
        answer, call = None, entry.call
        if fault.close != "before":
            answer = _replaced(self._emulator, fault, call) or routes.answer(self._emulator.world, call)
        if fault.delay and not await self._emulator.waiting.pause(fault.delay, scope, receive):
            return
        if answer is None or fault.close == "after":
            await connection.drop(scope, receive)
            return
        entry.answer, entry.status = answer, answer.status
        await self._start(answer, send)
        if fault.close == "mid-body":
            half = answer.body[: len(answer.body) // 2]
            await send({"type": "http.response.body", "body": half, "more_body": True})
            await connection.hang_up(scope, receive)
        else:
            await send({"type": "http.response.body", "body": answer.body})

    async def _start(self, answer: Answer, send: Send) -> None:
        headers = [
            (b"date", self._now()),
            (b"content-type", answer.content_type.encode()),
            (b"x-emulator-hint", answer.why.encode("ascii", "replace")),
            (b"x-emulator-rid", answer.rid.encode()),
            *answer.headers,
        ]
        if answer.status not in _BODILESS:
            headers.append((b"content-length", str(len(answer.body)).encode()))
        await send({"type": "http.response.start", "status": answer.status, "headers": headers})

    def _now(self) -> bytes:
        """The Date header by the emulator's clock, so that a client sees one time only."""
        second = int(self._emulator.world.clock.now())
        if self._date[0] != second:
            self._date = (second, formatdate(second, usegmt=True).encode())
        return self._date[1]


def _replaced(emulator: Emulator, fault: Fault, call: Call) -> Answer | None:
    """The answer a fault puts in place, or None when WeChat's own is sent."""
    if not fault.replaces:
        return None
    world, why = emulator.world, "a fault was ordered for this answer"
    status = fault.status or 200
    if fault.errcode is not None:
        answer = routes.faulty(world, call, fault.errcode, fault.errmsg)
        return _bodiless(msgspec.structs.replace(answer, status=status))
    rid = world.chance.rid(world.clock.now())
    if fault.body is not None:
        answer = Answer(fault.body.encode(), content_type(world, call.path), rid, why, status=status)
    else:
        answer = Answer(_gateway_page(status), "text/html", rid, why, status=status)
    return _bodiless(answer)


def _bodiless(answer: Answer) -> Answer:
    """HTTP allows no body with some statuses (RFC 9110, sections 15.3.5, 15.3.6, 15.4.5)."""
    return msgspec.structs.replace(answer, body=b"") if answer.status in _BODILESS else answer


def _gateway_page(status: int) -> bytes:
    """What a proxy in front of WeChat answers: a page, no JSON."""
    known = {entry.value: entry.phrase for entry in HTTPStatus}
    title = f"{status} {known.get(status, '')}".strip()
    return f"<html><head><title>{title}</title></head><body><h1>{title}</h1></body></html>".encode()


def _content_type(scope: Scope) -> str:
    for name, value in scope["headers"]:
        if name == b"content-type":
            text: str = value.decode("latin-1")
            return text
    return ""


async def _body(receive: Receive) -> bytes:
    """The request's body; what comes after the first MiB is read and thrown away."""
    body = b""
    while True:
        message = await receive()
        if message["type"] == "http.disconnect":
            return body
        if len(body) < _LONGEST_BODY:
            body += message.get("body", b"")
        if not message.get("more_body", False):
            return body
