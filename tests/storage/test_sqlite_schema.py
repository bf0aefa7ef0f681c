"""The schema on SQLite: made once, by whoever comes first, whatever happens to him."""

import sqlite3
import stat
from contextlib import closing

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import create_engine, text

from lingpai.clock import SystemClock
from lingpai.storage import (
    SchemaMismatchError,
    SchemaState,
    StorageUnavailableError,
    migrate,
    open_store,
    schema_state,
)
from lingpai.storage.sql.migrations.neighbours import FIRST
from lingpai.storage.sql.migrations.run import revisions
from lingpai.storage.sql.tables import SCHEMA, metadata


def test_the_schema_wanted_is_the_last_migration():
    assert max(revisions()) == SCHEMA


def test_replayed_migrations_make_the_same_tables_as_a_fresh_schema(sqlite_url, tmp_path):
    fresh = create_engine(f"sqlite:///{tmp_path}/fresh.db")
    replayed = create_engine(sqlite_url)
    try:
        metadata.create_all(fresh)
        assert _described(replayed) == _described(fresh)
        with replayed.connect() as connection:
            assert compare_metadata(MigrationContext.configure(connection), metadata) == []
    finally:
        fresh.dispose()
        replayed.dispose()


def test_migrating_says_what_was_found_and_what_is_now(tmp_path):
    url = f"sqlite:///{tmp_path}/new.db"
    assert migrate(url) == (None, SCHEMA)
    assert migrate(url) == (SCHEMA, SCHEMA)


def test_a_migration_keeps_what_is_stored(sqlite_url):
    _execute(sqlite_url, "INSERT INTO users (id, created_at) VALUES ('usr_1', 1)")
    migrate(sqlite_url)
    assert _execute(sqlite_url, "SELECT id FROM users") == [("usr_1",)]


def test_only_the_owner_can_read_the_files(tmp_path):
    url = f"sqlite:///{tmp_path}/new.db"
    migrate(url)
    with closing(sqlite3.connect(tmp_path / "new.db")) as db:
        db.execute("INSERT INTO users (id, created_at) VALUES ('usr_1', 1)")
        db.commit()
        modes = {path.name: stat.S_IMODE(path.stat().st_mode) for path in tmp_path.iterdir()}
    assert modes == {"new.db": 0o600, "new.db-wal": 0o600, "new.db-shm": 0o600}


def test_the_state_of_a_file_that_is_not_there_is_told_and_makes_none(tmp_path):
    path = tmp_path / "none.db"
    assert schema_state(f"sqlite:///{path}") == SchemaState(found=None, wanted=SCHEMA)
    assert not path.exists()


def test_the_state_tells_what_is_found(sqlite_url):
    assert schema_state(sqlite_url).up_to_date
    _execute(sqlite_url, "UPDATE alembic_version SET version_num = '9999'")
    assert schema_state(sqlite_url) == SchemaState(found="9999", wanted=SCHEMA, oldest=FIRST)


async def test_a_missing_schema_is_refused(tmp_path):
    with pytest.raises(SchemaMismatchError) as caught:
        await open_store(f"sqlite:///{tmp_path}/none.db", clock=SystemClock())
    assert (caught.value.found, caught.value.wanted) == (None, SCHEMA)


async def test_a_file_that_is_no_database_is_unavailable(tmp_path):
    path = tmp_path / "letter.db"
    path.write_text("Dear reader, " * 200)
    with pytest.raises(StorageUnavailableError, match="SQLITE_NOTADB"):
        await open_store(f"sqlite:///{path}", clock=SystemClock())
    with pytest.raises(StorageUnavailableError, match="SQLITE_NOTADB"):
        migrate(f"sqlite:///{path}")


def test_a_folder_that_is_not_there_is_unavailable(tmp_path):
    with pytest.raises(StorageUnavailableError):
        migrate(f"sqlite:///{tmp_path}/nowhere/x.db")


@pytest.mark.parametrize(
    "url",
    ["sqlite://", "sqlite:///", "sqlite:x.db", "sqlite:///:memory:", "sqlite:///x.db?mode=ro", "memory:x"],
)
def test_a_url_that_names_no_file_is_refused(url):
    with pytest.raises(ValueError, match=r"expected|called"):
        migrate(url)


async def test_an_unknown_scheme_is_refused_by_naming_the_known_ones():
    with pytest.raises(ValueError, match=r"'mongo'; known are: sqlite, memory"):
        await open_store("mongo://user:hunter2@host/db", clock=SystemClock())


async def test_a_relative_url_is_a_file_in_the_working_directory(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    migrate("sqlite:///here.db")
    assert (tmp_path / "here.db").exists()
    store = await open_store("sqlite:///here.db", clock=SystemClock())
    await store.check()
    await store.aclose()


def test_four_processes_migrate_at_once(tmp_path, start_child):
    url = f"sqlite:///{tmp_path}/new.db"
    answers = []
    for child in [start_child("migrate", url) for _ in range(4)]:
        out, errors = child.communicate(timeout=100)
        assert errors == ""
        answers.append(out.strip())
    assert sorted(answers) == [f"{SCHEMA} {SCHEMA}"] * 3 + [f"None {SCHEMA}"]
    assert schema_state(url).up_to_date


@pytest.mark.parametrize(
    "statement",
    ["BEGIN EXCLUSIVE", "apps", "sessions", "ix_login_events_at", "INSERT INTO alembic", "COMMIT"],
)
def test_a_migration_killed_half_way_completes_on_the_next_run(tmp_path, start_child, statement):
    url = f"sqlite:///{tmp_path}/new.db"
    child = start_child("migrate", url, statement)
    assert child.stdout.readline() == "there\n"
    child.kill()
    child.communicate()
    assert schema_state(url).found is None
    assert migrate(url) == (None, SCHEMA)
    assert schema_state(url).up_to_date


def _described(engine):
    with engine.connect() as connection:
        rows = connection.execute(
            text("SELECT type, name, tbl_name, sql FROM sqlite_master WHERE name NOT LIKE 'alembic%'")
        )
        return sorted(
            (kind, name, table, " ".join((sql or "").replace("IF NOT EXISTS ", "").split()))
            for kind, name, table, sql in rows
            if "alembic" not in table
        )


def _execute(url, statement):
    with closing(sqlite3.connect(url.removeprefix("sqlite:///"))) as db:
        rows = db.execute(statement).fetchall()
        db.commit()
        return rows
