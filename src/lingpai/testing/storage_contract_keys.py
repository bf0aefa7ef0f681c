"""The promise about apps, their AppSecrets, and keys of ours."""
# ruff: noqa: S101 - a contract states its promises with assert

import pytest

from lingpai.model import AppSettings
from lingpai.storage import Store, TakenError
from lingpai.testing.storage_contract_samples import (
    START,
    app,
    digest,
    login,
    sealing_key,
    secret,
    service_key,
    signing_key,
)


class AppContract:
    async def test_an_app_reads_back_equal_with_its_secret(self, store: Store) -> None:
        await store.apps.add(app(1), secret(1))
        assert await store.apps.all() == [(app(1), secret(1))]

    async def test_an_app_without_open_platform_reads_back_equal(self, store: Store) -> None:
        await store.apps.add(app(1, open_platform=None), secret(1))
        assert await store.apps.all() == [(app(1, open_platform=None), secret(1))]

    async def test_apps_come_oldest_first(self, store: Store) -> None:
        for n in (2, 1, 3):
            await store.apps.add(app(n), secret(n))
        assert [one.slug for one, _ in await store.apps.all()] == ["app-1", "app-2", "app-3"]

    async def test_an_appid_is_taken_once(self, store: Store) -> None:
        await store.apps.add(app(1), secret(1))
        with pytest.raises(TakenError) as caught:
            await store.apps.add(app(1, slug="other"), secret(1, 2))
        assert caught.value.what == "appid"
        assert await store.apps.all() == [(app(1), secret(1))]

    async def test_a_slug_is_taken_once_and_the_loser_leaves_no_secret(self, store: Store) -> None:
        await store.apps.add(app(1), secret(1))
        with pytest.raises(TakenError) as caught:
            await store.apps.add(app(2, slug="app-1"), secret(2))
        assert caught.value.what == "slug"
        await store.apps.add(app(2), secret(2))
        assert await store.apps.all() == [(app(1), secret(1)), (app(2), secret(2))]

    async def test_the_highest_version_of_a_secret_is_in_force(self, store: Store) -> None:
        await store.apps.add(app(1), secret(1, 1))
        assert await store.apps.put_secret(secret(1, 3))
        assert await store.apps.put_secret(secret(1, 2))
        assert await store.apps.all() == [(app(1), secret(1, 3))]

    async def test_a_version_is_taken_once(self, store: Store) -> None:
        await store.apps.add(app(1), secret(1, 1))
        with pytest.raises(TakenError) as caught:
            await store.apps.put_secret(secret(1, 1))
        assert caught.value.what == "version"

    async def test_a_secret_of_an_unknown_app_is_not_stored(self, store: Store) -> None:
        assert not await store.apps.put_secret(secret(1, 2))
        await store.apps.add(app(1), secret(1, 1))
        assert await store.apps.all() == [(app(1), secret(1, 1))]

    async def test_a_removed_app_is_gone_with_its_secrets_and_may_return(self, store: Store) -> None:
        await store.apps.add(app(1), secret(1, 1))
        await store.apps.put_secret(secret(1, 2))
        assert await store.apps.remove(app(1).appid)
        assert not await store.apps.remove(app(1).appid)
        assert await store.apps.all() == []
        await store.apps.add(app(1), secret(1, 1))
        assert await store.apps.all() == [(app(1), secret(1, 1))]

    async def test_settings_of_an_app_are_replaced_and_nothing_else(self, store: Store) -> None:
        for n in (1, 2):
            await store.apps.add(app(n), secret(n))
        assert await store.apps.put_settings(app(1).appid, AppSettings())
        assert await store.apps.all() == [(app(1, settings=AppSettings()), secret(1)), (app(2), secret(2))]

    async def test_settings_of_an_unknown_app_are_not_stored(self, store: Store) -> None:
        assert not await store.apps.put_settings(app(1).appid, AppSettings())
        assert await store.apps.all() == []

    async def test_removing_an_app_keeps_its_users_and_their_history(self, store: Store) -> None:
        await store.apps.add(app(1), secret(1))
        await store.logins.commit(login(1, appid=app(1).appid))
        await store.apps.remove(app(1).appid)
        assert await store.users.count() == 1
        assert await store.sessions.get("ses_00000001") is not None
        assert len(await store.logins.recent(9)) == 1


