"""The private servers of a test run: one for all who ask at once, gone with the last, started again when asked."""

import asyncio

import pytest

from lingpai.storage import StorageUnavailableError, schema_state
from lingpai.testing.databases import DatabaseMissingError, rows, server_for
from lingpai.testing.databases.postgresql import program


async def gone(url):
    async with asyncio.timeout(60):
        while True:
            try:
                await asyncio.to_thread(schema_state, url)
            except StorageUnavailableError:
                return


async def test_a_server_is_shared_gone_with_its_last_user_and_started_again(tmp_path):
    with server_for("postgresql", tmp_path) as one:
        first = one.fresh()
        with server_for("postgresql", tmp_path) as other:
            assert other.at("x") == one.at("x")
        assert rows(first, "SELECT 1") == [(1,)]
    await gone(first)
    with server_for("postgresql", tmp_path) as again:
        assert rows(again.fresh(), "SELECT 1") == [(1,)]


def test_a_server_that_is_named_is_used(tmp_path, monkeypatch):
    monkeypatch.setenv("LINGPAI_TEST_MYSQL", "mysql://u:p@127.0.0.1:1/mysql")
    with server_for("mysql", tmp_path) as server:
        assert server.at("x") == "mysql://u:p@127.0.0.1:1/x"
    assert list(tmp_path.iterdir()) == []


def test_what_is_missing_is_said_in_one_sentence(monkeypatch):
    monkeypatch.setattr("pathlib.Path.glob", lambda *_: iter(()))
    monkeypatch.setenv("PATH", "")
    with pytest.raises(DatabaseMissingError, match=r"tools/setup-system.*LINGPAI_TEST_POSTGRES"):
        program("initdb")
