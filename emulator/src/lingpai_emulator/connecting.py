"""What happens at an authorization page: who is there, whether WeChat asks, and where the browser goes."""

from typing import Final

import msgspec

from lingpai_emulator import links, oauth
from lingpai_emulator.consents import Consent
from lingpai_emulator.links import Link, Trouble
from lingpai_emulator.people import Person
from lingpai_emulator.world import World

SHEET_LIFE: Final = 600.0  # seconds a consent sheet can be answered


class Go(msgspec.Struct, frozen=True):
    """The browser goes on to `location`, asking twice for it when `twice`."""

    location: str
    why: str
    twice: bool = False


class Stay(msgspec.Struct, frozen=True):
    """Nothing more happens: the person refused, and WeChat sends nobody back."""

    why: str


Outcome = Go | Stay | Consent | Trouble


def authorize(world: World, link: Link, person: Person) -> Outcome:
    """Silently a code, a question, or an error page."""
    trouble = _not_for(world, link, person)
    if trouble is not None:
        return trouble
    browser, silent = world.browser, silently(world, link, person)
    if silent is None and browser.consent == "ask":
        return world.consents.ask(link, world.clock.now(), SHEET_LIFE)
    if silent is None and browser.consent == "deny":
        return _refused(world, link, person)
    return _allowed(world, link, person, silent or "the control `browser` consents for everybody")


def qrconnect(world: World, link: Link, person: Person | None) -> Outcome:
    """A QR code waiting for a phone, unless the control `browser` answers for everybody."""
    if person is None or world.browser.consent == "ask":
        return world.consents.ask(link, world.clock.now(), world.switches.qr_life)
    if world.browser.consent == "deny":
        return _refused(world, link, person)
    return _allowed(world, link, person, "the control `browser` consents for everybody")


def answer(world: World, consent: Consent, person: Person, *, allow: bool) -> Outcome:
    """Somebody answers an open question; the browser that asked goes where the outcome says."""
    trouble = _not_for(world, consent.link, person)
    if trouble is not None:
        return trouble
    consent.status = "allowed" if allow else "denied"
    if allow:
        outcome: Go | Stay = _allowed(world, consent.link, person, "the person allowed it")
    else:
        outcome = _refused(world, consent.link, person)
    consent.location = outcome.location if isinstance(outcome, Go) else None
    return outcome


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
    """Whether nobody can answer this question any more."""
    life = world.switches.qr_life if consent.link.scope == "snsapi_login" else SHEET_LIFE
    return not consent.open or world.clock.now() - consent.asked_at >= life


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


def _not_for(world: World, link: Link, person: Person) -> Trouble | None:
    app, switches = link.app, world.switches
    if app.standing == "test" and app.appid not in person.follows:
        return Trouble(10006, f"{app.slug} is a test account and {person.id} does not follow it")
    if world.authorizations.used_up(app.appid, person.id, world.clock.now(), switches.authorize_quota):
        had = f"{person.id} had {switches.authorize_quota} authorizations in {app.slug} this minute"
        return Trouble(10009, had)
    return None


def _snapshot(world: World, link: Link) -> bool:
    if link.scope == "snsapi_login" or not (world.browser.snapshot or link.force_snapshot):
        return False
    return link.scope == "snsapi_userinfo" or world.switches.snapshot_scopes == "all"


def _allowed(world: World, link: Link, person: Person, why: str) -> Go:
    code = oauth.mint(world, link.app, person, link.scope, snapshot=_snapshot(world, link))
    location = links.callback(link.redirect_uri, code=code, state=link.state or "")
    twice = world.browser.double_callback and link.scope != "snsapi_login"
    return Go(location, f"{person.id} goes back to {link.app.slug} with a code: {why}", twice)


def _refused(world: World, link: Link, person: Person) -> Go | Stay:
    why = f"{person.id} refused"
    if world.switches.oauth_refusal == "stay":
        return Stay(f"{why}; nobody is sent back")
    return Go(links.callback(link.redirect_uri, state=link.state), f"{why}; sent back without a code")
