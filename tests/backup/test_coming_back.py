"""Backups that are made, and those that are refused: in use, of another key, of another schema, in somebody's place."""

import json
import shutil
import sqlite3
import stat
from contextlib import closing
from typing import Any

import pytest

from lingpai.accounts import Avatars, Erasing, Ledger, Studio
from lingpai.admin.after_restore import AfterRestore
from lingpai.config import new_master_key
from lingpai.model import Actor
from lingpai.storage import migrate
from lingpai.storage.blobs import BlobSettings, open_blobs
from lingpai.storage.open import files
from lingpai.testing.server import server_config
from lingpai.webhooks import Notices
from tests.cli.conftest import data as told_by
from tests.cli.conftest import ready, run  # noqa: F401 - fixtures

pytestmark = pytest.mark.timeout(300)


def data(process) -> Any:
    return told_by(process)


def sql(folder, *statements):
    with closing(sqlite3.connect(folder / "lingpai.db", isolation_level=None)) as database:
        return [database.execute(statement).fetchall() for statement in statements]


ONE = "INSERT INTO users (id, created_at, nickname) VALUES ('usr_one', 1, '小明')"
TWO = "INSERT INTO users (id, created_at, nickname) VALUES ('usr_two', 2, '小红')"


def test_a_backup_comes_back_and_the_former_database_is_kept(ready, tmp_path):  # noqa: F811 - a fixture
    sql(tmp_path, ONE)
    (tmp_path / "b.backup.part").write_text("left by a backup that was killed")
    made = data(ready("backup", "b.backup", "--json"))
    assert (made["sealed"], made["pictures"]) == (True, 0)
    file = tmp_path / "b.backup"
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert "小明".encode() not in file.read_bytes()
    assert ready("backup", "b.backup").returncode == 2
    sql(tmp_path, TWO)
    assert ready("restore", "b.backup").returncode == 2
    told = data(ready("restore", "b.backup", "--force", "--json"))
    assert sql(tmp_path, "SELECT id FROM users") == [[("usr_one",)]]
    with closing(sqlite3.connect(tmp_path / told["former"])) as former:
        assert former.execute("SELECT count(*) FROM users").fetchone() == (2,)
    assert {
        entry.name for entry in tmp_path.iterdir() if "restoring" in entry.name or "snapshot" in entry.name
    } == set()
    noted = [entry["action"] for entry in data(ready("audit", "list", "--json"))]
    assert {"backup.made", "database.restored", "signing_key.rotated"} <= set(noted)

    key = (tmp_path / "lingpai.key").read_text()
    (tmp_path / "lingpai.key").write_text(new_master_key())
    other = ready("restore", "b.backup", "--force")
    assert (other.returncode, "another master key" in other.stderr) == (3, True)
    (tmp_path / "lingpai.key").write_text(key)
    whole = file.read_bytes()
    file.write_bytes(whole[:-1])
    broken = ready("restore", "b.backup", "--force")
    assert (broken.returncode, "cut off" in broken.stderr) == (1, True)
    assert sql(tmp_path, "SELECT id FROM users") == [[("usr_one",)]]


def test_a_backup_of_an_older_release_is_made_and_brought_up_to_date(ready, tmp_path):  # noqa: F811 - a fixture
    older = ("DROP TABLE restores", "DROP TABLE imports", "DROP TABLE compatibility")
    sql(tmp_path, ONE, *older, "UPDATE alembic_version SET version_num = '0008'")
    made = ready("backup", "b.tar", "--plain", "--json")
    assert data(made)["schema"] == "0008"
    assert "audit log" in made.stderr
    assert "小明".encode() in (tmp_path / "b.tar").read_bytes()
    (tmp_path / "lingpai.db").unlink()
    told = data(ready("restore", "b.tar", "--json"))
    assert (told["schema_found"], told["former"]) == ("0008", None)
    assert ready("migrate", "--check").returncode == 0
    assert sql(tmp_path, "SELECT id FROM users") == [[("usr_one",)]]
    # Of a release that this one may not work beside.
    newest = (
        "UPDATE alembic_version SET version_num = '9999'",
        "UPDATE compatibility SET oldest_schema = '9999'",
    )
    sql(tmp_path, *newest)
    ready("backup", "newer.tar", "--plain")
    newer = ready("restore", "newer.tar", "--force")
    assert (newer.returncode, "schema" in newer.stderr) == (4, True)
    assert sql(tmp_path, "SELECT version_num FROM alembic_version") == [[("9999",)]]


