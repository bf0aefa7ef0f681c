"""Who somebody is comes from WeChat or from a token of ours, and from nowhere else."""

import json

import httpx
import pytest

from lingpai.app import open_server

CLAIMED = (
    "openid",
    "unionid",
    "user_id",
    "userId",
    "sub",
    "sid",
    "phone",
    "phone_number",
    "id",
    "app",
    "aud",
)
AS_HEADERS = (
    "x-user-id",
    "x-openid",
    "x-wx-openid",
    "x-wx-unionid",
    "x-wx-source",
    "x-forwarded-user",
    "x-remote-user",
)


@pytest.fixture
async def operations(stack):
    """(method, path, document of the operation) of everything the interface offers."""
    document = (await stack.http.get("/openapi.json")).json()
    return [
        (method.upper(), path.replace("{app}", "demo-mp"), operation)
        for path, methods in document["paths"].items()
        for method, operation in methods.items()
    ]


@pytest.fixture
async def victim(stack):
    return await stack.signed_in("xiaohong")


def claims_of(victim):
    known = {"openid": victim["user"]["openid"], "unionid": victim["user"]["unionid"], "phone": "13800000002"}
    return {name: known.get(name, victim["user"]["id"]) for name in CLAIMED}


def gives_away(answer, victim):
    """What of the victim stands in an answer."""
    secrets = [victim["access_token"], victim["refresh_token"], *map(str, victim["user"].values())]
    return [text for text in secrets if len(text) > 8 and text in answer.text]


async def test_there_are_operations_that_need_a_token(operations):
    assert {(method, path) for method, path, operation in operations if "security" in operation} >= {
        ("GET", "/v1/session"),
        ("DELETE", "/v1/session"),
        ("GET", "/v1/me"),
        ("PATCH", "/v1/me"),
        ("DELETE", "/v1/me"),
        ("PUT", "/v1/me/avatar"),
        ("POST", "/v1/me/avatar"),
        ("GET", "/v1/me/export"),
        ("POST", "/v1/demo-mp/tickets"),
        ("POST", "/oauth2/introspect"),
    }


async def test_no_operation_takes_an_identity_from_the_caller(operations):
    """Read from the document itself: no parameter and no field names a person."""
    for method, path, operation in operations:
        names = {parameter["name"] for parameter in operation.get("parameters", [])}
        assert not names & set(CLAIMED) - {"app"}, (method, path)


async def test_naming_somebody_signs_nobody_in(stack, operations, victim):
    for method, path, operation in operations:
        for name, value in claims_of(victim).items():
            tries = [
                await stack.http.request(method, path, params={name: value}),
                await stack.http.request(method, path, json={name: value}),
                await stack.http.request(method, path, json={"code": "x", "refresh_token": "x", name: value}),
                await stack.http.request(method, path, data={name: value}),
                await stack.http.request(method, path, headers={"cookie": f"{name}={value}"}),
                await stack.http.request(method, path, headers={"authorization": f"Bearer {value}"}),
            ]
            for answer in tries:
                assert answer.status_code < 500, (method, path, name, answer.text)
                assert gives_away(answer, victim) == [], (method, path, name)
                if "security" in operation:
                    assert answer.status_code in (401, 422), (method, path, name)
    assert (await stack.session(victim["access_token"])).status_code == 200
    assert await stack.store.users.count() == 1


async def test_a_field_beside_a_good_code_is_refused_and_the_code_stays_good(stack, victim):
    for name, value in claims_of(victim).items():
        code = stack.wechat.login("sam")
        refused = await stack.http.post("/v1/demo-mp/login", json={"code": code, name: value})
        assert (refused.status_code, refused.json()["code"]) == (422, "invalid_request"), name
        answer = await stack.login(code)
        assert answer.json()["user"]["id"] != victim["user"]["id"]


async def test_a_good_code_signs_in_whom_wechat_names_whatever_the_url_says(stack, victim):
    headers = dict.fromkeys(AS_HEADERS, victim["user"]["openid"])
    answer = await stack.http.post(
        "/v1/demo-mp/login",
        params=claims_of(victim),
        json={"code": stack.wechat.login("sam")},
        headers=headers,
    )
    assert answer.status_code == 200
    assert answer.json()["user"]["openid"] != victim["user"]["openid"]


async def test_a_token_shows_its_own_person_whoever_is_named_beside_it(stack, victim):
    sam = await stack.signed_in("sam")
    headers = {"authorization": f"Bearer {sam['access_token']}"}
    headers |= dict.fromkeys(AS_HEADERS, victim["user"]["id"])
    cookies = "; ".join(f"{name}={value}" for name, value in claims_of(victim).items())
    answer = await stack.http.get(
        "/v1/session", params=claims_of(victim), headers={**headers, "cookie": cookies}
    )
    assert answer.json()["user"]["id"] == sam["user"]["id"]
    assert gives_away(answer, victim) == []


async def test_one_persons_token_reaches_nothing_of_another(stack, operations, victim):
    sam = await stack.signed_in("sam")
    tokens = {"access": sam["access_token"], "refresh": sam["refresh_token"]}
    for method, path, _ in operations:
        for token in tokens.values():
            headers = {"authorization": f"Bearer {token}"}
            bodies = [None, {"refresh_token": token}, {"code": token}, {"token": token}]
            for body in bodies:
                answer = await stack.http.request(method, path, headers=headers, json=body)
                assert answer.status_code < 500
                assert gives_away(answer, victim) == [], (method, path)
    assert (await stack.session(victim["access_token"])).status_code == 200
    assert (await stack.refresh(victim["refresh_token"])).status_code == 200


