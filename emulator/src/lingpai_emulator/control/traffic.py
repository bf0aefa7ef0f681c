"""Controls of the traffic: which answers to spoil, and which calls were received."""

import msgspec
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from lingpai_emulator.control.json import read, reply
from lingpai_emulator.emulator import Emulator
from lingpai_emulator.explain import shown
from lingpai_emulator.faults import Fault
from lingpai_emulator.masking import Masker
from lingpai_emulator.mistakes import MistakeError


def faults_as_json(emulator: Emulator) -> object:
    """What is left of the ordered faults, in order; a secret put into a `body` is masked."""
    return Masker(emulator.world).value(msgspec.to_builtins(emulator.faults.all()))


def routes(emulator: Emulator) -> list[Route]:
    async def faults(request: Request) -> Response:
        if request.method == "POST":
            fault = await read(request, Fault)
            wrong = fault.contradiction()
            if wrong is not None:
                raise MistakeError(wrong)
            emulator.faults.add(fault)
        elif request.method == "DELETE":
            emulator.faults.clear()
        return reply({"faults": faults_as_json(emulator)})

    async def ledger(request: Request) -> Response:
        if request.method == "DELETE":
            emulator.ledger.clear()
        masker = Masker(emulator.world)
        entries = emulator.ledger.entries(request.query_params.get("path"))
        return reply({"calls": [shown(entry, masker) for entry in entries]})

    return [
        Route("/faults", faults, methods=["GET", "POST", "DELETE"]),
        Route("/ledger", ledger, methods=["GET", "DELETE"]),
    ]
