"""`lingpai operators` and `lingpai audit`: what is printed, what is not, and what a wrong word is answered."""

import json
import sqlite3
import sys
from contextlib import closing
from typing import NamedTuple

import pytest

from lingpai.cli.main import main


class Said(NamedTuple):
    stdout: str
    stderr: str


@pytest.fixture
def run(tmp_path, monkeypatch, capsys):
    """The command line within this process: what is asked of a dozen commands here would be a dozen starts."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("LINGPAI_PUBLIC_URL", "https://login.example.com")
    monkeypatch.setenv("SUDO_USER", "xiaohong")

    def running(*words, code=0):
        monkeypatch.setattr(sys, "argv", ["lingpai", *words])
        with pytest.raises(SystemExit) as ended:
            main()
        said = Said(*capsys.readouterr())
        assert (ended.value.code or 0) == code, said.stderr
        return said

    running("init")
    running("migrate")
    return running


def test_operators_are_made_listed_changed_and_let_go(run):
    made = run("operators", "add", "xiaohong", "--role", "security", "--role", "operator")
    link = made.stdout.strip()
    assert link.startswith("https://login.example.com/console/sign-in/set-up#lpl_")
    assert "lpl_" not in made.stderr
    assert run("operators", "add", "xiaohong", "--role", "viewer", code=1).stdout == ""
    assert "viewer, operator, security" in run("operators", "add", "sam", "--role", "root", code=2).stderr
    key = json.loads(
        run("operators", "keys", "add", "xiaohong", "ci", "--permission", "secure", "--json").stdout
    )
    assert key["operator_key"].startswith("lpo_")
    listed = run("operators", "keys", "list").stdout
    assert key["operator_key"][-4:] in listed
    assert key["operator_key"] not in listed
    again = json.loads(run("operators", "reset", "xiaohong", "--json").stdout)
    assert again["link"] != link
    (shown,) = json.loads(run("operators", "list", "--json").stdout)
    assert (shown["roles"], shown["password"], shown["passkeys"]) == (["operator", "security"], False, 0)
    run("operators", "remove", "xiaohong")
    run("operators", "remove", "xiaohong", code=5)
    told = [e["action"] for e in json.loads(run("audit", "list", "--json").stdout)]
    assert told == [
        "operator.removed",
        "operator.reset",
        "operator_key.added",
        "operator.added_failed",
        "operator.added",
        "operator.added",
    ]


def test_what_is_typed_is_audited_and_the_audit_verified(run, tmp_path):
    (tmp_path / "secret").write_text("0123456789abcdef" * 2)
    run("apps", "add", "wx00000000000000e5", "--slug", "shop", "--secret-file", "secret")
    head = run("audit", "verify").stdout.strip()
    assert head.startswith("1:")
    run("apps", "remove", "shop")
    run("audit", "verify", "--head", head)
    newest, oldest = json.loads(run("audit", "list", "--json").stdout)
    assert (newest["action"], oldest["action"]) == ("app.removed", "app.added")
    assert oldest["actor_kind"] == "cli"
    assert oldest["actor_name"].endswith("(sudo: xiaohong)")
    assert "0123456789abcdef0123" not in json.dumps(oldest)
    exported = [json.loads(line) for line in run("audit", "export").stdout.splitlines()]
    assert [entry["action"] for entry in exported] == ["app.added", "app.removed", "audit.exported"]
    (tmp_path / "archive").write_text("\n".join(map(json.dumps, exported)))
    assert json.loads(
        run("audit", "prune", "--before", "2020-01-01", "--exported", "archive", "--json").stdout
    ) == {"removed": 0}
    run("audit", "verify", "--head", "1:abc", code=2)
    with closing(sqlite3.connect(tmp_path / "lingpai.db")) as db:
        db.execute("UPDATE audit_log SET actor_name = 'nobody' WHERE position = 1")
        db.commit()
    told = json.loads(run("audit", "verify", "--json", code=1).stdout)
    assert (told["ok"], told["broken"]) == (
        False,
        [{"position": 1, "damage": "altered", "through": 1}],
    )
