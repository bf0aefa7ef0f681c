"""Two releases on one database: which schema a release works with, and what it says of any other."""

import sqlite3
from contextlib import closing

import pytest
from alembic.script import ScriptDirectory
from sqlalchemy import create_engine, insert, select

from lingpai.clock import SystemClock
from lingpai.storage import SchemaMismatchError, migrate, open_store, schema_state
from lingpai.storage.sql.migrations.neighbours import FIRST, announce, declared
from lingpai.storage.sql.migrations.run import _config, revisions
from lingpai.storage.sql.tables import SCHEMA, compatibility
from lingpai.testing.databases import execute

LATER = "9999"


@pytest.fixture(scope="module", params=["sqlite", "postgresql", "mysql"])
def database(request, tmp_path_factory):
    if request.param == "sqlite":
        yield f"sqlite:///{tmp_path_factory.mktemp('neighbours')}/lingpai.db"
        return
    server = request.getfixturevalue(f"{request.param}_server")
    made = server.fresh()
    yield made
    server.remove(made)


@pytest.fixture
def url(database):
    """A database as this release migrates it."""
    migrate(database)
    yield database
    back = (
        f"UPDATE alembic_version SET version_num = '{SCHEMA}'",
        "DELETE FROM compatibility",
        f"INSERT INTO compatibility VALUES (1, '{SCHEMA}')",
    )
    changed(database, *back)


def changed(url, *statements):
    if not url.startswith("sqlite:"):
        execute(url, *statements)
        return
    with closing(sqlite3.connect(url.removeprefix("sqlite:///"))) as db:
        for statement in statements:
            db.execute(statement)
        db.commit()


def migrated_by_a_later_release(url, *, oldest):
    changed(
        url,
        f"UPDATE alembic_version SET version_num = '{LATER}'",
        f"UPDATE compatibility SET oldest_schema = '{oldest}'",
    )


async def test_a_release_works_with_a_later_schema_that_allows_it(url):
    store = await open_store(url, clock=SystemClock())
    migrated_by_a_later_release(url, oldest=SCHEMA)
    await store.check()
    await store.aclose()
    store = await open_store(url, clock=SystemClock())
    await store.check()
    await store.aclose()
    state = schema_state(url)
    assert (state.found, state.usable, state.up_to_date) == (LATER, True, False)


def test_migrating_leaves_a_later_schema_alone(url):
    migrated_by_a_later_release(url, oldest=SCHEMA)
    assert migrate(url) == (LATER, LATER)
    state = schema_state(url)
    assert (state.found, state.oldest) == (LATER, SCHEMA)


async def test_a_later_schema_that_does_without_this_release_asks_for_an_upgrade(url):
    store = await open_store(url, clock=SystemClock())
    migrated_by_a_later_release(url, oldest=LATER)
    with pytest.raises(SchemaMismatchError) as under_way:
        await store.check()
    await store.aclose()
    with pytest.raises(SchemaMismatchError) as at_start:
        await open_store(url, clock=SystemClock())
    with pytest.raises(SchemaMismatchError) as migrating:
        migrate(url)
    for caught in (under_way, at_start, migrating):
        assert (caught.value.found, caught.value.wanted) == (LATER, SCHEMA)
        assert "upgrade lingpai" in caught.value.remedy
    assert schema_state(url).found == LATER


async def test_a_later_release_that_is_taking_things_away_right_now_is_a_later_schema(url):
    # DDL that commits by itself: it has said whom it does without, and not yet what it is.
    changed(url, f"UPDATE compatibility SET oldest_schema = '{LATER}'")
    for attempt in (lambda: migrate(url), schema_state(url).insist):
        with pytest.raises(SchemaMismatchError) as caught:
            attempt()
        assert "upgrade lingpai" in caught.value.remedy


async def test_a_later_schema_that_says_nothing_of_others_is_refused(url):
    changed(url, f"UPDATE alembic_version SET version_num = '{LATER}'", "DELETE FROM compatibility")
    with pytest.raises(SchemaMismatchError) as caught:
        await open_store(url, clock=SystemClock())
    assert "upgrade lingpai" in caught.value.remedy


async def test_an_earlier_schema_asks_for_a_migration(url):
    changed(url, "UPDATE alembic_version SET version_num = '0006'", "DROP TABLE compatibility")
    with pytest.raises(SchemaMismatchError) as caught:
        await open_store(url, clock=SystemClock())
    assert caught.value.found == "0006"
    assert "lingpai migrate" in caught.value.remedy
    assert migrate(url) == ("0006", SCHEMA)
    assert schema_state(url).usable


def test_every_version_says_which_releases_may_work_beside_it():
    said = declared(ScriptDirectory.from_config(_config()))
    assert list(said) == sorted(version for version in revisions() if version >= FIRST)
    assert list(said.values()) == sorted(said.values()), "a later version cannot allow what an earlier took"
    for version, oldest in said.items():
        assert FIRST <= oldest <= version


OLDEST = max(declared(ScriptDirectory.from_config(_config())).values())
"""The oldest release that may work with what this one migrated."""


@pytest.mark.parametrize(("said", "then"), [(None, OLDEST), ("0001", OLDEST), (LATER, LATER)])
def test_what_a_database_says_of_releases_rises_and_never_falls(said, then, tmp_path):
    engine = create_engine(f"sqlite:///{tmp_path}/said.db")
    scripts = ScriptDirectory.from_config(_config())
    with engine.begin() as connection:
        announce(connection, scripts)  # no table yet: nothing to say it in
        compatibility.create(connection)
        if said is not None:
            connection.execute(insert(compatibility).values(id=1, oldest_schema=said))
        announce(connection, scripts)
        assert connection.execute(select(compatibility.c.oldest_schema)).scalar_one() == then
    engine.dispose()
