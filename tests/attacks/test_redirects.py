"""An open redirect at a sign-in page gives sessions away: no mutation of an address leads off the list."""

import random
from collections.abc import Iterator
from urllib.parse import quote, urlsplit

import pytest

from lingpai.errors import Problem
from lingpai.logins.oauth import origin_of, target_of
from tests.oauth.conftest import ORIGIN, OTHER_ORIGIN, Surfer, stack, surfer  # noqa: F401 - fixtures

EVIL = "evil.example"
HOST = "shop.example.com"
SCHEMES = ("https", "HTTPS", "http", "javascript", "data", "file", "ws", "https:https", "//", "", "\thttps")
AUTHORITIES = (
    EVIL,
    f"{HOST}.{EVIL}",
    f"{HOST}@{EVIL}",
    f"{EVIL}@{HOST}",
    f"{HOST}:443@{EVIL}",
    f"{HOST}:443",
    f"{HOST}:80",
    f"{HOST}:0443",
    f"{HOST}:",
    f"{HOST}.",
    f"{HOST}%2e{EVIL}",
    f"{HOST}%00.{EVIL}",
    f"{HOST}%2f{EVIL}",
    f"{HOST}\\{EVIL}",
    f"{HOST}\\@{EVIL}",
    f"{HOST}#@{EVIL}",
    f"{HOST}?@{EVIL}",
    f"{HOST}/@{EVIL}",
    f"{HOST};{EVIL}",
    f"{HOST},{EVIL}",
    f"x.{HOST}",
    f"x{HOST}",
    HOST.upper(),
    HOST.replace("o", "\u043e"),
    HOST.replace(".", "\u3002"),
    HOST.replace(".", "\uff0e"),
    f"{HOST}\u2044{EVIL}",
    f"{HOST}\u2100{EVIL}",
    f"[::ffff:{HOST}]",
    "127.0.0.1",
    "0x7f.1",
    "xn--shp-7ma.example.com",
    HOST,
)
TAILS = (
    "/",
    "",
    f"//{EVIL}",
    f"/\\{EVIL}",
    f"/%5c{EVIL}",
    f"/..//{EVIL}",
    f"/%2e%2e/{EVIL}",
    f"/%2f{EVIL}",
    f"/\t/{EVIL}",
    f"/\r\nlocation: https://{EVIL}/",
    "/%0d%0aset-cookie: a=b",
    f"/?next=https://{EVIL}/",
    f"/#https://{EVIL}/",
    f"/?@{EVIL}",
    "/<script>",
    "/\u0000",
    "/页面",
)
SEPARATORS = ("://", ":/", ":", ":\\\\", ":///", "://\t", " ://", ":\n//")
PREFIXES = ("", " ", "\t", "\u0000", "\ufeff", "url:", f"{ORIGIN}@", f"https://{EVIL}/?", f"https://{EVIL}#")


def mutations() -> Iterator[str]:
    """2,000 and more: each part spoilt alone, then many at once."""
    for separator in SEPARATORS:
        for scheme in SCHEMES:
            yield f"{scheme}{separator}{HOST}/"
    for authority in AUTHORITIES:
        for tail in TAILS:
            yield f"https://{authority}{tail}"
    for prefix in PREFIXES:
        yield f"{prefix}{ORIGIN}/"
    chance = random.Random(20260101)
    for _ in range(1_500):
        address = (
            chance.choice(PREFIXES)
            + chance.choice(SCHEMES[:3])
            + chance.choice(SEPARATORS[:3])
            + chance.choice(AUTHORITIES)
            + chance.choice(TAILS)
        )
        for _ in range(chance.randrange(3)):
            at = chance.randrange(len(address))
            address = address[:at] + chance.choice("\\/@:%#?.\t\n\r \u0000\u3002a") + address[at:]
        yield address


MUTATIONS = sorted(set(mutations()))


def leads_home(address: str) -> bool:
    """By the parser that follows the standard of browsers least literally: the strictest reader wins."""
    parts = urlsplit(address)
    return address.startswith((f"{ORIGIN}/", f"{ORIGIN}?", f"{ORIGIN}#")) and parts.netloc == HOST


def test_there_are_two_thousand_of_them():
    assert len(MUTATIONS) >= 2_000


def test_no_mutation_is_taken_for_a_page_of_the_app():
    taken = []
    for address in MUTATIONS:
        try:
            target = target_of(address, (ORIGIN, OTHER_ORIGIN))
        except Problem:
            continue
        taken.append(address)
        assert address in (ORIGIN, target.address)
        assert address == ORIGIN or leads_home(address), address
        assert target.origin == ORIGIN
        with_ticket = target.with_parameter("ticket", "lpt_x&y=#z")
        assert urlsplit(with_ticket).netloc == HOST
        assert with_ticket.endswith(target.fragment)
        assert "lpt_x%26y%3D%23z" in with_ticket
    assert 5 < len(taken) < len(MUTATIONS) / 4


async def test_no_mutation_is_redirected_to(surfer: Surfer):  # noqa: F811 - the fixture
    """Through the front door, for a sample; what is let through leads to WeChat and then home."""
    chance = random.Random(7)
    for address in chance.sample(MUTATIONS, 250):
        answer = await surfer.get(
            f"/v1/demo-oa/oauth/start?again=1&return_to={quote(address, safe='')}",
            accept="application/json",
        )
        if answer.status_code == 302:
            assert leads_home(address) or address == ORIGIN, address
            assert answer.headers["location"].startswith(surfer.stack.wechat.url)
        else:
            assert answer.status_code in (400, 422), (address, answer.text)
            assert "location" not in answer.headers
            assert EVIL not in answer.text


@pytest.mark.parametrize("parameter", ["redirect_uri", "redirect", "next", "url", "callback"])
async def test_no_other_parameter_is_a_way_out(surfer: Surfer, parameter: str):  # noqa: F811
    refused = await surfer.get(
        f"/v1/demo-oa/oauth/start?return_to={ORIGIN}/&{parameter}=https://{EVIL}/", accept="application/json"
    )
    assert refused.status_code == 422
    back = await surfer.asked(await surfer.to_wechat())
    home = await surfer.get(f"{back}&{parameter}=https%3A%2F%2F{EVIL}%2F")
    assert home.headers["location"].startswith(ORIGIN)


@pytest.mark.parametrize(
    "text",
    [
        "https://shop.example.com/",
        "https://shop.example.com:443",
        "http://shop.example.com",
        "https://Shop.example.com",
        "https://*.example.com",
        "https://shop.example.com#",
        "shop.example.com",
        "https://user@shop.example.com",
        "https://shop.example.com:99999",
        "null",
        "",
    ],
)
def test_an_operator_can_list_nothing_but_origins(text: str):
    assert origin_of(text) is None


@pytest.mark.parametrize(
    "text", ["https://shop.example.com", "https://shop.example.com:8443", "http://localhost:5173"]
)
def test_an_origin_is_listed_as_browsers_write_it(text: str):
    assert origin_of(text) == text
