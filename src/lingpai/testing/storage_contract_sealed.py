"""The promise about everything that is sealed, and about the states of an AppSecret."""
# ruff: noqa: S101 - a contract states its promises with assert

import asyncio

import pytest
from msgspec.structs import replace

from lingpai.model import SEALED, PushSettings, SealedValue
from lingpai.storage import Store
from lingpai.testing.storage_contract_push import event
from lingpai.testing.storage_contract_samples import (
    START,
    app,
    brought,
    claim,
    login,
    phone,
    secret,
    session_key,
    signing_key,
    user_token,
)
from lingpai.testing.storage_contract_samples_operators import operator
from lingpai.testing.storage_contract_webhooks import notice, webhook


async def _something_sealed(store: Store) -> None:
    """At least one value in every sealed column."""
    await store.keys.add_signing(signing_key(1))
    await store.operators.add(operator(1))
    await store.apps.add(app(1), secret(1))
    await store.apps.put_secret(secret(1, 2, state="candidate"))
    await store.access_tokens.claim(claim(1))
    await store.access_tokens.keep(brought(1))
    await store.browser_logins.put_user_token(user_token(1))
    for n in (1, 2):
        await store.logins.commit(login(n))
    await store.users.put_phone(phone(1, user_id="usr_00000001"))
    await store.pushes.put_settings(PushSettings(appid=app(1).appid, sealed=b"sealed keys", changed_at=START))
    await store.pushes.put(event(1))
    await store.webhooks.add(webhook(1))
    await store.webhooks.tell([notice(1)])
    for n in (5, 6):
        await store.sessions.push_session_key(login(1).appid, login(1).openid, session_key(n), START + n)


async def _all(store: Store, noun: str, limit: int = 100) -> list[SealedValue]:
    values: list[SealedValue] = []
    while True:
        page = await store.vault.page(noun, values[-1] if values else None, limit)
        values += page
        if len(page) < limit:
            return values


class SealedContract:
    async def test_every_sealed_column_is_walked_and_no_value_twice(self, store: Store) -> None:
        await _something_sealed(store)
        for noun in SEALED:
            whole = await _all(store, noun)
            assert whole, noun
            assert len({value.key for value in whole}) == len(whole)
            assert await _all(store, noun, limit=1) == whole
        owners = [value.key[1] for value in await _all(store, "session_keys")]
        assert owners == [login(1).openid] * 3 + [login(2).openid]
        assert [value.key[1] for value in await _all(store, "app_secrets")] == [1, 2]

    async def test_a_value_is_replaced_where_it_stands_and_nothing_else(self, store: Store) -> None:
        await _something_sealed(store)
        for noun in SEALED:
            before = await _all(store, noun)
            assert await store.vault.reseal([(before[0], b"sealed anew")]) == 1
            assert await _all(store, noun) == [SealedValue(noun, before[0].key, b"sealed anew"), *before[1:]]

    async def test_what_was_written_meanwhile_is_not_replaced(self, store: Store) -> None:
        await _something_sealed(store)
        for noun in SEALED:
            (old, *_) = await _all(store, noun)
            stale = replace(old, sealed=b"what a rotation had read")
            assert await store.vault.reseal([(stale, b"sealed anew")]) == 0
            assert (await _all(store, noun))[0] == old

    async def test_a_row_that_is_gone_stays_gone(self, store: Store) -> None:
        await store.apps.add(app(1), secret(1))
        (value,) = await _all(store, "app_secrets")
        await store.apps.remove(app(1).appid)
        assert await store.vault.reseal([(value, b"sealed anew")]) == 0
        assert await _all(store, "app_secrets") == []


class AppSecretContract:
    async def test_versions_of_a_secret_come_highest_first(self, store: Store) -> None:
        for n in (2, 1):
            await store.apps.add(app(n), secret(n))
        await store.apps.put_secret(secret(1, 2, state="candidate", probed_at=None, trouble=None))
        candidate = secret(1, 2, state="candidate", probed_at=None, trouble=None)
        assert await store.apps.secrets() == [candidate, secret(1), secret(2)]
        assert await store.apps.secrets(app(2).appid) == [secret(2)]

    @pytest.mark.parametrize("state", ["candidate", "previous", "refused"])
    async def test_a_version_that_is_not_current_is_not_in_force(self, store: Store, state: str) -> None:
        await store.apps.add(app(1), secret(1))
        await store.apps.put_secret(secret(1, 2, state=state))
        assert await store.apps.all() == [(app(1), secret(1))]

    async def test_states_change_together_and_what_is_left_out_is_deleted(self, store: Store) -> None:
        await store.apps.add(app(1), secret(1, 1, state="previous"))
        await store.apps.put_secret(secret(1, 2))
        await store.apps.put_secret(secret(1, 3, state="candidate"))
        third, second, _ = before = await store.apps.secrets(app(1).appid)
        after = [
            replace(third, state="current", changed_at=START + 900, probed_at=START + 800, trouble=None),
            replace(second, state="previous", changed_at=START + 900),
        ]
        assert await store.apps.change_secrets(before, after)
        assert await store.apps.secrets(app(1).appid) == after
        assert await store.apps.all() == [(app(1), after[0])]

    async def test_a_change_from_states_that_are_past_is_refused(self, store: Store) -> None:
        await store.apps.add(app(1), secret(1))
        before = await store.apps.secrets(app(1).appid)
        await store.apps.put_secret(secret(1, 2, state="candidate"))
        assert not await store.apps.change_secrets(before, [replace(before[0], state="previous")])
        assert (await store.apps.all())[0][1] == secret(1)

    async def test_of_16_changes_from_the_same_states_one_is_made(self, store: Store) -> None:
        await store.apps.add(app(1), secret(1, probed_at=None))
        before = await store.apps.secrets(app(1).appid)
        answers = await asyncio.gather(
            *(store.apps.change_secrets(before, [replace(before[0], probed_at=START + n)]) for n in range(16))
        )
        assert sum(answers) == 1
