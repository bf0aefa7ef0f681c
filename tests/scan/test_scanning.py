"""Which files a scan looks at, and that it does nothing but look."""

import json
import os
import subprocess
import sys

import pytest

from lingpai.scan import scan_tree
from lingpai.scan.tree import MAX_BYTES, read_bytes, tree_of
from tests.scan.cases import SECRET, SECRET2

LINE = f"const wxSecret = '{SECRET}'\n"


@pytest.fixture
def project(tmp_path):
    folder = tmp_path / "project"
    folder.mkdir()
    return folder


def places(folder):
    return [(f.file, f.line) for f in scan_tree(folder).findings]


def test_a_link_out_of_the_folder_is_not_followed(project, tmp_path):
    outside = tmp_path / "outside"
    outside.mkdir()
    (outside / "a.js").write_text(LINE)
    (project / "folder").symlink_to(outside)
    (project / "file.js").symlink_to(outside / "a.js")
    (project / "round").symlink_to(project)
    report = scan_tree(project)
    assert (report.findings, report.files) == ((), 0)


def test_a_gitignore_that_is_a_link_is_not_read(project, tmp_path):
    (tmp_path / "everything").write_text("*\n")
    (project / ".gitignore").symlink_to(tmp_path / "everything")
    (project / "a.js").write_text(LINE)
    assert places(project) == [("a.js", 1)]


def test_a_file_that_becomes_a_link_is_named_and_not_read(project, tmp_path, monkeypatch):
    (tmp_path / "outside.js").write_text(LINE)
    (project / "a.js").write_text(LINE)

    def changed(root):
        tree = tree_of(root)
        (project / "a.js").unlink()
        (project / "a.js").symlink_to(tmp_path / "outside.js")
        return tree

    monkeypatch.setattr("lingpai.scan.scanning.tree_of", changed)
    report = scan_tree(project)
    assert (report.findings, report.unreadable) == ((), ("a.js",))


def test_a_pipe_holds_nothing_up(project):
    os.mkfifo(project / "pipe.js")
    assert scan_tree(project).files == 0


def test_nearer_gitignore_files_decide(project):
    (project / ".gitignore").write_text("*.local.js\nbuild/\n")
    for folder in ("a", "build", "a/build"):
        (project / folder).mkdir()
    (project / "a" / ".gitignore").write_text("!keep.local.js\n/own.js\n")
    for name in ("x.local.js", "build/x.js", "a/keep.local.js", "a/own.js", "a/build/x.js", "a/y.local.js"):
        (project / name).write_text(LINE)
    assert places(project) == [("a/keep.local.js", 1)]


def test_a_folder_that_is_ignored_is_looked_at_when_it_is_named(project):
    (project / ".gitignore").write_text("dist/\n")
    (project / "dist").mkdir()
    (project / "dist" / "a.js").write_text(LINE)
    assert places(project) == []
    assert places(project / "dist") == [("a.js", 1)]


def test_other_peoples_code_binaries_and_huge_files_are_left_out(project):
    for folder in ("node_modules/x", "miniprogram_npm/x", "vendor/x", ".git"):
        (project / folder).mkdir(parents=True)
        (project / folder / "a.js").write_text(LINE)
    (project / "binary.js").write_bytes(b"\0" + LINE.encode())
    (project / "huge.js").write_text(LINE + " " * MAX_BYTES)
    (project / "notes.txt").write_text(LINE)
    report = scan_tree(project)
    assert (report.findings, report.too_large) == ((), ("huge.js",))


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030"])
def test_older_encodings_are_read(project, encoding):
    (project / "a.js").write_bytes(f"// 密钥\r\nconst 说明 = '登录'; {LINE}".encode(encoding))
    found = scan_tree(project).findings
    assert [(f.line, f.column) for f in found] == [(2, 35)]
    assert "登录" in found[0].text


def test_names_and_lines_are_told_without_control_characters(project):
    name = os.fsdecode(b"\xff\x1b[31m.js")
    (project / name).write_text(f"\x1b[2J\x07 {LINE}")
    found = scan_tree(project).findings
    assert len(found) == 1
    assert found[0].file.isprintable()
    assert found[0].text.isprintable()
    found[0].file.encode("utf-8")


def test_a_comment_allows_its_own_rule_on_its_line_and_below(project):
    (project / "a.js").write_text(
        f"// lingpai: allow state_constant, appsecret_in_source\n{LINE}{LINE}"
        f"const wxSecret = '{SECRET2}' // lingpai: allow appsecret_in_source\n{LINE}"
    )
    report = scan_tree(project)
    assert ([f.line for f in report.findings], report.allowed) == ([3, 5], 2)


def test_a_folder_that_is_not_there_is_an_error(project):
    with pytest.raises(NotADirectoryError):
        scan_tree(project / "missing")


def test_reading_stops_at_the_limit(project):
    (project / "a.js").write_bytes(b" " * MAX_BYTES)
    assert read_bytes(project, "a.js") == b" " * MAX_BYTES
    (project / "a.js").write_bytes(b" " * (MAX_BYTES + 1))
    assert read_bytes(project, "a.js") is None


WATCHED = """
import json, os, sys
from pathlib import Path
from lingpai.scan import scan_tree
scan_tree(Path(sys.argv[1]))  # what Python loads late is loaded now
seen = []
sys.addaudithook(lambda event, args: seen.append((event, [str(a) for a in args])))
scan_tree(Path(sys.argv[1]))
found, seen = seen, []
print(json.dumps(found))
"""


def test_a_scan_opens_files_of_the_folder_for_reading_and_does_nothing_else(project):
    (project / "setup.py").write_text(f"import os\nos.system('touch ran')\nWX_SECRET = '{SECRET}'\n")
    (project / "app.json").write_text('{"pages": []}')
    (project / ".gitignore").write_text("dist\n")
    done = subprocess.run(
        [sys.executable, "-c", WATCHED, str(project)], capture_output=True, text=True, check=True, cwd=project
    )
    events = json.loads(done.stdout)
    kinds = {event for event, _ in events} - {"object.__getattr__", "sys._getframe"}
    assert kinds == {"open", "os.scandir"}
    for event, args in events:
        if event == "open":
            assert args[0].startswith(str(project)) or args[0].isdigit(), args
            assert args[0].isdigit() or int(args[2]) & (os.O_WRONLY | os.O_RDWR | os.O_CREAT) == 0
    assert not (project / "ran").exists()
