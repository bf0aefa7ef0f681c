"""Controls that stand for a phone: what each `wx.*` API gives a person in a mini program."""

import msgspec
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from lingpai_emulator.apps import App
from lingpai_emulator.control.json import read, reply
from lingpai_emulator.emulator import Emulator
from lingpai_emulator.people import Person


class Who(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Which app (AppID or slug) and who holds the phone."""

    appid: str
    person: str


def routes(emulator: Emulator) -> list[Route]:
    async def who(request: Request) -> tuple[App, Person]:
        asked = await read(request, Who)
        return emulator.world.apps.named(asked.appid), emulator.world.people.named(asked.person)

    async def login(request: Request) -> Response:
        app, person = await who(request)
        return reply({"code": emulator.world.log_in(app, person), "errMsg": "login:ok"})

    async def check_session(request: Request) -> Response:
        app, person = await who(request)
        if emulator.world.session(app, person) is None:
            return reply({"errMsg": "checkSession:fail session time out, need relogin"})
        return reply({"errMsg": "checkSession:ok"})

    async def prefetch(request: Request) -> Response:
        app, person = await who(request)
        emulator.world.rotate(app, person)
        return reply({"rotated": True})

    async def expire(request: Request) -> Response:
        app, person = await who(request)
        emulator.world.expire(app, person)
        return reply({"expired": True})

    return [
        Route("/wx/login", login, methods=["POST"]),
        Route("/wx/checkSession", check_session, methods=["POST"]),
        Route("/wx/prefetch", prefetch, methods=["POST"]),
        Route("/wx/expire", expire, methods=["POST"]),
    ]
