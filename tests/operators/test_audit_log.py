"""The audit log: what operators did is on record before it happens, and who changes the record is found out."""

import asyncio
import os
import random
import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import pytest

from lingpai.admin.audit import AuditLog
from lingpai.admin.audit_checking import KEPT_DAYS, AuditChecking, AuditInvalidError
from lingpai.admin.clients import ClientsAdmin
from lingpai.clock import DAY, SystemClock
from lingpai.model import Actor, AuditHead
from lingpai.storage import StorageUnavailableError, TakenError, migrate, open_store
from lingpai.testing.clock import FrozenClock

HONG = Actor("operator", "opr_1", "xiaohong")
KILLS = int(os.environ.get("LINGPAI_TEST_KILLS", "2"))


@pytest.fixture(scope="module")
def template(tmp_path_factory):
    path = tmp_path_factory.mktemp("audit") / "lingpai.db"
    migrate(f"sqlite:///{path}")
    return path


@pytest.fixture
def file(template, tmp_path) -> Path:
    path = tmp_path / "lingpai.db"
    path.write_bytes(template.read_bytes())
    return path


@pytest.fixture
async def desk(file):
    """`(log, checking, store, clock)` over a file with eight entries, a day apart."""
    clock = FrozenClock()
    store = await open_store(f"sqlite:///{file}", clock=clock)
    log = AuditLog(store, clock)
    for n in range(1, 9):
        await log.note(HONG, "app.added", f"wx{n:016x}", slug=f"shop-{n}")
        clock.advance(DAY / 1_000)
    yield log, AuditChecking(store, log, clock), store, clock
    await store.aclose()


def tamper(file, *statements):
    with closing(sqlite3.connect(file)) as db:
        for statement in statements:
            db.execute(statement)
        db.commit()


async def broken(checking, head=None):
    return [(b.damage, b.position, b.through) for b in (await checking.verify(head)).broken]


async def test_a_chain_that_nobody_touched_holds(desk):
    _, checking, _, _ = desk
    verdict = await checking.verify()
    assert (verdict.rows, verdict.first, verdict.head.position, verdict.broken) == (8, 1, 8, [])


@pytest.mark.parametrize(
    "edit",
    [
        'details = \'{"slug":"shop-x"}\'',
        "details = 'not even JSON'",
        "actor_name = 'xiaoming'",
        "actor_id = 'opr_2'",
        "actor_kind = 'cli'",
        "action = 'app.removed'",
        "about = NULL",
        "at = at + 1",
        "hash = zeroblob(32)",
        "previous = zeroblob(32)",
    ],
)
async def test_an_edited_row_is_named(desk, file, edit):
    tamper(file, f"UPDATE audit_log SET {edit} WHERE position = 5")
    damage = await broken(desk[1])
    assert ("altered", 5, 5) in damage
    assert {position for _, position, _ in damage} <= {5, 6}


async def test_removed_rows_are_named(desk, file):
    tamper(file, "DELETE FROM audit_log WHERE position IN (3, 4)")
    assert await broken(desk[1]) == [("missing", 3, 4)]


async def test_the_first_row_removed_is_named(desk, file):
    tamper(file, "DELETE FROM audit_log WHERE position = 1")
    assert await broken(desk[1]) == [("missing", 1, 1)]


async def test_rows_that_changed_places_are_named(desk, file):
    tamper(
        file,
        "UPDATE audit_log SET position = 99 WHERE position = 3",
        "UPDATE audit_log SET position = 3 WHERE position = 4",
        "UPDATE audit_log SET position = 4 WHERE position = 99",
    )
    damage = await broken(desk[1])
    assert ("altered", 3, 3) in damage
    assert ("altered", 4, 4) in damage


async def test_a_row_put_in_is_named(desk, file):
    columns = "at, actor_kind, actor_id, actor_name, action, about, details, previous, hash"
    tamper(
        file,
        "UPDATE audit_log SET position = -position WHERE position > 4",
        "UPDATE audit_log SET position = 1 - position WHERE position < 0",
        f"INSERT INTO audit_log (position, {columns}) SELECT 5, {columns} FROM audit_log WHERE position = 2",
    )
    damage = await broken(desk[1])
    assert ("altered", 5, 5) in damage


async def test_a_whole_row_forged_with_its_hash_does_not_fit_its_neighbour(desk, file):
    log, checking, store, _ = desk
    forged = (await store.audit.page(1))[0]
    tamper(file, "DELETE FROM audit_log WHERE position = 8")
    tamper(
        file,
        "UPDATE audit_chain SET position = 7, hash = (SELECT hash FROM audit_log WHERE position = 7)",
    )
    await log.note(HONG, "user.erased")
    assert await broken(checking) == []
    assert await broken(checking, AuditHead(8, forged.hash)) == [("not_the_head", 8, 8)]


async def test_a_tail_that_was_cut_off_is_found_by_the_row_of_the_chain(desk, file):
    tamper(file, "DELETE FROM audit_log WHERE position > 6")
    assert await broken(desk[1]) == [("cut", 7, 8)]


async def test_a_tail_that_was_cut_off_with_its_chain_is_found_by_the_head_that_was_kept(desk, file):
    _, checking, _, _ = desk
    head = (await checking.verify()).head
    tamper(
        file,
        "DELETE FROM audit_log WHERE position > 6",
        "UPDATE audit_chain SET position = 6, hash = (SELECT hash FROM audit_log WHERE position = 6)",
    )
    assert await broken(checking) == []
    assert await broken(checking, head) == [("cut", 7, 8)]


