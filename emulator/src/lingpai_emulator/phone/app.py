"""The phone as an ASGI application: its page, and the calls its page makes."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Annotated, Final

import msgspec
from pyreqwest.client import Client
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route
from starlette.types import ASGIApp

from lingpai_emulator.mistakes import MistakeError
from lingpai_emulator.phone import files
from lingpai_emulator.phone.controls import Controls
from lingpai_emulator.phone.domains import Domains
from lingpai_emulator.phone.door import Door
from lingpai_emulator.phone.outbound import WxRequest, new_client, perform
from lingpai_emulator.phone.reading import read, reply
from lingpai_emulator.phone.steps import answer_step, caused, login_step, newest, request_step, wechat_step

_CODE_EXCHANGE: Final = "/sns/jscode2session"


class Login(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Who calls `wx.login`, in which app."""

    appid: str
    person: str


class Advance(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Seconds to move WeChat's clock forward, a day at most."""

    seconds: Annotated[float, msgspec.Meta(ge=0, le=86_400)]


def build_phone(emulator_url: str, server_url: str | None) -> ASGIApp:
    """The phone over an emulator.

    `server_url` is the identity server its mini program talks to; None lets the page ask for
    a login URL on this machine. Raises MistakeError when `server_url` is no http(s) URL. The HTTP client
    is closed by ASGI's lifespan.
    """
    client = new_client()

    @asynccontextmanager
    async def lifespan(_app: Starlette) -> AsyncIterator[None]:
        yield
        await client.close()

    phone = _Phone(client, emulator_url, server_url)
    app = Starlette(
        routes=[
            *files.routes(),
            Route("/phone/api/start", phone.start),
            Route("/phone/api/wx/login", phone.login, methods=["POST"]),
            Route("/phone/api/wx/request", phone.request, methods=["POST"]),
            Route("/phone/api/wechat/advance", phone.advance, methods=["POST"]),
            Route("/phone/api/wechat/busy", phone.busy, methods=["POST"]),
        ],
        exception_handlers={MistakeError: _mistake},
        lifespan=lifespan,
    )
    return Door(app)


class _Phone:
    """The calls of the page. A mistake is a 4xx or 502 `{"error": "a sentence"}`."""

    def __init__(self, client: Client, emulator_url: str, server_url: str | None) -> None:
        self._client = client
        self._server_url = None if server_url is None else server_url.rstrip("/")
        self._domains = Domains(emulator_url, server_url)
        self._controls = Controls(client, emulator_url)

    async def start(self, _request: Request) -> Response:
        """Who there is, which mini programs, which server, and WeChat's time. No secret of an app."""
        people, apps = await self._controls.people(), await self._controls.apps()
        return reply(
            {
                "people": [
                    {name: person[name] for name in ("id", "nickname", "avatar")} for person in people
                ],
                "apps": [
                    {name: app[name] for name in ("appid", "slug", "name")}
                    for app in apps
                    if app["kind"] == "miniprogram"
                ],
                "server": self._server_url,
                "clock": await self._controls.clock(),
            }
        )

    async def login(self, request: Request) -> Response:
        who = await read(request, Login)
        answer = await self._controls.login(who.appid, who.person)
        return reply({"result": answer, "steps": [login_step(answer)]})

    async def request(self, request: Request) -> Response:
        """`wx.request`, and what the server asked WeChat meanwhile."""
        asked = await read(request, WxRequest)
        mark = newest(await self._controls.calls())
        outcome = await perform(self._client, self._domains, asked)
        calls = caused(await self._controls.calls(), mark, asked)
        steps = [request_step(asked), *(wechat_step(call) for call in calls), answer_step(outcome)]
        return reply({"result": outcome, "steps": steps})

    async def advance(self, request: Request) -> Response:
        return reply(await self._controls.advance((await read(request, Advance)).seconds))

    async def busy(self, _request: Request) -> Response:
        """The next exchange of a code finds WeChat busy, once."""
        await self._controls.be_busy_once(_CODE_EXCHANGE)
        return reply({})


async def _mistake(_request: Request, error: Exception) -> Response:
    if isinstance(error, MistakeError):
        return reply({"error": error.sentence}, error.status)
    raise error
