"""An erasure reaches every table there is, also those that are added later."""

import asyncio
import sqlite3
from contextlib import closing

from msgspec.structs import replace

from lingpai.model import NewMerge
from lingpai.storage.sql.tables import metadata
from lingpai.testing.storage_contract_samples import (
    APPID,
    START,
    avatar,
    digest,
    erasure,
    login,
    phone,
    profile_change,
    rotation,
    ticket,
    user_token,
)

OF_A_PERSON = {"user_id", "openid", "unionid", "session_id", "nickname", "avatar_url", "blind_index"}
ONE = "usr_00000001"


def tables_of_a_person():
    return {table.name for table in metadata.tables.values() if OF_A_PERSON & set(table.columns.keys())}


def found(url, *values):
    """The tables in which one of these values stands, by column."""
    hits = set()
    with closing(sqlite3.connect(url.removeprefix("sqlite:///"))) as db:
        for table in metadata.tables.values():
            for column in table.columns.keys():  # noqa: SIM118 - not a dict
                count = db.execute(
                    f'SELECT count(*) FROM "{table.name}" WHERE "{column}" IN ({",".join("?" * len(values))})',
                    values,
                ).fetchone()[0]
                hits |= {f"{table.name}.{column}"} if count else set()
    return hits


async def test_nothing_that_names_a_person_stays_in_any_table(sqlite_store, sqlite_url):
    person = await sqlite_store.logins.commit(login(1))
    await sqlite_store.sessions.rotate(rotation(1, digest("refresh 1")))
    await sqlite_store.users.put_profile(ONE, profile_change(1))
    await sqlite_store.users.put_phone(phone(1))
    await sqlite_store.avatars.begin(avatar(1))
    await sqlite_store.avatars.adopt(avatar(1))
    await sqlite_store.logins.commit(login(2, unionid=None))
    await sqlite_store.browser_logins.put_ticket(replace(ticket(1), appid=APPID))
    await sqlite_store.browser_logins.put_user_token(replace(user_token(1), appid=APPID))
    await sqlite_store.merges.join(
        NewMerge(id="mrg_1", user_id=ONE, other_id="usr_00000002", reason="operator", at=START + 9)
    )
    names = (
        ONE,
        "usr_00000002",
        "oSample000002",
        "oSample000001",
        "uSample000001",
        "小明 1",
        phone(1).blind_index,
        phone(1).sealed,
    )
    ids = (person.session.id, "ses_00000002")
    before = found(sqlite_url, *names, *ids)
    # A new table with people in it has to be filled here, and emptied by the erasure.
    assert tables_of_a_person() <= {hit.partition(".")[0] for hit in before}
    await sqlite_store.erasures.commit(erasure(1), ONE, START + 60)
    assert found(sqlite_url, *names) == set()
    assert found(sqlite_url, *ids) == {"erased_sessions.id"}


async def test_a_backup_that_runs_delays_no_erasure_and_no_login(sqlite_store, sqlite_url):
    """Somebody reads an old state for as long as they like; the log cannot be emptied, and nobody waits for it."""
    await sqlite_store.logins.commit(login(1))
    with closing(sqlite3.connect(sqlite_url.removeprefix("sqlite:///"), isolation_level=None)) as reader:
        reader.execute("BEGIN")
        reader.execute("SELECT count(*) FROM users").fetchone()
        erasing = asyncio.create_task(sqlite_store.erasures.commit(erasure(1), ONE, START + 60))
        for n in range(2, 40):
            await sqlite_store.logins.commit(login(n))
        assert await erasing is not None
        assert reader.execute("SELECT count(*) FROM users").fetchone() == (1,)
        reader.execute("COMMIT")
    assert await sqlite_store.users.get(ONE) is None
    assert await sqlite_store.users.count() == 38
