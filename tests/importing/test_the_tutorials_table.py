"""The table that the tutorials make, on a real MariaDB: all of it comes over, however often the import is killed."""

import asyncio
import json
import sqlite3
import time
from contextlib import closing

import pytest

from lingpai.clock import SystemClock
from lingpai.storage import open_store
from lingpai.testing.storage_contract_samples import login
from tests.importing.conftest import APPID, TABLE, data, filled, openid, started, without_password

ROWS = 6_000


@pytest.fixture
def table(mysql_server):
    url = mysql_server.fresh()
    from lingpai.testing.databases import execute

    execute(url, TABLE)
    filled(url, ROWS)
    yield url
    mysql_server.remove(url)


def count(folder, query):
    with closing(sqlite3.connect(folder / "lingpai.db")) as database:
        return database.execute(query).fetchone()[0]


def test_an_import_that_is_killed_goes_on_where_it_was_and_adds_nobody_twice(shop, table, tmp_path):
    url, secret = without_password(table)
    words = (
        "users",
        "import",
        url,
        "--app",
        "shop",
        "--table",
        "gk_wx_user",
        "--refused",
        "refused.ndjson",
        "--json",
    )
    looked = data(shop(*words, "--dry-run", env=secret))
    assert (looked["rows"], looked["new"], looked["refused"]) == (
        ROWS + 2,
        ROWS,
        {"openid_invalid": 1, "openid_missing": 1},
    )
    assert count(tmp_path, "SELECT count(*) FROM users") == 0
    (tmp_path / "refused.ndjson").unlink()

    child = started(tmp_path, *words, env=secret)
    deadline = time.monotonic() + 60
    while count(tmp_path, "SELECT count(*) FROM users") == 0:
        assert time.monotonic() < deadline
    child.kill()
    child.communicate()
    imported = count(tmp_path, "SELECT count(*) FROM users")
    assert 0 < imported < ROWS

    told = data(shop(*words, env=secret))
    assert told["resumed_after"] >= imported
    assert (told["rows"], told["new"], told["known"]) == (ROWS + 2, ROWS, 0)
    assert told["left_out"] == {"avatar_placeholder": ROWS // 10, "nickname_placeholder": ROWS // 10}
    assert told["session_key_column"] is True
    assert told["columns_not_taken"] == ["session_key", "real_name", "stu_id"]
    assert count(tmp_path, "SELECT count(*) FROM identities") == ROWS
    reasons = [json.loads(line)["reason"] for line in (tmp_path / "refused.ndjson").read_text().splitlines()]
    assert set(reasons) == {"openid_invalid", "openid_missing"}

    again = data(shop(*words, env=secret))
    assert (again["new"], again["known"], again["resumed_after"]) == (0, ROWS, 0)
    assert count(tmp_path, "SELECT count(*) FROM users") == ROWS
    found = data(shop("users", "list", "--find", openid(5), "--json"))
    assert found[0]["nickname"] == "用户5"
    (grey,) = data(shop("users", "list", "--find", openid(3), "--json"))
    assert (grey["nickname"], grey["avatar_url"]) == (None, None)
    content = (tmp_path / "lingpai.db").read_bytes()
    assert b"sk0000000000000000" not in content
    assert asyncio.run(logged_in(tmp_path, openid(5))) == (False, found[0]["id"])


async def logged_in(folder, who):
    store = await open_store(f"sqlite:///{folder}/lingpai.db", clock=SystemClock())
    committed = await store.logins.commit(login(1, appid=APPID, openid=who, unionid=None, open_platform="op"))
    await store.aclose()
    return committed.is_new, committed.user.id


def test_what_cannot_be_imported_is_a_sentence_without_a_password(shop, tmp_path):
    (tmp_path / "people.csv").write_text("open_id,nick,session_key\no1,小明,k\n")
    for words, code, hint in (
        (["mysql://u:hunter2@127.0.0.1/x", "--app", "shop", "--table", "t"], 2, "LINGPAI_SOURCE_PASSWORD"),
        (["mysql://u@127.0.0.1:1/x", "--app", "shop", "--table", "t"], 2, "does not answer"),
        (["mysql://u@127.0.0.1:1/x", "--app", "shop"], 2, "--table"),
        (["people.csv", "--app", "nobody"], 5, "nobody"),
        (["people.csv", "--app", "shop", "--map", "openid=who"], 2, "who"),
        (["sqlite:///lingpai.db", "--app", "shop", "--table", "nothing"], 2, "nothing"),
    ):
        answer = shop("users", "import", *words, env={"LINGPAI_SOURCE_PASSWORD": "hunter3"})
        assert answer.returncode == code, answer.stderr
        assert hint in answer.stderr
        assert not {"Traceback", "hunter2", "hunter3"} & set(answer.stderr.replace(":", " ").split())
