"""What `/connect/*` answers: the pages on which people let an app know who they are."""

import re
from collections.abc import Callable
from typing import Final

import msgspec

from lingpai_emulator import connecting, links, pages
from lingpai_emulator.answers import Answer, content_type
from lingpai_emulator.calls import Call
from lingpai_emulator.connecting import Outcome
from lingpai_emulator.consents import Consent, Go, Stay
from lingpai_emulator.links import Trouble
from lingpai_emulator.people import Person
from lingpai_emulator.reasons import reason
from lingpai_emulator.world import World

_COOKIE: Final = "emulator_person"
_REMEMBERED: Final = re.compile(rf"(?:^|;\s*){_COOKIE}=([^;\s]*)")


def authorize(world: World, call: Call) -> Answer:
    """`GET /connect/oauth2/authorize`: back to the app at once, a consent sheet, or an error page."""
    if world.switches.only_in_wechat and "MicroMessenger" not in call.header(b"user-agent"):
        return pages.outside(world, call)
    link = links.read_authorize(world.apps, world.switches, call.query)
    if isinstance(link, Trouble):
        return pages.trouble(world, call, link)
    person = _visitor(world, call)
    if person is None:
        return pages.trouble(world, call, _NOBODY)
    return _shown(world, call, connecting.authorize(world, link, person), person)


def consent(world: World, call: Call) -> Answer:
    """`POST /connect/oauth2/consent`: the sheet's own answer, `ticket`, `person`, `answer` allow or deny."""
    asked = _asked(world, call, website=False)
    person = world.people.find(call.params().get("person", ""))
    if asked is None or person is None or call.method != "POST" or not pages.own(call):
        return pages.over(world, call)
    outcome = connecting.answer(world, asked, person, allow=call.params().get("answer") == "allow")
    return _remembering(world, _shown(world, call, outcome, person), person)


def qrconnect(world: World, call: Call) -> Answer:
    """`GET /connect/qrconnect`: a QR code for the phone, or an error page."""
    link = links.read_qrconnect(world.apps, world.switches, call.query)
    if isinstance(link, Trouble):
        return pages.trouble(world, call, link)
    outcome = connecting.qrconnect(world, link, _visitor(world, call))
    if isinstance(outcome, Consent):
        return pages.qr(world, call, outcome)
    return _shown(world, call, outcome, None)


def progress(world: World, call: Call) -> Answer:
    """`GET /connect/l/qrconnect?ticket=`: how far the phone is, for the page with the QR code."""
    asked = _asked(world, call, website=True)
    outcome = None if asked is None else asked.outcome
    fields = {
        "status": "expired" if asked is None else asked.status,
        "location": outcome.location if isinstance(outcome, Go) else None,
    }
    rid = world.chance.rid(world.clock.now())
    why = f"the QR code is {fields['status']}"
    body = msgspec.json.encode(fields)
    return Answer(body, content_type(world, call.path), rid, why, headers=pages.PRIVATE)


def confirm(world: World, call: Call) -> Answer:
    """`/connect/confirm`: where the QR code leads the phone; a POST is the answer given there."""
    asked = _asked(world, call, website=True)
    if asked is None:
        return pages.over(world, call)
    if call.method == "POST":
        return _confirmed(world, call, asked)
    visitor = _visitor(world, call)
    if visitor is None:
        return pages.trouble(world, call, _NOBODY)
    if asked.outcome is not None:
        return pages.over(world, call)
    asked.status = "scanned"
    return pages.sheet(world, call, asked, visitor)


def _confirmed(world: World, call: Call, asked: Consent) -> Answer:
    person = world.people.find(call.params().get("person", ""))
    if person is None or not pages.own(call):
        return pages.over(world, call)
    outcome = connecting.answer(world, asked, person, allow=call.params().get("answer") == "allow")
    if isinstance(outcome, Trouble):
        return pages.trouble(world, call, outcome)
    page = pages.answered(world, call, person, allowed=asked.status == "allowed")
    return _remembering(world, page, person)


def _asked(world: World, call: Call, *, website: bool) -> Consent | None:
    """The question a request names, unless it is over or one of the other kind."""
    found = world.consents.find(call.params().get("ticket", ""))
    if found is None or connecting.over(world, found) or (found.link.scope == "snsapi_login") != website:
        return None
    return found


def _shown(world: World, call: Call, outcome: Outcome, person: Person | None) -> Answer:
    if isinstance(outcome, Trouble):
        return pages.trouble(world, call, outcome)
    if isinstance(outcome, Stay):
        return pages.refused(world, call, outcome.why)
    if isinstance(outcome, Go):
        return pages.twice(world, call, outcome) if outcome.twice else pages.redirect(world, outcome)
    return pages.sheet(world, call, outcome, person)


def _visitor(world: World, call: Call) -> Person | None:
    found = _REMEMBERED.search(call.header(b"cookie"))
    return connecting.visitor(world, found[1] if found else "")


def _remembering(world: World, answer: Answer, person: Person) -> Answer:
    value = connecting.memory(world, person)
    cookie = f"{_COOKIE}={value}; Path=/connect; HttpOnly; SameSite=Lax".encode()
    return msgspec.structs.replace(answer, headers=(*answer.headers, (b"set-cookie", cookie)))


_NOBODY: Final = Trouble(None, reason("nobody"))

ROUTES: Final[dict[str, Callable[[World, Call], Answer]]] = {
    "/connect/oauth2/authorize": authorize,
    "/connect/oauth2/consent": consent,
    "/connect/qrconnect": qrconnect,
    "/connect/l/qrconnect": progress,
    "/connect/confirm": confirm,
}
