"""What an operator does for one person: hand out everything, forget everything, forget again after a restore."""

import asyncio
import json
import shutil
from typing import Any

import pytest

from lingpai.clock import SystemClock
from lingpai.model import ProfileChange
from lingpai.storage import open_store
from lingpai.testing.storage_contract_samples import login
from tests.cli.conftest import data as told_by

ONE, TWO = "usr_00000001", "usr_00000002"


def data(process) -> Any:
    return told_by(process)


@pytest.fixture
def peopled(ready, tmp_path):
    """The command line, over a database in which two people have signed in."""

    async def sign_in():
        store = await open_store(f"sqlite:///{tmp_path}/lingpai.db", clock=SystemClock())
        for n in (1, 2):
            await store.logins.commit(login(n))
            await store.users.put_profile(
                f"usr_{n:08}", ProfileChange(nickname=f"小明 {n}", source="person", at=1)
            )
        await store.aclose()

    asyncio.run(sign_in())
    return ready


def test_an_export_is_a_document_for_people_and_for_programs(peopled):
    told = data(peopled("users", "export", ONE, "--json"))
    assert told["user"] == ONE
    assert told["profile"]["nickname"] == "小明 1"
    shown = peopled("users", "export", ONE)
    assert json.loads(shown.stdout).keys() == told.keys()
    assert shown.stdout.count("\n") > 20
    assert TWO not in shown.stdout


def test_erasing_wants_to_be_sure(peopled):
    asked = peopled("users", "erase", ONE)
    assert asked.returncode == 2
    assert "--yes" in asked.stderr
    assert data(peopled("users", "show", ONE, "--json"))


def test_an_erased_person_is_gone_and_stands_in_the_ledger(peopled):
    receipt = data(peopled("users", "erase", ONE, "--yes", "--json"))
    assert peopled("users", "show", ONE).returncode == 5
    assert peopled("users", "erase", ONE, "--yes").returncode == 5
    assert peopled("users", "export", ONE).returncode == 5
    assert data(peopled("users", "show", TWO, "--json"))
    assert receipt["audit_id"].startswith("era_")
    ledger = peopled("users", "erasures", "--json")
    assert data(ledger) == [receipt]
    assert ONE not in ledger.stdout


def test_a_restored_backup_forgets_again(peopled, tmp_path):
    backup = tmp_path / "backup.db"
    shutil.copy(tmp_path / "lingpai.db", backup)
    receipt = data(peopled("users", "erase", ONE, "--yes", "--json"))
    ledger = peopled("users", "erasures", "--json").stdout
    for leftover in tmp_path.glob("lingpai.db*"):
        leftover.unlink()
    shutil.copy(backup, tmp_path / "lingpai.db")
    assert data(peopled("users", "show", ONE, "--json"))
    (tmp_path / "erasures.json").write_text(ledger)
    again = peopled("users", "erasures", "--replay", "erasures.json", "--json")
    assert data(again) == [receipt]
    assert "1 of 1" in again.stderr
    assert peopled("users", "show", ONE).returncode == 5
    assert data(peopled("users", "show", TWO, "--json"))
    assert data(peopled("users", "erasures", "--replay", "-", "--json", input=ledger)) == []
    assert data(peopled("users", "erasures", "--json")) == [receipt]


@pytest.mark.parametrize(
    "text", ["", "{}", "[1]", '[{"audit_id": "x"}]', '[{"audit_id":"x","user_digest":"zz","at":1}]', "\xff"]
)
def test_a_list_that_is_none_is_a_sentence(peopled, tmp_path, text):
    (tmp_path / "list.json").write_text(text, encoding="latin-1")
    answer = peopled("users", "erasures", "--replay", "list.json")
    assert answer.returncode == 2
    assert "list.json" in answer.stderr
    assert "Traceback" not in answer.stderr


def test_a_list_that_is_not_there_is_a_sentence(peopled):
    answer = peopled("users", "erasures", "--replay", "nowhere.json")
    assert answer.returncode == 2
    assert "No such file" in answer.stderr


def test_a_bucket_without_a_name_is_a_complaint(ready, tmp_path):
    answer = ready("serve", env={"LINGPAI_AVATAR_S3_BUCKET": "Not A Bucket"})
    assert answer.returncode == 3
    assert "LINGPAI_AVATAR_S3_BUCKET" in answer.stderr
