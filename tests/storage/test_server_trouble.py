"""A database server in trouble: gone, stopped, read-only, broken; and the store that is there again after it."""

import asyncio
import itertools
import os
import signal

import asyncpg
import pytest

from lingpai.clock import SystemClock
from lingpai.storage import BatchSettings, StorageUnavailableError, UnfitError, migrate, open_store
from lingpai.storage.sql.servers import links, runner
from lingpai.testing.databases import emptied, execute, rows, started
from lingpai.testing.databases.process import family
from lingpai.testing.storage_contract_samples import event, login

SERVERS = ["postgresql", "mysql"]
CONNECTIONS = {
    "postgresql": "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
    " WHERE datname = '{name}' AND pid <> pg_backend_pid()",
    "mysql": "SELECT id FROM information_schema.processlist WHERE db = '{name}' AND id <> connection_id()",
}


@pytest.fixture(scope="module", params=SERVERS)
def private(request):
    """A server of our own, with a migrated database."""
    server = started(request.param)
    execute(server.url(server.admin_database), "CREATE DATABASE lingpai")
    migrate(server.url("lingpai"))
    yield server
    server.stop()


@pytest.fixture
def url(private):
    url = private.url("lingpai")
    yield url
    emptied(url)


@pytest.fixture
async def store(url):
    store = await open_store(url, clock=SystemClock())
    yield store
    await store.aclose()


@pytest.fixture
def impatient(monkeypatch):
    """Half a second for a unit of work and for a connection; a moment between two attempts to connect."""
    monkeypatch.setattr(runner, "UNIT_SECONDS", 0.5)
    monkeypatch.setattr(links, "CONNECT_SECONDS", 0.5)
    monkeypatch.setattr(links, "_REST", 0.01)


async def first_refusal(store):
    """Log people in until the store says that it cannot."""
    for n in itertools.count(2):
        try:
            await store.logins.commit(login(n))
        except StorageUnavailableError as error:
            return error
    return None


async def administer(url, *statements):
    """Run statements on a server, also on one that does not write."""
    if url.startswith("mysql:"):
        await asyncio.to_thread(execute, url, *statements)
        return
    connection = await asyncpg.connect(url, server_settings={"default_transaction_read_only": "off"})
    for statement in statements:
        await connection.execute(statement)
    await connection.close()


async def healed(store):
    """Wait until the store is there again."""
    async with asyncio.timeout(60):
        while True:
            try:
                await store.check()
            except StorageUnavailableError:
                await asyncio.sleep(0.01)
            else:
                return


def close_connections(url):
    """What an administrator or a firewall does."""
    name, kind = url.rpartition("/")[2], url.partition(":")[0]
    found = rows(url, CONNECTIONS[kind].format(name=name))
    if kind == "mysql":
        execute(url, *(f"KILL {row[0]}" for row in found))
    assert found


async def test_connections_that_the_server_closed_cost_no_login(store, url):
    await store.logins.commit(login(1))
    await store.users.count()
    await store.keys.sealing()
    close_connections(url)
    assert (await store.logins.commit(login(2))).is_new
    assert (await store.sessions.get("ses_00000001")) is not None
    assert await store.sessions.end("ses_00000001", "operator", login(1).at)
    assert await store.users.count() == 2
    assert await store.apps.all() == []


async def test_a_server_that_was_killed_is_found_again(store, url, private):
    await store.logins.commit(login(1))
    private.kill()
    answers = await asyncio.gather(
        store.logins.commit(login(2)),
        store.sessions.get("ses_00000001"),
        store.users.count(),
        store.apps.remove("wx"),
        store.check(),
        return_exceptions=True,
    )
    assert [type(answer) for answer in answers] == [StorageUnavailableError] * 5
    assert not any(getattr(answer, "unknown", True) for answer in answers)
    private.start()
    await healed(store)
    assert (await store.logins.commit(login(2))).is_new
    assert await store.users.count() == 2
    assert (await store.sessions.get("ses_00000001")) is not None