class KeyContract:
    async def test_a_signing_key_reads_back_equal(self, store: Store) -> None:
        await store.keys.add_signing(signing_key(1))
        assert await store.keys.signing() == [signing_key(1)]

    async def test_signing_keys_come_newest_first(self, store: Store) -> None:
        for n in (2, 1, 3):
            await store.keys.add_signing(signing_key(n, retired_at=None))
        assert [key.kid for key in await store.keys.signing()] == ["kid-3", "kid-2", "kid-1"]

    async def test_a_kid_is_taken_once(self, store: Store) -> None:
        await store.keys.add_signing(signing_key(1))
        with pytest.raises(TakenError) as caught:
            await store.keys.add_signing(signing_key(1, created_at=START))
        assert caught.value.what == "kid"

    async def test_a_signing_key_retires_once_unless_earlier(self, store: Store) -> None:
        await store.keys.add_signing(signing_key(1, retired_at=None))
        assert await store.keys.retire_signing("kid-1", START + 500)
        assert not await store.keys.retire_signing("kid-1", START + 600)
        assert await store.keys.retire_signing("kid-1", START + 400)
        assert await store.keys.signing() == [signing_key(1, retired_at=START + 400)]
        assert not await store.keys.retire_signing("kid-nobody", START)

    async def test_a_sealing_key_reads_back_equal_oldest_first(self, store: Store) -> None:
        for n in (2, 1, 3):
            assert await store.keys.add_sealing(sealing_key(n))
        assert await store.keys.sealing() == [sealing_key(1), sealing_key(2), sealing_key(3)]

    async def test_a_sealing_key_id_is_taken_once(self, store: Store) -> None:
        await store.keys.add_sealing(sealing_key(1))
        with pytest.raises(TakenError) as caught:
            await store.keys.add_sealing(sealing_key(1))
        assert caught.value.what == "id"

    async def test_only_the_first_sealing_key_is_stored_when_asked_so(self, store: Store) -> None:
        assert await store.keys.add_sealing(sealing_key(1), only_first=True)
        assert not await store.keys.add_sealing(sealing_key(2), only_first=True)
        assert await store.keys.sealing() == [sealing_key(1)]

    async def test_a_service_key_reads_back_equal(self, store: Store) -> None:
        await store.keys.add_service(service_key(1))
        assert await store.keys.services() == [service_key(1)]
        assert await store.keys.service(digest("service 1")) == service_key(1)

    async def test_a_service_key_without_scopes_reads_back_equal(self, store: Store) -> None:
        await store.keys.add_service(service_key(1, scopes=(), revoked_at=None))
        assert await store.keys.services() == [service_key(1, scopes=(), revoked_at=None)]

    async def test_a_service_key_nobody_made_is_none(self, store: Store) -> None:
        await store.keys.add_service(service_key(1))
        assert await store.keys.service(digest("service 2")) is None

    @pytest.mark.parametrize("field", ["id", "name", "digest"])
    async def test_a_service_key_shares_nothing_unique(self, store: Store, field: str) -> None:
        await store.keys.add_service(service_key(1))
        with pytest.raises(TakenError) as caught:
            await store.keys.add_service(service_key(2, **{field: getattr(service_key(1), field)}))
        assert caught.value.what == field

    async def test_a_service_key_is_revoked_once_and_keeps_its_name(self, store: Store) -> None:
        await store.keys.add_service(service_key(1, revoked_at=None))
        assert await store.keys.revoke_service("backend-1", START + 5)
        assert not await store.keys.revoke_service("backend-1", START + 6)
        assert not await store.keys.revoke_service("backend-nobody", START + 6)
        assert await store.keys.service(digest("service 1")) == service_key(1, revoked_at=START + 5)
        with pytest.raises(TakenError):
            await store.keys.add_service(service_key(2, name="backend-1"))
