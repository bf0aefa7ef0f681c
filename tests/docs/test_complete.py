"""Is everything that the program has documented, in both languages?

The generator makes these pages; these tests ask the program by another way than the generator does.
"""

import re
import tomllib
from importlib.metadata import metadata
from itertools import chain
from pathlib import Path

import pytest
from typer.testing import CliRunner

from lingpai.cli.main import EXIT_CODES, cli
from lingpai.config import SETTINGS
from lingpai.errors import CATALOGUE, ERRCODES
from lingpai.observe import Metrics
from lingpai_emulator.faults import Fault
from lingpai_emulator.switches import Switches

ROOT = Path(__file__).parents[2]
LANGUAGES = ("en", "zh-CN")
CHINESE = re.compile("[\u4e00-\u9fff]")


@pytest.fixture(params=LANGUAGES)
def reference(request):
    """`reference(name)` → the text of that reference page."""
    return lambda name: (ROOT / "docs" / request.param / "reference" / f"{name}.md").read_text("utf-8")


def helped(*words):
    # One process for all of them: starting sixty would take most of a minute.
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("COLUMNS", "200")
        patch.setenv("NO_COLOR", "1")
        shown = CliRunner().invoke(cli, [*words, "--help"], prog_name="lingpai")
    assert shown.exit_code == 0, shown.output
    return shown.output


def section(text, heading):
    assert f"\n## {heading}\n" in text, heading
    return text.partition(f"\n## {heading}\n")[2].partition("\n## ")[0]


@pytest.fixture(scope="module")
def told_by_help():
    """Every command by its words, with the options that `--help` lists."""
    found = {}

    def walk(words):
        text = helped(*words)
        found[" ".join(("lingpai", *words))] = set(
            re.findall(r"^  (?:-\w, )?(--[a-z-]+)", text, re.MULTILINE)
        )
        listed = text.partition("\nCommands:\n")[2]
        for name in re.findall(r"^  ([a-z-]+)  ", listed, re.MULTILINE):
            walk((*words, name))

    walk(())
    return {command: options - {"--help"} for command, options in found.items() if command != "lingpai"}


def test_every_command_and_option_of_the_help_is_documented(reference, told_by_help):
    text = reference("commands")
    assert len(told_by_help) > 10
    for command, options in told_by_help.items():
        part = section(text, f"`{command}`")
        assert [option for option in options if f"| `{option}` |" not in part] == [], command


def test_every_setting_is_documented_with_its_default(reference):
    text = reference("settings")
    for setting in SETTINGS:
        assert f"| `{setting.name}` |" in text, setting.name


def test_every_problem_is_documented(reference):
    text = reference("problems")
    for kind in CATALOGUE.values():
        assert f"**HTTP** {kind.status}" in section(text, kind.code)


def test_every_errcode_is_documented(reference):
    text = reference("wechat-errcodes")
    assert [code for code in ERRCODES if f"| `{code}` |" not in text] == []


def test_every_exit_code_is_documented(reference):
    text = reference("exit-codes")
    assert [number for number in EXIT_CODES if f"| `{number}` |" not in text] == []


def test_every_exit_code_in_the_source_has_a_meaning():
    used = set()
    for file in (ROOT / "src" / "lingpai" / "cli").glob("*.py"):
        used |= set(map(int, re.findall(r"sys\.exit\((\d+)\)", file.read_text("utf-8"))))
    assert used <= EXIT_CODES.keys()


def test_every_metric_that_prometheus_sees_is_documented(reference):
    text = reference("metrics")
    seen = re.findall(r"^# TYPE (\S+) ", Metrics().page().decode(), re.MULTILINE)
    assert seen
    assert [name for name in seen if f"| `{name}` |" not in text] == []


async def test_every_endpoint_of_a_running_server_is_documented(reference, stack):
    text = reference("http")
    paths = (await stack.http.get("/openapi.json")).json()["paths"]
    assert "/v1/{app}/login" in paths
    for path, methods in paths.items():
        for method in methods:
            section(text, f"`{method.upper()} {path}`")


def test_every_log_event_of_the_source_is_documented(reference):
    text = reference("log-events")
    source = "".join(file.read_text("utf-8") for file in (ROOT / "src" / "lingpai").rglob("*.py"))
    calls = re.findall(r"\blogger\(\)\s*\.(\w+)\(\s*(\S)", source)
    named = set(re.findall(r"\blogger\(\)\s*\.\w+\(\s*\"(\w+)\"", source))
    assert all(quote == '"' for _, quote in calls), "an event's name is written where it is logged"
    assert [name for name in named if f"| `{name}` |" not in text] == []


def test_every_control_of_a_running_emulator_is_documented(reference, wechat, environment):
    text = reference("emulator-controls")
    index = wechat._call("GET", "/")["controls"]
    for line in index:
        methods, _, path = line.partition(" /__emulator__/")
        for method in methods.split():
            assert f"| `{method} {path}` |" in text, line
    for name in (*Fault.__struct_fields__, *Switches.__struct_fields__):
        assert f"| `{name}` |" in text, name


def test_the_chinese_reference_is_chinese():
    for file in (ROOT / "docs" / "zh-CN" / "reference").glob("*.md"):
        rows = [line for line in file.read_text("utf-8").splitlines() if line.startswith("| `")]
        plain = [row for row in rows if not CHINESE.search(row) and row.count("|") > 4]
        # A field or an errcode's own words may need no Chinese, a page full of such rows does.
        assert len(plain) <= len(rows) / 10, (file.name, plain)


def test_every_dependency_has_a_reason_and_its_licence():
    page = (ROOT / "docs" / "decisions" / "0008-dependencies.md").read_text("utf-8")
    told = dict(re.findall(r"^\| ([a-z0-9-]+) \| ([^|]+?) \|", page, re.MULTILINE))
    wanted = set()
    for pyproject in (ROOT / "pyproject.toml", ROOT / "emulator" / "pyproject.toml"):
        project = tomllib.loads(pyproject.read_text("utf-8"))["project"]
        extras = {**project.get("optional-dependencies", {}), "dev": []}  # our own emulator
        lines = [*project["dependencies"], *chain.from_iterable(extras.values())]
        wanted |= {re.split(r"[^A-Za-z0-9-]", line)[0].lower() for line in lines}
    assert told.keys() - {"package"} == wanted
    for name in wanted:
        stated = metadata(name).json.get("license_expression", told[name])
        assert stated == told[name], name
