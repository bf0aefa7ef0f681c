"""Is what others wrote what it says it is, with its licence, behind one file?"""

import hashlib
import json
import re
from collections.abc import Iterator
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


def functions(wasm: bytes) -> Iterator[str]:
    """The names of all functions, as the module's "name" section tells them."""

    def number(at: int) -> tuple[int, int]:
        value = shift = 0
        while True:
            value |= (wasm[at] & 127) << shift
            shift, at = shift + 7, at + 1
            if wasm[at - 1] < 128:
                return value, at

    at = wasm.index(b"\x04name\x00") + 5
    while wasm[at] != 1:  # the module's own name comes first
        size, at = number(at + 1)
        at += size
    count, at = number(number(at + 1)[1])
    for _ in range(count):
        size, at = number(number(at)[1])
        yield wasm[at : at + size].decode()
        at += size


def test_every_crate_in_the_compiler_is_named_with_its_licence():
    compiler = (PHONE / "vendor/wxml.wasm").read_bytes()
    crates = {found.decode() for found in re.findall(rb"index\.crates\.io-\w+/([\w-]+?)-\d+\.", compiler)}
    for name in functions(compiler):
        crates |= set(re.findall(r"(?<![\w:])([a-z][a-z0-9_]+)::", name))
    notice = re.sub(r"[-_]", "-", (PHONE / "NOTICE.md").read_text())
    assert crates >= {"regex-automata", "sourcemap", "web_sys"}
    assert {name for name in crates if name.replace("_", "-") not in notice} == set()
    copies = {path.name: path.read_text() for path in (TOOL / "licences").iterdir()}
    assert set(copies) == {"cssparser.txt", "sourcemap.txt", "wxml-crates.txt"}
    for name, text in copies.items():
        assert (PHONE / "vendor/licences" / name).read_text() == text


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
