"""Signing keys come, sign, and go, and no verifier is surprised."""

import asyncio
import base64
import json
from typing import Any

import pytest

from lingpai.admin.keys import SigningKeysAdmin
from lingpai.clock import DAY, HOUR, SystemClock
from lingpai.model import SealingKey
from lingpai.secret import Sealer
from lingpai.storage import migrate, open_store
from lingpai.testing.actors import TESTER
from lingpai.testing.clock import FrozenClock
from lingpai.tokens import Issuer, KeyRing, TokenInvalidError
from lingpai.verify import Verifier

SEALER = Sealer({b"key1": bytes(range(32))}, b"key1")


class World:
    """A store in memory, a clock, an issuer that adopts what the store has."""

    def __init__(self, store, clock):
        self.store, self.clock = store, clock
        self.admin = SigningKeysAdmin(store, SEALER, clock)
        self.issuer: Any = None
        self.fetches = 0

    async def adopt(self) -> Issuer:
        ring = KeyRing.opened(await self.store.keys.signing(), SEALER)
        if self.issuer is None:
            self.issuer = Issuer(
                issuer="https://login.example.com", lifetime=900, ring=ring, clock=self.clock
            )
        self.issuer.adopt(ring)
        return self.issuer

    def verifier(self) -> Verifier:
        def fetch(url: str) -> bytes:
            assert url == "https://login.example.com/oauth2/jwks"
            self.fetches += 1
            return json.dumps(self.issuer.ring.jwks(self.clock.now())).encode()

        return Verifier(
            "https://login.example.com", audience="wx00000000000000a1", fetch=fetch, clock=self.clock
        )

    def token(self) -> str:
        return self.issuer.issue(appid="wx00000000000000a1", user_id="usr_1", session_id="ses_1")


@pytest.fixture
async def world():
    clock = FrozenClock()
    store = await open_store("memory:", clock=clock)
    world = World(store, clock)
    await world.admin.ensure_one()
    await world.adopt()
    yield world
    await store.aclose()


def kid(token: str) -> str:
    head = token.partition(".")[0]
    return json.loads(base64.urlsafe_b64decode(head + "=" * (-len(head) % 4)))["kid"]


async def test_a_new_key_is_published_a_day_before_it_signs(world):
    old = kid(world.token())
    await world.admin.rotate(by=TESTER)
    issuer = await world.adopt()
    assert len(issuer.ring.jwks(world.clock.now())["keys"]) == 2
    assert kid(world.token()) == old
    world.clock.advance(DAY / 1000)
    assert kid(world.token()) != old


async def test_tokens_of_the_old_key_stay_good_until_they_expire(world):
    await world.admin.rotate(by=TESTER)
    await world.adopt()
    world.clock.advance(DAY / 1000 - 1)
    token = world.token()
    world.clock.advance(600)
    await world.adopt()
    assert world.issuer.verify(token).sub == "usr_1"


async def test_a_retired_key_is_no_longer_published(world):
    await world.admin.rotate(by=TESTER)
    world.clock.advance((DAY + HOUR) / 1000)
    issuer = await world.adopt()
    assert len(issuer.ring.jwks(world.clock.now())["keys"]) == 1


async def test_a_leaked_key_is_withdrawn_at_once(world):
    token = world.token()
    world.issuer.verify(token)
    await world.admin.rotate(at_once=True, by=TESTER)
    await world.adopt()
    with pytest.raises(TokenInvalidError):
        world.issuer.verify(token)
    assert world.issuer.verify(world.token()).sub == "usr_1"


async def test_a_verifier_fetches_the_keys_once_and_again_for_a_new_one(world):
    verifier = world.verifier()
    for _ in range(5):
        verifier.verify(world.token())
    assert world.fetches == 1
    await world.admin.rotate(at_once=True, by=TESTER)
    await world.adopt()
    world.clock.advance(31)
    assert verifier.verify(world.token()).sub == "usr_1"
    assert world.fetches == 2


async def test_a_flood_of_unknown_keys_does_not_flood_the_issuer(world):
    verifier = world.verifier()
    verifier.verify(world.token())
    world.clock.advance(31)
    _, _, rest = world.token().partition(".")
    for n in range(20):
        forged = json.dumps({"alg": "ES256", "typ": "at+jwt", "kid": f"k{n}"}).encode()
        with pytest.raises(TokenInvalidError):
            verifier.verify(base64.urlsafe_b64encode(forged).rstrip(b"=").decode() + "." + rest)
    assert world.fetches == 2


async def test_a_verifier_says_when_a_token_is_for_another_app_or_expired(world):
    token = world.issuer.issue(appid="wx00000000000000b2", user_id="usr_1", session_id="ses_1")
    with pytest.raises(TokenInvalidError, match="another app"):
        world.verifier().verify(token)
    token = world.token()
    world.clock.advance(900)
    with pytest.raises(TokenInvalidError) as late:
        world.verifier().verify(token)
    assert late.value.expired


async def test_a_verifier_without_keys_says_so_and_one_with_keys_goes_on(world):
    answers: list[bytes | Exception] = [OSError("down")]

    def fetch(_url: str) -> bytes:
        answer = answers[-1]
        if isinstance(answer, Exception):
            raise answer
        return answer

    verifier = Verifier("https://login.example.com", audience=None, fetch=fetch, clock=world.clock)
    with pytest.raises(OSError, match="cannot be fetched"):
        verifier.verify(world.token())
    answers.append(json.dumps(world.issuer.ring.jwks(world.clock.now())).encode())
    assert verifier.verify(world.token()).sub == "usr_1"
    answers.append(OSError("down again"))
    world.clock.advance(4000)
    assert verifier.verify(world.token()).sub == "usr_1"


async def test_of_servers_that_start_at_once_on_a_new_database_one_makes_the_first_key(tmp_path):
    url = f"sqlite:///{tmp_path}/lingpai.db"
    migrate(url)
    stores = [await open_store(url, clock=SystemClock()) for _ in range(4)]
    try:
        await stores[0].keys.add_sealing(SealingKey(id=b"key1", wrapped=b"wrapped", created_at=1))
        # Each has looked, and found none, before any of them writes.
        admins = [SigningKeysAdmin(store, SEALER, SystemClock()) for store in stores]
        await asyncio.gather(*(admin.ensure_one() for admin in admins))
        (only,) = await stores[0].keys.signing()
        await asyncio.gather(*(admin.ensure_one() for admin in admins))
        assert [key.kid for key in await stores[1].keys.signing()] == [only.kid]
    finally:
        for store in stores:
            await store.aclose()
