"""Does `lingpai-emulator conformance` see where two WeChats differ, and keep what is secret?

A second emulator stands for the real WeChat: it was made to differ, or it is reached by WeChat's own name.
"""

import json
import os
import subprocess
import sys

import pytest

from lingpai_emulator.background import emulator_process
from lingpai_emulator.conformance.probes import PROBES, SEEN_IN_PART
from lingpai_emulator.switches import Switches

COMMAND = [sys.executable, "-m", "lingpai_emulator", "conformance"]
SLUGS = {"miniprogram": "demo-mp", "official_account": "demo-oa", "website": "demo-web"}


@pytest.fixture
def compared(tmp_path, bare):
    """`compared(wechat, …)` → exit code, rows, transcript, what went to stderr."""

    def comparing(wechat, *arguments, kind="miniprogram", code=None, environment=None):
        app = wechat.app(SLUGS[kind])
        (tmp_path / "secret").write_text(app.secret + "\n", encoding="utf-8")
        command = [*COMMAND, "--appid", app.appid, "--kind", kind, "--secret-file", "secret"]
        command += [] if environment else ["--wechat", wechat.url]
        command += ["--code", code] if code else []
        command += ["--transcript", "told.json", *arguments]
        done = subprocess.run(
            command,
            cwd=tmp_path,
            env=environment or bare,
            capture_output=True,
            text=True,
            timeout=100,
            check=False,
        )
        assert done.returncode in (0, 1), done.stderr
        text = (tmp_path / "told.json").read_text("utf-8")
        return done.returncode, done.stdout.splitlines(), json.loads(text), done.stderr

    return comparing


def _differing(told):
    return {
        (probe["request"]["path"], each["aspect"], each["switch"])
        for probe in told["probes"]
        for each in probe["differences"]
    }


def _everything_secret(wechat, ask=None):
    """Every secret, token, session_key, openid and unionid that the run can have met."""
    people = [list(identity.values()) for person in wechat.people for identity in person["identities"]]
    secrets = {app.secret for app in wechat.apps} | {app.appid for app in wechat.apps}
    return secrets | {text for texts in people for text in texts if text}


def test_the_real_name_of_wechat_is_called_through_the_proxy_and_all_is_alike(
    wechat_proxy, compared, environment
):
    code = wechat_proxy.login("sam")
    exit_code, rows, told, said = compared(wechat_proxy, code=code, environment=environment)
    assert exit_code == 0, told["faithfulness"]
    assert told["wechat"] == "https://api.weixin.qq.com"
    assert "41 calls, 0 answered otherwise" in said
    assert any(
        row.startswith("| a used code is answered 40163 | observed | a conformance run") for row in rows
    )
    assert len(wechat_proxy.calls()) == 41


@pytest.mark.parametrize("kind", ["official_account", "website"])
def test_web_authorization_is_compared_with_a_code_of_any_scope(wechat, compared, kind):
    code = wechat.oauth_code("xiaohong", SLUGS[kind])
    exit_code, _, told, _ = compared(wechat, kind=kind, code=code)
    assert exit_code == 0, told["faithfulness"]
    asked = {probe["asks"] for probe in told["probes"] if probe["wechat"] is not None}
    assert "with the person's token" in asked


@pytest.mark.parametrize(
    ("switch", "difference"),
    [
        ("malformed_token_errcode=40001", ("/cgi-bin/getcallbackip", "errcode", "malformed_token_errcode")),
        ("reuse_errcode=40029", ("/sns/jscode2session", "errcode", "reuse_errcode")),
        ("failed_exchange_burns_code=true", ("/sns/jscode2session", "errcode", "failed_exchange_burns_code")),
        ("accept_mock_code=true", ("/sns/jscode2session", "errcode", "accept_mock_code")),
        ("legacy_expires_in=true", ("/sns/jscode2session", "keys", "failed_exchange_burns_code")),
        ("sns_content_type=application/json", ("/sns/jscode2session", "content type", "sns_content_type")),
        ("json_content_type=text/html", ("/cgi-bin/token", "content type", "json_content_type")),
        ("errmsg_era=hints", ("/cgi-bin/token", "trace", "errmsg_era")),
        ("errmsg_era=rid-no-comma", ("/sns/jscode2session", "trace", "errmsg_era")),
    ],
)
def test_a_wechat_that_was_made_to_differ_is_seen_to_and_the_switch_makes_up_for_it(
    compared, switch, difference
):
    with emulator_process("--switch", switch) as other:
        exit_code, rows, told, _ = compared(other, code=other.login())
        assert exit_code == 1
        assert difference in _differing(told)
        assert any(row.startswith("| `") and "here `" in row for row in rows)
        exit_code, _, told, _ = compared(other, "--switch", switch, code=other.login())
        assert (exit_code, _differing(told)) == (0, set())


def test_without_a_code_the_calls_that_need_one_are_left_out(wechat, compared):
    exit_code, _, told, said = compared(wechat)
    assert exit_code == 0
    assert "4 left out" in said
    left_out = {probe["asks"] for probe in told["probes"] if probe["wechat"] is None}
    assert "with the same code again" in left_out


def test_a_caller_that_is_not_on_the_allow_list_still_learns_the_rest(wechat, compared):
    wechat.set_app("demo-mp", ip_allow_list=["203.0.113.9"])
    exit_code, _, told, _ = compared(wechat)
    assert exit_code == 0, told["faithfulness"]
    (refused,) = [probe for probe in told["probes"] if probe["asks"] == "in normal mode"]
    assert "40164" in refused["wechat"]["body"]
    assert "127.0.0.1" not in json.dumps(told["probes"])


