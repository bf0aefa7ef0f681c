"""What the tests of deploy/ share: the files, parsed, and the names of settings."""

from pathlib import Path
from typing import Any

import pytest
import yaml

from lingpai.config import SETTINGS

DEPLOY = Path(__file__).parents[2] / "deploy"
# A setting that comes with its own part; once it is there, this is empty and the name is checked like any other.
COMING = {"LINGPAI_REDIS_URL"} - {setting.variable for setting in SETTINGS}
NOT_SETTINGS = {"LINGPAI_CONFIG"}


def known_variables() -> set[str]:
    return {setting.variable for setting in SETTINGS} | NOT_SETTINGS | COMING


def documents(name: str) -> list[dict[str, Any]]:
    """The YAML documents of a file."""
    return [each for each in yaml.safe_load_all((DEPLOY / name).read_text("utf-8")) if each]


def usable(values: dict[str, str]) -> list[str]:
    """What the settings' own checks have against these values, by the names that they have in the environment."""
    by_variable = {setting.variable: setting for setting in SETTINGS}
    complaints = []
    for variable, value in values.items():
        setting = by_variable.get(variable)
        if setting is not None and not setting.secret:
            complaint = setting.check(setting.type(value))
            complaints += [f"{variable}: {complaint}"] if complaint else []
    return complaints


@pytest.fixture(scope="session")
def compose() -> dict[str, Any]:
    (document,) = documents("compose.yaml")
    return document
