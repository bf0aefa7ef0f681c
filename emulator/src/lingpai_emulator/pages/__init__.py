"""How the pages of `/connect/*` look and what their answers carry: HTML in the reader's language."""

from collections.abc import Iterable
from typing import Final

import segno

from lingpai_emulator.answers import Answer
from lingpai_emulator.calls import Call
from lingpai_emulator.consents import Consent, Go
from lingpai_emulator.links import Trouble
from lingpai_emulator.pages.language import language as preferred
from lingpai_emulator.pages.rendering import rendered
from lingpai_emulator.pages.texts import WORDS
from lingpai_emulator.people import Person
from lingpai_emulator.reasons import Language
from lingpai_emulator.world import World

_HTML: Final = "text/html; charset=utf-8"
_MOST_PEOPLE: Final = 50

PRIVATE: Final = (
    (b"cache-control", b"no-store"),
    (b"referrer-policy", b"same-origin"),
    (b"x-content-type-options", b"nosniff"),
)


def redirect(world: World, go: Go) -> Answer:
    """302, as WeChat sends people back."""
    headers = ((b"location", go.location.encode()), *PRIVATE)
    rid = world.chance.rid(world.clock.now())
    return Answer(b"", _HTML, rid, go.why, status=302, headers=headers)


def twice(world: World, call: Call, go: Go) -> Answer:
    """A page that asks for the callback in the background and goes there at the same time."""
    # Not the callback's own origin: CSP cannot name an IPv6 address.
    return _page(world, call, "twice", go.why, connect_src="http: https:", location=go.location)


def trouble(world: World, call: Call, found: Trouble) -> Answer:
    """WeChat's error page: its words and number, and under them what is wrong with this very link."""
    words = found.words or WORDS.get(found.number or 0)
    reason = found.reason.told(_language(call))
    return _page(world, call, "trouble", found.why, words=words, number=found.number, reason=reason)


def outside(world: World, call: Call) -> Answer:
    return _page(world, call, "outside", "this browser's User-Agent does not say MicroMessenger")


def over(world: World, call: Call) -> Answer:
    return _page(world, call, "over", "this question was answered, has expired, or was never asked")


def refused(world: World, call: Call, why: str) -> Answer:
    return _page(world, call, "refused", why)


def answered(world: World, call: Call, person: Person, *, allowed: bool) -> Answer:
    why = f"{person.id} {'allowed' if allowed else 'refused'} on the phone"
    return _page(world, call, "answered", why, allowed=allowed, person=person)


def sheet(world: World, call: Call, asked: Consent, visitor: Person | None) -> Answer:
    """The question itself: what the app wants to know, and who is holding the phone."""
    website = asked.link.scope == "snsapi_login"
    people = list(_listed(world.people.all(), visitor))
    return _page(
        world,
        call,
        "sheet",
        f"a sheet asks about {asked.link.scope}",
        asked=asked,
        website=website,
        action="/connect/confirm" if website else "/connect/oauth2/consent",
        people=people,
        visitor=visitor,
    )


def qr(world: World, call: Call, asked: Consent) -> Answer:
    """The page of a website's login: the code, and a link for those without a second device."""
    target = f"{call.origin}/connect/confirm?ticket={asked.ticket}"
    drawn = segno.make(target, error="m", micro=False).svg_data_uri(scale=8, border=4, light="#fff")
    why = "a QR code waits for the phone"
    return _page(world, call, "qr", why, connect_src="'self'", asked=asked, target=target, drawn=drawn)


def own(call: Call) -> bool:
    """Whether a POST comes from a page of the emulator, and not from another that happens to be open."""
    origin, host = call.header(b"origin"), call.header(b"host")
    return not origin or origin in (f"http://{host}", f"https://{host}")


def _listed(people: Iterable[Person], visitor: Person | None) -> Iterable[Person]:
    """The visitor first, then the others, no more than a page can show."""
    others = [person for person in people if visitor is None or person.id != visitor.id]
    return ([] if visitor is None else [visitor]) + others[: _MOST_PEOPLE - 1]


def _page(
    world: World,
    call: Call,
    template: str,
    why: str,
    *,
    connect_src: str = "'none'",
    **values: object,
) -> Answer:
    spoken = _language(call)
    policy = (
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data: http: https:; "
        # No form-action: Chromium would hold it against the app's redirects after the answer.
        f"connect-src {connect_src}; base-uri 'none'; frame-ancestors 'none'"
    )
    headers = (
        (b"content-security-policy", policy.encode("ascii", "replace")),
        (b"x-frame-options", b"DENY"),
        (b"vary", b"Accept-Language, Cookie"),
        (b"content-language", b"zh-CN" if spoken == "zh" else b"en"),
        *PRIVATE,
    )
    rid = world.chance.rid(world.clock.now())
    body = rendered(template, spoken, values)
    # The hint becomes a header, and a link may hold anything.
    hint = "".join(sign if sign.isprintable() else "?" for sign in why)
    return Answer(body, _HTML, rid, hint, headers=headers)


def _language(call: Call) -> Language:
    """By the link's own `lang`, which qrconnect has, or else by the browser's wish."""
    asked: dict[str, Language] = {"cn": "zh", "en": "en"}
    named = call.params().get("lang", "") if call.path == "/connect/qrconnect" else ""
    return asked.get(named) or preferred(call.header(b"accept-language"))
