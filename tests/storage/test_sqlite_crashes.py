"""SQLite, killed and starved: nothing acknowledged is lost, nothing is half written.

LINGPAI_TEST_KILLS sets how often the writing process is killed (12 by default, 200 for a campaign).
"""

import json
import os
import random
import shutil
import sqlite3
import tempfile
from contextlib import closing
from pathlib import Path

import pytest

from lingpai.testing.storage_contract_samples import digest

KILLS = int(os.environ.get("LINGPAI_TEST_KILLS", "12"))


@pytest.mark.kills
@pytest.mark.timeout(60 + 5 * KILLS)
def test_a_killed_process_has_lost_nothing_that_it_acknowledged(sqlite_url, start_child, broken_rules):
    chance = random.Random(KILLS)
    acknowledged: set[tuple[str, int]] = set()
    for kill in range(KILLS):
        child = start_child("commit_until_killed", sqlite_url, kill * 1_000_000)
        lines = [child.stdout.readline() for _ in range(chance.randint(1, 1_500))]
        child.kill()
        lines += child.stdout.readlines()
        assert child.stderr.read() == ""
        acknowledged |= _complete(lines)
        lost = acknowledged - _stored(sqlite_url)
        assert lost == set()
        assert broken_rules(sqlite_url) == []
    assert len(acknowledged) >= KILLS


def test_a_full_disk_is_told_and_healed(sqlite_url, start_child, broken_rules):
    child = start_child("run_out_of_space", sqlite_url)
    out, errors = child.communicate(timeout=60)
    assert errors == ""
    told = json.loads(out)
    stored = {n for kind, n in _stored(sqlite_url) if kind == "login"}
    assert told["green"] == [True, False, True]
    assert told["refused_during"] > 0
    assert told["readable_during"] >= 50
    assert told["acknowledged_after"] == 50
    assert set(told["acknowledged"]) <= stored
    assert not set(told["refused"]) & stored
    assert stored <= set(told["acknowledged"]) | set(told["unknown"])
    assert broken_rules(sqlite_url) == []


@pytest.mark.parametrize("fault", ["enospc", "eio-write", "eio-half-write", "eio-fsync", "eio-fsync-dropped"])
def test_a_disk_that_fails_makes_readiness_red_and_nothing_is_acknowledged_falsely(
    fault, tmp_path, start_child, broken_rules
):
    out, errors = start_child("serve_on_a_faulty_disk", tmp_path, fault).communicate(timeout=100)
    assert errors == ""
    told, url = json.loads(out.splitlines()[-1]), f"sqlite:///{tmp_path / 'lingpai.db'}"
    assert told["ready"][:3] == [200, 503, 200]
    assert set(told["ready"][3:]) == {200}
    assert told["struck"] >= 20
    stored = {n for kind, n in _stored(url) if kind == "login"}
    assert set(told["acknowledged"]) <= stored
    assert not set(told["refused"]) & stored
    assert stored <= set(told["acknowledged"]) | set(told["unknown"])
    assert len(told["acknowledged"]) >= 150
    assert broken_rules(url) == []


def test_a_file_that_cannot_be_written_is_unavailable(migrated_file, start_child):
    # The directory of a test belongs to its user alone; this one may be entered by anybody.
    folder = Path(tempfile.mkdtemp())
    try:
        path = folder / "lingpai.db"
        shutil.copy(migrated_file, path)
        path.chmod(0o444)
        folder.chmod(0o555)
        out, errors = start_child("open_read_only", f"sqlite:///{path}").communicate(timeout=60)
    finally:
        folder.chmod(0o700)
        shutil.rmtree(folder)
    assert errors == ""
    assert out.startswith("unavailable: SQLITE_")


def test_two_processes_write_at_once_and_agree_on_people(sqlite_url, start_child, broken_rules):
    children = [start_child("commit_some", sqlite_url, first, 400) for first in (0, 10_000)]
    acknowledged: list[int] = []
    for child in children:
        out, errors = child.communicate(timeout=100)
        assert errors == ""
        acknowledged += json.loads(out)
    assert len(acknowledged) == 800
    assert {("login", n) for n in acknowledged} <= _stored(sqlite_url)
    with closing(sqlite3.connect(sqlite_url.removeprefix("sqlite:///"))) as db:
        assert db.execute("SELECT count(*) FROM users").fetchone() == (10,)
    assert broken_rules(sqlite_url) == []


def _complete(lines: list[str]) -> set[tuple[str, int]]:
    """What the lines acknowledge. The kill may have cut the last one in the middle of its number."""
    whole = (line.split() for line in lines if line.endswith("\n"))
    return {(kind, int(number)) for kind, number in whole}


def _stored(url: str) -> set[tuple[str, int]]:
    """Logins and rotations on record, complete with all that belongs to them."""
    with closing(sqlite3.connect(url.removeprefix("sqlite:///"))) as db:
        logins = {
            int(session_id.removeprefix("ses_"))
            for (session_id,) in db.execute(
                "SELECT s.id FROM sessions s JOIN users u ON u.id = s.user_id"
                " JOIN login_attempts a ON a.session_id = s.id JOIN login_events e ON e.session_id = s.id"
                " JOIN identities i ON i.appid = s.appid AND i.openid = s.openid"
                " JOIN session_keys k ON k.appid = s.appid AND k.openid = s.openid GROUP BY s.id"
            )
        }
        tokens = {bytes(row[0]) for row in db.execute("SELECT digest FROM refresh_tokens")}
        used = {row[0] for row in db.execute("SELECT digest FROM refresh_tokens WHERE used_at IS NOT NULL")}
    fresh = {n for n in logins if digest(f"refresh {n}") in tokens}
    rotated = {n for n in fresh if {digest(f"successor {n}")} <= tokens and digest(f"refresh {n}") in used}
    return {("login", n) for n in fresh} | {("rotation", n) for n in rotated}