def test_an_errmsg_and_a_status_of_its_own_are_differences(wechat, compared):
    wechat.fail("/cgi-bin/token", times=None, errcode=41002, errmsg="appid is missing")
    wechat.fail("/sns/jscode2session", times=None, status=502)
    _, rows, told, _ = compared(wechat)
    found = _differing(told)
    assert ("/cgi-bin/token", "words", None) in found
    assert ("/sns/jscode2session", "status", None) in found
    assert any("words `appid is missing`, here `appid missing`" in row for row in rows)


def test_nothing_secret_is_in_transcript_rows_or_words(wechat, compared):
    code = wechat.login("sam")
    secrets = _everything_secret(wechat) | {code}
    _, rows, told, said = compared(wechat, code=code)
    everything = "\n".join([json.dumps(told, ensure_ascii=False), *rows, said]).replace("\\/", "/")
    assert [secret for secret in secrets if secret in everything] == []
    state = json.dumps(wechat.state(), ensure_ascii=False)
    assert '"session_key":"<session_key>"' in everything.replace('\\"', '"')
    assert state


def test_a_person_is_not_in_the_transcript_either(wechat, compared):
    wechat.add_person(id="xiaohong", nickname="独一无二的昵称", avatar="https://example.com/only-hers.png")
    code = wechat.oauth_code("xiaohong", "demo-oa", "snsapi_userinfo")
    _, _, told, _ = compared(wechat, kind="official_account", code=code)
    text = json.dumps(told, ensure_ascii=False)
    assert "<nickname>" in text
    assert "独一无二" not in text
    assert "only-hers" not in text


def test_no_call_forces_resets_or_clears_anything(wechat, compared):
    before = wechat.rogue("demo-mp", "stable_token")["access_token"]
    compared(wechat, code=wechat.login())
    called = {call["path"] for call in wechat.calls()}
    assert not called & {"/cgi-bin/clear_quota", "/cgi-bin/clear_quota/v2", "/wxa/resetusersessionkey"}
    assert wechat.rogue("demo-mp", "stable_token")["access_token"] == before
    assert "force_refresh" not in json.dumps(wechat.calls())


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        ([], "--appid and --secret-file"),
        (["--appid", "demo-mp", "--secret-file", "secret"], "16 hex digits"),
        (["--appid", "wx00000000000000a1", "--secret-file", "nowhere"], "cannot be read"),
        (["--appid", "wx00000000000000a1", "--secret-file", "empty"], "one word"),
        (["--appid", "wx00000000000000a1", "--secret-file", "binary"], "no text"),
        (["--wechat", "http://api.weixin.qq.com"], "emulator on this machine only"),
        (["--wechat", "https://wechat.example.com"], "emulator on this machine only"),
        (["--wechat", "https://api.weixin.qq.com@evil.example"], "emulator on this machine only"),
        (["--wechat", "https://user:pw@api.weixin.qq.com"], "emulator on this machine only"),
        (["--wechat", "https://[api"], "emulator on this machine only"),
        (["--code", "a b"], "no code"),
        (["--switch", "nothing=1"], "nothing"),
    ],
)
def test_a_wrong_option_ends_with_2_and_sends_nothing(tmp_path, arguments, sentence):
    (tmp_path / "secret").write_text("0123456789abcdef0123456789abcdef", encoding="utf-8")
    (tmp_path / "empty").write_text("\n", encoding="utf-8")
    (tmp_path / "binary").write_bytes(b"\xff\xfe\x00")
    usual = ["--appid", "wx00000000000000a1", "--secret-file", "secret"]
    given = arguments if not arguments or "--appid" in arguments else [*usual, *arguments]
    done = subprocess.run(
        [*COMMAND, *given], cwd=tmp_path, capture_output=True, text=True, timeout=30, check=False
    )
    assert (done.returncode, done.stdout) == (2, "")
    assert sentence in done.stderr
    assert "0123456789abcdef" not in done.stderr
    assert "Traceback" not in done.stderr


def test_a_wechat_that_does_not_answer_ends_with_3_and_names_no_secret(tmp_path):
    (tmp_path / "secret").write_text("0123456789abcdef0123456789abcdef", encoding="utf-8")
    command = [*COMMAND, "--appid", "wx00000000000000a1", "--secret-file", "secret"]
    command += ["--wechat", "http://127.0.0.1:1"]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, timeout=30, check=False)
    assert done.returncode == 3
    assert "gave no answer" in done.stderr
    assert "0123456789abcdef" not in done.stderr
    assert not list(tmp_path.glob("*.json"))


def test_the_secret_may_come_from_standard_input_and_the_transcript_gets_a_name(tmp_path, wechat, bare):
    app = wechat.app("demo-mp")
    command = [*COMMAND, "--appid", app.appid, "--secret-file", "-", "--wechat", wechat.url]
    done = subprocess.run(
        command,
        cwd=tmp_path,
        env=bare,
        input=app.secret + "\n",
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    (file,) = tmp_path.glob("conformance-miniprogram-20*.json")
    assert os.fspath(file.name) in done.stderr


def test_it_can_show_what_it_would_ask():
    done = subprocess.run([*COMMAND, "--list"], capture_output=True, text=True, timeout=30, check=True)
    assert "POST /cgi-bin/stable_token in normal mode" in done.stdout
    assert "with the same code again  (with --code)" in done.stdout


def test_every_probe_is_about_a_row_of_the_table(behaviours):
    assert {probe.row for probe in PROBES} <= behaviours
    assert {probe.row for probe in PROBES} >= SEEN_IN_PART


def test_every_switch_of_a_probe_is_one():
    named = {probe.switch for probe in PROBES} - {None}
    assert named <= set(Switches.__struct_fields__)


def test_no_two_probes_are_the_same():
    names = [(probe.name, sorted(probe.kinds)) for probe in PROBES]
    assert len(names) == len({str(name) for name in names})
