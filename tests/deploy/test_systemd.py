"""The units: verified by systemd where there is one, parsed everywhere."""

import re
import shutil
import subprocess

import pytest

from lingpai.config import SETTINGS
from tests.deploy.conftest import DEPLOY, known_variables, usable

UNITS = ["lingpai.service", "lingpai@.service"]
LEAST_EXPOSED = 2.0
"""What `systemd-analyze security` calls OK goes to 4.9 out of 10."""
DEFAULTS = {setting.name: setting.default for setting in SETTINGS}


@pytest.fixture(params=UNITS)
def unit(request):
    return DEPLOY / "systemd" / request.param


def parsed(unit):
    """Section → [(name, value)]."""
    sections: dict[str, list[tuple[str, str]]] = {}
    current: list[tuple[str, str]] = []
    for line in unit.read_text("utf-8").splitlines():
        if re.fullmatch(r"\[\w+\]", line):
            current = sections.setdefault(line[1:-1], [])
        elif line and not line.startswith("#"):
            name, equals, value = line.partition("=")
            assert equals, line
            current.append((name, value))
    return sections


def installed(unit, folder):
    """The unit as on a machine where lingpai is installed, an instance of it if it is a template."""
    name = unit.name.replace("@.", "@8001.")
    text = unit.read_text("utf-8").replace("/opt/lingpai/bin/lingpai", shutil.which("env"))
    (folder / unit.name).write_text(text)
    (folder / name).write_text(text)
    return folder / name


def test_systemd_has_nothing_against_it(unit, tmp_path):
    analyze = shutil.which("systemd-analyze")
    if analyze is None:
        assert parsed(unit).keys() == {"Unit", "Service", "Install"}
        return
    done = subprocess.run(
        [analyze, "verify", "--man=no", installed(unit, tmp_path)],
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")


def test_it_may_do_little(unit, tmp_path):
    service = dict(parsed(unit)["Service"])
    assert service["NoNewPrivileges"] == "yes"
    assert service["ProtectSystem"] == "strict"
    assert service["CapabilityBoundingSet"] == ""
    assert service["User"] == "lingpai"
    analyze = shutil.which("systemd-analyze")
    if analyze is None:
        return
    done = subprocess.run(
        [analyze, "security", "--offline=yes", "--no-pager", installed(unit, tmp_path)],
        capture_output=True,
        text=True,
        check=False,
    )
    (level,) = re.findall(r"exposure level for \S+: ([\d.]+)", done.stdout)
    assert float(level) <= LEAST_EXPOSED


def test_it_is_given_more_time_to_stop_than_it_takes(unit):
    service = dict(parsed(unit)["Service"])
    needed = DEFAULTS["shutdown_grace"] + DEFAULTS["shutdown_drain"]
    assert float(service["TimeoutStopSec"].removesuffix("s")) > needed + 5


def test_the_settings_it_names_exist(unit):
    named = dict(value.split("=", 1) for name, value in parsed(unit)["Service"] if name == "Environment")
    assert named.keys() <= known_variables()
    assert usable(named) == []


def test_settings_that_cannot_be_used_do_not_start_it_again_and_again(unit):
    assert dict(parsed(unit)["Service"])["RestartPreventExitStatus"] == "3"


def test_the_template_differs_from_the_unit_by_its_port_alone():
    plain, template = (parsed(DEPLOY / "systemd" / name) for name in UNITS)
    differing = set(plain["Service"]) ^ set(template["Service"])
    assert {name for name, _ in differing} == {"ExecStart"}
    assert dict(template["Service"])["ExecStart"] == dict(plain["Service"])["ExecStart"] + " --port %i"
