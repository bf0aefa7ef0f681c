"""The server process is killed again and again under load: nobody loses a login, nobody gets one twice.

LINGPAI_TEST_KILLS sets how often (8 by default, 100 and more for a campaign); `-m kills` picks these tests.
"""

import asyncio
import os
import random

import pytest

KILLS = int(os.environ.get("LINGPAI_TEST_KILLS", "8"))
PEOPLE = 16
SEED = 20_260_101
PATIENCE = 60  # seconds until something that has to happen counts as not happening


@pytest.mark.kills
@pytest.mark.timeout(120 + 10 * KILLS)
async def test_whoever_was_signed_in_stays_signed_in_when_the_server_is_killed(
    make_server, make_clients, broken_rules
):
    server = await make_server()
    book, clients = make_clients(server, PEOPLE, SEED)
    leave, chance = asyncio.Event(), random.Random(SEED)
    living = [asyncio.create_task(client.live(leave)) for client in clients]
    for _ in range(KILLS):
        await sent(book, chance.randint(1, 150), living)
        server.kill()
        assert broken_rules(server, book) == []
        await server.start()
    await sent(book, 100, living)
    leave.set()
    await asyncio.wait_for(asyncio.gather(*living), PATIENCE)
    await everybody_goes_on(clients, book)
    server.kill()
    assert broken_rules(server, book) == []
    one_user_for_each(server, clients, book)
    assert "Traceback" not in server.log
    assert book.logins >= KILLS
    print(f"\n{KILLS} kills: {figures(book)}")


async def sent(book, count, living):
    """Wait until so many more requests were sent; a client that gave up fails the test at once."""
    goal = book.sent + count
    async with asyncio.timeout(PATIENCE):
        while book.sent < goal:
            for client in living:
                if client.done():
                    client.result()
            await asyncio.sleep(0)


async def everybody_goes_on(clients, book):
    """Each client can sign in at both apps, and each session that was ever acknowledged can be refreshed."""
    for client in clients:
        for app in ("demo-mp", "second-mp"):
            await client.sign_in(app)
        answer = await client.http.get(
            "/v1/session", headers={"authorization": f"Bearer {client.held.access_token}"}
        )
        assert answer.status_code == 200, answer.text
    for number, held in enumerate(list(book.held.values())):
        client = clients[number % len(clients)]
        answer = await client.answered("/v1/session/refresh", {"refresh_token": held.refresh_token})
        assert answer.status_code == 200, (held.session_id, answer.text)
        told = answer.json()
        assert told["user"]["id"] == held.user_id
        book.held[held.session_id] = held._replace(refresh_token=told["refresh_token"])


def one_user_for_each(server, clients, book):
    """Two apps of one open-platform account, one user for each person, whatever was killed in between."""
    with server.database() as database:
        assert database.execute("SELECT count(*) FROM users").fetchone() == (len(clients),)
        assert database.execute("SELECT count(*) FROM unions").fetchone() == (len(clients),)
        assert database.execute("SELECT count(*) FROM identities").fetchone() == (2 * len(clients),)
    assert len(set().union(*book.users.values())) == len(clients)


def figures(book):
    counts = ("sent", "logins", "refreshes", "repeats", "retries", "lost", "restarts")
    return ", ".join(f"{name} {getattr(book, name)}" for name in counts) + f", sessions {len(book.held)}"
