"""No secret stands on any page, whatever its form; every page is strict."""

import re

import pytest

from lingpai.testing.server import RunningServer
from tests.attacks.canaries.conftest import Canaries
from tests.console.asking import Operator
from tests.console.people import APPSECRET, SEALED_KEY
from tests.console.rooms import filled, pages_of, routes_of

pytestmark = pytest.mark.asyncio(loop_scope="module")

POLICY = {
    "default-src 'none'",
    "style-src 'self'",
    "script-src 'self'",
    "img-src 'self' data:",
    "connect-src 'self'",
    "form-action 'self'",
    "frame-ancestors 'none'",
    "base-uri 'none'",
}


async def test_no_canary_stands_on_any_page_nor_in_any_answer_to_a_form(
    operator: Operator, running: RunningServer
):
    canaries = Canaries()
    canaries.plant("AppSecret", APPSECRET, APPSECRET[::-1])
    canaries.plant("session_key", SEALED_KEY)
    canaries.plant("master key", running.config.master_key.reveal())
    for key in await running.server.store.keys.signing():
        canaries.plant("signing key", key.sealed_private)
    for service in await running.server.store.keys.services():
        canaries.plant("digest of a service key", service.digest)
    for language in ("en", "zh"):
        for path in pages_of(running):
            answer = await operator.get(path, language)
            head = repr(answer.headers.multi_items()).encode()
            assert canaries.found_in(answer.content + head) == set(), path
    for route in routes_of(running):
        if route.method == "POST":
            # Half filled in: most are refused, and say why.
            answer = await operator.send(
                filled(route.path), typed="x", purpose="a canary", secret=APPSECRET[:-1]
            )
            assert answer.status_code < 500, route.path
            assert canaries.found_in(answer.content) == set(), route.path
            assert APPSECRET[:-1] not in answer.text
    page = (await operator.get("/console/apps")).text
    assert f"…{APPSECRET[-4:]}" in page


async def test_every_page_is_strict_and_never_stored(operator: Operator, running: RunningServer):
    for path in [*pages_of(running), "/console/nothing"]:
        answer = await operator.get(path)
        assert set(answer.headers["content-security-policy"].split("; ")) == POLICY, path
        assert answer.headers["cache-control"] == "no-store"
        assert answer.headers["referrer-policy"] == "no-referrer"
        assert answer.headers["x-content-type-options"] == "nosniff"
        assert "style=" not in answer.text
        assert "javascript:" not in answer.text
        assert not re.search(r"<[^>]+\son\w+=", answer.text)
        assert "hx-on" not in answer.text
        assert not re.search(r"(?:src|href)=\"(?:https?:)?//", answer.text), "everything is shipped"
