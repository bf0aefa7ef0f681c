"""The promise about operators: what is used once is used once, what is taken away is gone everywhere."""
# ruff: noqa: S101, PLR2004 - a contract states its promises with assert, its figures where they are checked

import asyncio

import pytest
from msgspec.structs import replace

from lingpai.model import Operator, Tries
from lingpai.storage import Store, TakenError
from lingpai.testing.storage_contract_samples import START, digest
from lingpai.testing.storage_contract_samples_operators import (
    operator,
    operator_key,
    operator_session,
    passkey,
    step,
)

ONE, TWO = "opr_00000001", "opr_00000002"
WINDOW = 900_000


async def equipped(store: Store) -> Operator:
    """Operator 1, with one of everything."""
    await store.operators.add(operator(1))
    await store.operators.put_codes(ONE, [digest("code 1"), digest("code 2")])
    await store.operators.add_passkey(passkey(1))
    await store.operator_sessions.add(operator_session(1))
    await store.operator_sessions.put_step(replace(step(1), used_at=None))
    await store.operator_sessions.add_key(replace(operator_key(1), revoked_at=None))
    return operator(1)


async def ways_in(store: Store) -> list[object]:
    """What is left of operator 1's ways in."""
    keys = await store.operator_sessions.keys(ONE)
    return [
        *await store.operators.passkeys(ONE),
        *await store.operator_sessions.of_operator(ONE),
        *[key for key in keys if key.revoked_at is None],
        *([1] if await store.operators.codes_left(ONE) else []),
        *([1] if await store.operator_sessions.step(step(1).digest) else []),
    ]


class OperatorContract:
    async def test_an_operator_is_read_back_as_written(self, store: Store) -> None:
        await store.operators.add(operator(2))
        await store.operators.add(operator(1))
        assert await store.operators.get(ONE) == operator(1)
        assert await store.operators.by_name(operator(2).name) == operator(2)
        assert await store.operators.all() == [operator(1), operator(2)]
        assert await store.operators.get("opr_nobody") is None
        assert await store.operators.by_name("小红") is None
        with pytest.raises(TakenError, match="name"):
            await store.operators.add(replace(operator(3), name=operator(1).name))

    async def test_what_an_operator_is_changes(self, store: Store) -> None:
        await equipped(store)
        assert await store.operators.put_roles(ONE, ("viewer",))
        assert await store.operators.put_roles(ONE, ("viewer",))
        assert await store.operators.put_password(ONE, "$argon2id$new", b"new seed", 7)
        assert await store.operators.put_disabled(ONE, None)
        found = await store.operators.get(ONE)
        assert found == replace(
            operator(1),
            roles=("viewer",),
            password_hash="$argon2id$new",  # noqa: S106 - a sample
            totp_sealed=b"new seed",
            totp_step=7,
            disabled_at=None,
        )
        assert await store.operator_sessions.of_operator(ONE) != []
        assert not await store.operators.put_roles("opr_nobody", ("viewer",))
        assert not await store.operators.put_disabled("opr_nobody", 1)

    async def test_disabling_an_operator_ends_the_sessions(self, store: Store) -> None:
        await equipped(store)
        assert await store.operators.put_disabled(ONE, START)
        assert await store.operator_sessions.of_operator(ONE) == []

    async def test_of_200_callers_one_uses_a_totp_step(self, store: Store) -> None:
        await store.operators.add(replace(operator(1), totp_step=5))
        used = await asyncio.gather(*(store.operators.use_totp(ONE, 6) for _ in range(200)))
        assert sum(used) == 1
        assert not await store.operators.use_totp(ONE, 5)
        assert await store.operators.use_totp(ONE, 7)
        assert not await store.operators.use_totp("opr_nobody", 7)

    async def test_of_200_callers_one_uses_a_recovery_code(self, store: Store) -> None:
        await equipped(store)
        used = await asyncio.gather(*(store.operators.use_code(ONE, digest("code 1")) for _ in range(200)))
        assert sum(used) == 1
        assert await store.operators.codes_left(ONE) == 1
        await store.operators.add(operator(2))
        assert not await store.operators.use_code(TWO, digest("code 2"))
        await store.operators.put_codes(ONE, [digest("code 3")])
        assert not await store.operators.use_code(ONE, digest("code 2"))

    async def test_a_passkey_is_read_back_used_and_removed(self, store: Store) -> None:
        await equipped(store)
        await store.operators.add_passkey(passkey(2))
        assert await store.operators.passkeys(ONE) == [passkey(1), passkey(2)]
        assert await store.operators.passkey(passkey(1).id) == passkey(1)
        assert await store.operators.use_passkey(passkey(1).id, 8, 9, START)
        assert not await store.operators.use_passkey(passkey(1).id, 8, 10, START)
        assert not await store.operators.remove_passkey(TWO, passkey(1).id)
        assert await store.operators.remove_passkey(ONE, passkey(1).id)
        assert await store.operators.passkey(passkey(1).id) is None
        with pytest.raises(TakenError):
            await store.operators.add_passkey(passkey(2))

    async def test_a_reset_takes_every_way_in(self, store: Store) -> None:
        await equipped(store)
        assert await store.operators.reset(ONE, START + 500)
        assert await ways_in(store) == []
        found = await store.operators.get(ONE)
        assert found is not None
        assert (found.password_hash, found.totp_sealed) == (None, None)
        assert [key.revoked_at for key in await store.operator_sessions.keys(ONE)] == [START + 500]
        assert not await store.operators.reset("opr_nobody", START)

    async def test_a_removed_operator_leaves_nothing(self, store: Store) -> None:
        await equipped(store)
        await store.operators.add(operator(2))
        assert await store.operators.remove(ONE)
        assert not await store.operators.remove(ONE)
        assert await ways_in(store) == []
        assert await store.operator_sessions.keys() == []
        assert await store.operators.all() == [operator(2)]


