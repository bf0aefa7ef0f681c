"""Being signed in: going on, ending, and what a stolen refresh token is worth."""

import asyncio
from collections import Counter

import httpx
import pytest

from lingpai.app import open_server
from lingpai.testing.actors import TESTER

ANDROID, IPHONE = {"user-agent": "MicroMessenger/8.0 Android"}, {"user-agent": "MicroMessenger/8.0 iPhone"}


async def refresh_as(stack, agent, token, **body):
    return await stack.http.post("/v1/session/refresh", json={"refresh_token": token, **body}, headers=agent)


async def test_a_refresh_gives_new_tokens_of_the_same_session(stack):
    first = await stack.signed_in()
    await stack.later(60)
    second = (await stack.refresh(first["refresh_token"])).json()
    assert second["refresh_token"] != first["refresh_token"]
    assert second["access_token"] != first["access_token"]
    assert second["refresh_expires_in"] == first["refresh_expires_in"] - 60
    assert second["user"] == {**first["user"], "is_new": False}
    assert (await stack.session(second["access_token"])).status_code == 200


async def test_an_access_token_dies_after_fifteen_minutes(stack):
    answer = await stack.signed_in()
    await stack.later(899)
    assert (await stack.session(answer["access_token"])).status_code == 200
    await stack.later(1)
    late = await stack.session(answer["access_token"])
    assert (late.status_code, late.json()["code"]) == (401, "session_invalid")
    assert late.headers["www-authenticate"] == "Bearer"


async def test_the_same_client_may_repeat_a_refresh_within_thirty_seconds(stack):
    first = await stack.signed_in()
    second = await refresh_as(stack, ANDROID, first["refresh_token"])
    stack.clock.advance(29)
    again = await refresh_as(stack, ANDROID, first["refresh_token"])
    assert again.json()["refresh_token"] == second.json()["refresh_token"]


async def test_a_client_with_a_nonce_is_told_by_it(stack):
    first = await stack.signed_in()
    nonce = stack.nonce()
    second = await refresh_as(stack, ANDROID, first["refresh_token"], nonce=nonce)
    again = await refresh_as(stack, IPHONE, first["refresh_token"], nonce=nonce)
    assert again.json()["refresh_token"] == second.json()["refresh_token"]


@pytest.mark.parametrize(
    ("agent", "later", "body"),
    [
        (ANDROID, 31, {}),
        (IPHONE, 1, {}),
        (ANDROID, 1, {"nonce": "0" * 32}),
    ],
    ids=["too late", "another client", "another nonce"],
)
async def test_a_reused_refresh_token_ends_the_family(stack, agent, later, body):
    first = await stack.signed_in()
    second = (await refresh_as(stack, ANDROID, first["refresh_token"])).json()
    await stack.later(later)
    thief = await refresh_as(stack, agent, first["refresh_token"], **body)
    assert (thief.status_code, thief.json()["code"]) == (401, "session_invalid")
    assert (await refresh_as(stack, ANDROID, second["refresh_token"])).status_code == 401
    assert (await stack.session(second["access_token"])).status_code == 401


async def test_a_repeat_is_refused_once_the_successor_was_used(stack):
    first = await stack.signed_in()
    second = (await refresh_as(stack, ANDROID, first["refresh_token"])).json()
    third = (await refresh_as(stack, ANDROID, second["refresh_token"])).json()
    assert (await refresh_as(stack, ANDROID, first["refresh_token"])).status_code == 401
    assert (await stack.session(third["access_token"])).status_code == 401


async def test_of_200_clients_with_one_refresh_token_exactly_one_goes_on(stack):
    first = await stack.signed_in()
    answers = await asyncio.gather(
        *(refresh_as(stack, {"user-agent": f"client {n}"}, first["refresh_token"]) for n in range(200))
    )
    assert Counter(a.status_code for a in answers) == {200: 1, 401: 199}
    # Somebody who is not the client had the token: the family is over for everybody.
    winner = next(a for a in answers if a.status_code == 200).json()
    assert (await stack.session(winner["access_token"])).status_code == 401


async def test_200_copies_of_one_refresh_give_one_successor(stack):
    first = await stack.signed_in()
    answers = await asyncio.gather(*(refresh_as(stack, ANDROID, first["refresh_token"]) for _ in range(200)))
    assert {a.status_code for a in answers} == {200}
    assert len({a.json()["refresh_token"] for a in answers}) == 1


