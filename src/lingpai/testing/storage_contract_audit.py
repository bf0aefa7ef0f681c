"""The promise about the audit log: one chain, whoever writes; nothing changes, old rows leave from the front."""
# ruff: noqa: S101, PLR2004 - a contract states its promises with assert, its figures where they are checked

import asyncio

import pytest
from msgspec.structs import replace

from lingpai.model import GENESIS, Actor, AuditHead, AuditRow, chain_hash
from lingpai.storage import Store, UnfitError
from lingpai.testing.storage_contract_samples import digest
from lingpai.testing.storage_contract_samples_operators import audit_entry

START = AuditHead(0, GENESIS)


def follows(rows: list[AuditRow], after: AuditHead = START) -> bool:
    """Whether every row, oldest first, follows the one before it."""
    position, previous = after.position, after.hash
    for row in rows:
        if (row.position, row.previous) != (position + 1, previous):
            return False
        if row.hash != chain_hash(row.previous, row.position, row.entry):
            return False
        position, previous = row.position, row.hash
    return True


class AuditContract:
    async def test_an_empty_audit_log_begins_at_the_genesis(self, store: Store) -> None:
        chain = await store.audit.chain()
        assert chain.anchor == chain.head == START
        assert await store.audit.page(10) == []
        assert await store.audit.after(0, 10) == []

    async def test_an_audit_entry_is_read_back_as_it_was_written(self, store: Store) -> None:
        row = await store.audit.append(audit_entry(1))
        assert row.entry == audit_entry(1)
        assert await store.audit.page(10) == [row]
        assert (await store.audit.chain()).head == AuditHead(row.position, row.hash)
        bare = replace(audit_entry(2), about=None, details={})
        second = await store.audit.append(bare)
        assert (await store.audit.page(1))[0].entry == bare
        assert follows([row, second])

    async def test_200_writers_make_one_chain(self, store: Store) -> None:
        written = await asyncio.gather(*(store.audit.append(audit_entry(n)) for n in range(200)))
        rows = await store.audit.after(0, 300)
        assert len(rows) == 200
        assert follows(rows)
        assert sorted(written, key=lambda row: row.position) == rows
        assert {row.entry.about for row in rows} == {audit_entry(n).about for n in range(200)}

    async def test_pages_of_the_audit_log_meet_without_a_gap(self, store: Store) -> None:
        for n in range(5):
            await store.audit.append(audit_entry(n))
        newest = await store.audit.page(2)
        older = await store.audit.page(2, before=newest[-1].position)
        assert [row.position for row in newest + older] == [5, 4, 3, 2]
        assert [row.position for row in await store.audit.after(3, 10)] == [4, 5]
        assert [row.position for row in await store.audit.after(1, 2)] == [2, 3]

    async def test_what_is_pruned_leaves_its_hash_as_the_anchor(self, store: Store) -> None:
        rows = [await store.audit.append(audit_entry(n)) for n in range(5)]
        to = AuditHead(3, rows[2].hash)
        assert await store.audit.prune(to, 2) == 2
        assert (await store.audit.chain()).anchor == AuditHead(2, rows[1].hash)
        assert await store.audit.prune(to, 2) == 1
        assert await store.audit.prune(to, 2) == 0
        assert (await store.audit.chain()).anchor == to
        rest = [*await store.audit.after(0, 10), await store.audit.append(audit_entry(9))]
        assert [row.position for row in rest] == [4, 5, 6]
        assert follows(rest, to)

    async def test_nothing_is_pruned_to_a_row_of_another_hash(self, store: Store) -> None:
        for n in range(3):
            await store.audit.append(audit_entry(n))
        assert await store.audit.prune(AuditHead(2, digest("another")), 10) == 0
        assert await store.audit.prune(AuditHead(9, digest("another")), 10) == 0
        assert len(await store.audit.page(10)) == 3

    async def test_a_chain_that_was_pruned_whole_goes_on(self, store: Store) -> None:
        row = await store.audit.append(audit_entry(1))
        last = AuditHead(row.position, row.hash)
        assert await store.audit.prune(last, 10) == 1
        assert (await store.audit.chain()).head == last
        assert follows([await store.audit.append(audit_entry(2))], last)

    async def test_an_audit_entry_that_no_database_holds_spoils_no_chain(self, store: Store) -> None:
        unfit = replace(audit_entry(1), actor=Actor("cli", "root", "\ud800"))
        answers = await asyncio.gather(
            *(store.audit.append(unfit if n == 3 else audit_entry(n)) for n in range(8)),
            return_exceptions=True,
        )
        assert [n for n, answer in enumerate(answers) if isinstance(answer, UnfitError)] == [3]
        rows = await store.audit.after(0, 20)
        assert len(rows) == 7
        assert follows(rows)
        with pytest.raises(UnfitError):
            await store.audit.append(unfit)
