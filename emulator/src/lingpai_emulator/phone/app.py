"""The phone as an ASGI application: its page, and the calls its page makes."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Annotated, Any, Final

import msgspec
from pyreqwest.client import Client
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route
from starlette.types import ASGIApp

from lingpai_emulator.mistakes import MistakeError
from lingpai_emulator.phone import files, inspecting, program
from lingpai_emulator.phone.controls import Controls
from lingpai_emulator.phone.domains import Domains
from lingpai_emulator.phone.door import Door
from lingpai_emulator.phone.outbound import new_client, perform
from lingpai_emulator.phone.project import Project
from lingpai_emulator.phone.reading import read, reply
from lingpai_emulator.phone.steps import (
    answer_step,
    caused,
    login_step,
    newest,
    request_step,
    wechat_step,
    wx_step,
)
from lingpai_emulator.phone.wxrequest import WxRequest

_CODE_EXCHANGE: Final = "/sns/jscode2session"
_WX: Final = ("checkSession", "getUserProfile", "getUserInfo", "getPhoneNumber")


class Login(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Who calls `wx.login`, in which app."""

    appid: str
    person: str


class WxCall(msgspec.Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """Another call of `wx` that WeChat answers: whose phone it is, and whether that person refuses.

    `era` picks the behaviour before or after WeChat withdrew something.
    """

    appid: str
    person: str
    era: str | None = None
    deny: bool = False


class Advance(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Seconds to move WeChat's clock forward, a day at most."""

    seconds: Annotated[float, msgspec.Meta(ge=0, le=86_400)]


def build_phone(
    emulator_url: str,
    server_url: str | None,
    miniprogram: Path | None = None,
    known_appids: frozenset[str] | None = None,
) -> ASGIApp:
    """The phone over an emulator.

    `server_url` is the identity server its mini program talks to; None lets the page ask for
    a login URL on this machine. `miniprogram` is the folder it runs, None for the demo. With
    `known_appids` it may be of no other AppID: one that is not in there could be a real one. Raises
    MistakeError when `server_url` is no http(s) URL, or for the folder. The HTTP client is closed by
    ASGI's lifespan.
    """
    project = None if miniprogram is None else Project(miniprogram)
    if project is not None and known_appids is not None:
        project.must_be_of(known_appids)
    client = new_client()

    @asynccontextmanager
    async def lifespan(_app: Starlette) -> AsyncIterator[None]:
        yield
        await client.close()

    phone = _Phone(client, emulator_url, server_url, project)
    app = Starlette(
        routes=[
            *files.routes(),
            *program.routes(project),
            *inspecting.routes(phone.controls),
            Route("/phone/api/start", phone.start),
            Route("/phone/api/wx/login", phone.login, methods=["POST"]),
            Route("/phone/api/wx/request", phone.request, methods=["POST"]),
            *(Route(f"/phone/api/wx/{api}", phone.wx, methods=["POST"]) for api in _WX),
            Route("/phone/api/wechat/advance", phone.advance, methods=["POST"]),
            Route("/phone/api/wechat/busy", phone.busy, methods=["POST"]),
        ],
        exception_handlers={MistakeError: _mistake},
        lifespan=lifespan,
    )
    return Door(app)


class _Phone:
    """The calls of the page. A mistake is a 4xx or 502 `{"error": "a sentence"}`."""

    def __init__(
        self, client: Client, emulator_url: str, server_url: str | None, project: Project | None
    ) -> None:
        self._client = client
        self._server_url = None if server_url is None else server_url.rstrip("/")
        self._domains = Domains(emulator_url, server_url)
        self._project = project
        self.controls = Controls(client, emulator_url)

    async def start(self, _request: Request) -> Response:
        """Who there is, which mini programs, which server, and WeChat's time. No secret of an app."""
        people, apps = await self.controls.people(), await self.controls.apps()
        shown = [app for app in apps if app["kind"] == "miniprogram"]
        appid = None if self._project is None else self._project.appid
        shown.sort(key=lambda app: app["appid"] != appid)  # the program's own app first
        return reply(
            {
                "people": [
                    {name: person[name] for name in ("id", "nickname", "avatar")}
                    | {"phone": _middle_hidden(person["phone"])}
                    for person in people
                ],
                "apps": [{name: app[name] for name in ("appid", "slug", "name")} for app in shown],
                "server": self._server_url,
                "program": self._project is not None,
                "clock": await self.controls.clock(),
            }
        )

    async def login(self, request: Request) -> Response:
        who = await read(request, Login)
        answer = await self.controls.login(who.appid, who.person)
        return reply({"result": answer, "steps": [login_step(answer)]})

    async def wx(self, request: Request) -> Response:
        """`wx.{api}`, by the last part of the path."""
        api = request.url.path.rpartition("/")[2]
        options: dict[str, Any] = msgspec.to_builtins(await read(request, WxCall))
        answer = await self.controls.wx(api, options)
        return reply({"result": answer, "steps": [wx_step(api, answer)]})

    async def request(self, request: Request) -> Response:
        """`wx.request`, and what the server asked WeChat meanwhile."""
        asked = await read(request, WxRequest)
        mark = newest(await self.controls.calls())
        outcome = await perform(self._client, self._domains, asked)
        calls = caused(await self.controls.calls(), mark, asked)
        steps = [request_step(asked), *(wechat_step(call) for call in calls), answer_step(outcome)]
        return reply({"result": outcome, "steps": steps})

    async def advance(self, request: Request) -> Response:
        return reply(await self.controls.advance((await read(request, Advance)).seconds))

    async def busy(self, _request: Request) -> Response:
        """The next exchange of a code finds WeChat busy, once."""
        await self.controls.be_busy_once(_CODE_EXCHANGE)
        return reply({})


def _middle_hidden(phone: str | None) -> str | None:
    """`138****0001`, as WeChat shows a number to its owner."""
    return None if phone is None else f"{phone[:-8]}****{phone[-4:]}"


async def _mistake(_request: Request, error: Exception) -> Response:
    if isinstance(error, MistakeError):
        return reply({"error": error.sentence}, error.status)
    raise error
