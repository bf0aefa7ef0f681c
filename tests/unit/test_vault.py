"""Data keys are opened with either master key, follow their rotation, and are tested at every start."""

import pytest
from msgspec.structs import replace

from lingpai.admin.sealing import MasterKeysError, SealingAdmin
from lingpai.keeper import MasterKeyWrongError, Vault, master_id, open_vault
from lingpai.model import SealingKey
from lingpai.secret import SealBrokenError, Sealer, UnknownKeyError
from lingpai.storage import open_store
from lingpai.testing.actors import TESTER
from lingpai.testing.clock import FrozenClock

OLD, NEW, OTHER = bytes(range(32)), bytes(range(32, 64)), bytes(range(64, 96))
FIRST_DATA_KEY, FIRST_ID = bytes(range(96, 128)), b"frst"


@pytest.fixture
def clock():
    return FrozenClock()


@pytest.fixture
async def store(clock):
    store = await open_store("memory:", clock=clock)
    yield store
    await store.aclose()


@pytest.fixture(autouse=True)
def nothing_in_flight(monkeypatch):
    monkeypatch.setattr("lingpai.admin.sealing._IN_FLIGHT", 0.0)
    monkeypatch.setattr("lingpai.admin.sealing._LOOK_EVERY", 0.0)


async def rotated(store, vault, clock):
    admin = SealingAdmin(store, vault, clock)
    return await admin.rotate(by=TESTER, on_progress=lambda _done, _total: None)


async def as_the_first_releases_made_it(store, clock):
    """A data key as it was wrapped before there were wraps."""
    wrapped = Sealer({b"mstr": OLD}, b"mstr").seal(FIRST_DATA_KEY, f"sealing_keys|wrapped|{FIRST_ID.hex()}")
    now = clock.now()
    await store.keys.add_sealing(
        SealingKey(id=FIRST_ID, wrapped=wrapped, created_at=now, active_at=now), only_first=True
    )
    return Sealer({FIRST_ID: FIRST_DATA_KEY}, FIRST_ID)


async def test_what_the_first_releases_sealed_opens_and_no_fingerprint_changes_ever(store, clock):
    before = await as_the_first_releases_made_it(store, clock)
    vault = Vault(store, (OLD,), clock)
    sealer = await vault.open()
    assert sealer.open(before.seal(b"x", "row"), "row") == b"x"
    assert sealer.fingerprint(b"13800000000") == before.fingerprint(b"13800000000")
    done = await rotated(store, vault, clock)
    assert done.dropped == [FIRST_ID.hex()]
    later = await open_vault(store, OLD, clock)
    assert later.fingerprint(b"13800000000") == before.fingerprint(b"13800000000")
    with pytest.raises(UnknownKeyError):
        later.open(before.seal(b"x", "row"), "row")


async def test_the_former_wrap_of_the_first_releases_goes_with_its_master_key(store, clock):
    await as_the_first_releases_made_it(store, clock)
    vault = Vault(store, (OLD,), clock)
    await vault.open()
    await SealingAdmin(store, vault, clock).wrap_under(NEW, by=TESTER)
    new = Vault(store, (NEW,), clock)
    await new.open()
    await SealingAdmin(store, new, clock).forget_former(by=TESTER)
    assert [key.wrapped for key in (await store.vault.read())[0]] == [b""]
    with pytest.raises(MasterKeyWrongError):
        await open_vault(store, OLD, clock)


@pytest.mark.parametrize("masters", [(OLD,), (NEW,), (NEW, OLD), (OTHER, OLD)])
async def test_while_the_master_key_changes_either_opens_the_same(store, clock, masters):
    vault = Vault(store, (OLD,), clock)
    sealed = (await vault.open()).seal(b"x", "row")
    await SealingAdmin(store, vault, clock).wrap_under(NEW, by=TESTER)
    assert (await open_vault(store, masters, clock)).open(sealed, "row") == b"x"


async def test_a_key_that_was_never_wrapped_for_it_opens_nothing(store, clock):
    await open_vault(store, OLD, clock)
    with pytest.raises(MasterKeyWrongError):
        await open_vault(store, OTHER, clock)
    vault = Vault(store, (OLD,), clock)
    await vault.open()
    with pytest.raises(MasterKeysError):
        await SealingAdmin(store, vault, clock).wrap_under(OLD, by=TESTER)


async def test_a_canary_that_does_not_open_keeps_the_server_from_starting(store, clock):
    await open_vault(store, OLD, clock)
    (key_id,) = store._tables.sealing
    store._tables.sealing[key_id] = replace(
        store._tables.sealing[key_id], canary=b"\x01" + key_id + bytes(40)
    )
    with pytest.raises(SealBrokenError):
        await open_vault(store, OLD, clock)


async def test_a_wrap_moved_to_another_key_or_master_does_not_open(store, clock):
    vault = Vault(store, (OLD,), clock)
    await vault.open()
    (name, master), wrap = next(iter(store._tables.wraps.items()))
    other = "fingerprint" if name != "fingerprint" else (await store.vault.read())[0][0].id.hex()
    store._tables.wraps[other, master] = replace(wrap, name=other)
    with pytest.raises(MasterKeyWrongError):
        await open_vault(store, OLD, clock)


async def test_a_value_under_a_key_not_met_yet_is_read_through(store, clock):
    one, other = Vault(store, (OLD,), clock), Vault(store, (OLD,), clock)
    theirs = await other.open()
    await one.open()
    await rotated(store, one, clock)
    sealed = one.sealer.seal(b"x", "row")
    with pytest.raises(UnknownKeyError):
        theirs.open(sealed, "row")
    await theirs.prepare(None, sealed)
    assert theirs.open(sealed, "row") == b"x"
    assert theirs.current == one.sealer.current


async def test_a_node_is_told_of_with_what_it_holds_until_it_leaves(store, clock):
    vault = Vault(store, (OLD,), clock, node="node-1")
    sealer = await vault.open()
    (seen,) = await store.vault.nodes(1_000)
    assert (seen.master, seen.sealing) == (master_id(OLD), sealer.current.hex())
    await vault.aclose()
    assert await store.vault.nodes(1_000) == []


def test_the_name_of_a_master_key_says_nothing_about_it():
    assert len(master_id(OLD)) == 16
    assert master_id(OLD) != master_id(NEW)
    assert bytes.fromhex(master_id(OLD)) not in OLD
