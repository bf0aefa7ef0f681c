"""Is what others wrote what it says it is, with its licence, behind one file?"""

import hashlib
import json
import re
from pathlib import Path

import pytest

PHONE = Path(__file__).parents[2] / "emulator/src/lingpai_emulator/phone"
TOOL = Path(__file__).parents[2] / "tools/phone-vendor"
MANIFEST = json.loads((PHONE / "vendor/manifest.json").read_text())
PERMISSIVE = {"MIT", "Apache-2.0", "0BSD"}


def test_every_file_is_the_one_that_was_built():
    built = {row["file"]: row["sha256"] for row in MANIFEST["files"]}
    found = {path.name: path for path in (PHONE / "vendor").iterdir() if path.is_file()}
    del found["manifest.json"]
    assert set(found) == set(built)
    for name, path in found.items():
        assert hashlib.sha256(path.read_bytes()).hexdigest() == built[name], name


@pytest.mark.parametrize("package", MANIFEST["packages"], ids=lambda package: package["name"])
def test_every_package_is_locked_licensed_and_named(package):
    lock = json.loads((TOOL / "package-lock.json").read_text())["packages"][f"node_modules/{package['name']}"]
    assert (lock["version"], lock["integrity"]) == (package["version"], package["integrity"])
    assert package["licence"] in PERMISSIVE
    assert len((PHONE / "vendor" / package["text"]).read_text()) > 300
    notice = (PHONE / "NOTICE.md").read_text()
    assert package["name"] in notice or package["name"].partition("/")[0] + "/" in notice.replace("\\", "")


def test_the_lock_names_no_address():
    assert "resolved" not in (TOOL / "package-lock.json").read_text()


def test_one_file_knows_the_framework():
    users = [
        path.name for path in (PHONE / "frame").rglob("*.js") if "vendor/glass-easel" in path.read_text()
    ]
    assert users == ["engine.js"]


def test_no_part_of_the_frame_is_longer_than_a_person_reads():
    for path in [*(PHONE / "frame").rglob("*.js"), *(PHONE / "static").rglob("*.js")]:
        assert len(path.read_text().splitlines()) <= 400, path


def test_every_word_of_the_page_is_there_in_both_languages_and_used():
    words: dict[str, str] = {}
    code = ""
    for path in (PHONE / "static").rglob("*.js"):
        text = path.read_text()
        if path.name == "texts.js":
            words |= dict(re.findall(r'"([\w.]+)": \[((?:\s*"(?:[^"\\]|\\.)*",?\s*)+)\]', text))
        else:
            code += text
    assert len(words) > 150
    for key, told in words.items():
        assert len(re.findall(r'"(?:[^"\\]|\\.)*"', told)) == 2, key
    asked = set(re.findall(r'\bt\("([\w.]+)"', code))
    assert asked <= set(words), asked - set(words)
