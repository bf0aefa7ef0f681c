"""Stores to test: a fresh one in memory, a fresh SQLite file from a template that was migrated once."""

import shutil
import sqlite3
import subprocess
import sys
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import closing
from pathlib import Path

import pytest

from lingpai.clock import SystemClock
from lingpai.storage import Store, migrate, open_store

ORPHANS = [
    ("sessions", "user_id", "users"),
    ("identities", "user_id", "users"),
    ("unions", "user_id", "users"),
    ("login_attempts", "session_id", "sessions"),
    ("refresh_tokens", "session_id", "sessions"),
]


@pytest.fixture(scope="session")
def migrated_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("template") / "lingpai.db"
    migrate(f"sqlite:///{path}")
    return path


@pytest.fixture
def sqlite_url(migrated_file: Path, tmp_path: Path) -> str:
    path = tmp_path / "lingpai.db"
    shutil.copy(migrated_file, path)
    return f"sqlite:///{path}"


@pytest.fixture
async def sqlite_store(sqlite_url: str) -> AsyncIterator[Store]:
    store = await open_store(sqlite_url, clock=SystemClock())
    yield store
    await store.aclose()


@pytest.fixture
def start_child() -> Iterator[Callable[..., subprocess.Popen[str]]]:
    """Starts a program of `children/` with arguments; whatever still runs at the end is killed."""
    started: list[subprocess.Popen[str]] = []

    def start(name: str, *arguments: object) -> subprocess.Popen[str]:
        program = Path(__file__).parent / "children" / f"{name}.py"
        child = subprocess.Popen(
            [sys.executable, program, *map(str, arguments)],
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        started.append(child)
        return child

    yield start
    for child in started:
        child.kill()
        child.communicate()


@pytest.fixture
def broken_rules() -> Callable[[str], list[str]]:
    """What is wrong in an SQLite file: damage, and rows that point to nothing."""

    def look(url: str) -> list[str]:
        with closing(sqlite3.connect(url.removeprefix("sqlite:///"))) as db:
            (integrity,) = db.execute("PRAGMA integrity_check").fetchone()
            wrong = [] if integrity == "ok" else [integrity]
            wrong += [f"dangling {row}" for row in db.execute("PRAGMA foreign_key_check")]
            for table, column, target in ORPHANS:
                count = db.execute(
                    f"SELECT count(*) FROM {table} WHERE {column} NOT IN (SELECT id FROM {target})"
                ).fetchone()[0]
                wrong += [f"{count} {table} without {target}"] if count else []
        return wrong

    return look
