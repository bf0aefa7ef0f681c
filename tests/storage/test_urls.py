"""Database URLs: what is wrong is said before anything is opened, and never with the password."""

import pytest

from lingpai.config import ConfigInvalidError, config_of, new_master_key
from lingpai.storage.urls import complaint

GOOD = [
    "sqlite:///lingpai.db",
    "memory:",
    "postgresql://u:p@h/d",
    "postgresql://u:p%40%2F@h:5432/d?sslmode=verify-full&sslrootcert=ca.pem",
    "postgresql://u:p@one:5432,two:5433/d",
    "postgresql://u@/d?host=/run/postgresql",
    "mysql://u:p@h:3306/d?ssl_mode=verify_identity&ssl_ca=ca.pem",
    "mysql://u@localhost/d?unix_socket=/run/mysqld/mysqld.sock",
]
BAD = [
    ("mongo://u:hunter2@h/d", "known are"),
    ("postgres://u:hunter2@h/d", "write postgresql://"),
    ("mariadb://u:hunter2@h/d", "write mysql://"),
    ("postgresql:u:hunter2@h/d", "expected postgresql://"),
    ("postgresql://u:hunter2@h", "expected postgresql://"),
    ("postgresql://u:hunter2@h:port/d", "expected postgresql://"),
    ("postgresql://u:hunter2@h:0/d", "expected postgresql://"),
    ("postgresql://u:hunter2@h:99999/d", "expected postgresql://"),
    ("postgresql://u:hunter2@h/d#x", "expected postgresql://"),
    ("postgresql://u:hunter2@[h/d", "expected postgresql://"),
    ("postgresql://u:hunter2@h/d?sslmod=require", "no option 'sslmod'"),
    ("mysql://u:hunter2@h/d?ssl_mode=perhaps", "ssl_mode is one of"),
    ("mysql://u:hunter2@h/d?charset=latin1", "no option 'charset'"),
]


@pytest.mark.parametrize("url", GOOD)
def test_a_url_that_names_a_database_may_be_tried(url):
    assert complaint(url) is None


@pytest.mark.parametrize(("url", "words"), BAD)
def test_a_url_that_cannot_be_used_is_refused_with_the_settings(url, words, tmp_path):
    key = tmp_path / "key"
    key.touch(mode=0o600)
    key.write_text(new_master_key())
    with pytest.raises(ConfigInvalidError, match="database_url: ") as caught:
        config_of(database_url=url, master_key_file=str(key))
    (complaint_of_it,) = caught.value.complaints
    assert words in complaint_of_it
    assert "hunter2" not in complaint_of_it


def test_settings_do_not_show_the_url(tmp_path):
    key = tmp_path / "key"
    key.touch(mode=0o600)
    key.write_text(new_master_key())
    config = config_of(database_url="mysql://u:hunter2@h/d", master_key_file=str(key))
    assert config.database_url == "mysql://u:hunter2@h/d"
    assert "hunter2" not in repr(config)
