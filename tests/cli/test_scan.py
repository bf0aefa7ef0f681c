"""`lingpai scan` as it is typed: what it prints, and how it ends."""

import json
import re
import shlex
import subprocess
import sys
from pathlib import Path

import pytest

from lingpai.scan import RULES
from tests.scan.cases import SECRET

ROOT = Path(__file__).parents[2]


@pytest.fixture
def project(tmp_path):
    folder = tmp_path / "project"
    (folder / "pages").mkdir(parents=True)
    (folder / "app.json").write_text('{"pages": ["pages/index"]}')
    (folder / "app.js").write_text(f"App({{}})\nconst appSecret = '{SECRET}'\n")
    return folder


def test_nothing_found_ends_with_0_and_something_with_1(run, project):
    assert run("scan", str(project / "pages")).returncode == 0
    found = run("scan", str(project))
    assert found.returncode == 1
    assert found.stdout.startswith("app.js:2:19: appsecret_in_client: ")
    assert "1 found in 2 files" in found.stderr


def test_a_finding_is_told_with_risk_and_fix_in_the_readers_language(run, project):
    rule = RULES["appsecret_in_client"]
    english, chinese = run("scan", str(project), "--lang", "en"), run("scan", str(project), "--lang", "zh")
    for words in (rule.title, rule.risk, rule.fix):
        assert words.say("en") in english.stdout
        assert words.say("zh") in chinese.stdout
    assert run("scan", str(project), env={"LC_ALL": "zh_CN.UTF-8"}).stdout == chinese.stdout


def test_json_is_one_line_with_both_languages(run, project):
    found = run("scan", str(project), "--json")
    assert found.returncode == 1
    assert found.stdout.count("\n") == 1
    (finding,) = json.loads(found.stdout)["findings"]
    assert (finding["file"], finding["line"], finding["rule"]) == ("app.js", 2, "appsecret_in_client")
    assert set(finding["risk"]) == set(finding["fix"]) == {"en", "zh"}


@pytest.mark.parametrize("words", [[], ["--json"], ["--lang", "zh"]])
def test_no_secret_is_printed_but_its_last_four(run, project, words):
    told = run("scan", str(project), *words)
    assert SECRET[-4:] in told.stdout
    assert SECRET[-8:] not in told.stdout + told.stderr
    assert SECRET[:8] not in told.stdout + told.stderr


def test_a_baseline_leaves_what_is_new(run, project, tmp_path):
    known = tmp_path / "known.json"
    known.write_text(run("scan", str(project), "--json").stdout)
    (project / "app.js").write_text("// moved\n" + (project / "app.js").read_text())
    again = run("scan", str(project), "--baseline", str(known))
    assert (again.returncode, again.stdout) == (0, "")
    (project / "new.js").write_text(f"const wxSecret = '{SECRET}'\n")
    fresh = run("scan", str(project), "--baseline", str(known), "--json")
    assert fresh.returncode == 1
    assert [f["file"] for f in json.loads(fresh.stdout)["findings"]] == ["new.js"]


def test_a_baseline_counts_what_is_there_twice(run, project, tmp_path):
    known = tmp_path / "known.json"
    known.write_text(run("scan", str(project), "--json").stdout)
    text = (project / "app.js").read_text()
    (project / "app.js").write_text(text + text.splitlines()[1] + "\n")
    again = json.loads(run("scan", str(project), "--baseline", str(known), "--json").stdout)
    assert (len(again["findings"]), again["known"]) == (1, 1)


@pytest.mark.parametrize(
    ("words", "code", "hint"),
    [
        (["missing"], 5, "There is no folder missing"),
        (["project/app.js"], 5, "There is no folder"),
        (["project", "--baseline", "missing.json"], 5, "missing.json"),
        (["project", "--baseline", "project/app.js"], 2, "scan --json"),
        (["project", "--lang", "fr"], 2, "fr"),
        ([], 2, "directory"),
    ],
)
def test_a_mistake_is_a_sentence_and_an_exit_code(run, project, words, code, hint):
    refused = run("scan", *words)
    assert refused.returncode == code, refused.stderr
    assert hint in refused.stderr
    assert "Traceback" not in refused.stderr
    assert refused.stdout == ""


def test_files_that_were_not_looked_at_are_named(run, project):
    (project / "bundle.js").write_text(" " * (1024 * 1024 + 1))
    assert "bundle.js" in run("scan", str(project)).stderr


def test_the_pre_commit_hook_does_what_pre_commit_runs(project):
    text = (ROOT / ".pre-commit-hooks.yaml").read_text("utf-8")
    hook = dict(re.findall(r"^(?:- |  )(\w+): (.+?)(?: #.*)?$", text, re.MULTILINE))
    assert (hook["id"], hook["language"], hook["pass_filenames"]) == ("lingpai-scan", "python", "false")
    words = shlex.split(hook["entry"])
    assert words[0] == "lingpai"
    command = [str(Path(sys.executable).parent / words[0]), *words[1:]]
    refused = subprocess.run(command, cwd=project, capture_output=True, text=True, check=False)
    assert refused.returncode == 1
    (project / "app.js").write_text("App({})\n")
    passed = subprocess.run(command, cwd=project, capture_output=True, text=True, check=False)
    assert passed.returncode == 0
