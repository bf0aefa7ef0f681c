"""Do the pages hold together: links, languages, shown commands, words that do not belong there?"""

import re
import shlex
from pathlib import Path
from typing import Any

import pytest
import typer.main

from lingpai.cli.main import cli

ROOT = Path(__file__).parents[2]
LINK = re.compile(r"!?\[[^\]]*\]\(([^)\s]+)\)")
PLACEHOLDER = re.compile(
    r"\b(TODO|FIXME|TBD|XXX|lorem ipsum|coming soon|placeholder)\b|待补|待定|敬请期待", re.IGNORECASE
)
SOMEBODYS_DISK = re.compile(r"(?<![\w.~/-])/(?:home|root|Users|tmp|mnt)\b|\b[A-Z]:\\")
TRANSLATED = [
    ("README.md", "README.zh-CN.md"),
    ("CONTRIBUTING.md", "CONTRIBUTING.zh-CN.md"),
    *(
        (f"docs/en/{page}", f"docs/zh-CN/{page}")
        for page in sorted(
            file.relative_to(ROOT / "docs" / "en").as_posix() for file in (ROOT / "docs" / "en").rglob("*.md")
        )
    ),
]


def prose(text):
    """Without fenced blocks and code spans."""
    return re.sub(r"`[^`\n]*`", "", re.sub(r"^```.*?^```$", "", text, flags=re.DOTALL | re.MULTILINE))


def headings(text):
    return re.findall(
        r"^(#+) (.+)$", re.sub(r"^```.*?^```$", "", text, flags=re.DOTALL | re.MULTILINE), re.MULTILINE
    )


def anchors(text):
    """As GitHub makes them from headings."""
    plain = [re.sub(r"[^\w\- ]", "", title.lower()) for _, title in headings(text)]
    return {title.replace(" ", "-") for title in plain}


def test_every_relative_link_leads_somewhere(page):
    for target in LINK.findall(prose(page.read_text("utf-8"))):
        if re.match(r"[a-z]+:", target):
            continue
        name, _, anchor = target.partition("#")
        file = (page.parent / name).resolve() if name else page
        assert file.is_relative_to(ROOT), target
        assert file.exists(), target
        if anchor:
            assert anchor in anchors(file.read_text("utf-8")), target


def test_a_page_names_no_place_on_somebodys_disk(page):
    assert not SOMEBODYS_DISK.findall(page.read_text("utf-8"))


def test_a_page_is_finished(page):
    assert not PLACEHOLDER.findall(prose(page.read_text("utf-8")))


def test_a_page_begins_with_its_title(page):
    found = headings(page.read_text("utf-8"))
    assert found[0][0] == "#"
    assert [level for level, _ in found].count("#") == 1


def test_every_picture_says_what_it_shows(page):
    assert "![](" not in page.read_text("utf-8")


@pytest.mark.parametrize(("english", "chinese"), TRANSLATED, ids=[pair[0] for pair in TRANSLATED])
def test_both_languages_have_the_same_chapters_tables_and_blocks(english, chinese):
    texts = [(ROOT / name).read_text("utf-8") for name in (english, chinese)]
    levels, rows, kinds = (
        [[level for level, _ in headings(text)] for text in texts],
        [len(re.findall(r"^\|", text, re.MULTILINE)) for text in texts],
        [re.findall(r"^```(.*)$", text, re.MULTILINE) for text in texts],
    )
    assert levels[0] == levels[1]
    assert rows[0] == rows[1]
    assert kinds[0] == kinds[1]


def test_both_languages_have_the_same_pages():
    names = [
        {
            file.relative_to(ROOT / "docs" / language).as_posix()
            for file in (ROOT / "docs" / language).rglob("*.md")
        }
        for language in ("en", "zh-CN")
    ]
    assert names[0] == names[1]


@pytest.mark.parametrize("language", ["en", "zh-CN"])
def test_every_page_is_reached_from_the_index(language):
    folder = ROOT / "docs" / language
    linked = set(LINK.findall((folder / "index.md").read_text("utf-8")))
    pages = {file.relative_to(folder).as_posix() for file in folder.rglob("*.md")} - {"index.md"}
    assert pages <= linked


def test_every_decision_has_the_same_four_parts_and_stands_in_the_list():
    folder = ROOT / "docs" / "decisions"
    listed = (folder / "README.md").read_text("utf-8")
    decisions = sorted(folder.glob("0*.md"))
    for number, file in enumerate(decisions, start=1):
        found = [title for level, title in headings(file.read_text("utf-8")) if level == "##"]
        assert found == ["Context", "Decision", "Consequences", "When it falls", "中文摘要"], file.name
        assert file.name.startswith(f"{number:04}-")
        assert f"({file.name})" in listed


def test_every_lingpai_command_shown_exists_with_its_options(page, blocks):
    for block in blocks(page):
        if block.info[:1] != ("sh",):
            continue
        for line in block.text.replace("\\\n", " ").splitlines():
            if line.startswith("lingpai "):
                _resolve(shlex.split(line, comments=True)[1:], line)


def _resolve(words, line):
    command: Any = typer.main.get_command(cli)
    while getattr(command, "commands", None):
        assert words, line
        assert words[0] in command.commands, line
        command, words = command.commands[words[0]], words[1:]
    known = {option for parameter in command.params for option in parameter.opts}
    assert [word for word in words if word.startswith("-") and word not in known] == [], line


def test_every_make_target_shown_exists(page):
    targets = set(re.findall(r"^([a-z]+):", (ROOT / "Makefile").read_text("utf-8"), re.MULTILINE))
    shown = re.findall(r"(?:^|`)make ([a-z]+)(?=`|$)", page.read_text("utf-8"), re.MULTILINE)
    assert set(shown) <= targets


def test_the_first_screen_has_a_sentence_a_command_a_picture_and_a_map():
    for name in ("README.md", "README.zh-CN.md"):
        screen = "\n".join((ROOT / name).read_text("utf-8").splitlines()[:30])
        assert "```sh\nmake dev\n```" in screen
        assert "](docs/images/phone" in screen
        assert "| `src/lingpai/` |" in screen