async def test_an_earlier_head_is_still_on_the_chain(desk):
    log, checking, _, _ = desk
    head = (await checking.verify()).head
    await log.note(HONG, "user.erased")
    assert await broken(checking, head) == []
    assert await broken(checking, AuditHead(3, head.hash)) == [("not_the_head", 3, 3)]


async def test_an_action_that_cannot_be_noted_is_not_done(file):
    clock = FrozenClock()
    store = await open_store(f"sqlite:///{file}", clock=clock)
    tamper(file, "CREATE TRIGGER full BEFORE INSERT ON audit_log BEGIN SELECT RAISE(ABORT, 'full'); END")
    with pytest.raises(Exception, match="IntegrityError"):
        await ClientsAdmin(store, clock).add("backend", ("introspect",), by=HONG)
    assert await store.keys.services() == []
    await store.aclose()
    with pytest.raises(StorageUnavailableError):
        await ClientsAdmin(store, clock).add("backend", ("introspect",), by=HONG)


async def test_an_action_that_fails_is_noted_twice(desk):
    log, _, store, clock = desk
    admin = ClientsAdmin(store, clock)
    await admin.add("backend", ("introspect",), by=HONG)
    with pytest.raises(TakenError):
        await admin.add("backend", ("introspect",), by=HONG)
    told = [(e.action, e.details.get("error")) for e in await log.page(3)]
    assert told == [
        ("service_key.added_failed", "TakenError"),
        ("service_key.added", None),
        ("service_key.added", None),
    ]


async def test_what_people_give_cannot_spoil_a_terminal_or_the_database(desk):
    log, checking, _, _ = desk
    await log.note(Actor("cli", "x" * 500, "a\x1b[2J\x00b\ud800"), "app.added", "y" * 500, slug="z" * 900)
    (entry,) = await log.page(1)
    assert entry.actor_name == "a\N{REPLACEMENT CHARACTER}[2J" + "\N{REPLACEMENT CHARACTER}b" + (
        "\N{REPLACEMENT CHARACTER}"
    )
    assert (len(entry.actor_id), len(entry.about or ""), len(entry.details["slug"])) == (80, 200, 500)
    assert await broken(checking) == []


async def test_old_rows_leave_only_after_their_export_and_leave_an_anchor(desk):
    log, checking, _, clock = desk
    exported = [entry async for entry in log.everything()]
    fourth = exported[4].at
    with pytest.raises(AuditInvalidError, match="days"):
        await checking.prune(fourth, exported, HONG)
    clock.advance(KEPT_DAYS * DAY / 1_000)
    with pytest.raises(AuditInvalidError, match="row 3"):
        await checking.prune(fourth, [*exported[:2], *exported[3:]], HONG)
    assert await checking.prune(fourth, exported, HONG) == 4
    verdict = await checking.verify(AuditHead(4, bytes.fromhex(exported[3].hash)))
    assert (verdict.first, verdict.rows, verdict.broken) == (5, 5, [])
    (noted,) = await log.page(1)
    assert (noted.action, noted.details["through"], noted.details["hash"]) == (
        "audit.pruned",
        "4",
        exported[3].hash,
    )


async def test_a_broken_log_is_not_pruned(desk, file):
    log, checking, _, clock = desk
    clock.advance(2 * KEPT_DAYS * DAY / 1_000)
    tamper(file, "UPDATE audit_log SET about = 'x' WHERE position = 7")
    exported = [entry async for entry in log.everything()]
    with pytest.raises(AuditInvalidError, match="broken"):
        await checking.prune(exported[3].at, exported, HONG)


CHILD = """
import asyncio, sys
from lingpai.admin.audit import AuditLog
from lingpai.clock import SystemClock
from lingpai.model import Actor
from lingpai.storage import open_store

async def main():
    store = await open_store(sys.argv[1], clock=SystemClock())
    log = AuditLog(store, SystemClock())
    async def write(n):
        while True:
            row = await log.note(Actor("cli", "root", sys.argv[2]), "app.added", f"writer {n}")
            print(row.position, row.hash.hex(), flush=True)
    await asyncio.gather(*(write(n) for n in range(8)))
asyncio.run(main())
"""


def lines_of(child):
    assert child.stdout is not None
    return child.stdout


@pytest.mark.kills
@pytest.mark.timeout(60 + 5 * KILLS)
def test_two_processes_killed_while_writing_leave_one_whole_chain(file):
    url, chance = f"sqlite:///{file}", random.Random(7)
    acknowledged: dict[str, str] = {}
    for _ in range(KILLS):
        children = [
            subprocess.Popen([sys.executable, "-c", CHILD, url, name], stdout=subprocess.PIPE, text=True)
            for name in ("one", "two")
        ]
        lines = [lines_of(child).readline() for child in children for _ in range(chance.randint(1, 60))]
        for child in children:
            child.kill()
        for child in children:
            lines += child.communicate()[0].splitlines(keepends=True)
        acknowledged |= dict(line.split() for line in lines if line.endswith("\n"))
    verdict, rows = asyncio.run(_looked_at(url))
    assert verdict.broken == []
    assert len(acknowledged) >= 2 * KILLS
    assert acknowledged.items() <= rows.items()


async def _looked_at(url):
    """What `verify` says, and the hash of every row by its position."""
    store = await open_store(url, clock=SystemClock())
    checking = AuditChecking(store, AuditLog(store, SystemClock()), SystemClock())
    verdict = await checking.verify()
    rows = {str(row.position): row.hash.hex() for row in await store.audit.after(0, 100_000)}
    await store.aclose()
    return verdict, rows
