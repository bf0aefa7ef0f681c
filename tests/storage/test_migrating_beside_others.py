"""A migration that has to wait for a table, because a backup reads it, keeps nobody else from it."""

import asyncio
import os
import subprocess
import sys

import pytest
from sqlalchemy import text

from lingpai.config import new_master_key
from lingpai.storage import migrate
from lingpai.storage.sql.tables import SCHEMA
from lingpai.testing.databases import rows
from lingpai.testing.databases.sql import driver_of
from tests.rolling.conftest import NEXT_SCHEMA, next_release

__all__ = ["next_release"]

PATIENCE = 60
WAITING = {
    "postgresql": "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database()"
    " AND wait_event_type = 'Lock' AND query LIKE 'ALTER TABLE users%'",
    "mysql": "SELECT count(*) FROM information_schema.processlist WHERE db = database()"
    " AND state LIKE 'Waiting for table metadata lock%' AND info LIKE 'ALTER TABLE users%'",
}


@pytest.fixture(params=["postgresql", "mysql"])
def url(request):
    server = request.getfixturevalue(f"{request.param}_server")
    made = server.fresh()
    migrate(made)
    yield made
    server.remove(made)


async def test_a_migration_that_waits_for_a_table_lets_others_pass(url, next_release, tmp_path):
    environment = {
        **os.environ,
        "PYTHONPATH": str(next_release),
        "LINGPAI_DATABASE_URL": url,
        "LINGPAI_MASTER_KEY": new_master_key(),
    }
    # The backup's connection may idle for as long as it likes; a person's waits for four seconds.
    patient, usual = driver_of(url).engine("migrate"), driver_of(url).engine("read")
    migrating = None
    try:
        async with patient.connect() as backup:
            await backup.execute(text("SELECT * FROM users"))
            migrating = await asyncio.to_thread(
                subprocess.Popen, [sys.executable, "-m", "lingpai", "migrate"], cwd=tmp_path, env=environment
            )
            async with asyncio.timeout(PATIENCE):
                while await asyncio.to_thread(rows, url, WAITING[url.partition(":")[0]]) == [(0,)]:
                    assert migrating.poll() is None
                async with usual.connect() as person:
                    assert (await person.execute(text("SELECT count(*) FROM users"))).scalar() == 0
                assert migrating.poll() is None
        assert await asyncio.to_thread(migrating.wait, PATIENCE) == 0
    finally:
        if migrating is not None:
            migrating.kill()
            migrating.wait()
        await patient.dispose()
        await usual.dispose()
    assert rows(url, "SELECT version_num FROM alembic_version") == [(NEXT_SCHEMA,)]
    assert rows(url, "SELECT oldest_schema FROM compatibility") == [(SCHEMA,)]
