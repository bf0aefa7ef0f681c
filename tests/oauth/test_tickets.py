"""A session handed to a page by a ticket: a single-page app, and a web-view of a mini program."""

import asyncio
import secrets
from urllib.parse import parse_qs, urlsplit

import httpx
import pytest

from lingpai.logins.oauth.tickets import challenge_of
from tests.conftest import Stack, bearer
from tests.oauth.conftest import MP, OA, ORIGIN, OTHER_ORIGIN, PAGE, Surfer, allow

VERIFIER = secrets.token_urlsafe(32)
CHALLENGE = challenge_of(VERIFIER)


async def exchange(
    stack: Stack, ticket: str, app: str = OA, origin: str | None = ORIGIN, **body: object
) -> httpx.Response:
    headers = {} if origin is None else {"origin": origin}
    return await stack.http.post(
        f"/v1/{app}/tickets/exchange", json={"ticket": ticket, **body}, headers=headers
    )


def ticket_of(url: str) -> str:
    return parse_qs(urlsplit(url).query)["ticket"][0]


def code(answer: httpx.Response) -> str:
    return answer.json()["code"]


@pytest.fixture
async def ticket(surfer: Surfer) -> str:
    home = await surfer.signed_in(deliver="ticket", challenge=CHALLENGE)
    return ticket_of(home.headers["location"])


class TestASinglePageApp:
    async def test_the_ticket_stands_before_the_hash_route(self, surfer: Surfer, stack: Stack):
        home = await surfer.signed_in(deliver="ticket", challenge=CHALLENGE)
        ticket = ticket_of(home.headers["location"])
        assert home.headers["location"] == PAGE.replace("#", f"&ticket={ticket}#")
        assert "set-cookie" not in home.headers
        tokens = (await exchange(stack, ticket, verifier=VERIFIER)).json()
        session = await stack.session(tokens["access_token"])
        assert session.json()["user"] == {**tokens["user"]}
        assert (await stack.refresh(tokens["refresh_token"])).status_code == 200
        assert len(await stack.store.sessions.recent(9)) == 1

    async def test_of_two_hundred_exchanges_one_gets_the_session(self, ticket: str, stack: Stack):
        answers = await asyncio.gather(*(exchange(stack, ticket, verifier=VERIFIER) for _ in range(200)))
        assert sorted(answer.status_code for answer in answers) == [200] + [401] * 199

    @pytest.mark.parametrize(
        ("changes", "refusal"),
        [
            ({"verifier": None}, "ticket_invalid"),
            ({"verifier": "w" * 43}, "ticket_invalid"),
            ({"verifier": VERIFIER, "origin": OTHER_ORIGIN}, "origin_not_allowed"),
            ({"verifier": VERIFIER, "origin": None}, "origin_not_allowed"),
            ({"verifier": VERIFIER, "origin": "null"}, "origin_not_allowed"),
            ({"verifier": VERIFIER, "app": MP}, "ticket_invalid"),
            ({"verifier": VERIFIER, "ticket": "lpt_" + "x" * 43}, "ticket_invalid"),
        ],
    )
    async def test_nobody_else_can_use_it_and_trying_does_not_use_it_up(
        self, ticket: str, stack: Stack, changes: dict, refusal: str
    ):
        refused = await exchange(stack, changes.pop("ticket", ticket), **changes)
        assert code(refused) == refusal
        assert (await exchange(stack, ticket, verifier=VERIFIER)).status_code == 200

    async def test_a_ticket_lives_a_minute(self, ticket: str, stack: Stack):
        await stack.later(60)
        assert code(await exchange(stack, ticket, verifier=VERIFIER)) == "ticket_invalid"

    async def test_a_ticket_of_a_session_that_ended_is_dead(self, ticket: str, stack: Stack):
        session = (await stack.store.sessions.recent(1))[0]
        await stack.running.server.rooms.ending.end(session.id)
        assert code(await exchange(stack, ticket, verifier=VERIFIER)) == "ticket_invalid"

    async def test_a_ticket_of_a_page_does_not_sign_a_browser_in(self, ticket: str, surfer: Surfer):
        refused = await surfer.get(f"/v1/demo-oa/oauth/enter?ticket={ticket}")
        assert refused.status_code == 401
        assert surfer.cookie is None

    async def test_the_database_cannot_give_the_session_away(self, ticket: str, stack: Stack, tmp_path):
        tokens = (await exchange(stack, ticket, verifier=VERIFIER)).json()
        for file in tmp_path.glob("lingpai.db*"):
            assert tokens["refresh_token"].encode() not in file.read_bytes()
            assert ticket.encode() not in file.read_bytes()


