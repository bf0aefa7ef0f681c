"""What operators type, and what they get."""

import json
import socket
import stat
import subprocess
import sys

import pytest

APPID, SECRET = "wx00000000000000e5", "0123456789abcdef" * 2


def told(process):
    assert process.returncode == 0, process.stderr
    return json.loads(process.stdout)


def test_init_writes_a_commented_file_and_a_private_key(run, tmp_path):
    assert told(run("init", "--json")) == {"written": ["lingpai.toml", "lingpai.key"]}
    assert stat.S_IMODE((tmp_path / "lingpai.key").stat().st_mode) == 0o600
    assert "database_url" in (tmp_path / "lingpai.toml").read_text()


def test_init_twice_leaves_the_key_alone(run, tmp_path):
    run("init")
    key = (tmp_path / "lingpai.key").read_text()
    assert told(run("init", "--json")) == {"written": []}
    assert (tmp_path / "lingpai.key").read_text() == key


def test_migrate_check_says_what_is_due(run):
    run("init")
    due = run("migrate", "--check")
    assert due.returncode == 4
    assert "lingpai migrate" in due.stderr
    assert run("migrate").returncode == 0
    assert run("migrate", "--check").returncode == 0
    assert told(run("migrate", "--check", "--json"))["up_to_date"] is True


def test_an_app_is_added_listed_rotated_and_removed(ready):
    added = ready("apps", "add", APPID, "--slug", "shop", "--json", input=SECRET + "\n")
    assert told(added)["secret_last4"] == "cdef"
    assert SECRET not in added.stdout + added.stderr
    assert [app["slug"] for app in told(ready("apps", "list", "--json"))] == ["shop"]
    rotated = told(ready("apps", "rotate-secret", "shop", "--no-wait", "--json", input="f" * 32))
    states = [(one["version"], one["state"], one["last4"]) for one in rotated["secrets"]]
    assert states == [(2, "candidate", "ffff"), (1, "current", "cdef")]
    assert rotated["secret_version"] == 1
    assert told(ready("apps", "remove", "shop", "--json")) == {"removed": "shop"}
    assert told(ready("apps", "list", "--json")) == []


def test_a_setting_of_an_app_is_changed_and_listed(ready):
    ready("apps", "add", APPID, "--slug", "shop", input=SECRET)
    changed = told(ready("apps", "set", "shop", "phone_by_encrypted_data=true", "--json"))
    assert changed["settings"]["phone_by_encrypted_data"] is True
    assert told(ready("apps", "list", "--json"))[0]["settings"] == changed["settings"]


@pytest.mark.parametrize(
    ("words", "hint"),
    [
        ("phone_by_encryptd_data=true", "phone_by_encrypted_data"),
        ("phone_by_encrypted_data=perhaps", "bool"),
        ("phone_by_encrypted_data", "NAME=VALUE"),
    ],
)
def test_a_setting_of_an_app_that_there_is_not_changes_nothing(ready, words, hint):
    ready("apps", "add", APPID, "--slug", "shop", input=SECRET)
    refused = ready("apps", "set", "shop", words)
    assert refused.returncode == 2
    assert hint in refused.stderr
    assert told(ready("apps", "list", "--json"))[0]["settings"]["phone_by_encrypted_data"] is False


