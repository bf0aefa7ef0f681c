"""Every relay keeps the promise, on every database."""

from collections.abc import AsyncIterator

import pytest

from lingpai.clock import SystemClock
from lingpai.relay import Relay
from lingpai.storage import migrate, open_store
from lingpai.testing.relay_contract import RelayContract, WireContract


class OnADatabase(RelayContract):
    """Nodes without Redis: two stores on one database."""

    url_fixture = ""

    @pytest.fixture
    async def relays(self, request, connect) -> AsyncIterator[tuple[Relay, Relay]]:
        url = request.getfixturevalue(self.url_fixture)
        stores = [await open_store(url, clock=SystemClock()) for _ in range(2)]
        yield connect("", stores[0]), connect("", stores[1])
        for store in stores:
            await store.aclose()


class TestMemory(RelayContract):
    @pytest.fixture
    def relays(self, connect, memory_store) -> tuple[Relay, Relay]:
        return connect("", memory_store), connect("", memory_store)


class TestSqlite(OnADatabase):
    url_fixture = "sqlite_url"

    @pytest.fixture
    def sqlite_url(self, tmp_path) -> str:
        url = f"sqlite:///{tmp_path / 'lingpai.db'}"
        migrate(url)
        return url


class TestPostgresql(OnADatabase):
    url_fixture = "postgresql_url"


class TestMysql(OnADatabase):
    url_fixture = "mysql_url"


class TestRedis(RelayContract, WireContract):
    @pytest.fixture
    def relays(self, redis_relays) -> tuple[Relay, Relay]:
        return redis_relays
