"""Controls for looking in: all the emulator knows, and why it answered as it did."""

import msgspec
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from lingpai_emulator.apis import limits
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
from lingpai_emulator.phone_codes import PhoneCode
from lingpai_emulator.sessions import Session
from lingpai_emulator.tickets import Ticket
from lingpai_emulator.tokens import Token
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
    """Everything at once, oldest first; secrets, session_keys and tokens show their last four characters."""
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
        "tokens": [_token(token, now) for token in world.tokens.all(now)],
        "tickets": [_ticket(ticket, now) for ticket in world.tickets.all()],
        "phone_codes": [_phone_code(world, code, now) for code in world.phone_codes.all()],
        "quotas": [_quota(world, used) for used in world.quotas.all(now)],
        "egress": world.egress,
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


def _token(token: Token, now: float) -> dict[str, object]:
    return {
        "appid": token.appid,
        "kind": token.kind,
        "access_token": masked(token.token),
        "generation": token.generation,
        "state": token.state(now),
        "expires_in": round(token.expires_at - now, 3),
        "ends_in": None if token.ends_at is None else round(token.ends_at - now, 3),
    }


def _ticket(ticket: Ticket, now: float) -> dict[str, object]:
    told: dict[str, object] = {"appid": ticket.appid, "type": ticket.type, "ticket": masked(ticket.ticket)}
    return told | {"generation": ticket.generation, "expires_in": round(ticket.expires_at - now, 3)}


def _phone_code(world: World, code: PhoneCode, now: float) -> dict[str, object]:
    age = now - code.minted_at
    fresh = "live" if age < world.switches.phone_code_life else "expired"
    told: dict[str, object] = {"code": code.code, "appid": code.appid, "person": code.person}
    return told | {"age": round(age, 3), "state": fresh if code.used_at is None else "used"}


def _quota(world: World, used: tuple[str, str, int, int]) -> dict[str, object]:
    appid, path, today, this_minute = used
    allowed = limits(world.apps.named(appid), path)
    told: dict[str, object] = {"appid": appid, "path": path, "day": today, "minute": this_minute}
    return told | {"day_limit": allowed.day, "minute_limit": allowed.minute}