async def test_signing_out_everywhere_is_everywhere_of_oneself(stack, victim):
    sam = await stack.signed_in("sam")
    assert (await stack.sign_out(sam["access_token"], everywhere=True)).status_code == 204
    assert (await stack.session(sam["access_token"])).status_code == 401
    assert (await stack.session(victim["access_token"])).status_code == 200
    assert (await stack.refresh(victim["refresh_token"])).status_code == 200


async def test_tokens_are_not_good_for_one_another(stack, victim):
    told = [
        (await stack.session(victim["refresh_token"])),
        (await stack.refresh(victim["access_token"])),
        (await stack.refresh(victim["access_token"][:256])),
        (await stack.sign_out(victim["refresh_token"])),
        (await stack.http.get("/v1/session", params={"access_token": victim["access_token"]})),
        (await stack.http.get("/v1/session", headers={"cookie": f"access_token={victim['access_token']}"})),
        (await stack.http.get("/v1/session", headers={"authorization": victim["access_token"]})),
        (await stack.http.get("/v1/session", headers={"authorization": f"Basic {victim['access_token']}"})),
        (
            await stack.http.get(
                "/v1/session", headers={"x-authorization": f"Bearer {victim['access_token']}"}
            )
        ),
    ]
    assert {(answer.status_code, answer.json()["code"]) for answer in told} <= {
        (401, "session_invalid"),
        (422, "invalid_request"),
    }


async def test_a_session_that_is_over_is_invalid_at_every_door(stack):
    ended, reused = await stack.signed_in("xiaohong"), await stack.signed_in("sam")
    await stack.sign_out(ended["access_token"])
    for agent in ("one", "another"):
        last = await stack.http.post(
            "/v1/session/refresh",
            json={"refresh_token": reused["refresh_token"]},
            headers={"user-agent": agent},
        )
    assert last.status_code == 401
    old = await stack.signed_in()
    stack.clock.advance(31 * 86_400)
    await stack.running.server.rooms.running.follow()
    for tokens in (ended, reused, old):
        for answer in (
            await stack.session(tokens["access_token"]),
            await stack.sign_out(tokens["access_token"]),
            await stack.sign_out(tokens["access_token"], everywhere=True),
            await stack.refresh(tokens["refresh_token"]),
        ):
            assert (answer.status_code, answer.json()["code"]) == (401, "session_invalid")


async def test_an_access_token_does_not_outlive_its_session(stack):
    first = await stack.signed_in()
    stack.clock.advance(first["refresh_expires_in"] - 10)
    last = (await stack.refresh(first["refresh_token"])).json()
    await stack.running.server.rooms.running.follow()
    assert (await stack.session(last["access_token"])).status_code == 200
    assert last["expires_in"] <= 10
    stack.clock.advance(11)
    await stack.running.server.rooms.running.follow()
    late = await stack.session(last["access_token"])
    assert (late.status_code, late.json()["code"]) == (401, "session_invalid")


async def test_tokens_of_another_server_are_foreign_here(stack, tmp_path):
    """The same master key, an own database: its keys and sessions are its own."""
    from msgspec.structs import replace

    from lingpai.storage import migrate

    config = replace(stack.running.config, database_url=f"sqlite:///{tmp_path / 'other.db'}")
    migrate(config.database_url)
    here = await stack.signed_in()
    async with (
        open_server(config, clock=stack.clock) as other,
        httpx.AsyncClient(transport=httpx.ASGITransport(app=other.front), base_url=stack.url) as http,
    ):
        headers = {"authorization": f"Bearer {here['access_token']}"}
        assert (await http.get("/v1/session", headers=headers)).status_code == 401
        refreshed = await http.post("/v1/session/refresh", json={"refresh_token": here["refresh_token"]})
        assert refreshed.status_code == 401
        foreign = other.rooms.issuer.issue(appid="wx00000000000000a1", user_id="usr_x", session_id="ses_x")
        own = other.rooms.issuer.verify(foreign)
    assert own.iss == stack.url
    assert (await stack.session(foreign)).status_code == 401


async def test_a_get_changes_nothing(stack, operations, victim):
    def rows():
        import sqlite3

        with sqlite3.connect(stack.running.config.database_url.removeprefix("sqlite:///")) as database:
            # WeChat's own token is kept when it was needed, and a refusal leaves its line; both are nobody's data.
            own = ('"probes"', '"access_tokens"', '"login_events"', '"login_minutes"', '"timeline_pages"')
            dump = [line for line in database.iterdump() if not any(name in line for name in own)]
        database.close()
        return dump

    before = rows()
    for method, path, _ in operations:
        if method == "GET":
            for query in (
                "",
                "?everywhere=true",
                "?" + "&".join(f"{k}={v}" for k, v in claims_of(victim).items()),
            ):
                headers = {"authorization": f"Bearer {victim['access_token']}"}
                # Some want more than a token, and say so; none of them may write for that.
                assert (await stack.http.get(path + query, headers=headers)).status_code < 500
    assert rows() == before


async def test_an_app_is_named_by_the_path_alone(stack):
    """A code of one app is worth nothing at another, whatever the client says it is."""
    other = stack.wechat.add_app("wx00000000000000d4", kind="miniprogram", slug="other", open_platform="demo")
    code = stack.wechat.login("sam", other.appid)
    assert (await stack.login(code)).json()["code"] == "code_invalid"
    claimed = await stack.login(code, appid=other.appid)
    assert (claimed.status_code, claimed.json()["code"]) == (409, "app_mismatch")
    assert json.loads(claimed.text)["detail"].count("wx") == 2
