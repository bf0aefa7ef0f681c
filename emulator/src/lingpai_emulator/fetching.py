"""How an app gets its access_token: the rules of cgi-bin/token and stable_token after the caller was admitted."""

import msgspec

from lingpai_emulator.apis import FORCED, STABLE_TOKEN, TOKEN
from lingpai_emulator.apps import App
from lingpai_emulator.credentials import over_quota
from lingpai_emulator.tokens import Token
from lingpai_emulator.world import Refusal, World


class Fetched(msgspec.Struct, frozen=True):
    """A token with the seconds that are left of it."""

    token: Token
    expires_in: int
    why: str


def fetch(world: World, app: App) -> Fetched | Refusal:
    """`cgi-bin/token` (page api_getaccesstoken)."""
    refusal = over_quota(world, app, TOKEN)
    if refusal is not None:
        return refusal
    now = world.clock.now()
    token = world.tokens.fetch(app.appid, now, world.switches)
    why = f"token number {token.generation} of {app.slug}"
    if token.generation > 1:
        why += f"; the one before works for {world.switches.token_overlap:.0f} s more, if it still did"
    return Fetched(token, token.expires_in(now), why)


def fetch_stable(world: World, app: App, *, force: bool) -> Fetched | Refusal:
    """`cgi-bin/stable_token` (page api_getstableaccesstoken)."""
    refusal = over_quota(world, app, STABLE_TOKEN)
    if refusal is not None:
        return refusal
    now, switches, tokens = world.clock.now(), world.switches, world.tokens
    if force and not tokens.forced_lately(app.appid, now, switches):
        used = world.quotas.used(app.appid, FORCED, "day", now)
        if used >= switches.force_refresh_quota:
            return Refusal(45009, f"{app.appid} forced {used} refreshes today")
        world.quotas.add(app.appid, FORCED, "day", now)
        token = tokens.force_stable(app.appid, now, switches)
        why = f"forced: stable token number {token.generation} of {app.slug}; the ones before are dead"
        return Fetched(token, token.expires_in(now), why)
    before = tokens.newest(app.appid, "stable_token")
    token = tokens.fetch_stable(app.appid, now, switches)
    why = f"stable token number {token.generation} of {app.slug}"
    why += ", the same as before" if token is before else ", new"
    if force:
        why += f"; force_refresh changes nothing within {switches.force_refresh_interval:.0f} s of the last"
    return Fetched(token, token.expires_in(now), why)
