"""The ledger outlives its database: it is durable before anybody is told, and a database that is older is noticed."""

import json
import stat
import threading

import pytest

from lingpai.accounts.ledger import Ledger, line_of_erasure
from lingpai.admin.restored import DatabaseOlderError, refuse_older
from lingpai.clock import SystemClock
from lingpai.storage import open_store
from lingpai.storage.ledger_file import LedgerFile, LedgerLine, LedgerUnusableError
from lingpai.testing.storage_contract_samples import digest, erasure, login, service_key
from tests.conftest import bearer


def line(n: int) -> LedgerLine:
    return line_of_erasure(erasure(n))


@pytest.fixture
async def store():
    store = await open_store("memory:", clock=SystemClock())
    yield store
    await store.aclose()


@pytest.fixture
def file(tmp_path):
    return LedgerFile(tmp_path / "ledger")


def test_lines_come_back_in_their_order_each_once_for_the_owners_eyes(file):
    assert file.read() == ([], 0)
    file.append([line(1), line(2)])
    file.append([line(2), line(3)])
    assert file.read() == ([line(1), line(2), line(3)], 0)
    assert stat.S_IMODE(file.path.stat().st_mode) == 0o600


def test_a_line_that_a_crash_cut_off_does_not_count_and_spoils_no_other(file):
    file.append([line(1)])
    with file.path.open("ab") as stream:
        stream.write(b'{"what":"user_erased","id":"er')
    assert file.read() == ([line(1)], 0)
    file.append([line(2)])
    assert file.read() == ([line(1), line(2)], 1)


def test_many_writers_lose_no_line(file):
    threads = [threading.Thread(target=file.append, args=([line(n)],)) for n in range(20)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    lines, unreadable = file.read()
    assert (sorted(each.id for each in lines), unreadable) == (sorted(line(n).id for n in range(20)), 0)


def test_a_place_that_cannot_be_used_is_said(tmp_path):
    for path in (tmp_path / "nowhere" / "ledger", tmp_path):
        with pytest.raises(LedgerUnusableError):
            LedgerFile(path).append([line(1)])
    with pytest.raises(LedgerUnusableError):
        LedgerFile(tmp_path).read()


async def test_it_catches_up_with_what_others_took_away(store, file):
    ledger = Ledger(store, file)
    for n in (1, 2):
        await store.logins.commit(login(n))
        await store.erasures.commit(erasure(n), f"usr_{n:08}", 1)
    await store.keys.add_service(service_key(1))
    await store.keys.add_service(service_key(2, revoked_at=None))
    await ledger.catch_up(whole=True)
    lines, _ = file.read()
    assert [(each.what, each.id) for each in lines] == [
        ("service_key_revoked", "svc_00000001"),
        ("user_erased", "era_00000001"),
        ("user_erased", "era_00000002"),
    ]
    await ledger.catch_up(whole=True)
    assert file.read()[0] == lines
    assert await ledger.missing() == []


async def test_what_could_not_be_written_is_written_later(store, file):
    ledger = Ledger(store, file)
    file.path.mkdir()
    await store.logins.commit(login(1))
    await store.erasures.commit(erasure(1), "usr_00000001", 1)
    await ledger.note()
    file.path.rmdir()
    await ledger.catch_up()
    assert file.read() == ([line(1)], 0)


async def test_a_database_that_knows_less_than_its_ledger_is_not_served(store, file):
    await store.logins.commit(login(1))
    ledger = Ledger(store, file)
    await refuse_older(store, ledger)
    file.append([line(5)])
    with pytest.raises(DatabaseOlderError):
        await refuse_older(store, ledger)
    await store.erasures.remember([erasure(5)])
    await refuse_older(store, ledger)
    await store.keys.add_service(service_key(1, revoked_at=None))
    file.append([LedgerLine(what="service_key_revoked", id="svc_00000001", at=1)])
    with pytest.raises(DatabaseOlderError):
        await refuse_older(store, ledger)


async def test_a_database_without_people_takes_a_ledger_over(store, file):
    file.append([line(5)])
    await refuse_older(store, Ledger(store, file))
    assert [each.id for each in await store.erasures.page(9)] == [erasure(5).id]


async def test_without_a_file_there_is_no_ledger(store):
    ledger = Ledger(store, None)
    await ledger.catch_up(whole=True)
    assert await ledger.missing() == []


async def test_whoever_erases_the_account_stands_in_the_ledger_when_the_answer_comes(stack, tmp_path):
    told = await stack.signed_in()
    answer = await stack.http.delete("/v1/me", headers=bearer(told["access_token"]))
    assert answer.status_code == 200
    (entry,) = map(json.loads, (tmp_path / "lingpai.db.ledger").read_text().splitlines())
    assert entry["what"] == "user_erased"
    assert entry["id"] == answer.json()["audit_id"]
    assert told["user"]["id"] not in json.dumps(entry)
    assert entry["user_digest"] != digest(told["user"]["id"]).hex()
