"""More than 300 forged access tokens, at every door that looks at one: none is accepted, all get one answer.

A signature (r, s) of ECDSA has a twin (r, n - s) that verifies as well; anybody can make it from a good token.
It names the same claims, so it gives nothing away, and it is the one mutation here that may pass.
"""

import json

import pytest

from lingpai.admin.clients import ClientsAdmin
from lingpai.testing.actors import TESTER
from lingpai.tokens import TokenInvalidError
from lingpai.verify import Verifier

APPID = "wx00000000000000a1"


def sendable(token):
    """As the bytes of a header, where that is possible at all."""
    return token.encode() if not set(token) & set("\r\n\x00") else None


async def test_the_forge_makes_good_tokens_too(stack, forge):
    assert (await stack.session(forge.good)).status_code == 200
    assert (await stack.session(forge.signed(forge.header, forge.claims))).status_code == 200


async def test_no_forged_token_is_a_session(stack, forgeries):
    bodies: dict[str, list[str]] = {}
    accepted = {}
    for name, token in forgeries.items():
        header = sendable(token)
        if header is None:
            continue
        answer = await stack.http.get("/v1/session", headers={"authorization": b"Bearer " + header})
        told = answer.json()
        if answer.status_code != 401:
            accepted[name] = answer.status_code
        assert answer.headers["www-authenticate"] == "Bearer"
        del told["request_id"]
        bodies.setdefault(json.dumps(told), []).append(name)
    assert accepted == {}
    # An expired token of ours is the one that a client can mend, so it is told; all the others look alike.
    expired = [names for body, names in bodies.items() if "expired" in body]
    assert len(bodies) == 2
    assert all(name.startswith("exp ") for names in expired for name in names), expired


async def test_no_forged_token_is_active(stack, forgeries):
    _, key = await ClientsAdmin(stack.store, stack.clock).add("backend", ("introspect",), by=TESTER)
    headers = {"authorization": f"Bearer {key.reveal()}"}
    wrong = {}
    for name, token in forgeries.items():
        answer = await stack.http.post("/oauth2/introspect", data={"token": token}, headers=headers)
        too_large = answer.status_code == 413 and len(token) > 10_000
        if not too_large and (answer.status_code, answer.content) != (200, b'{"active":false}'):
            wrong[name] = answer.status_code, answer.text
    assert wrong == {}


async def test_no_forged_token_passes_offline(stack, forgeries, forge):
    jwks = (await stack.http.get("/oauth2/jwks")).content
    fetched: list[str] = []

    def fetch(url):
        fetched.append(url)
        return jwks

    verifier = Verifier(stack.url, audience=APPID, fetch=fetch, clock=stack.clock)
    assert verifier.verify(forge.good).sub == forge.claims["sub"]
    for other in ("wx00000000000000b2", "", APPID.upper(), APPID + " "):
        with pytest.raises(TokenInvalidError):
            verifier.verify(forge.saying(aud=other))
    accepted = []
    for name, token in forgeries.items():
        try:
            verifier.verify(token)
        except TokenInvalidError:
            continue
        accepted.append(name)
    assert accepted == []
    # Nothing in a token makes it ask elsewhere, and unknown keys do not make it ask all the time.
    assert set(fetched) == {f"{stack.url}/oauth2/jwks"}
    assert len(fetched) == 1


async def test_a_forged_token_ends_no_session_and_changes_nothing(stack, forgeries, forge):
    for token in list(forgeries.values())[::5]:
        header = sendable(token)
        if header is not None:
            answer = await stack.http.delete(
                "/v1/session?everywhere=true", headers={"authorization": b"Bearer " + header}
            )
            assert answer.status_code == 401
    assert (await stack.session(forge.good)).status_code == 200


async def test_the_twin_of_a_signature_is_the_same_session_and_dies_with_it(stack, forge):
    token = forge.twin()
    assert token != forge.good
    answer = await stack.session(token)
    assert answer.status_code in (200, 401)
    await stack.sign_out(forge.good)
    assert (await stack.session(token)).status_code == 401


async def test_a_megabyte_of_token_is_refused_and_costs_nobody_else(stack, dial, healthy):
    async with dial() as wire:
        await wire.send(
            b"GET /v1/session HTTP/1.1\r\nhost: x\r\nauthorization: Bearer " + b"A" * (1 << 20) + b"\r\n\r\n"
        )
        answer = await wire.answer()
        assert answer is None or answer.status in (400, 401, 431)
    await healthy()
