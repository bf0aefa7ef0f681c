"""What the tests of imports share: the tutorial's table on a real MariaDB, and an app to import into."""

import os
import subprocess
import sys
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit, urlunsplit

import pytest

from lingpai.testing.databases import execute
from tests.cli.conftest import Run, ready, run  # noqa: F401 - fixtures
from tests.cli.conftest import data as told_by

APPID, OTHER_APPID = "wx00000000000000e5", "wx00000000000000e6"
SECRET = "0123456789abcdef" * 2
GREY = "https://thirdwx.qlogo.cn/mmopen/vi_32/POgEwh4mIHO4nibH0KlMECNjjGxQUq24ZEaGT4poC6icRiccVGKSyXwibcPq4BWmiaIGuG1icwxaQX6grC9VemZoJ8rg/132"
# As the tutorial has it: the openid is the key, business columns stand among WeChat's.
TABLE = """
    CREATE TABLE gk_wx_user (
        open_id varchar(255) NOT NULL, session_key varchar(255), avatar_url varchar(255), nick_name varchar(255),
        gender varchar(10), city varchar(255), province varchar(255), country varchar(255), language varchar(255),
        real_name varchar(255), stu_id varchar(255), PRIMARY KEY (open_id)
    ) ENGINE=InnoDB DEFAULT CHARSET=utf8
"""


def data(process) -> Any:
    return told_by(process)


def openid(n: int) -> str:
    return f"oGkWxUser{n:019}"


def filled(url: str, count: int) -> None:
    """Rows as such tables have them: some placeholders, some that are nobody."""
    rows = []
    for n in range(count):
        name, picture = f"用户{n}", f"https://thirdwx.qlogo.cn/mmopen/vi_32/x{n}/132"
        if n % 10 == 3:
            name, picture = "微信用户", GREY
        rows.append(
            f"('{openid(n)}','sk{n:022}==','{picture}','{name}','{n % 3}','广州','广东','中国','zh_CN','名{n}',{n})"
        )
    rows += ["('bad openid','','','','','','','','','',1)", "('','','','','','','','','','',2)"]
    head = "INSERT INTO gk_wx_user VALUES "
    execute(url, *(head + ",".join(rows[at : at + 1_000]) for at in range(0, len(rows), 1_000)))


@pytest.fixture
def shop(ready: Run) -> Run:  # noqa: F811 - a fixture
    """The command line, with an app to import into."""
    registered(ready, APPID, "shop")
    return ready


def registered(ready: Run, appid: str, slug: str) -> None:  # noqa: F811 - an argument
    words = ("apps", "add", appid, "--slug", slug, "--open-platform", "op", "--json")
    data(ready(*words, input=SECRET + "\n"))


def without_password(url: str) -> tuple[str, dict[str, str]]:
    """The URL for the command line, and the environment with its password."""
    parts = urlsplit(url)
    netloc = f"{parts.username}@{parts.hostname}:{parts.port}"
    return urlunsplit(parts._replace(netloc=netloc)), {"LINGPAI_SOURCE_PASSWORD": parts.password or ""}


def started(folder: Path, *words: str, env: dict[str, str]) -> "subprocess.Popen[str]":
    """A command that goes on by itself."""
    outside = {name: value for name, value in os.environ.items() if not name.startswith("LINGPAI_")}
    return subprocess.Popen(
        [sys.executable, "-m", "lingpai", *words],
        cwd=folder,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env={**outside, **env},
    )
