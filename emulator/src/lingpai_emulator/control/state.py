"""Controls for looking in: all the emulator knows, and why it answered as it did."""

import msgspec
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from lingpai_emulator.codes import Code
from lingpai_emulator.control.json import reply
from lingpai_emulator.control.oauth import oauth_as_json
from lingpai_emulator.control.time import clock_as_json
from lingpai_emulator.control.traffic import faults_as_json
from lingpai_emulator.control.world import person_as_json
from lingpai_emulator.emulator import Emulator
from lingpai_emulator.explain import explained
from lingpai_emulator.masking import masked
from lingpai_emulator.mistakes import MistakeError
from lingpai_emulator.sessions import Session
from lingpai_emulator.world import World


def routes(emulator: Emulator) -> list[Route]:
    async def state(_request: Request) -> Response:
        return reply(_state(emulator))

    async def explain(request: Request) -> Response:
        rid = request.path_params["rid"]
        entry = emulator.ledger.answered_with(rid)
        if entry is None:
            raise MistakeError("The ledger has no answer with this rid; it keeps the last 10 000 calls.", 404)
        return reply(explained(entry, emulator.world))

    return [
        Route("/state", state, methods=["GET"]),
        Route("/state/explain/{rid}", explain, methods=["GET"]),
    ]


def _state(emulator: Emulator) -> dict[str, object]:
    """Everything at once, oldest first; secrets and session_keys show their last four characters."""
    world = emulator.world
    now = world.clock.now()
    return {
        "seed": world.seed.seed,
        "clock": clock_as_json(world.clock),
        "switches": world.switches,
        "apps": [msgspec.structs.replace(app, secret=masked(app.secret)) for app in world.apps.all()],
        "people": [person_as_json(world, person) for person in world.people.all()],
        "codes": [_code(world, code, now) for code in world.codes.all()],
        "sessions": [_session(session, now) for session in world.sessions.all()],
        **oauth_as_json(world),
        "faults": faults_as_json(emulator),
        "calls": len(emulator.ledger),
    }


def _code(world: World, code: Code, now: float) -> dict[str, object]:
    age = now - code.minted_at
    if code.used_at is not None:
        state = "burnt" if code.burnt else "used"
    else:
        state = "live" if age < world.switches.code_life else "expired"
    told: dict[str, object] = {"code": code.code, "appid": code.appid, "person": code.person}
    return told | {"age": round(age, 3), "state": state}


def _session(session: Session, now: float) -> dict[str, object]:
    return {
        "appid": session.appid,
        "person": session.person,
        "session_key": masked(session.session_key),
        "generation": session.generation,
        "age": round(now - session.minted_at, 3),
        "expires_in": round(session.expires_at - now, 3),
    }
