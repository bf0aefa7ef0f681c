"""The batching writer: what shares a commit, what is refused, what a busy or broken file means."""

import asyncio
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from lingpai.clock import SystemClock
from lingpai.storage import BatchSettings, StorageUnavailableError, open_store
from lingpai.storage.sql.dialects.sqlite import connections
from lingpai.testing.storage_contract_samples import START, event, login


class HandClock:
    """Stands still until it is moved."""

    seconds = 1_000.0

    def now(self) -> int:
        return START

    def monotonic(self) -> float:
        return self.seconds


@pytest.fixture
def locked(sqlite_url):
    """Another process's write lock on the file, held until `rollback`."""
    with closing(sqlite3.connect(_path(sqlite_url), isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        yield other


async def test_a_full_queue_refuses_at_once_and_answers_the_rest(sqlite_url, locked):
    store = await open_store(sqlite_url, clock=SystemClock(), batch=BatchSettings(queue=20, most=10))
    tasks = [asyncio.ensure_future(store.logins.commit(login(n))) for n in range(100)]
    done, _ = await asyncio.wait(tasks, return_when=asyncio.FIRST_EXCEPTION)
    refused = []
    for task in done:
        with pytest.raises(StorageUnavailableError, match="too many") as caught:
            await task
        assert caught.value.retry_after > 0
        assert not caught.value.unknown
        refused.append(task)
    assert 70 <= len(refused) <= 80
    locked.execute("ROLLBACK")
    answers = await asyncio.gather(*tasks, return_exceptions=True)
    accepted = [answer for answer in answers if not isinstance(answer, BaseException)]
    assert len(accepted) == 100 - len(refused)
    assert await store.users.count() == len(accepted)
    await store.aclose()


async def test_a_lock_that_is_released_in_time_is_waited_for(sqlite_store, locked):
    waiting = asyncio.ensure_future(sqlite_store.logins.commit(login(1)))
    assert await sqlite_store.users.count() == 0
    assert not waiting.done()
    locked.execute("ROLLBACK")
    assert (await waiting).is_new


async def test_a_lock_that_stays_is_unavailable_and_not_ill(sqlite_url, locked, monkeypatch):
    plain = connections.Connections.__init__
    monkeypatch.setattr(
        connections.Connections,
        "__init__",
        lambda self, path, *, reading: plain(self, path, reading=reading, busy_seconds=0.01),
    )
    store = await open_store(sqlite_url, clock=SystemClock())
    with pytest.raises(StorageUnavailableError, match="SQLITE_BUSY") as caught:
        await store.logins.commit(login(1))
    assert not caught.value.unknown
    locked.execute("ROLLBACK")
    assert (await store.logins.commit(login(1))).is_new
    await store.aclose()


async def test_reads_go_on_while_another_process_writes(sqlite_store, sqlite_url):
    await sqlite_store.logins.commit(login(1))
    with closing(sqlite3.connect(_path(sqlite_url), isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        assert await sqlite_store.sessions.get("ses_00000001") is not None
        assert await sqlite_store.users.count() == 1


async def test_what_queues_behind_a_commit_shares_the_next_one(sqlite_store, sqlite_url, locked):
    tasks = [asyncio.ensure_future(sqlite_store.logins.commit(login(n))) for n in range(200)]
    await asyncio.sleep(0)
    before = _commits(sqlite_url)
    locked.execute("ROLLBACK")
    await asyncio.gather(*tasks)
    assert 1 <= _commits(sqlite_url) - before <= 3
    assert await sqlite_store.users.count() == 200


async def test_a_broken_table_is_unavailable_and_heals_when_it_is_whole(sqlite_store, sqlite_url):
    _execute(sqlite_url, "ALTER TABLE refresh_tokens RENAME TO elsewhere")
    with pytest.raises(StorageUnavailableError):
        await sqlite_store.logins.commit(login(1))
    assert await sqlite_store.logins.recent(9) == []
    with pytest.raises(StorageUnavailableError):
        await sqlite_store.logins.record(event(1))
    _execute(sqlite_url, "ALTER TABLE elsewhere RENAME TO refresh_tokens")
    await sqlite_store.check()
    assert (await sqlite_store.logins.commit(login(1))).is_new


async def test_an_ill_store_heals_by_itself_after_a_while(sqlite_url):
    clock = HandClock()
    store = await open_store(sqlite_url, clock=clock)
    _execute(sqlite_url, "ALTER TABLE refresh_tokens RENAME TO elsewhere")
    with pytest.raises(StorageUnavailableError):
        await store.logins.commit(login(1))
    _execute(sqlite_url, "ALTER TABLE elsewhere RENAME TO refresh_tokens")
    with pytest.raises(StorageUnavailableError):
        await store.logins.commit(login(1))
    clock.seconds += 1
    assert (await store.logins.commit(login(1))).is_new
    await store.aclose()


async def test_a_fault_of_ours_reaches_its_caller_alone(sqlite_store):
    answers = await asyncio.gather(
        sqlite_store.logins.commit(login(1)),
        sqlite_store._dialect.write(lambda connection: 1 // 0),
        sqlite_store._dialect.read(lambda connection: 1 // 0),
        sqlite_store.logins.commit(login(2)),
        return_exceptions=True,
    )
    assert [type(answer).__name__ for answer in answers] == [
        "CommittedLogin",
        "ZeroDivisionError",
        "ZeroDivisionError",
        "CommittedLogin",
    ]
    assert await sqlite_store.users.count() == 2


async def test_a_reader_opens_the_file_again_after_a_fault(sqlite_store, sqlite_url):
    await sqlite_store.logins.commit(login(1))
    for table in ("users", "sessions"):
        _execute(sqlite_url, f"ALTER TABLE {table} RENAME TO elsewhere")
        with pytest.raises(StorageUnavailableError):
            await (
                sqlite_store.users.count() if table == "users" else sqlite_store.sessions.get("ses_00000001")
            )
        _execute(sqlite_url, f"ALTER TABLE elsewhere RENAME TO {table}")
    assert await sqlite_store.users.count() == 1
    assert await sqlite_store.sessions.get("ses_00000001") is not None


async def test_nicknames_are_found_by_their_beginning_and_case(sqlite_store, sqlite_url):
    for n in (1, 2, 3):
        await sqlite_store.logins.commit(login(n))
    _execute(sqlite_url, "UPDATE users SET nickname = '小明%' WHERE id = 'usr_00000001'")
    _execute(sqlite_url, "UPDATE users SET nickname = 'Sam', avatar_url = '/s.png' WHERE id = 'usr_00000002'")
    _execute(sqlite_url, "UPDATE users SET nickname = 'sam' WHERE id = 'usr_00000003'")
    assert [user.nickname for user in await sqlite_store.users.find("小明", 9)] == ["小明%"]
    (sam,) = await sqlite_store.users.find("Sa", 9)
    assert (sam.nickname, sam.avatar_url) == ("Sam", "/s.png")
    signed_in = await sqlite_store.sessions.get("ses_00000002")
    assert signed_in is not None
    assert signed_in.user == sam
    again = await sqlite_store.logins.commit(login(9, openid="oSample000002", unionid=None))
    assert again.user == sam


async def test_no_plain_session_key_or_token_is_a_column(sqlite_url):
    with closing(sqlite3.connect(_path(sqlite_url))) as db:
        names = {
            f"{table}.{column[1]}"
            for (table,) in db.execute("SELECT name FROM sqlite_master WHERE type = 'table'").fetchall()
            for column in db.execute(f"PRAGMA table_info({table})")
        }
    assert {name for name in names if "token" in name.partition(".")[2]} == set()
    assert {name for name in names if "secret" in name.partition(".")[2]} == set()
    assert "session_keys.sealed" in names


def _path(url: str) -> Path:
    return Path(url.removeprefix("sqlite:///"))


def _commits(url: str) -> int:
    """Frames of the write-ahead log that end a transaction (https://www.sqlite.org/fileformat.html#walformat)."""
    log = Path(f"{_path(url)}-wal").read_bytes()
    frames = (log[at : at + 24] for at in range(32, len(log), 24 + 4096))
    return sum(frame[4:8] != bytes(4) for frame in frames)


def _execute(url: str, statement: str) -> None:
    with closing(sqlite3.connect(_path(url))) as db:
        db.execute(statement)
        db.commit()
