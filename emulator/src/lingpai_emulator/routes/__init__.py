"""Which function answers which WeChat path: one file per first path segment, and one for calling itself.

To add an endpoint: its line in apis.py if it needs an access_token, a rule in world.py, a function and a line in `ROUTES` of its segment's file,
the errcodes it may answer in errcodes.py, and a row per behaviour in FAITHFULNESS.md.
"""

from collections.abc import Callable
from typing import Final

from lingpai_emulator import pages
from lingpai_emulator.answers import Answer, refused
from lingpai_emulator.calls import Call
from lingpai_emulator.links import Trouble
from lingpai_emulator.reasons import reason
from lingpai_emulator.routes import cgi_bin, connect, openapi, pictures, sns, sns_oauth, wxa
from lingpai_emulator.world import World

Route = Callable[[World, Call], Answer]

ROUTES: Final[dict[str, Route]] = {
    **sns.ROUTES,
    **sns_oauth.ROUTES,
    **connect.ROUTES,
    **cgi_bin.ROUTES,
    **openapi.ROUTES,
    **wxa.ROUTES,
}
# What the pages themselves ask for: no call of an app, so no fault spoils it and no ledger keeps it.
OWN: Final = ("/connect/assets/", "/connect/l/")
PREFIXES: Final[dict[str, Route]] = pictures.PREFIXES


def answer(world: World, call: Call) -> Answer:
    """What WeChat answers; a path it does not have gets 40066."""
    route = ROUTES.get(call.path)
    if route is None:
        route = next((below for start, below in PREFIXES.items() if call.path.startswith(start)), None)
    if route is None:
        why = f"no such endpoint here; there are: {', '.join(ROUTES)}; the controls are at /__emulator__/"
        return refused(world, call.path, 40066, why)
    return route(world, call)


def faulty(world: World, call: Call, errcode: int, errmsg: str | None) -> Answer:
    """The answer a fault orders: an error page where people look, error JSON where programs do."""
    if call.path.startswith("/connect/"):
        return pages.trouble(world, call, Trouble(errcode, reason("fault"), errmsg))
    return refused(world, call.path, errcode, "a fault was ordered for this answer", errmsg)
