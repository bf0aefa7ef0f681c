"""Which function answers which WeChat path: one file per first path segment, and one for calling itself.

To add an endpoint: its line in apis.py if it needs an access_token, a rule in world.py, a function and a line in `ROUTES` of its segment's file,
the errcodes it may answer in errcodes.py, and a row per behaviour in FAITHFULNESS.md.
"""

from collections.abc import Callable
from typing import Final

from lingpai_emulator.answers import Answer, refused
from lingpai_emulator.calls import Call
from lingpai_emulator.routes import cgi_bin, openapi, sns, wxa
from lingpai_emulator.world import World

Route = Callable[[World, Call], Answer]

ROUTES: Final[dict[str, Route]] = {**sns.ROUTES, **cgi_bin.ROUTES, **openapi.ROUTES, **wxa.ROUTES}


def answer(world: World, call: Call) -> Answer:
    """What WeChat answers; a path it does not have gets 40066."""
    route = ROUTES.get(call.path)
    if route is None:
        why = f"no such endpoint here; there are: {', '.join(ROUTES)}; the controls are at /__emulator__/"
        return refused(world, call.path, 40066, why)
    return route(world, call)
