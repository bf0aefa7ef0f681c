"""Are the reference pages what the code says, and would a page that is not be noticed?"""

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from docs.generator.pages import FOLDERS, WRITERS, all_pages
from docs.generator.words import WordsMissingError, hold

ROOT = Path(__file__).parents[2]


def generate(root, *words):
    return subprocess.run(
        [sys.executable, "docs/generate.py", *words], cwd=root, capture_output=True, text=True, check=False
    )


@pytest.fixture
def copied(tmp_path):
    """The documentation and the source it is made from, to be spoiled."""
    shutil.copytree(ROOT / "docs", tmp_path / "docs", ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copytree(ROOT / "src", tmp_path / "src", ignore=shutil.ignore_patterns("__pycache__"))
    return tmp_path


def test_every_reference_page_is_as_the_code_says():
    differing = [
        page for page, text in all_pages().items() if (ROOT / page).read_text(encoding="utf-8") != text
    ]
    assert not differing, "run: python docs/generate.py"


def test_every_page_of_the_reference_is_generated():
    written = {path.relative_to(ROOT).as_posix() for path in (ROOT / "docs").glob("*/reference/*.md")}
    by_hand = {
        f"{folder}/mini-program-sdk.md" for folder in FOLDERS.values()
    }  # its tests stand beside the SDK
    assert written - by_hand == {f"{folder}/{name}.md" for folder in FOLDERS.values() for name in WRITERS}


def test_a_page_changed_by_hand_is_named_and_written_anew(copied):
    spoiled = copied / "docs" / "en" / "reference" / "settings.md"
    before = spoiled.read_text(encoding="utf-8")
    spoiled.write_text(before + "by hand\n", encoding="utf-8")
    checked = generate(copied, "--check")
    assert checked.returncode == 1
    assert "docs/en/reference/settings.md" in checked.stderr
    assert spoiled.read_text(encoding="utf-8") == before + "by hand\n"
    assert generate(copied).returncode == 0
    assert spoiled.read_text(encoding="utf-8") == before


def test_a_log_event_without_words_is_named(copied):
    file = copied / "src" / "lingpai" / "jobs" / "timers.py"
    file.write_text(file.read_text("utf-8") + '\nlogger().info("fresh_event", fresh_field=1)\n', "utf-8")
    checked = generate(copied, "--check")
    assert checked.returncode != 0
    assert "no words for fresh_event" in checked.stderr


def test_a_wrong_option_is_refused(copied):
    assert generate(copied, "--chek").returncode == 2


def test_words_for_what_is_gone_are_named():
    with pytest.raises(WordsMissingError, match="words for gone, which is not there"):
        hold("things", code=["here"], words=["here", "gone"])
    with pytest.raises(WordsMissingError, match="no words for lacking"):
        hold("things", code=["here", "lacking"], words=["here"])
