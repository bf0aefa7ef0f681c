"""Controls of web authorization: who sits at the browser, codes without a browser, and their end."""

import msgspec
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from lingpai_emulator import oauth
from lingpai_emulator.browser import Browser, BrowserChange, changed
from lingpai_emulator.consents import Consent
from lingpai_emulator.control.json import read, reply
from lingpai_emulator.emulator import Emulator
from lingpai_emulator.masking import masked
from lingpai_emulator.oauth_codes import OAuthCode, Scope, life
from lingpai_emulator.user_tokens import UserToken
from lingpai_emulator.world import World


class Mint(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """For which app (AppID or slug), whom and what; without a scope it is the app's first."""

    appid: str
    person: str
    scope: Scope | None = None
    snapshot: bool = False


class Who(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    appid: str
    person: str


def browser_as_json(browser: Browser) -> dict[str, object]:
    told: dict[str, object] = msgspec.structs.asdict(browser)
    del told["turn"]
    return told


def routes(emulator: Emulator) -> list[Route]:
    async def browser(request: Request) -> Response:
        world = emulator.world
        if request.method == "POST":
            change = await read(request, BrowserChange)
            if isinstance(change.person, str):
                world.people.named(change.person)
            world.browser = changed(world.browser, change)
        return reply(browser_as_json(world.browser))

    async def mint(request: Request) -> Response:
        asked = await read(request, Mint)
        world = emulator.world
        app, person = world.apps.named(asked.appid), world.people.named(asked.person)
        scope = asked.scope or oauth.least_scope(app)
        return reply({"code": oauth.mint(world, app, person, scope, snapshot=asked.snapshot)})

    async def revoke(request: Request) -> Response:
        asked = await read(request, Who)
        world = emulator.world
        app, person = world.apps.named(asked.appid), world.people.named(asked.person)
        return reply({"revoked": world.user_tokens.revoke(app.appid, person.id)})

    return [
        Route("/browser", browser, methods=["GET", "POST"]),
        Route("/oauth/code", mint, methods=["POST"]),
        Route("/oauth/revoke", revoke, methods=["POST"]),
    ]


def oauth_as_json(world: World) -> dict[str, object]:
    """What `state` tells: the browser, codes, open questions and tokens, oldest first, with their last four characters."""
    now = world.clock.now()
    return {
        "browser": browser_as_json(world.browser),
        "oauth_codes": [_code(world, code, now) for code in world.oauth_codes.all()],
        "consents": [_consent(consent, now) for consent in world.consents.all()],
        "user_tokens": [_token(token, now) for token in world.user_tokens.all()],
    }


def _code(world: World, code: OAuthCode, now: float) -> dict[str, object]:
    age = now - code.minted_at
    if code.used_at is not None:
        state = "burnt" if code.burnt else "used"
    else:
        state = "live" if age < life(world.apps.named(code.appid), world.switches) else "expired"
    return {
        "code": masked(code.code),
        "appid": code.appid,
        "person": code.person,
        "scope": code.scope,
        "snapshot": code.snapshot,
        "age": round(age, 3),
        "state": state,
    }


def _consent(consent: Consent, now: float) -> dict[str, object]:
    return {
        "ticket": masked(consent.ticket),
        "appid": consent.link.app.appid,
        "scope": consent.link.scope,
        "age": round(now - consent.asked_at, 3),
        "status": consent.status,
    }


def _token(token: UserToken, now: float) -> dict[str, object]:
    return {
        "access_token": masked(token.access_token),
        "refresh_token": masked(token.refresh_token),
        "appid": token.appid,
        "person": token.person,
        "openid": token.openid,
        "scope": token.scope,
        "snapshot": token.snapshot,
        "expires_in": round(token.access_expires_at - now, 3),
        "refresh_expires_in": round(token.refresh_expires_at - now, 3),
        "revoked": token.revoked,
    }
