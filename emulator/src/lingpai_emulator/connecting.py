"""What happens at an authorization page: who is there, whether WeChat asks, and where the browser goes."""

from typing import Final

from lingpai_emulator import oauth
from lingpai_emulator.callbacks import callback
from lingpai_emulator.consents import Consent, Go, Stay
from lingpai_emulator.links import Link, Trouble
from lingpai_emulator.people import Person
from lingpai_emulator.reasons import reason
from lingpai_emulator.world import World

SHEET_LIFE: Final = 600.0  # seconds a consent sheet can be answered


Outcome = Go | Stay | Consent | Trouble


def authorize(world: World, link: Link, person: Person) -> Outcome:
    """Silently a code, a question, or an error page."""
    trouble = _stranger(link, person) or _too_often(world, link, person)
    if trouble is not None:
        return trouble
    browser, silent = world.browser, silently(world, link, person)
    if silent is None and browser.consent == "ask":
        return world.consents.ask(link, world.clock.now(), SHEET_LIFE)
    if silent is None and browser.consent == "deny":
        return _refused(world, link, person)
    why = silent or "the control `browser` consents for everybody"
    return _allowed(world, link, person, why, snapshot=_snapshot(world, link))


def qrconnect(world: World, link: Link, person: Person | None) -> Outcome:
    """A QR code waiting for a phone, unless the control `browser` answers for everybody."""
    if person is None or world.browser.consent == "ask":
        return world.consents.ask(link, world.clock.now(), world.switches.qr_life)
    if world.browser.consent == "deny":
        return _refused(world, link, person)
    return _allowed(world, link, person, "the control `browser` consents for everybody")


def answer(world: World, consent: Consent, person: Person, *, allow: bool) -> Outcome:
    """Somebody answers an open question; the browser that asked goes where the outcome says.

    Answering once more, as a second tap on the button does, repeats what the first answer led to.
    """
    if consent.outcome is not None:
        return consent.outcome
    trouble = _stranger(consent.link, person)
    if trouble is not None:
        return trouble
    consent.status = "allowed" if allow else "denied"
    if allow:
        consent.outcome = _allowed(world, consent.link, person, "the person allowed it")
    else:
        consent.outcome = _refused(world, consent.link, person)
    return consent.outcome


def silently(world: World, link: Link, person: Person) -> str | None:
    """Why WeChat does not ask, or None when it does."""
    if _snapshot(world, link):
        return "a snapshot page does not ask"
    if link.scope == "snsapi_base":
        return "snsapi_base never asks"
    if world.browser.entry == "chat" and link.app.appid in person.follows:
        return f"{person.id} follows the account and came from its chat"
    return None


def over(world: World, consent: Consent) -> bool:
    """Whether this question was left open for too long."""
    life = world.switches.qr_life if consent.link.scope == "snsapi_login" else SHEET_LIFE
    return consent.outcome is None and world.clock.now() - consent.asked_at >= life


def visitor(world: World, remembered: str) -> Person | None:
    """Who sits at the browser: the person it remembers, the one the control names, or the first.

    `remembered` is what `memory` gave the browser; a control that named somebody later wins.
    """
    turn, _, name = remembered.partition(".")
    chosen = name if turn == str(world.browser.turn) else ""
    for known in (chosen, world.browser.person or ""):
        person = world.people.find(known)
        if person is not None:
            return person
    return world.people.first()


def memory(world: World, person: Person) -> str:
    """What a browser is given to remember who sits at it."""
    return f"{world.browser.turn}.{person.id}"


def _stranger(link: Link, person: Person) -> Trouble | None:
    """A test account is for its followers only."""
    app = link.app
    if app.standing != "test" or app.appid in person.follows:
        return None
    return Trouble(10006, reason("not_followed", app=app.slug, person=person.id))


def _too_often(world: World, link: Link, person: Person) -> Trouble | None:
    app, switches = link.app, world.switches
    if world.authorizations.used_up(app.appid, person.id, world.clock.now(), switches.authorize_quota):
        often = reason("too_often", person=person.id, quota=switches.authorize_quota, app=app.slug)
        return Trouble(10009, often)
    return None


def _snapshot(world: World, link: Link) -> bool:
    if link.scope == "snsapi_login" or not (world.browser.snapshot or link.force_snapshot):
        return False
    return link.scope == "snsapi_userinfo" or world.switches.snapshot_scopes == "all"


def _allowed(world: World, link: Link, person: Person, why: str, *, snapshot: bool = False) -> Go:
    code = oauth.mint(world, link.app, person, link.scope, snapshot=snapshot)
    location = callback(link.redirect_uri, code=code, state=link.state or "")
    twice = world.browser.double_callback and link.scope != "snsapi_login"
    return Go(location, f"{person.id} goes back to {link.app.slug} with a code: {why}", twice)


def _refused(world: World, link: Link, person: Person) -> Go | Stay:
    why = f"{person.id} refused"
    if world.switches.oauth_refusal == "stay":
        return Stay(f"{why}; nobody is sent back")
    return Go(callback(link.redirect_uri, state=link.state), f"{why}; sent back without a code")
