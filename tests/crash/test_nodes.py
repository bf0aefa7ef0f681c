"""Two nodes on one database server, one of them killed again and again: the other does not notice.

LINGPAI_TEST_KILLS sets how often (4 by default, 30 at most); `-m kills` picks these tests.
"""

import asyncio
import hashlib
import os
import random

import pytest

from lingpai.testing.databases import rows
from tests.crash.conftest import BELONG, ServerProcess

KILLS = min(30, int(os.environ.get("LINGPAI_TEST_KILLS", "4")))
PEOPLE = 8
PATIENCE = 60
KEPT = (
    "SELECT t.digest, s.id, s.user_id FROM refresh_tokens t JOIN sessions s ON s.id = t.session_id"
    " JOIN users u ON u.id = s.user_id WHERE s.ended_at IS NULL"
)


@pytest.fixture(params=["postgresql", "mysql"])
def url(request):
    return request.getfixturevalue(f"{request.param}_url")


@pytest.mark.kills
@pytest.mark.timeout(180 + 10 * KILLS)
async def test_a_node_that_is_killed_costs_the_other_nothing(make_server, make_clients, tmp_path, url):
    doomed = await make_server(database_url=url)
    home = tmp_path / "steady"
    home.mkdir()
    steady = ServerProcess(home, dict(doomed.settings))
    await steady.start()
    try:
        (lossy, unlucky), (calm, lucky) = make_clients(doomed, PEOPLE, 1), make_clients(steady, PEOPLE, 2)
        leave, chance = asyncio.Event(), random.Random(KILLS)
        living = [asyncio.create_task(client.live(leave)) for client in (*unlucky, *lucky)]
        for _ in range(KILLS):
            await sent(lossy, chance.randint(20, 150), living)
            doomed.kill()
            await sent(calm, 20, living)
            await doomed.start()
        await sent(lossy, 50, living)
        leave.set()
        await asyncio.wait_for(asyncio.gather(*living), PATIENCE)
    finally:
        steady.close()
    assert (calm.lost, calm.retries, calm.restarts) == (0, 0, 0)
    assert await asyncio.to_thread(wrong, url, lossy, calm) == []
    assert "Traceback" not in doomed.log + steady.log


async def sent(book, count, living):
    """Wait until so many more requests were sent; a client that gave up fails the test at once."""
    goal = book.sent + count
    async with asyncio.timeout(PATIENCE):
        while book.sent < goal:
            for client in living:
                if client.done():
                    client.result()
            await asyncio.sleep(0)


def wrong(url, *books):
    """What was acknowledged and is not there, what is there by half, and who is two."""
    kept = {bytes(digest): (session_id, user_id) for digest, session_id, user_id in rows(url, KEPT)}
    found = [
        f"acknowledged and lost: {held.session_id}"
        for book in books
        for held in book.held.values()
        if kept.get(hashlib.sha256(held.refresh_token.encode()).digest()) != (held.session_id, held.user_id)
    ]
    for one, other in BELONG:
        here, there = one.partition(".")[0], other.partition(".")[0]
        query = f"SELECT count(*) FROM {here} WHERE NOT EXISTS (SELECT 1 FROM {there} WHERE {one} = {other})"
        ((count,),) = rows(url, query)
        found += [f"{count} {here} without {there}"] if count else []
    for person in books[0].users:
        ids = set().union(*(book.users.get(person, set()) for book in books))
        found += [f"{person} is {ids}"] if len(ids) > 1 else []
    return found
