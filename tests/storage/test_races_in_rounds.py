"""What can be used once is used once: 200 at a time from several nodes, round after round, on each database.

LINGPAI_TEST_KILLS sets the rounds: 2 by default, 100 in a campaign (`make crash`).
"""

import asyncio
import os

import msgspec
import pytest

from lingpai.clock import SystemClock
from lingpai.model import CommittedLogin, NotRotated, Rotated
from lingpai.storage import CodeSpentError, open_store
from lingpai.testing.storage_contract_samples import START, digest, login, oauth_state, rotation, ticket

NODES = 4
AT_ONCE = 200
ROUNDS = min(100, int(os.environ.get("LINGPAI_TEST_KILLS", "2")))
LEASE = 60_000

pytestmark = [pytest.mark.kills, pytest.mark.timeout(60 + 10 * ROUNDS)]


@pytest.fixture(params=["sqlite", "postgresql", "mysql"])
async def nodes(request):
    url = request.getfixturevalue(f"{request.param}_url")
    stores = [await open_store(url, clock=SystemClock()) for _ in range(NODES)]
    yield stores
    for store in stores:
        await store.aclose()


async def from_everywhere(nodes, call):
    """`call(node, n)` for 200 numbers at once, spread over the nodes; their answers, exceptions among them."""
    calls = (call(nodes[n % NODES], n) for n in range(AT_ONCE))
    return await asyncio.gather(*calls, return_exceptions=True)


async def test_a_code_starts_one_session_and_a_refresh_token_has_one_successor(nodes):
    for turn in range(1, ROUNDS + 1):
        first = 1_000 * turn
        code = digest(f"code of {turn}")
        logins = await from_everywhere(
            nodes,
            lambda node, n, first=first, code=code: node.logins.commit(login(first + n, code_digest=code)),
        )
        (winner,) = [answer for answer in logins if isinstance(answer, CommittedLogin)]
        assert sum(isinstance(answer, CodeSpentError) for answer in logins) == AT_ONCE - 1

        token = digest(f"refresh {int(winner.session.id.removeprefix('ses_'))}")
        uses = await from_everywhere(
            nodes, lambda node, n, first=first, token=token: node.sessions.rotate(rotation(first + n, token))
        )
        assert sum(isinstance(answer, Rotated) for answer in uses) == 1
        assert sum(isinstance(answer, NotRotated) for answer in uses) == AT_ONCE - 1
    assert await nodes[0].users.count() == ROUNDS


async def test_a_state_is_taken_once_and_settled_once(nodes):
    for turn in range(ROUNDS):
        state = oauth_state(turn)
        await nodes[0].browser_logins.put_state(state)
        taken = await from_everywhere(
            nodes,
            lambda node, n, state=state: node.browser_logins.take_state(state.digest, START + n, LEASE),
        )
        assert sorted(taken) == [False] * (AT_ONCE - 1) + [True]
        at = START + taken.index(True)
        settled = await from_everywhere(
            nodes,
            lambda node, n, state=state, at=at: node.browser_logins.settle_state(
                state.digest, at, b"outcome %d" % n
            ),
        )
        assert sorted(settled) == [False] * (AT_ONCE - 1) + [True]
        kept = await nodes[1].browser_logins.state(state.digest)
        assert kept.outcome == b"outcome %d" % settled.index(True)


async def test_a_ticket_is_used_once(nodes):
    for turn in range(ROUNDS):
        fresh = msgspec.structs.replace(ticket(turn), used_at=None)
        await nodes[0].browser_logins.put_ticket(fresh)
        uses = await from_everywhere(
            nodes, lambda node, n, fresh=fresh: node.browser_logins.use_ticket(fresh.digest, START + n)
        )
        assert sorted(uses) == [False] * (AT_ONCE - 1) + [True]
