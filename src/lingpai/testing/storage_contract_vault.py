"""The promise about data keys, the master keys they are wrapped under, and the nodes that hold them."""
# ruff: noqa: S101 - a contract states its promises with assert

import asyncio

import pytest
from msgspec.structs import replace

from lingpai.model import SealingKey
from lingpai.storage import Store, TakenError
from lingpai.testing.storage_contract_samples import (
    START,
    key_wrap,
    sealing_key,
    vault_node,
    wraps_of,
)

_HOUR = 3_600_000


async def _one_key(store: Store) -> SealingKey:
    """A data key that seals, wrapped under the first master key."""
    await store.keys.add_sealing(sealing_key(1))
    await store.vault.complete(wraps_of(sealing_key(1)), {})
    return sealing_key(1)


def _published(n: int) -> SealingKey:
    return sealing_key(n, active_at=None, wrapped=b"")


class VaultContract:
    async def test_a_data_key_without_anything_but_itself_reads_back_equal(self, store: Store) -> None:
        await store.keys.add_sealing(sealing_key(1, active_at=None, canary=None))
        assert await store.vault.read() == ([sealing_key(1, active_at=None, canary=None)], [])

    async def test_what_is_missing_is_added_and_what_is_there_stays(self, store: Store) -> None:
        await store.keys.add_sealing(sealing_key(1, canary=None))
        await store.keys.add_sealing(sealing_key(2))
        await store.vault.complete([key_wrap("00000001")], {sealing_key(1).id: b"first"})
        other = replace(key_wrap("00000001"), wrapped=b"other")
        await store.vault.complete([other, key_wrap("fingerprint")], {sealing_key(2).id: b"second"})
        keys, wraps = await store.vault.read()
        assert keys == [sealing_key(1, canary=b"first"), sealing_key(2)]
        assert wraps == [key_wrap("00000001"), key_wrap("fingerprint")]

    async def test_32_nodes_that_complete_at_once_add_each_wrap_once(self, store: Store) -> None:
        await store.keys.add_sealing(sealing_key(1))
        await asyncio.gather(*(store.vault.complete(wraps_of(sealing_key(1)), {}) for _ in range(32)))
        assert (await store.vault.read())[1] == wraps_of(sealing_key(1))

    async def test_a_published_key_does_not_seal_until_it_is_activated(self, store: Store) -> None:
        first = await _one_key(store)
        assert await store.vault.publish(_published(2), [key_wrap("00000002")])
        assert (await store.vault.read())[0] == [first, _published(2)]
        assert await store.vault.activate(_published(2).id, START + 50)
        assert not await store.vault.activate(_published(2).id, START + 60)
        keys, wraps = await store.vault.read()
        assert [key.active_at for key in keys] == [first.active_at, START + 50]
        assert [wrap.name for wrap in wraps] == ["00000001", "00000002", "fingerprint"]

    async def test_a_later_activation_counts_as_later_whatever_the_clock_says(self, store: Store) -> None:
        first = await _one_key(store)
        await store.vault.publish(_published(2), [key_wrap("00000002")])
        assert await store.vault.activate(_published(2).id, START - _HOUR)
        assert (await store.vault.read())[0][1].active_at == (first.active_at or 0) + 1

    async def test_of_16_keys_that_are_published_at_once_one_is(self, store: Store) -> None:
        await _one_key(store)
        answers = await asyncio.gather(
            *(store.vault.publish(_published(n), [key_wrap(f"{n:08x}")]) for n in range(2, 18))
        )
        assert sum(answers) == 1
        assert [key.active_at is None for key in (await store.vault.read())[0]] == [False, True]

    async def test_a_key_is_published_only_under_every_master_key_on_record(self, store: Store) -> None:
        await _one_key(store)
        await store.vault.rewrap(wraps_of(sealing_key(1), master=2))
        assert not await store.vault.publish(_published(2), [key_wrap("00000002", 1)])
        assert not await store.vault.publish(_published(2), [key_wrap("00000002", n) for n in (1, 2, 3)])
        assert await store.vault.publish(_published(2), [key_wrap("00000002", n) for n in (1, 2)])

    async def test_the_id_of_a_data_key_is_taken_once(self, store: Store) -> None:
        await _one_key(store)
        with pytest.raises(TakenError):
            await store.vault.publish(_published(1), [key_wrap("00000001")])
        assert await store.vault.read() == ([sealing_key(1)], wraps_of(sealing_key(1)))

    async def test_only_a_key_that_sealed_formerly_is_dropped(self, store: Store) -> None:
        first = await _one_key(store)
        assert not await store.vault.drop(first.id)
        await store.vault.publish(_published(2), [key_wrap("00000002")])
        assert not await store.vault.drop(first.id)
        assert not await store.vault.drop(_published(2).id)
        await store.vault.activate(_published(2).id, START + 50)
        assert await store.vault.drop(first.id)
        assert not await store.vault.drop(first.id)
        keys, wraps = await store.vault.read()
        assert [key.id for key in keys] == [_published(2).id]
        assert wraps == [key_wrap("00000002"), key_wrap("fingerprint")]

    async def test_a_further_master_key_wraps_every_key_or_none(self, store: Store) -> None:
        first = await _one_key(store)
        assert not await store.vault.rewrap([key_wrap("00000001", 2)])
        assert await store.vault.rewrap(wraps_of(first, master=2))
        assert await store.vault.rewrap(wraps_of(first, master=2))
        _, wraps = await store.vault.read()
        assert wraps == sorted(
            wraps_of(first) + wraps_of(first, master=2), key=lambda wrap: (wrap.name, wrap.master)
        )

    async def test_master_keys_are_forgotten_only_for_one_that_opens_everything(self, store: Store) -> None:
        first = await _one_key(store)
        assert await store.vault.forget_masters("0" * 15 + "2") is None
        await store.vault.rewrap(wraps_of(first, master=2))
        assert await store.vault.forget_masters("0" * 15 + "2") == 1
        assert await store.vault.forget_masters("0" * 15 + "2") == 0
        assert await store.vault.read() == ([replace(first, wrapped=b"")], wraps_of(first, master=2))

    async def test_a_node_is_on_record_with_what_it_said_last(self, store: Store) -> None:
        await store.vault.see(vault_node(2))
        await store.vault.see(vault_node(1))
        await store.vault.see(vault_node(2, known=("aa", "bb"), sealing="bb"))
        seen = await store.vault.nodes(_HOUR)
        assert [replace(node, seen_at=0) for node in seen] == [
            vault_node(1, seen_at=0),
            vault_node(2, known=("aa", "bb"), sealing="bb", seen_at=0),
        ]
        assert all(node.seen_at > START for node in seen)
        await store.vault.leave("node-1")
        assert [node.node for node in await store.vault.nodes(_HOUR)] == ["node-2"]

    async def test_a_node_that_was_seen_before_that_is_not_listed(self, store: Store) -> None:
        await store.vault.see(vault_node(1))
        assert await store.vault.nodes(-_HOUR) == []
