"""What `/connect/*` answers: the pages on which people let an app know who they are."""

import re
from collections.abc import Callable
from typing import Final

import msgspec

from lingpai_emulator import connecting, links, pages
from lingpai_emulator.answers import Answer, content_type
from lingpai_emulator.calls import Call
from lingpai_emulator.connecting import Go, Outcome, Stay
from lingpai_emulator.consents import Consent
from lingpai_emulator.links import Trouble
from lingpai_emulator.people import Person
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
    asked = _answerable(world, call)
    person = world.people.find(call.params().get("person", ""))
    if asked is None or person is None:
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
    asked = world.consents.find(call.params().get("ticket", ""))
    status = "expired" if asked is None or (asked.open and connecting.over(world, asked)) else asked.status
    fields = {"status": status, "location": None if asked is None else asked.location}
    rid = world.chance.rid(world.clock.now())
    body = msgspec.json.encode(fields)
    return Answer(
        body, content_type(world, call.path), rid, f"the QR code is {status}", headers=pages.PRIVATE
    )


def scanned(world: World, call: Call) -> Answer:
    """`/connect/confirm`: where the QR code leads the phone; a POST is the answer given there."""
    asked = world.consents.find(call.params().get("ticket", ""))
    if asked is None or asked.link.scope != "snsapi_login" or connecting.over(world, asked):
        return pages.over(world, call)
    if call.method != "POST":
        visitor = _visitor(world, call)
        if visitor is None:
            return pages.trouble(world, call, _NOBODY)
        asked.status = "scanned"
        return pages.sheet(world, call, asked, visitor)
    person = world.people.find(call.params().get("person", ""))
    if person is None or not pages.own(call):
        return pages.over(world, call)
    allow = call.params().get("answer") == "allow"
    outcome = connecting.answer(world, asked, person, allow=allow)
    if isinstance(outcome, Trouble):
        return pages.trouble(world, call, outcome)
    return _remembering(world, pages.answered(world, call, person, allowed=allow), person)


def _answerable(world: World, call: Call) -> Consent | None:
    """The open sheet a POST of the sheet itself names."""
    asked = world.consents.find(call.params().get("ticket", ""))
    if asked is None or call.method != "POST" or not pages.own(call) or connecting.over(world, asked):
        return None
    return None if asked.link.scope == "snsapi_login" else asked


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


_NOBODY: Final = Trouble(None, "this WeChat has no people; POST /__emulator__/people adds one")

ROUTES: Final[dict[str, Callable[[World, Call], Answer]]] = {
    "/connect/oauth2/authorize": authorize,
    "/connect/oauth2/consent": consent,
    "/connect/qrconnect": qrconnect,
    "/connect/l/qrconnect": progress,
    "/connect/confirm": scanned,
}