class TestPagesOfOtherOrigins:
    async def test_a_listed_page_may_read_what_its_visitor_may_ask(self, stack: Stack):
        for path, method in (
            (f"/v1/{OA}/tickets/exchange", "POST"),
            ("/v1/session", "GET"),
            ("/v1/session", "DELETE"),
            ("/v1/session/refresh", "POST"),
        ):
            asked = await preflight(stack, path, method, ORIGIN)
            assert asked.status_code == 204, path
            assert asked.headers["access-control-allow-origin"] == ORIGIN
            assert method in asked.headers["access-control-allow-methods"].split(", ")
            assert asked.headers["vary"] == "origin"

    async def test_a_stranger_may_not(self, stack: Stack):
        for origin in ("https://evil.example", "null", f"{ORIGIN}.evil.example", ORIGIN.upper()):
            asked = await preflight(stack, f"/v1/{OA}/tickets/exchange", "POST", origin)
            assert "access-control-allow-origin" not in asked.headers
            read = await stack.http.get("/v1/session", headers={"origin": origin})
            assert "access-control-allow-origin" not in read.headers

    async def test_nothing_for_backends_is_open_to_pages(self, stack: Stack):
        for path in ("/oauth2/introspect", f"/v1/{OA}/login", "/metrics"):
            asked = await preflight(stack, path, "POST", ORIGIN)
            assert "access-control-allow-origin" not in asked.headers

    async def test_a_page_of_one_app_is_a_stranger_to_another(self, stack: Stack):
        await allow(stack, "https://other.example", app=MP)
        asked = await preflight(stack, f"/v1/{OA}/tickets/exchange", "POST", "https://other.example")
        assert "access-control-allow-origin" not in asked.headers

    async def test_a_refusal_can_be_read_too(self, stack: Stack):
        refused = await exchange(stack, "lpt_nothing")
        assert refused.headers["access-control-allow-origin"] == ORIGIN


class TestAWebView:
    async def hand_over(self, stack: Stack, **changes: object) -> tuple[dict, dict]:
        tokens = await stack.signed_in(app=MP)
        answer = await stack.http.post(
            f"/v1/{MP}/tickets",
            json={"return_to": PAGE, **changes},
            headers=bearer(tokens["access_token"]),
        )
        assert answer.status_code == 200, answer.text
        return tokens, answer.json()

    async def test_a_mini_program_opens_a_page_that_knows_its_visitor(self, surfer: Surfer, stack: Stack):
        tokens, minted = await self.hand_over(stack)
        assert minted["expires_in"] == 60
        home = await surfer.get(minted["url"], **{"sec-fetch-site": "none"})
        assert (home.status_code, home.headers["location"]) == (303, PAGE)
        session = await surfer.session()
        assert session["user"]["id"] == tokens["user"]["id"]
        assert session["app"] == "wx00000000000000a1"
        assert len(await stack.store.sessions.recent(9)) == 2

    async def test_the_page_may_exchange_it_itself(self, stack: Stack):
        tokens, minted = await self.hand_over(stack, challenge=CHALLENGE)
        assert minted["url"] == PAGE.replace("#", f"&ticket={minted['ticket']}#")
        given = await exchange(stack, minted["ticket"], app=MP, verifier=VERIFIER)
        assert given.json()["user"]["id"] == tokens["user"]["id"]

    async def test_it_works_once(self, surfer: Surfer, stack: Stack):
        _, minted = await self.hand_over(stack)
        await surfer.get(minted["url"])
        thief = Surfer(stack)
        refused = await thief.get(minted["url"])
        assert refused.status_code == 401
        assert "ticket_invalid" in refused.text

    async def test_another_site_cannot_send_a_browser_in(self, surfer: Surfer, stack: Stack):
        _, minted = await self.hand_over(stack)
        refused = await surfer.get(minted["url"], **{"sec-fetch-site": "cross-site"})
        assert refused.status_code == 403
        assert surfer.cookie is None

    async def test_the_session_of_another_app_in_that_browser_is_dropped_not_merged(
        self, surfer: Surfer, stack: Stack
    ):
        await surfer.signed_in()
        _, minted = await self.hand_over(stack)
        await surfer.get(minted["url"])
        ended = [one for one in await stack.store.sessions.recent(9) if one.ended_at is not None]
        assert [one.appid for one in ended] == ["wx00000000000000b2"]
        assert (await surfer.session())["app"] == "wx00000000000000a1"

    async def test_a_ticket_is_minted_for_listed_pages_only(self, stack: Stack):
        tokens = await stack.signed_in(app=MP)
        for headers, body, refusal in (
            (bearer(tokens["access_token"]), {"return_to": "https://evil.example/"}, "return_to_not_allowed"),
            ({}, {"return_to": PAGE}, "session_invalid"),
            (bearer(tokens["access_token"]), {"return_to": PAGE, "openid": "x"}, "invalid_request"),
        ):
            refused = await stack.http.post(f"/v1/{MP}/tickets", json=body, headers=headers)
            assert code(refused) == refusal
        elsewhere = await stack.http.post(
            f"/v1/{OA}/tickets", json={"return_to": PAGE}, headers=bearer(tokens["access_token"])
        )
        assert code(elsewhere) == "session_invalid"


async def preflight(stack: Stack, path: str, method: str, origin: str) -> httpx.Response:
    headers = {"origin": origin, "access-control-request-method": method}
    return await stack.http.options(path, headers=headers)