async def test_a_server_that_stands_still_is_told_and_not_waited_for(url, private, impatient):
    store = await open_store(url, clock=SystemClock(), batch=BatchSettings(queue=20))
    await store.logins.commit(login(0))
    pids = family(private.pid)
    for pid in pids:
        os.kill(pid, signal.SIGSTOP)
    try:
        tasks = [asyncio.ensure_future(store.logins.commit(login(n))) for n in range(1, 60)]
        answers = await asyncio.wait_for(asyncio.gather(*tasks, return_exceptions=True), 30)
        with pytest.raises(StorageUnavailableError):
            await store.sessions.get("ses_00000000")
    finally:
        for pid in pids:
            os.kill(pid, signal.SIGCONT)
    assert {type(answer) for answer in answers} == {StorageUnavailableError}
    assert sum("too many" in str(answer) for answer in answers) >= 35
    await healed(store)
    assert (await store.logins.commit(login(99))).is_new
    await store.aclose()


async def test_a_server_that_does_not_write_is_unavailable_until_it_does(url, private):
    kind = private.kind
    if kind == "postgresql":
        admin, name = private.url("postgres"), url
        off = ["ALTER SYSTEM SET default_transaction_read_only = on", "SELECT pg_reload_conf()"]
        on = [
            "ALTER SYSTEM RESET default_transaction_read_only",
            "SELECT pg_reload_conf()",
        ]
    else:
        # Who may administer the server may write on a read-only one; lingpai's user may not.
        admin = private.url("mysql")
        await administer(
            admin,
            "CREATE USER IF NOT EXISTS 'plain'@'%' IDENTIFIED BY 'not-a-secret'",
            "GRANT ALL PRIVILEGES ON lingpai.* TO 'plain'@'%'",
        )
        name = url.replace("lingpai:", "plain:", 1)
        off, on = ["SET GLOBAL read_only = 1"], ["SET GLOBAL read_only = 0"]
    store = await open_store(name, clock=SystemClock())
    await store.logins.commit(login(1))
    await administer(admin, *off)
    try:
        # The setting reaches a running connection a moment later.
        async with asyncio.timeout(30):
            refused = await first_refusal(store)
        assert not refused.unknown
        with pytest.raises(StorageUnavailableError):
            await store.check()
    finally:
        await administer(admin, *on)
    await healed(store)
    assert (await store.logins.commit(login(9_999))).is_new
    await store.aclose()


async def test_a_broken_table_is_unavailable_and_whole_again_at_once(store, url):
    execute(url, "ALTER TABLE refresh_tokens RENAME TO elsewhere")
    with pytest.raises(StorageUnavailableError):
        await store.logins.commit(login(1))
    assert await store.logins.recent(9) == []
    assert await store.users.count() == 0
    execute(url, "ALTER TABLE elsewhere RENAME TO refresh_tokens")
    assert (await store.logins.commit(login(1))).is_new


async def test_a_fault_of_ours_reaches_its_caller_alone(store):
    answers = await asyncio.gather(
        store.logins.commit(login(1)),
        store._dialect.write(lambda connection: 1 // 0),
        store._dialect.read(lambda connection: 1 // 0),
        store.keys.sealing(),
        store.logins.commit(login(2)),
        return_exceptions=True,
    )
    assert [type(answer).__name__ for answer in answers] == [
        "CommittedLogin",
        "ZeroDivisionError",
        "ZeroDivisionError",
        "list",
        "CommittedLogin",
    ]


async def test_texts_that_do_not_fit_their_column_fail_alone(store, private):
    long = store.logins.record(event(50, result="x" * 65))
    answers = await asyncio.gather(
        *(store.logins.record(event(n)) for n in range(5)), long, return_exceptions=True
    )
    assert isinstance(answers.pop(), UnfitError)
    assert answers == [None] * 5
    quoted = event(60, rid="'); DROP TABLE users; -- \\' \" \n %s {0} 小明 😀")
    await store.logins.record(quoted)
    assert (await store.logins.recent(1)) == [quoted]


async def test_no_error_repeats_a_value(store):
    await store.logins.commit(login(1))
    with pytest.raises(Exception, match="id is taken") as caught:
        await store.logins.record(event(2, id="evt_00000001"))
    assert "evt_00000001" not in repr(caught.value)
    with pytest.raises(UnfitError) as unfit:
        await store.logins.record(event(3, result="hunter2" * 20))
    assert "hunter2" not in f"{unfit.value!r} {unfit.value.__cause__!r}"
