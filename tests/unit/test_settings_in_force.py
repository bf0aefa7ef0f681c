"""The settings as people may see them."""

from pathlib import Path

from lingpai.config import in_force
from lingpai.testing.server import server_config


def test_a_password_in_a_url_is_not_told(tmp_path: Path):
    url = "postgresql://user:p%40ssw0rd@db.example/lingpai"
    told = {
        one.name: one for one in in_force(server_config(tmp_path, "http://127.0.0.1:9", database_url=url))
    }
    assert told["database_url"].value == "postgresql://…@db.example/lingpai"
    assert told["database_url"].source == "command"
    assert told["session_lifetime"].source == "default"
    assert told["master_key"].value is None
    assert "ssw0rd" not in repr(told)


def test_a_secret_that_is_empty_is_not_set(tmp_path: Path):
    told = {each.name: each.is_set for each in in_force(server_config(tmp_path, "http://127.0.0.1:9"))}
    assert told["master_key"]
    assert not told["master_key_previous"]
