"""The files below a folder: what git ignores, links, binaries and huge files are left out."""

import os
from collections.abc import Iterator
from pathlib import Path
from typing import Final

import msgspec
from pathspec import GitIgnoreSpec

from lingpai.scan.sides import MARKERS
from lingpai.scan.source import kind_of

MAX_BYTES: Final = 1024 * 1024
"""Larger files are named and left out: no hand wrote them."""
OTHER_PEOPLES: Final = frozenset((
    ".git", ".hg", ".svn", "node_modules", "miniprogram_npm", "bower_components", "vendor", "site-packages",
    "__pycache__", ".venv", "venv", ".tox", ".gradle", ".idea",
))  # fmt: skip
"""Folders that nobody here has written."""
_FLAGS: Final = (
    os.O_RDONLY | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0)
)
_SNIFFED: Final = 8192

_Rules = tuple[str, GitIgnoreSpec]


class Tree(msgspec.Struct, frozen=True):
    """Paths relative to the folder, with `/`."""

    files: list[str]
    markers: list[str]
    unreadable: list[str]


def tree_of(root: Path) -> Tree:
    """Walk without following a link; `.gitignore` files at and below `root` are kept to."""
    found = Tree([], [], [])
    waiting: list[tuple[str, tuple[_Rules, ...]]] = [("", ())]
    while waiting:
        folder, rules = waiting.pop()
        try:
            entries = sorted(os.scandir(root / folder), key=lambda entry: entry.name)
        except OSError:
            found.unreadable.append(folder or ".")
            continue
        if any(entry.name == ".gitignore" for entry in entries):
            rules = (*rules, *_ignoring(root, folder))
        for entry in entries:
            path = f"{folder}{entry.name}"
            if entry.is_dir(follow_symlinks=False):
                if entry.name not in OTHER_PEOPLES and not _ignored(path + "/", rules):
                    waiting.append((path + "/", rules))
            elif entry.is_file(follow_symlinks=False) and kind_of(path) and not _ignored(path, rules):
                found.files.append(path)
                if entry.name in MARKERS:
                    found.markers.append(path)
    found.files.sort()
    return found


def read_bytes(root: Path, path: str) -> bytes | None:
    """A file's bytes; none when it is larger than MAX_BYTES. Raises OSError, also for what became a link."""
    descriptor = os.open(root / path, _FLAGS)
    with os.fdopen(descriptor, "rb") as stream:
        data = stream.read(MAX_BYTES + 1)
    return None if len(data) > MAX_BYTES else data


def is_binary(data: bytes) -> bool:
    """Whether a file is no text."""
    return b"\0" in data[:_SNIFFED]


def decoded(data: bytes) -> str:
    """Its text: UTF-8, or GB 18030 as older Chinese projects have it."""
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            return data.decode(encoding)
        except UnicodeDecodeError:
            continue
    return data.decode("utf-8", errors="replace")


def _ignoring(root: Path, folder: str) -> Iterator[_Rules]:
    try:
        data = read_bytes(root, f"{folder}.gitignore")
        yield folder, GitIgnoreSpec.from_lines((data or b"").decode("utf-8", errors="replace").splitlines())
    except (OSError, ValueError):
        # A .gitignore that cannot be read ignores nothing: more is looked at, never less.
        return


def _ignored(path: str, rules: tuple[_Rules, ...]) -> bool:
    for folder, spec in reversed(rules):
        included = spec.check_file(path[len(folder) :]).include
        if included is not None:
            return included
    return False
