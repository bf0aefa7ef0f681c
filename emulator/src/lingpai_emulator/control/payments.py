"""Control that stands for a payment in a mini program: what opens the five minutes of getpaidunionid."""

import msgspec
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from lingpai_emulator.control.json import read, reply
from lingpai_emulator.emulator import Emulator
from lingpai_emulator.mistakes import MistakeError
from lingpai_emulator.payments import Payment


class Paid(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Who pays where; what is left out of the three numbers is made up."""

    appid: str
    person: str
    transaction_id: str | None = None
    mch_id: str | None = None
    out_trade_no: str | None = None


def routes(emulator: Emulator) -> list[Route]:
    async def pay(request: Request) -> Response:
        paid, world = await read(request, Paid), emulator.world
        app, person = world.apps.named(paid.appid), world.people.named(paid.person)
        if app.kind != "miniprogram":
            raise MistakeError(f"{app.appid} is of kind {app.kind}; wx.* exists in mini programs only.")
        payment = Payment(
            app.appid,
            person.id,
            paid.transaction_id or "42" + world.chance.digits(26),
            paid.mch_id or "1" + world.chance.digits(9),
            paid.out_trade_no or world.chance.digits(20),
            world.clock.now(),
        )
        world.payments.add(payment)
        numbers = {name: getattr(payment, name) for name in ("transaction_id", "mch_id", "out_trade_no")}
        return reply({"errMsg": "requestPayment:ok", **numbers})

    return [Route("/wx/requestPayment", pay, methods=["POST"])]
