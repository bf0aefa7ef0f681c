"""The schema on database servers: made once, by whoever comes first, wherever he is killed.

LINGPAI_TEST_KILLS of 30 or more kills the migration before every statement, fewer before some of them.
"""

import os
from urllib.parse import urlsplit, urlunsplit

import pytest

from lingpai.clock import SystemClock
from lingpai.storage import (
    SchemaMismatchError,
    SchemaState,
    StorageUnavailableError,
    migrate,
    open_store,
    schema_state,
)
from lingpai.storage.sql.tables import SCHEMA, metadata
from lingpai.testing.databases import rows

KILLS = int(os.environ.get("LINGPAI_TEST_KILLS", "8"))
SERVERS = ["postgresql", "mysql"]
COLUMNS = """
    SELECT table_name, column_name, data_type, is_nullable, character_maximum_length, collation_name
    FROM information_schema.columns WHERE table_schema = {schema} ORDER BY 1, 2
"""
INDEXES = {
    "postgresql": "SELECT indexname, indexdef FROM pg_indexes WHERE schemaname = 'public' ORDER BY 1",
    "mysql": "SELECT table_name, index_name, column_name, non_unique FROM information_schema.statistics"
    " WHERE table_schema = database() ORDER BY 1, 2, seq_in_index",
}
KEYS = """
    SELECT table_name, constraint_name, constraint_type FROM information_schema.table_constraints
    WHERE constraint_schema = {schema} AND constraint_type <> 'CHECK' ORDER BY 1, 2
"""


@pytest.fixture(params=SERVERS)
def server(request):
    return request.getfixturevalue(f"{request.param}_server")


@pytest.fixture
def fresh_url(server):
    url = server.fresh()
    yield url
    server.remove(url)


def described(url):
    """Tables, columns, indexes and keys."""
    kind = url.partition(":")[0]
    schema = "'public'" if kind == "postgresql" else "database()"
    return [rows(url, query.format(schema=schema)) for query in (COLUMNS, INDEXES[kind], KEYS)]


def test_migrating_says_what_was_found_and_what_is_now(fresh_url):
    assert schema_state(fresh_url) == SchemaState(found=None, wanted=SCHEMA)
    assert migrate(fresh_url) == (None, SCHEMA)
    assert migrate(fresh_url) == (SCHEMA, SCHEMA)
    assert schema_state(fresh_url).up_to_date


def test_replayed_migrations_make_the_columns_that_the_tables_name(fresh_url):
    migrate(fresh_url)
    made = {(table, column) for table, column, *_ in described(fresh_url)[0] if table != "alembic_version"}
    wanted = {(table.name, column.name) for table in metadata.sorted_tables for column in table.columns}
    assert made == wanted


def test_text_is_compared_byte_by_byte_whatever_the_locale(fresh_url):
    migrate(fresh_url)
    collations = {row[5] for row in described(fresh_url)[0] if row[0] != "alembic_version" and row[5]}
    assert collations == ({"C"} if fresh_url.startswith("postgresql") else {"utf8mb4_bin"})


async def test_a_missing_schema_is_refused(fresh_url):
    with pytest.raises(SchemaMismatchError) as caught:
        await open_store(fresh_url, clock=SystemClock())
    assert (caught.value.found, caught.value.wanted) == (None, SCHEMA)


def test_four_processes_migrate_at_once(fresh_url, start_child):
    answers = []
    for child in [start_child("migrate", fresh_url) for _ in range(4)]:
        out, errors = child.communicate(timeout=100)
        assert errors == ""
        answers.append(out.strip())
    assert sorted(answers) == [f"{SCHEMA} {SCHEMA}"] * 3 + [f"None {SCHEMA}"]


@pytest.mark.kills
@pytest.mark.timeout(1800)
def test_a_migration_killed_before_any_statement_completes_on_the_next_run(server, start_child):
    whole = server.fresh()
    out, errors = start_child("migrate_server", whole, 0).communicate(timeout=100)
    assert errors == ""
    statements = int(out.split()[0])
    assert statements > len(metadata.tables)
    wanted = described(whole)
    step = 1 if KILLS >= 30 else 2 * statements // KILLS
    for stop in range(1, statements + 1, step):
        url = server.fresh()
        child = start_child("migrate_server", url, stop)
        child.communicate(timeout=100)
        assert child.returncode == -9, stop
        assert migrate(url)[1] == SCHEMA
        assert described(url) == wanted, stop
        server.remove(url)
    server.remove(whole)


@pytest.mark.parametrize("scheme", SERVERS)
async def test_a_server_that_is_not_there_is_unavailable_and_keeps_the_password(scheme):
    url = f"{scheme}://lingpai:hunter2@127.0.0.1:1/lingpai"
    with pytest.raises(StorageUnavailableError) as caught:
        await open_store(url, clock=SystemClock())
    assert "hunter2" not in f"{caught.value!r} {caught.value.__cause__!r}"
    with pytest.raises(StorageUnavailableError):
        migrate(url)
    with pytest.raises(StorageUnavailableError):
        schema_state(url)


def test_a_wrong_password_is_unavailable_and_keeps_quiet(fresh_url):
    parts = urlsplit(fresh_url)
    wrong = urlunsplit(parts._replace(netloc=parts.netloc.replace("not-a-secret", "hunter2")))
    if wrong == fresh_url:
        wrong = urlunsplit(parts._replace(netloc=f"nobody:hunter2@{parts.hostname}:{parts.port}"))
    with pytest.raises(StorageUnavailableError) as caught:
        migrate(wrong)
    assert "hunter2" not in repr(caught.value)
