"""Introspection answers backends with a key for the app in question; everybody else learns nothing."""

import base64

import pytest

from lingpai.admin.clients import ClientsAdmin
from lingpai.testing.actors import TESTER

INACTIVE = b'{"active":false}'
A, B = "wx00000000000000a1", "wx00000000000000d4"


def basic(user, password):
    return {"authorization": "Basic " + base64.b64encode(f"{user}:{password}".encode()).decode()}


def bearer(key):
    return {"authorization": f"Bearer {key}"}


@pytest.fixture
async def keys(stack):
    """Keys for all apps, for one, for another; and one that was revoked."""
    admin, made = ClientsAdmin(stack.store, stack.clock), {}
    scopes = {
        "all": ("introspect",),
        "of-a": (f"introspect:{A}",),
        "of-b": (f"introspect:{B}",),
        "of-both": (f"introspect:{A}", f"introspect:{B}"),
        "revoked": ("introspect",),
    }
    for name, wanted in scopes.items():
        made[name] = (await admin.add(name, wanted, by=TESTER))[1].reveal()
    assert await admin.revoke("revoked", by=TESTER)
    await stack.running.server.rooms.service_keys.follow()  # as a timer does twice a second
    return made


@pytest.fixture
async def ask(stack):
    async def asking(token, headers=None, **form):
        data = {"token": token, **form}
        return await stack.http.post("/oauth2/introspect", data=data, headers=headers or {})

    return asking


async def test_without_a_good_key_nothing_is_told(stack, keys, ask, a_problem):
    tokens = await stack.signed_in()
    good = keys["all"]
    refused = {
        "no key": {},
        "an empty key": {"authorization": "Bearer"},
        "a made-up key": bearer("lps_" + "A" * 43),
        "a revoked key": bearer(keys["revoked"]),
        "a revoked key, Basic": basic("revoked", keys["revoked"]),
        "the access token itself": bearer(tokens["access_token"]),
        "the refresh token itself": bearer(tokens["refresh_token"]),
        "a good key and a letter": bearer(good + "A"),
        "a good key without its last letter": bearer(good[:-1]),
        "a good key in capitals": bearer(good.upper()),
        "a good key without its prefix": bearer(good.removeprefix("lps_")),
        "a key as the user": basic(good, ""),
        "no colon": {"authorization": "Basic " + base64.b64encode(good.encode()).decode()},
        "no base64": {"authorization": f"Basic {good}!"},
        "another scheme": {"authorization": f"Digest {good}"},
        "no scheme": {"authorization": good},
        "another header": {"x-api-key": good, "proxy-authorization": f"Bearer {good}"},
        "two keys": {"authorization": f"Bearer {good} {good}"},
        "a NUL in base64": basic("x", f"\x00{good}"),
        "no UTF-8": {"authorization": "Basic " + base64.b64encode(b"x:\xff\xfe").decode()},
        "SQL": bearer("' OR '1'='1"),
        "the digest of the key": bearer(good.encode().hex()),
    }
    bodies = set()
    for name, headers in refused.items():
        for token in (tokens["access_token"], tokens["refresh_token"], "x"):
            answer = await ask(token, headers)
            assert a_problem(answer) == "client_invalid", name
            assert answer.status_code == 401, name
            told = answer.json()
            del told["request_id"]
            bodies.add(str(told))
    assert len(bodies) == 1
    in_the_form = await ask(tokens["access_token"], client_secret=good, client_id="all")
    assert in_the_form.status_code == 401
    in_the_query = await stack.http.post(
        "/oauth2/introspect", params={"access_token": good}, data={"token": "x"}
    )
    assert in_the_query.status_code == 401


@pytest.mark.parametrize("scheme", ["Bearer", "Basic"])
async def test_a_key_tells_of_the_apps_in_its_scope(stack, keys, ask, scheme):
    tokens = await stack.signed_in()
    for name, active in {"all": True, "of-a": True, "of-both": True, "of-b": False}.items():
        headers = bearer(keys[name]) if scheme == "Bearer" else basic(name, keys[name])
        for token in (tokens["access_token"], tokens["refresh_token"]):
            answer = await ask(token, headers)
            assert answer.status_code == 200
            if active:
                assert (answer.json()["active"], answer.json()["aud"]) == (True, A), name
            else:
                # Not that it exists, not whose it is, not that it is of another app.
                assert answer.content == INACTIVE, name


async def test_an_answer_never_depends_on_why_a_token_is_not_active(stack, keys, ask):
    ended, running = await stack.signed_in("sam"), await stack.signed_in()
    await stack.sign_out(ended["access_token"])
    used = (await stack.refresh(running["refresh_token"])).json()
    tokens = {
        "ended": ended["access_token"],
        "ended, refresh": ended["refresh_token"],
        "used before": running["refresh_token"],
        "unknown refresh token": "lpr_" + "A" * 43,
        "a service key": keys["all"],
        "a word": "x",
        "blanks": "   ",
        "long": "lpr_" + "A" * 10_000,
        "no ASCII": "令牌",
        "a NUL": "lpr_\x00",
    }
    for hint in ("access_token", "refresh_token", "nonsense", ""):
        for name, token in tokens.items():
            answer = await ask(token, bearer(keys["all"]), token_type_hint=hint)
            assert (answer.status_code, answer.content) == (200, INACTIVE), name
    assert (await ask(used["refresh_token"], bearer(keys["all"]))).json()["active"] is True


async def test_asking_is_no_use_of_the_token(stack, keys, ask):
    tokens = await stack.signed_in()
    for _ in range(3):
        assert (await ask(tokens["refresh_token"], bearer(keys["of-a"]))).json()["active"] is True
    assert (await stack.refresh(tokens["refresh_token"])).status_code == 200


async def test_a_form_that_is_ambiguous_is_refused(stack, keys, a_problem):
    token = (await stack.signed_in())["access_token"]
    bodies = [
        b"",
        b"token=",
        b"token",
        b"Token=x",
        b"token=x&token=y",
        f"token=x&token={token}".encode(),
        f"token={token}&token_type_hint=access_token&token_type_hint=refresh_token".encode(),
        b"\xff\xfe",
        b"&".join(b"a%d=b" % number for number in range(30)),
        f'{{"token":"{token}"}}'.encode(),
        f"token[]={token}".encode(),
    ]
    for body in bodies:
        answer = await stack.http.post("/oauth2/introspect", content=body, headers=bearer(keys["all"]))
        assert (a_problem(answer), answer.status_code) == ("invalid_request", 422), body


async def test_a_key_opens_introspection_and_nothing_else(stack, keys):
    for path in ("/v1/session", "/console", "/console/people/x"):
        answer = await stack.http.get(path, headers=bearer(keys["all"]))
        assert answer.status_code in (401, 404), path
    assert (await stack.refresh(keys["all"])).status_code == 401


async def test_browsers_get_no_help_to_ask_from_another_page(stack, keys, ask):
    tokens = await stack.signed_in()
    headers = {**bearer(keys["all"]), "origin": "https://attacker.example"}
    answer = await ask(tokens["access_token"], headers)
    assert not [name for name in answer.headers if name.startswith("access-control")]
    assert answer.headers["cache-control"] == "no-store"
    preflight = await stack.http.options("/oauth2/introspect", headers=headers)
    assert preflight.status_code == 405
