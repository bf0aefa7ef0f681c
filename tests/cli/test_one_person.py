"""An operator makes two users one, and two again."""

import asyncio
from pathlib import Path
from typing import Any

from lingpai.clock import SystemClock
from lingpai.storage import open_store
from lingpai.testing.storage_contract_samples import login
from tests.cli.conftest import Run, data

OLDER, YOUNGER = "usr_00000001", "usr_00000002"


async def two_people(folder: Path) -> None:
    store = await open_store(f"sqlite:///{folder / 'lingpai.db'}", clock=SystemClock())
    for number in (1, 2):
        await store.logins.commit(login(number))
    await store.aclose()


def said(ready: Run, *words: str) -> Any:
    return data(ready("users", *words, "--json"))


def ids(ready: Run) -> list[str]:
    return [user["id"] for user in said(ready, "list")]


def test_two_users_become_one_and_two_again(ready: Run, tmp_path: Path):
    asyncio.run(two_people(tmp_path))
    merged = said(ready, "merge", YOUNGER, OLDER)
    assert (merged["winner"], merged["loser"], merged["reason"]) == (OLDER, YOUNGER, "operator")
    assert ids(ready) == [OLDER]
    shown = said(ready, "show", YOUNGER)
    assert shown["user"]["id"] == OLDER
    assert len(shown["identities"]) == 2
    assert f"{OLDER}\t{YOUNGER}\toperator" in ready("users", "show", OLDER).stdout

    undone = said(ready, "split", YOUNGER)
    assert undone["undone_at"] is not None
    assert ids(ready) == [YOUNGER, OLDER]


def test_what_cannot_be_joined_or_split_is_said_in_a_sentence(ready: Run, tmp_path: Path):
    asyncio.run(two_people(tmp_path))
    for words, sentence in (
        (("merge", OLDER, "usr_nobody"), "one of the two users does not exist"),
        (("merge", OLDER, OLDER), "they are one user already"),
        (("split", OLDER), "this user was not merged into another"),
    ):
        refused = ready("users", *words)
        assert refused.returncode == 2
        assert sentence in refused.stderr
        assert refused.stdout == ""