@pytest.mark.parametrize(
    ("words", "secret", "code", "hint"),
    [
        (["apps", "add", "wx1", "--slug", "shop"], SECRET, 2, "16 lower-case hex digits"),
        (["apps", "add", APPID, "--slug", "Shop!"], SECRET, 2, "slug"),
        (["apps", "add", APPID, "--slug", "shop"], "short", 2, "32 lower-case hex digits"),
        (["apps", "remove", "nobody"], "", 5, "nobody"),
        (["apps", "rotate-secret", "nobody"], SECRET, 5, "nobody"),
        (["apps", "set", "nobody", "phone_by_encrypted_data=true"], "", 5, "nobody"),
        (["users", "show", "usr_nobody"], "", 5, "usr_nobody"),
        (["clients", "revoke", "nobody"], "", 5, "nobody"),
        (["clients", "add", "api", "--scope", "everything"], "", 2, "scope"),
        (["explain", "code_usedd"], "", 5, "code_used"),
        (["apps", "list", "--jsno"], "", 2, "--json"),
    ],
)
def test_a_mistake_is_a_sentence_and_an_exit_code(ready, words, secret, code, hint):
    process = ready(*words, input=secret)
    assert process.returncode == code, process.stderr
    assert hint in process.stderr
    assert "Traceback" not in process.stderr
    assert process.stdout == ""


def test_an_app_cannot_be_added_twice(ready):
    ready("apps", "add", APPID, "--slug", "shop", input=SECRET)
    again = ready("apps", "add", APPID, "--slug", "other", input=SECRET)
    assert again.returncode == 1
    assert "taken" in again.stderr


def test_a_service_key_is_shown_once(ready):
    made = told(ready("clients", "add", "api", "--json"))
    assert made["service_key"].startswith("lps_")
    listed = ready("clients", "list", "--json")
    assert made["service_key"] not in listed.stdout
    assert told(listed)[0]["last4"] == made["service_key"][-4:]
    assert told(ready("clients", "revoke", "api", "--json")) == {"revoked": "api"}


def test_a_key_that_does_not_exist_has_no_uses(ready):
    ready("clients", "add", "api", "--scope", f"access_token:{APPID}", "--scope", "wechat")
    assert told(ready("clients", "uses", "api", "--json")) == []
    assert ready("clients", "uses", "nobody").returncode == 5


def test_the_state_of_tokens_is_shown_without_them(ready):
    ready("apps", "add", APPID, "--slug", "shop", input=SECRET)
    assert told(ready("token", "shop", "--state", "--json")) == []
    assert ready("token", "nobody", "--state").returncode == 5


def test_the_token_of_the_emulators_app_is_printed_alone(ready, wechat):
    app = wechat.app("demo-mp")
    environment = {"LINGPAI_WECHAT_BASE_URL": wechat.url}
    ready("apps", "add", app.appid, "--slug", "shop", input=app.secret)
    first = ready("token", "shop", env=environment)
    assert first.returncode == 0, first.stderr
    assert first.stderr == ""
    assert ready("token", "shop", env=environment).stdout == first.stdout
    assert len(wechat.calls("/cgi-bin/stable_token")) == 1
    (state,) = told(ready("token", "shop", "--state", "--json"))
    assert (state["kind"], state["state"]) == ("stable", "ok")
    assert first.stdout.strip() not in str(state)


def test_a_token_that_wechat_refuses_is_a_sentence(ready, wechat):
    ready("apps", "add", APPID, "--slug", "shop", input=SECRET)
    refused = ready("token", "shop", env={"LINGPAI_WECHAT_BASE_URL": wechat.url})
    assert refused.returncode == 1
    assert "rotate-secret" in refused.stderr
    assert "Traceback" not in refused.stderr
    (state,) = told(ready("token", "shop", "--state", "--json"))
    assert (state["state"], state["errcode"]) == ("blocked", 40013)


def test_a_signing_key_is_published_a_day_before_it_signs(ready):
    key = told(ready("keys", "rotate", "--json"))
    assert key["active_at"] - key["created_at"] == 86_400_000
    assert [k["kid"] for k in told(ready("keys", "list", "--json"))] == [key["kid"]]


def test_explain_speaks_both_languages(run):
    assert "wx.login" in run("explain", "code_used", "--lang", "en").stdout
    assert "重新调用" in run("explain", "code_used", "--lang", "zh").stdout
    assert "40163" in run("explain", "40163").stdout
    assert "重新" in run("explain", "40029", env={"LC_ALL": "zh_CN.UTF-8"}).stdout


