"""Controls that make WeChat push an event to an app's own server, or ask whether the address is right."""

from typing import Any

import msgspec
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from lingpai_emulator import push
from lingpai_emulator.control.json import read, reply
from lingpai_emulator.emulator import Emulator


class Event(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Which app is told what: `event` is the name of an event; `person` becomes OpenID, `fields` are added."""

    appid: str
    event: str
    person: str | None = None
    fields: dict[str, Any] = {}


class Which(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    appid: str


def routes(emulator: Emulator) -> list[Route]:
    async def send(request: Request) -> Response:
        asked, world = await read(request, Event), emulator.world
        app = world.apps.named(asked.appid)
        named: dict[str, Any] = {}
        if asked.person is not None:
            named = {"OpenID": world.openid(app, world.people.named(asked.person)), "AppID": app.appid}
        fields = push.message(world, app, asked.event, named | asked.fields)
        attempts = await push.push(world, app, fields)
        delivered = bool(attempts) and attempts[-1].status == 200 and attempts[-1].body in ("success", "")  # noqa: PLR2004 - HTTP's OK
        return reply({"delivered": delivered, "attempts": attempts, "fields": fields})

    async def greet(request: Request) -> Response:
        app = emulator.world.apps.named((await read(request, Which)).appid)
        return reply({"verified": await push.greet(emulator.world, app)})

    return [
        Route("/push", send, methods=["POST"]),
        Route("/push/verify", greet, methods=["POST"]),
    ]