async def test_a_database_that_a_server_has_open_is_not_replaced(stack, run, tmp_path):  # noqa: F811 - a fixture
    env = {
        "LINGPAI_DATABASE_URL": f"sqlite:///{tmp_path / 'lingpai.db'}",
        "LINGPAI_MASTER_KEY_FILE": str(tmp_path / "master.key"),
    }
    await stack.signed_in()
    assert run("backup", "b.backup", env=env).returncode == 0
    refused = run("restore", "b.backup", "--force", env=env)
    assert (refused.returncode, "in use" in refused.stderr) == (4, True)
    assert (await stack.login()).status_code == 200


@pytest.mark.parametrize("words", [[], ["b.backup", "--after-dump"]])
def test_a_restore_needs_a_file_or_a_dump(run, words):  # noqa: F811 - a fixture
    answer = run("restore", *words)
    assert (answer.returncode, "--after-dump" in answer.stderr) == (2, True)


def test_the_commands_of_a_server_are_said_without_its_password(run):  # noqa: F811 - a fixture
    run("init")
    url = "postgresql://lingpai:hunter2@127.0.0.1:1/shop"
    answer = run("backup", "b.backup", env={"LINGPAI_DATABASE_URL": url})
    assert answer.returncode == 2
    assert (
        "pg_dump --format=custom --file=lingpai.dump 'postgresql://lingpai@127.0.0.1:1/shop'" in answer.stderr
    )
    assert "hunter2" not in answer.stderr


def test_a_copy_that_is_killed_leaves_nothing_behind(tmp_path):
    path = tmp_path / "lingpai.db"
    migrate(f"sqlite:///{path}")
    there = {entry.name for entry in tmp_path.iterdir()}
    with files().nameless(tmp_path) as copy:
        files().snapshot(path, copy)
        assert {entry.name for entry in tmp_path.iterdir()} - {"lingpai.db-wal", "lingpai.db-shm"} == there
        copy.seek(0)
        assert copy.read(15) == b"SQLite format 3"


async def test_a_server_that_runs_follows_the_epoch(stack, tmp_path):
    """Nobody is told to do it this way round; who does, is safe."""
    config = server_config(tmp_path, stack.wechat.url)
    before = await stack.signed_in()
    assert (await stack.session(before["access_token"])).status_code == 200
    store, clock = stack.store, stack.clock
    blobs, studio = open_blobs(BlobSettings(folder=config.avatar_dir)), Studio()
    ledger = Ledger(store, None)
    avatars, sealer = Avatars(store, blobs, studio, clock), stack.running.server.sealer
    erasing = Erasing(store, avatars, clock, notices=Notices(sealer), ledger=ledger)
    after = AfterRestore(store, sealer, erasing, ledger, clock)
    followed = await after.follow([], by=Actor("cli", "root", "root"), backup="a dump")
    assert followed.withdrawn.sessions == 1
    await stack.later(1)
    answer = await stack.session(before["access_token"])
    assert (answer.status_code, answer.json()["code"]) == (401, "session_invalid")
    again = await stack.signed_in()
    assert again["user"]["id"] == before["user"]["id"]
    assert (await stack.session(again["access_token"])).status_code == 200
    await studio.aclose()
    await blobs.aclose()


def test_a_copy_put_in_place_by_hand_is_not_served(ready, tmp_path):  # noqa: F811 - a fixture
    sql(tmp_path, ONE, TWO)
    shutil.copy(tmp_path / "lingpai.db", tmp_path / "copy")
    data(ready("users", "erase", "usr_one", "--yes", "--json"))
    for file in tmp_path.glob("lingpai.db*"):
        if file.suffix != ".ledger":
            file.unlink()
    shutil.copy(tmp_path / "copy", tmp_path / "lingpai.db")
    refused = ready("serve", "--port", "0")
    assert (refused.returncode, "lingpai restore --after-dump" in refused.stderr) == (4, True)
    told = json.loads(ready("restore", "--after-dump", "--json").stdout)
    assert told["erased_again"] == 1
    assert sql(tmp_path, "SELECT id FROM users") == [[("usr_two",)]]