class OperatorSessionContract:
    async def test_an_operators_session_is_read_back_touched_and_ended(self, store: Store) -> None:
        await store.operators.add(operator(1))
        for n in (1, 2, 3):
            await store.operator_sessions.add(operator_session(n))
        newest = [session.id for session in await store.operator_sessions.of_operator(ONE)]
        assert newest == ["ops_00000003", "ops_00000002", "ops_00000001"]
        one = operator_session(1)
        assert await store.operator_sessions.get(one.digest) == one
        await store.operator_sessions.touch(one.digest, START + 77)
        assert await store.operator_sessions.get(one.digest) == replace(one, seen_at=START + 77)
        assert not await store.operator_sessions.end(TWO, one.id)
        assert await store.operator_sessions.end(ONE, one.id)
        assert not await store.operator_sessions.end(ONE, one.id)
        assert await store.operator_sessions.end_all(ONE, but=operator_session(2).digest) == 1
        assert await store.operator_sessions.end_all(ONE) == 1
        with pytest.raises(TakenError):
            await asyncio.gather(*(store.operator_sessions.add(one) for _ in range(2)))

    async def test_of_200_callers_one_replaces_a_session(self, store: Store) -> None:
        await store.operators.add(operator(1))
        await store.operator_sessions.add(operator_session(300))
        replaced = await asyncio.gather(
            *(
                store.operator_sessions.replace(operator_session(300).digest, operator_session(n))
                for n in range(1, 201)
            )
        )
        assert sum(replaced) == 1
        assert len(await store.operator_sessions.of_operator(ONE)) == 1

    async def test_of_200_callers_one_takes_a_step(self, store: Store) -> None:
        one = replace(step(1), used_at=None)
        await store.operator_sessions.put_step(one)
        assert await store.operator_sessions.step(one.digest) == one
        assert not await store.operator_sessions.take_step(one.digest, one.expires_at)
        took = await asyncio.gather(
            *(store.operator_sessions.take_step(one.digest, START) for _ in range(200))
        )
        assert sum(took) == 1
        assert not await store.operator_sessions.take_step(digest("nothing"), START)
        await store.operator_sessions.put_step(step(2))
        assert await store.operator_sessions.step(step(2).digest) == step(2)
        bare = replace(step(3), operator_id=None, challenge=None)
        await store.operator_sessions.put_step(bare)
        assert await store.operator_sessions.step(bare.digest) == bare

    async def test_a_key_of_an_operator_is_read_back_noted_and_revoked(self, store: Store) -> None:
        for n in (1, 2):
            await store.operators.add(operator(n))
        await store.operator_sessions.add_key(operator_key(1))
        two = replace(operator_key(2, 2), revoked_at=None, last_used_at=None)
        await store.operator_sessions.add_key(two)
        await store.operator_sessions.add_key(replace(operator_key(3, 2), name="ci-1"))
        assert await store.operator_sessions.key(operator_key(1).digest) == operator_key(1)
        assert await store.operator_sessions.key(digest("nothing")) is None
        assert [key.name for key in await store.operator_sessions.keys(TWO)] == ["ci-2", "ci-1"]
        assert len(await store.operator_sessions.keys()) == 3
        await store.operator_sessions.note_key(two.id, START + 9)
        await store.operator_sessions.note_key(two.id, START + 8)
        assert await store.operator_sessions.key(two.digest) == replace(two, last_used_at=START + 9)
        assert await store.operator_sessions.revoke_key(TWO, "ci-2", START + 5)
        assert not await store.operator_sessions.revoke_key(TWO, "ci-2", START + 6)
        assert not await store.operator_sessions.revoke_key(ONE, "ci-2", START + 6)
        with pytest.raises(TakenError, match="name"):
            await store.operator_sessions.add_key(replace(operator_key(4), name="ci-1"))

    async def test_of_200_tries_five_are_granted_within_a_window(self, store: Store) -> None:
        sessions = store.operator_sessions
        given = await asyncio.gather(
            *(sessions.draw_try([f"address {n % 100}", "name"], 5, WINDOW, START + n) for n in range(200))
        )
        assert sum(given) == 5
        assert not await sessions.draw_try(["another", "name"], 5, WINDOW, START + 500)
        assert await sessions.tries("another") is None
        assert await sessions.draw_try(["name"], 5, WINDOW, START + 200 + WINDOW)
        found = await sessions.tries("name")
        assert found == Tries(1, START + 200 + WINDOW)

    async def test_a_try_is_given_back_or_forgiven(self, store: Store) -> None:
        sessions = store.operator_sessions
        for _ in range(3):
            await sessions.draw_try(["name", "address"], 5, WINDOW, START)
        await sessions.give_back(["address", "nobody"])
        await sessions.forgive("name")
        assert await sessions.tries("address") == Tries(2, START)
        assert await sessions.tries("name") is None
        assert await sessions.tries("nobody") is None

    async def test_what_is_past_is_swept(self, store: Store) -> None:
        await store.operators.add(operator(1))
        for n in (1, 2):
            await store.operator_sessions.put_step(step(n))
            await store.operator_sessions.add(operator_session(n))
            await store.operator_sessions.draw_try([f"name {n}"], 5, WINDOW, START + n * 1_000)
        assert await store.operator_sessions.sweep(START, START) == 0
        assert await store.operator_sessions.sweep(START + 2_000, START + 2) == 3
        assert [s.id for s in await store.operator_sessions.of_operator(ONE)] == ["ops_00000002"]
