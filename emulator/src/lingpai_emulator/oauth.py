"""What web authorization gives an app: a code for tokens, tokens for a profile, and when it gives nothing."""

import msgspec

from lingpai_emulator import identities, oauth_codes
from lingpai_emulator.apps import App
from lingpai_emulator.mistakes import MistakeError
from lingpai_emulator.oauth_codes import OAuthCode, Scope
from lingpai_emulator.people import Person
from lingpai_emulator.user_tokens import UserToken
from lingpai_emulator.world import Refusal, World

SCOPES: dict[str, tuple[Scope, ...]] = {
    "official_account": ("snsapi_base", "snsapi_userinfo"),
    "website": ("snsapi_login",),
    "miniprogram": (),
}


def least_scope(app: App) -> Scope:
    """What an app asks for when nobody says otherwise."""
    return "snsapi_login" if app.kind == "website" else "snsapi_base"


class Profile(msgspec.Struct, frozen=True):
    """What sns/userinfo tells: of the person, or of the virtual account of a snapshot page."""

    nickname: str
    picture_of: str | None
    unionid: str | None


def mint(world: World, app: App, person: Person, scope: Scope, *, snapshot: bool = False) -> str:
    """A code for this person, as the consent page would send it. Raises MistakeError."""
    allowed = SCOPES[app.kind]
    if scope not in allowed:
        known = ", ".join(allowed) or "none: mini programs use wx.login"
        raise MistakeError(f"{app.appid} is of kind {app.kind}; its scopes are {known}.")
    now = world.clock.now()
    return world.oauth_codes.mint(app, person.id, scope, now, world.switches, snapshot=snapshot)


def exchange(world: World, app: App, code: str) -> UserToken | Refusal:
    """Code for tokens (page api_snsaccesstoken). The caller has checked the secret."""
    record = world.oauth_codes.find(code)
    if record is None:
        wx_login = world.codes.find(code) is not None
        why = "this is a wx.login code; it belongs to sns/jscode2session" if wx_login else "no such code"
        return Refusal(40029, why)
    if record.appid != app.appid:
        return Refusal(40029, f"this code was given out in {record.appid}, not in {app.appid}")
    now = world.clock.now()
    refusal = _stale(world, app, record, now)
    if refusal is not None:
        return refusal
    record.used_at = now
    return world.user_tokens.issue(record, openid(world, app, record), now, world.switches)


def burn(world: World, app: App, code: str) -> None:
    """A failed exchange: uses the code up when the switch says so."""
    record = world.oauth_codes.find(code)
    if not world.switches.failed_exchange_burns_code or record is None or record.appid != app.appid:
        return
    if record.used_at is None:
        record.used_at = world.clock.now()
        record.burnt = True


def refresh(world: World, app: App, refresh_token: str) -> UserToken | Refusal:
    """The same access_token with a whole life again, or a new one after its end (page api_snsrefreshtoken)."""
    token = world.user_tokens.with_refresh(refresh_token)
    if token is None:
        return Refusal(40030, _why_unknown_token(world, refresh_token, "refresh_token"))
    if token.appid != app.appid:
        return Refusal(40030, f"this refresh_token belongs to {token.appid}")
    now = world.clock.now()
    if token.revoked:
        return Refusal(42007, f"{token.person} changed the password")
    if now >= token.refresh_expires_at:
        return Refusal(42002, f"this refresh_token ended {now - token.refresh_expires_at:.0f} s ago")
    world.user_tokens.renew(token, now, world.switches)
    return token


def holder(world: World, access_token: str, openid: str, unknown: int) -> UserToken | Refusal:
    """Whose token this is. `unknown` is the errcode for one that was never given out.

    Checks in this order: the token is known, not revoked, not expired, and the openid is its own.
    """
    token = world.user_tokens.with_access(access_token)
    if token is None:
        return Refusal(unknown, _why_unknown_token(world, access_token, "access_token"))
    if token.revoked:
        return Refusal(42007, f"{token.person} changed the password")
    now = world.clock.now()
    if token.access_token != access_token:
        return Refusal(42001, "this access_token expired and was replaced by a renewal")
    if now >= token.access_expires_at:
        return Refusal(42001, f"this access_token ended {now - token.access_expires_at:.0f} s ago")
    if token.openid != openid:
        return Refusal(40003, "this openid is not the one this access_token was given out for")
    return token


def profile(world: World, token: UserToken) -> Profile:
    """What the app may know. The caller has checked the scope."""
    app = world.apps.named(token.appid)
    person = world.people.named(token.person)
    if token.snapshot:
        return Profile(world.switches.snapshot_nickname, None, unionid(world, app, token))
    return Profile(person.nickname, person.id, unionid(world, app, token))


def openid(world: World, app: App, record: OAuthCode) -> str:
    if record.snapshot:
        return identities.openid(world.seed.seed, app.appid, _virtual(record.person))
    return world.openid(app, world.people.named(record.person))


def unionid(world: World, app: App, token: UserToken) -> str | None:
    """None when the app is not bound to an open platform, or the person has no unionid."""
    known = world.unionid(app, world.people.named(token.person))
    if known is None or app.open_platform is None or not token.snapshot:
        return known
    return identities.unionid(world.seed.seed, app.open_platform, _virtual(token.person))


def _stale(world: World, app: App, record: OAuthCode, now: float) -> Refusal | None:
    switches = world.switches
    age, life = now - record.minted_at, oauth_codes.life(app, switches)
    if record.used_at is not None:
        how = "used up by a failed exchange" if record.burnt else "exchanged"
        why = f"this code was {how} {now - record.used_at:.0f} s ago"
        if age < switches.reuse_memory:
            return Refusal(switches.reuse_errcode, why)
        return Refusal(40029, f"{why} and is no longer remembered as used")
    if age >= life:
        return Refusal(40029, f"this code is {age:.0f} s old; codes of this app live {life:.0f} s")
    return None


def _virtual(person: str) -> str:
    """The name of a person's virtual account: a space keeps it apart from every person's id."""
    return f"snapshot {person}"


def _why_unknown_token(world: World, given: str, name: str) -> str:
    if world.user_tokens.was_issued(given):
        other = "an access_token" if name == "refresh_token" else "a refresh_token"
        return f"{name} holds {other}; are the two swapped"
    if world.tokens.find(given):
        return f"{name} holds the app's own access_token, which has no use here"
    return f"this {name} was never given out"