def test_explain_json_has_every_language(run):
    assert set(told(run("explain", "code_used", "--json"))["fix"]) == {"en", "zh"}


def test_serve_without_a_key_says_what_to_do(run):
    refused = run("serve")
    assert refused.returncode == 3
    assert "lingpai init" in refused.stderr


def test_serve_on_an_old_schema_says_what_to_do(run):
    run("init")
    refused = run("serve", "--port", "0")
    assert refused.returncode == 4
    assert "lingpai migrate" in refused.stderr


def test_all_complaints_about_settings_come_at_once(run, tmp_path):
    run("init")
    (tmp_path / "lingpai.toml").write_text(
        'prot = 1\nport = "x"\npublic_url = "http://login.example.com"\nmaster_key = "abc"\n'
        "session_lifetime = 1\nlog_level = 'loud'\n"
    )
    (tmp_path / "lingpai.key").chmod(0o644)
    refused = run("serve", env={"LINGPAI_HOTS": "x", "LINGPAI_WECHAT_READ_TIMEOUT": "0.5"})
    assert refused.returncode == 3
    for expected in (
        "prot: no such setting; did you mean port?",
        "port: ",
        "public_url: must begin with https://",
        "master_key: a secret does not belong",
        "session_lifetime: must be between",
        "log_level: must be one of",
        "LINGPAI_HOTS: no such setting; did you mean LINGPAI_HOST?",
        "chmod 600",
        "connect < read <= total",
    ):
        assert expected in refused.stderr


@pytest.mark.parametrize("key", ["AAAA", "not base64!", "A" * 43 + "="])
def test_serve_refuses_a_weak_master_key(run, key):
    run("init")
    refused = run("serve", env={"LINGPAI_MASTER_KEY": key})
    assert refused.returncode == 3
    assert "LINGPAI_MASTER_KEY" in refused.stderr
    assert key not in refused.stderr


def test_another_master_key_is_noticed_before_anything_is_served(ready, tmp_path):
    ready("apps", "add", APPID, "--slug", "shop", input=SECRET)
    (tmp_path / "lingpai.key").unlink()
    ready("init")
    refused = ready("serve", "--port", "0")
    assert refused.returncode == 3
    assert "master key" in refused.stderr


def test_serve_refuses_a_wechat_over_plain_http(run):
    run("init")
    refused = run("serve", env={"LINGPAI_WECHAT_BASE_URL": "http://api.weixin.qq.com"})
    assert refused.returncode == 3
    assert "https://" in refused.stderr


def test_every_command_explains_itself(run):
    for words in (
        (),
        ("dev",),
        ("serve",),
        ("apps",),
        ("apps", "add"),
        ("users", "list"),
        ("keys", "rotate"),
    ):
        shown = run(*words, "--help")
        assert shown.returncode == 0
        assert shown.stdout.startswith(" Usage:") or "Usage:" in shown.stdout


def test_dev_without_the_emulator_says_what_to_install(tmp_path):
    program = (
        "import sys; sys.modules['lingpai_emulator'] = None; sys.argv = ['lingpai', 'dev'];"
        "from lingpai.cli import main; main()"
    )
    refused = subprocess.run(
        [sys.executable, "-c", program], cwd=tmp_path, capture_output=True, text=True, timeout=60, check=False
    )
    assert refused.returncode == 1
    assert refused.stderr.strip().endswith("pip install lingpai-emulator")
    assert list(tmp_path.iterdir()) == []


def test_dev_on_a_taken_port_says_which(tmp_path):
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        command = [sys.executable, "-m", "lingpai", "dev", "--port", str(port), "--emulator-port", "0"]
        refused = subprocess.run(
            [*command, "--no-open"], cwd=tmp_path, capture_output=True, text=True, timeout=60, check=False
        )
    assert refused.returncode == 1
    assert f"port {port} on 127.0.0.1 is taken" in refused.stderr
    assert "Traceback" not in refused.stderr
