"""Controls of access_tokens: somebody else fetches one, and from which address WeChat sees calls come."""

from ipaddress import ip_address
from typing import Final, Literal

import msgspec
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from lingpai_emulator import fetching
from lingpai_emulator.control.json import read, reply
from lingpai_emulator.emulator import Emulator
from lingpai_emulator.mistakes import MistakeError
from lingpai_emulator.world import Refusal

_STABLE: Final = ("stable_token", "stable")


class Rogue(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A token fetched by somebody who has the secret too, from an address that may."""

    appid: str
    kind: Literal["token", "legacy", "stable_token", "stable"] = "token"
    force_refresh: bool = False


class Egress(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The address WeChat sees; null is the one a call really comes from."""

    address: str | None = None


def routes(emulator: Emulator) -> list[Route]:
    async def rogue(request: Request) -> Response:
        asked = await read(request, Rogue)
        if asked.force_refresh and asked.kind not in _STABLE:
            raise MistakeError("force_refresh goes with the kind stable_token.")
        world = emulator.world
        app = world.apps.named(asked.appid)
        if app.kind == "website":
            raise MistakeError(f"{app.appid} is a website; there are no access_tokens of the app for it.")
        if asked.kind in _STABLE:
            fetched = fetching.fetch_stable(world, app, force=asked.force_refresh)
        else:
            fetched = fetching.fetch(world, app)
        if isinstance(fetched, Refusal):
            raise MistakeError(f"WeChat refuses with {fetched.errcode}: {fetched.why}.", 409)
        return reply({"access_token": fetched.token.token, "expires_in": fetched.expires_in})

    async def egress(request: Request) -> Response:
        if request.method == "POST":
            address = (await read(request, Egress)).address
            if address is not None:
                _must_be_address(address)
            emulator.world.egress = address
        return reply({"address": emulator.world.egress})

    return [
        Route("/tokens/rogue", rogue, methods=["POST"]),
        Route("/egress", egress, methods=["GET", "POST"]),
    ]


def _must_be_address(text: str) -> None:
    try:
        ip_address(text)
    except ValueError as error:
        raise MistakeError(f"{text!r} is no IP address.") from error
