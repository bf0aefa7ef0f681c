"""What is below `/connect/assets/` and `/mmopen/`: the files of the pages, and people's pictures."""

from collections.abc import Callable
from typing import Final

from lingpai_emulator import avatars
from lingpai_emulator.answers import Answer
from lingpai_emulator.calls import Call
from lingpai_emulator.pages.rendering import asset
from lingpai_emulator.world import World

_ASSETS: Final = "/connect/assets/"


def assets(world: World, call: Call) -> Answer:
    return _file(world, asset(call.path.removeprefix(_ASSETS)), "a file of the pages")


def picture(world: World, call: Call) -> Answer:
    return _file(world, avatars.picture(world, call.path), "a person's picture")


def _file(world: World, found: tuple[bytes, str] | None, why: str) -> Answer:
    rid = world.chance.rid(world.clock.now())
    if found is None:
        return Answer(b"Not found", "text/plain", rid, f"{why}, but there is none here", status=404)
    # Pictures are what people upload: an SVG opened on its own must not run its scripts here.
    headers = (
        (b"content-security-policy", b"default-src 'none'; style-src 'unsafe-inline'; sandbox"),
        (b"x-content-type-options", b"nosniff"),
        (b"cache-control", b"no-cache"),
    )
    return Answer(found[0], found[1], rid, why, headers=headers)


PREFIXES: Final[dict[str, Callable[[World, Call], Answer]]] = {_ASSETS: assets, avatars.PREFIX: picture}
