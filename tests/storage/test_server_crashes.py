"""PostgreSQL and MariaDB, killed under load: nothing acknowledged is lost, nothing is half written, nobody twice.

LINGPAI_TEST_KILLS sets how often each is killed (2 by default, at most 30 in a campaign).
"""

import asyncio
import os
import random
from dataclasses import dataclass, field

import pytest

from lingpai.clock import SystemClock
from lingpai.model import Rotated
from lingpai.storage import CodeSpentError, StorageUnavailableError, TakenError, migrate, open_store
from lingpai.testing.databases import execute, rows, started
from lingpai.testing.storage_contract_samples import APPID, digest, login, rotation

KILLS = min(30, int(os.environ.get("LINGPAI_TEST_KILLS", "2")))
CALLERS = 32
PEOPLE = 200
PATIENCE = 60
WHOLE = (
    "SELECT s.id FROM sessions s JOIN users u ON u.id = s.user_id"
    " JOIN identities i ON i.appid = s.appid AND i.openid = s.openid AND i.user_id = s.user_id"
    " JOIN unions n ON n.unionid = i.unionid AND n.user_id = s.user_id"
    " JOIN session_keys k ON k.appid = s.appid AND k.openid = s.openid GROUP BY s.id"
)
ORPHANS = [
    ("sessions", "user_id", "users", "id"),
    ("identities", "user_id", "users", "id"),
    ("unions", "user_id", "users", "id"),
    ("users", "id", "identities", "user_id"),
    ("login_attempts", "session_id", "sessions", "id"),
    ("sessions", "id", "login_attempts", "session_id"),
    ("refresh_tokens", "session_id", "sessions", "id"),
    ("sessions", "id", "refresh_tokens", "session_id"),
    ("sessions", "id", "login_events", "session_id"),
]


@dataclass
class Book:
    """What was told to callers."""

    logins: set[int] = field(default_factory=set)
    rotations: set[int] = field(default_factory=set)
    unknown: set[int] = field(default_factory=set)
    refused: int = 0
    resting: int = 0


@pytest.fixture(params=["postgresql", "mysql"])
def private(request):
    server = started(request.param)
    execute(server.url(server.admin_database), "CREATE DATABASE lingpai")
    migrate(server.url("lingpai"))
    yield server
    server.stop()


async def live(store, first, book, leave, go):
    """One caller: a login and a refresh, again and again; after trouble, the same once more, as a phone does."""
    n = first
    while not leave.is_set():
        if not go.is_set():
            book.resting += 1
            await go.wait()
            book.resting -= 1
        person = n % PEOPLE
        await signed_in(store, login(n, openid=f"oPerson{person}", unionid=f"uPerson{person}"), n, book)
        await refreshed(store, rotation(n, digest(f"refresh {n}"), client_tag=b"one client, once"), n, book)
        n += CALLERS


async def signed_in(store, new, n, book):
    doubtful = False
    while True:
        try:
            await store.logins.commit(new)
        except StorageUnavailableError as error:
            book.refused += 1
            doubtful = doubtful or error.unknown
            await asyncio.sleep(0.01)
        except (CodeSpentError, TakenError):
            # Only a commit of unknown fate may turn out to have happened.
            assert doubtful
            book.unknown.add(n)
            break
        else:
            break
    book.logins.add(n)


async def refreshed(store, wish, n, book):
    while True:
        try:
            answer = await store.sessions.rotate(wish)
        except StorageUnavailableError:
            book.refused += 1
            await asyncio.sleep(0.01)
        else:
            assert isinstance(answer, Rotated), answer
            break
    book.rotations.add(n)


async def until(condition, living):
    async with asyncio.timeout(PATIENCE):
        while not condition():
            for task in living:
                if task.done():
                    task.result()
            await asyncio.sleep(0)


@pytest.mark.kills
@pytest.mark.timeout(120 + 30 * KILLS)
async def test_a_killed_server_has_lost_nothing_that_was_acknowledged(private):
    url, chance, book = private.url("lingpai"), random.Random(KILLS), Book()
    leave, go = asyncio.Event(), asyncio.Event()
    go.set()
    nodes = [await open_store(url, clock=SystemClock()) for _ in range(2)]
    living = [asyncio.create_task(live(nodes[n % 2], n, book, leave, go)) for n in range(CALLERS)]
    for _ in range(KILLS):
        goal = len(book.rotations) + chance.randint(50, 800)
        await until(lambda goal=goal: len(book.rotations) >= goal, living)
        private.kill()
        acknowledged = book.logins.copy(), book.rotations.copy()
        await asyncio.to_thread(private.start)
        go.clear()  # all tables are looked through as of one moment
        await until(lambda: book.resting == CALLERS, living)
        assert await asyncio.to_thread(wrong, url, *acknowledged) == []
        go.set()
    goal = len(book.rotations) + 100
    await until(lambda: len(book.rotations) >= goal, living)
    leave.set()
    await asyncio.wait_for(asyncio.gather(*living), PATIENCE)
    assert await asyncio.to_thread(wrong, url, book.logins, book.rotations) == []
    assert await nodes[0].users.count() == min(PEOPLE, len(book.logins))
    for node in nodes:
        await node.aclose()
    print(
        f"\n{private.kind}: {KILLS} kills, {len(book.logins)} logins, {len(book.rotations)} refreshes, "
        f"{len(book.unknown)} of unknown fate found written, {book.refused} refused"
    )


def wrong(url, logins, rotations):
    """What is not as it must be."""
    # Compared here: MariaDB would walk through all of one table for each row of the other.
    whole = {int(row[0].removeprefix("ses_")) for row in rows(url, WHOLE)}
    columns: dict[tuple[str, str], set[str]] = {}

    def held(table, column):
        if (table, column) not in columns:
            columns[table, column] = {row[0] for row in rows(url, f"SELECT {column} FROM {table}")}
        return columns[table, column]

    tokens = {
        bytes(row[0]): row[1] is not None for row in rows(url, "SELECT digest, used_at FROM refresh_tokens")
    }
    found = [f"login {n} lost" for n in logins - whole]
    found += [
        f"refresh {n} lost"
        for n in rotations
        if not tokens.get(digest(f"refresh {n}")) or digest(f"successor {n}") not in tokens
    ]
    for one, column, other, target in ORPHANS:
        found += [f"{one} {row} without {other}" for row in held(one, column) - held(other, target)]
    for twice in ("SELECT unionid FROM unions", "SELECT openid FROM identities"):
        names = [row[0] for row in rows(url, twice)]
        found += [f"{name} twice" for name in set(names) if names.count(name) > 1]
    ((apps,),) = rows(url, f"SELECT count(*) FROM sessions WHERE appid <> '{APPID}'")
    return found + ([f"{apps} sessions of nobody's app"] if apps else [])