async def test_a_refresh_reaches_never_beyond_the_session(stack):
    answer = await stack.signed_in()
    token = answer["refresh_token"]
    for _ in range(2):
        stack.clock.advance(14 * 86_400)
        token = (await stack.refresh(token)).json()["refresh_token"]
    stack.clock.advance(2 * 86_400)
    late = await stack.refresh(token)
    assert (late.status_code, late.json()["code"]) == (401, "session_invalid")


@pytest.mark.parametrize("token", ["lpr_unknown", "", "x" * 257, "令牌", "lpr_\x00", "lpr_ \r\n"])
async def test_a_made_up_refresh_token_is_refused(stack, token):
    answer = await stack.refresh(token)
    assert answer.status_code in (401, 422)
    assert answer.json()["code"] in ("session_invalid", "invalid_request")


async def test_signing_out_is_seen_at_once(stack):
    answer = await stack.signed_in()
    assert (await stack.session(answer["access_token"])).status_code == 200
    assert (await stack.sign_out(answer["access_token"])).status_code == 204
    assert (await stack.session(answer["access_token"])).status_code == 401
    assert (await stack.refresh(answer["refresh_token"])).status_code == 401


async def test_signing_out_here_leaves_the_others_alone(stack):
    here, there = await stack.signed_in(), await stack.signed_in()
    await stack.sign_out(here["access_token"])
    assert (await stack.session(there["access_token"])).status_code == 200


async def test_signing_out_everywhere_ends_all_and_forgets_the_session_keys(stack):
    here, there = await stack.signed_in(), await stack.signed_in()
    stranger = await stack.signed_in("sam")
    assert (await stack.sign_out(here["access_token"], everywhere=True)).status_code == 204
    for ended in (here, there):
        assert (await stack.session(ended["access_token"])).status_code == 401
        assert (await stack.refresh(ended["refresh_token"])).status_code == 401
    assert (await stack.session(stranger["access_token"])).status_code == 200
    openid = here["user"]["openid"]
    assert await stack.store.sessions.session_keys("wx00000000000000a1", openid) == []


async def test_a_misspelt_everywhere_ends_nothing(stack):
    answer = await stack.signed_in()
    refused = await stack.http.delete(
        "/v1/session?everywhere=yes", headers={"authorization": f"Bearer {answer['access_token']}"}
    )
    assert refused.status_code == 422
    assert (await stack.session(answer["access_token"])).status_code == 200


async def test_an_end_made_by_another_process_is_followed(stack):
    answer = await stack.signed_in()
    async with open_server(stack.running.config, clock=stack.clock) as other:
        await other.rooms.ending.end_all(answer["user"]["id"])
    await stack.running.server.rooms.running.follow()
    assert (await stack.session(answer["access_token"])).status_code == 401


async def test_an_end_is_remembered_over_a_restart(stack):
    answer = await stack.signed_in()
    await stack.sign_out(answer["access_token"])
    async with open_server(stack.running.config, clock=stack.clock) as other:
        with pytest.raises(Exception, match="session_invalid"):
            other.rooms.running.check(answer["access_token"])


async def test_nobody_is_vouched_for_when_ends_cannot_be_followed(stack):
    answer = await stack.signed_in()
    stack.clock.advance(6)
    refused = await stack.session(answer["access_token"])
    assert (refused.status_code, refused.json()["code"]) == (503, "storage_unavailable")
    assert refused.headers["retry-after"] == "1"
    await stack.running.server.rooms.running.follow()
    assert (await stack.session(answer["access_token"])).status_code == 200


async def test_introspection_tells_a_backend_what_a_token_is(stack):
    answer = await stack.signed_in()
    _, key = await clients(stack).add("api", ("introspect",), by=TESTER)
    async with httpx.AsyncClient(base_url=stack.url) as backend:

        async def ask(token):
            return (
                await backend.post(
                    "/oauth2/introspect",
                    data={"token": token},
                    headers={"authorization": f"Bearer {key.reveal()}"},
                )
            ).json()

        told = await ask(answer["access_token"])
        assert (told["active"], told["sub"], told["aud"]) == (
            True,
            answer["user"]["id"],
            "wx00000000000000a1",
        )
        assert (await ask(answer["refresh_token"]))["active"] is True
        await stack.sign_out(answer["access_token"])
        assert await ask(answer["access_token"]) == {"active": False}
        assert await ask(answer["refresh_token"]) == {"active": False}


def clients(stack):
    from lingpai.admin.clients import ClientsAdmin

    return ClientsAdmin(stack.store, stack.clock)
