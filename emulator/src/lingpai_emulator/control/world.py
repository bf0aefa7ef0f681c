"""Controls of the world itself: reset, apps, people, switches."""

import msgspec
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from lingpai_emulator.apps import AppChange
from lingpai_emulator.control.json import does_not_fit, read, read_bytes, reply
from lingpai_emulator.emulator import Emulator
from lingpai_emulator.people import Person, PersonChange
from lingpai_emulator.switches import changed
from lingpai_emulator.world import World


class Reset(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    seed: int | str | None = None


def person_as_json(world: World, person: Person) -> dict[str, object]:
    """A person with the ids each app knows them by."""
    identities = []
    for app in world.apps.all():
        identity = {"appid": app.appid, "openid": world.openid(app, person)}
        unionid = world.unionid(app, person)
        identities.append(identity if unionid is None else identity | {"unionid": unionid})
    return msgspec.structs.asdict(person) | {"identities": identities}


def routes(emulator: Emulator) -> list[Route]:
    async def reset(request: Request) -> Response:
        emulator.reset((await read(request, Reset)).seed)
        return reply({"seed": emulator.world.seed.seed})

    async def apps(request: Request) -> Response:
        if request.method == "POST":
            return reply(emulator.world.change_app(await read(request, AppChange)))
        return reply({"apps": emulator.world.apps.all()})

    async def people(request: Request) -> Response:
        if request.method == "POST":
            person = emulator.world.people.put(await read(request, PersonChange))
            return reply(person_as_json(emulator.world, person))
        world = emulator.world
        return reply({"people": [person_as_json(world, person) for person in world.people.all()]})

    async def switches(request: Request) -> Response:
        if request.method == "POST":
            patch = await read_bytes(request)
            try:
                emulator.world.switches = changed(emulator.world.switches, patch)
            except msgspec.MsgspecError as error:
                raise does_not_fit(error) from error
        return reply(emulator.world.switches)

    return [
        Route("/reset", reset, methods=["POST"]),
        Route("/apps", apps, methods=["GET", "POST"]),
        Route("/people", people, methods=["GET", "POST"]),
        Route("/switches", switches, methods=["GET", "POST"]),
    ]
