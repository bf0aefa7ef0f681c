"""`lingpai doctor` as an operator runs it."""

import json

from tests.cli.conftest import ready, run  # noqa: F401 - fixtures

APPID = "wx00000000000000a1"


def add(ready, secret):  # noqa: F811
    assert ready("apps", "add", APPID, "--slug", "shop", input=secret).returncode == 0


def test_a_healthy_server_and_a_wrong_secret_differ_in_the_exit_code(ready, wechat):  # noqa: F811
    secret = wechat.app(APPID).secret
    add(ready, secret)
    elsewhere = {"LINGPAI_WECHAT_BASE_URL": wechat.url}
    good = ready("doctor", "--json", env=elsewhere)
    assert good.returncode == 0, good.stdout + good.stderr
    found = {finding["code"]: finding for finding in json.loads(good.stdout)}
    assert found.keys() >= {
        "database_ok",
        "signing_key_missing",
        "wechat_reached",
        "clock_ok",
        "login_ok",
        "token_ok",
    }
    assert set(found["login_ok"]["title"]) == {"en", "zh"}
    wechat.set_app(APPID, secret="0" * 32)
    bad = ready("doctor", "shop", "--lang", "zh", env=elsewhere)
    assert bad.returncode == 1
    assert "AppSecret 错误（40125）" in bad.stdout
    assert ready("doctor", "nowhere", env=elsewhere).returncode == 5
    assert secret not in good.stdout + good.stderr + bad.stdout + bad.stderr


def test_no_database_and_a_foreign_key_are_findings_and_not_traces(ready, wechat, tmp_path):  # noqa: F811
    elsewhere = {"LINGPAI_WECHAT_BASE_URL": wechat.url}
    empty = ready("doctor", "--json", env={**elsewhere, "LINGPAI_DATABASE_URL": "sqlite:///other.db"})
    assert empty.returncode == 1
    assert {"schema_old", "wechat_reached"} <= {finding["code"] for finding in json.loads(empty.stdout)}
    ready("apps", "list")  # makes the data key
    key = tmp_path / "lingpai.key"
    key.write_text("AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=")
    foreign = ready("doctor", "--json", env=elsewhere)
    assert foreign.returncode == 1
    assert "master_key_wrong" in {finding["code"] for finding in json.loads(foreign.stdout)}
