"""Controls that stand for a phone handing over data: profile, phone number, group, steps, and forgeries."""

from collections.abc import Callable
from typing import Annotated, Final, TypeVar

import msgspec
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from lingpai_emulator import avatars, crypto, userdata
from lingpai_emulator.apps import App
from lingpai_emulator.control.json import read, reply
from lingpai_emulator.emulator import Emulator
from lingpai_emulator.mistakes import MistakeError
from lingpai_emulator.people import Person
from lingpai_emulator.userdata import Outcome
from lingpai_emulator.world import World


class Asked(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Which app, who holds the phone, in which era, and whether the person refuses."""

    appid: str
    person: str
    era: str | None = None
    deny: bool = False


class GroupAsked(Asked, frozen=True, forbid_unknown_fields=True):
    """`group` is any name; each has an openGId of its own."""

    group: str = "group"


class StepsAsked(Asked, frozen=True, forbid_unknown_fields=True):
    """`steps` of the last days, today's last; made up when left out."""

    steps: list[Annotated[int, msgspec.Meta(ge=0)]] | None = None


class Forgery(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Data to encrypt with the person's session_key as if WeChat had.

    `data` is an object, or a text that is encrypted as it stands. An object gets a watermark
    `watermark_age` seconds old for `watermark_appid` (the app itself), unless `watermark` is
    false. A `rawData` is signed.
    """

    appid: str
    person: str
    data: dict[str, object] | str
    watermark: bool = True
    watermark_age: float = 0
    watermark_appid: str | None = None
    rawData: str | None = None  # noqa: N815 - WeChat's spelling


_Shape = TypeVar("_Shape", Asked, GroupAsked, StepsAsked, Forgery)


def routes(emulator: Emulator) -> list[Route]:
    def control(
        api: str, shape: type[_Shape], outcome: Callable[[World, App, Person, _Shape], Outcome]
    ) -> Route:
        async def handed_over(request: Request) -> Response:
            asked = await read(request, shape)
            world = emulator.world
            app, person = world.apps.named(asked.appid), world.people.named(asked.person)
            picture = avatars.url(f"http://{request.url.netloc}", person)
            return reply(outcome(world, app, msgspec.structs.replace(person, avatar=picture), asked))

        return Route(f"/wx/{api}", handed_over, methods=["POST"])

    return [
        control("getUserProfile", Asked, _user_profile),
        control("getUserInfo", Asked, _user_info),
        control("getPhoneNumber", Asked, _phone_number),
        control("getGroupEnterInfo", GroupAsked, _group),
        control("getWeRunData", StepsAsked, _steps),
        control("encrypt", Forgery, _forged),
    ]


def _user_profile(world: World, app: App, person: Person, asked: Asked) -> Outcome:
    api: Final = "getUserProfile"
    return _denied(api) if asked.deny else userdata.profile(world, app, person, api, asked.era)


def _user_info(world: World, app: App, person: Person, asked: Asked) -> Outcome:
    api: Final = "getUserInfo"
    return _denied(api) if asked.deny else userdata.profile(world, app, person, api, asked.era)


def _phone_number(world: World, app: App, person: Person, asked: Asked) -> Outcome:
    return userdata.phone_number(world, app, person, asked.era, deny=asked.deny)


def _group(world: World, app: App, person: Person, asked: GroupAsked) -> Outcome:
    return _denied("getGroupEnterInfo") if asked.deny else userdata.group(world, app, person, asked.group)


def _steps(world: World, app: App, person: Person, asked: StepsAsked) -> Outcome:
    return _denied("getWeRunData") if asked.deny else userdata.steps(world, app, person, asked.steps)


def _denied(api: str) -> Outcome:
    return {"errMsg": f"{api}:fail auth deny"}


def _forged(world: World, app: App, person: Person, forgery: Forgery) -> Outcome:
    """encryptedData and iv; with `rawData`, that and its signature too."""
    session = world.session(app, person)
    if session is None:
        raise MistakeError(f"{person.id} has no living session_key in {app.slug}; log in first.", 409)
    if isinstance(forgery.data, str):
        plain = forgery.data.encode()
    else:
        data = dict(forgery.data)
        if forgery.watermark:
            stamp = int(world.clock.now() - forgery.watermark_age)
            data["watermark"] = {"timestamp": stamp, "appid": forgery.watermark_appid or app.appid}
        plain = msgspec.json.encode(data)
    made: Outcome = {**userdata.sealed(world, session.session_key, plain)}
    if forgery.rawData is not None:
        made["rawData"] = forgery.rawData
        made["signature"] = crypto.signature(forgery.rawData, session.session_key)
    return made
