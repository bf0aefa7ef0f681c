"""The database's own time."""

import time

import pytest
from sqlalchemy import insert, select, update

from lingpai.clock import SystemClock
from lingpai.storage import open_store
from lingpai.storage.sql.moment import now, now_ms
from lingpai.storage.sql.tables import probes


@pytest.fixture(params=["sqlite", "postgresql", "mysql"])
async def store(request):
    store = await open_store(request.getfixturevalue(f"{request.param}_url"), clock=SystemClock())
    yield store
    await store.aclose()


async def test_the_database_knows_the_time_in_milliseconds_of_utc(store):
    before = time.time_ns() // 1_000_000
    told = await store._dialect.read(now)
    after = time.time_ns() // 1_000_000
    assert before - 1 <= told <= after + 1


async def test_the_time_stands_in_statements_that_write(store):
    def keep(connection):
        connection.execute(insert(probes).values(id=7, at=0, filler=b""))
        connection.execute(update(probes).where(probes.c.at < now_ms()).values(at=now_ms() + 10_000))
        return connection.execute(select(probes.c.at - now_ms()).where(probes.c.id == 7)).scalar_one()

    assert 5_000 < await store._dialect.write(keep) <= 10_001
