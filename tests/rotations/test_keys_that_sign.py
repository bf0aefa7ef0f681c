"""Signing keys come and go faster than any operator would have them, and no verifier ever meets an unknown one.

LINGPAI_TEST_ROTATIONS: ten times as many rotations as that, 40 by default.
"""

import base64
import json
import os

from lingpai.admin.keys import SigningKeysAdmin
from lingpai.clock import DAY, HOUR
from lingpai.secret import Sealer
from lingpai.storage import open_store
from lingpai.testing.actors import TESTER
from lingpai.testing.clock import FrozenClock
from lingpai.tokens import Issuer, KeyRing
from lingpai.verify import Verifier

ROTATIONS = 10 * int(os.environ.get("LINGPAI_TEST_ROTATIONS", "4"))
SEALER = Sealer({b"key1": bytes(range(32))}, b"key1")
ISSUER, APPID = "https://login.example.com", "wx00000000000000a1"
EVERY = 3 * HOUR


def kid(token: str) -> str:
    head = token.partition(".")[0]
    return json.loads(base64.urlsafe_b64decode(head + "=" * (-len(head) % 4)))["kid"]


async def test_every_key_was_published_for_a_day_before_it_signs_and_every_token_verifies():
    clock = FrozenClock()
    store = await open_store("memory:", clock=clock)
    admin = SigningKeysAdmin(store, SEALER, clock)
    await admin.ensure_one()
    issuer = Issuer(
        issuer=ISSUER, lifetime=900, ring=KeyRing.opened(await store.keys.signing(), SEALER), clock=clock
    )

    def fetch(_url: str) -> bytes:
        return json.dumps(issuer.ring.jwks(clock.now())).encode()

    def verifier() -> Verifier:
        return Verifier(ISSUER, audience=APPID, fetch=fetch, clock=clock)

    lasting, published, signed, late = verifier(), {}, set(), []
    (first,) = (key["kid"] for key in issuer.ring.jwks(clock.now())["keys"])
    published[first] = clock.now() - DAY
    for _ in range(ROTATIONS):
        await admin.rotate(by=TESTER)
        issuer.adopt(KeyRing.opened(await store.keys.signing(), SEALER))
        for key in issuer.ring.jwks(clock.now())["keys"]:
            published.setdefault(key["kid"], clock.now())
        for _ in range(3):
            token = issuer.issue(appid=APPID, user_id="usr_1", session_id="ses_1")
            signed.add(kid(token))
            if clock.now() - published[kid(token)] < DAY:
                late.append(kid(token))
            assert lasting.verify(token).sub == verifier().verify(token).sub == "usr_1"
            clock.advance(899)
            # Signed a moment before its key was replaced, it is good until its end.
            assert verifier().verify(token).sub == "usr_1"
            clock.advance(EVERY / 3 / 1000 - 899)
    assert late == []
    assert len(signed) >= ROTATIONS - DAY // EVERY
    await store.aclose()
