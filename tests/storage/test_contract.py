"""Every backend keeps the promise."""

from collections.abc import AsyncIterator

import msgspec
import pytest

from lingpai.clock import SystemClock
from lingpai.storage import Store, open_store
from lingpai.storage.open import SCHEMES
from lingpai.testing import storage_contract_samples as samples
from lingpai.testing import storage_contract_samples_operators as operators
from lingpai.testing.storage_contract import StorageContract


class TestMemory(StorageContract):
    scheme = "memory"

    @pytest.fixture
    async def store(self) -> AsyncIterator[Store]:
        store = await open_store("memory:", clock=SystemClock())
        yield store
        await store.aclose()


class TestSqlite(StorageContract):
    scheme = "sqlite"

    @pytest.fixture
    def store(self, sqlite_store: Store) -> Store:
        return sqlite_store


class TestPostgresql(StorageContract):
    scheme = "postgresql"

    @pytest.fixture
    async def store(self, postgresql_url: str) -> AsyncIterator[Store]:
        store = await open_store(postgresql_url, clock=SystemClock())
        yield store
        await store.aclose()


class TestMysql(StorageContract):
    scheme = "mysql"

    @pytest.fixture
    async def store(self, mysql_url: str) -> AsyncIterator[Store]:
        store = await open_store(mysql_url, clock=SystemClock())
        yield store
        await store.aclose()


def test_every_scheme_runs_the_contract():
    suites = (TestMemory, TestSqlite, TestPostgresql, TestMysql)
    assert {suite.scheme for suite in suites} == set(SCHEMES)


@pytest.mark.parametrize(
    "sample",
    [
        samples.login(1),
        samples.session_key(1),
        samples.event(1),
        samples.rotation(1, b"old"),
        samples.app(1),
        samples.avatar(1),
        samples.erasure(1),
        samples.secret(1),
        samples.signing_key(1),
        samples.sealing_key(1),
        samples.vault_node(1),
        samples.service_key(1),
        operators.audit_entry(1),
        operators.operator(1),
        operators.passkey(1),
        operators.step(1),
        operators.operator_session(1),
        operators.operator_key(1),
    ],
    ids=lambda sample: type(sample).__name__,
)
def test_samples_leave_no_field_at_its_default(sample):
    for field in msgspec.structs.fields(sample):
        value = getattr(sample, field.name)
        assert value not in (None, "", b"", (), 0, False), field.name
        assert value != field.default, field.name
