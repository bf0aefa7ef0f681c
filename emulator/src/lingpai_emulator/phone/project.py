"""A mini program in a folder: which files the phone reads of it, and when they change."""

import hashlib
import os
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

import msgspec

from lingpai_emulator.mistakes import MistakeError
from lingpai_emulator.phone.packages import npm_files, npm_marks, packages_named

TEXT: Final = frozenset({".js", ".ts", ".json", ".wxml", ".wxss", ".wxs"})
_LONGEST_FILE: Final = 4 * 1024 * 1024
_LONGEST_PROJECT: Final = 64 * 1024 * 1024
_MOST_FILES: Final = 20_000
_LEFT_OUT: Final = frozenset({"node_modules", "__pycache__"})
_REAL_APPID: Final = re.compile(r"wx[0-9a-f]{16}\Z")


class Source(msgspec.Struct, frozen=True):
    """The program as the page gets it: every text by its path, the names of all other files.

    `appid` is the one in project.config.json, or None. `notes` are sentences about what was left out.
    """

    name: str
    appid: str | None
    version: str
    files: dict[str, str]
    assets: list[str]
    notes: list[str]


class Project:
    """A folder with an `app.json`, or with a project.config.json that says where that is.

    Nothing outside the folder is read, not even through a link, but for npm packages that npm
    itself has linked. Raises MistakeError when there is no app.json, or no such folder.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder.resolve()
        if not self._folder.is_dir():
            raise MistakeError(f"There is no folder {folder}.")
        self._root = self._miniprogram_root()
        if not (self._root / "app.json").is_file():
            raise MistakeError(f"{self._root} has no app.json, so it is no mini program.")
        self._packages: dict[str, Path] = {}

    @property
    def folder(self) -> Path:
        return self._folder

    @property
    def appid(self) -> str | None:
        """The AppID in project.config.json, when it looks like one."""
        appid = self._config().get("appid")
        return appid if isinstance(appid, str) and _REAL_APPID.match(appid) else None

    def must_be_of(self, appids: frozenset[str]) -> None:
        """Raises MistakeError when the program names an AppID that is not among these."""
        if self.appid is not None and self.appid not in appids:
            raise MistakeError(
                f"{self._folder} belongs to {self.appid}, an AppID this emulator does not know, so perhaps a real "
                f"one. Write {min(appids)} into its project.config.json, or use --any-appid: it then runs "
                "under the demo's AppID, and nothing is sent to WeChat."
            )

    def version(self) -> str:
        """Changes whenever a file does: a hash over names, sizes and times of modification."""
        digest = hashlib.sha256()
        for name, path in sorted([*self._entries(), *npm_marks(self._root, self._folder)]):
            try:
                told = path.stat()
            except OSError:
                continue  # gone between the listing and the look
            digest.update(f"{name}\0{told.st_size}\0{told.st_mtime_ns}\n".encode())
        return digest.hexdigest()[:16]

    def read(self) -> Source:
        """Everything at once. Raises MistakeError above 64 MiB of text or 20 000 files."""
        version = self._settled_version()
        files: dict[str, str] = {}
        assets: list[str] = []
        notes: list[str] = []
        total = 0
        for count, (name, path) in enumerate(self._entries()):
            if count >= _MOST_FILES:
                raise MistakeError(f"{self._root} has more than {_MOST_FILES} files.")
            if path.suffix not in TEXT:
                assets.append(name)
                continue
            text = _text(path)
            if text is None:
                notes.append(f"{name} was left out: it is longer than 4 MiB or no UTF-8 text.")
                continue
            total += len(text)
            if total > _LONGEST_PROJECT:
                raise MistakeError(f"The texts in {self._root} are longer than 64 MiB.")
            files[name] = text
        return Source(self._name(), self.appid, version, files, sorted(assets), notes)

    def asset(self, name: str) -> bytes:
        """One file that is no text. Raises MistakeError (404) for what is not part of the program."""
        path = dict(self._entries()).get(name)
        if path is None:
            raise MistakeError(f"The mini program has no file {name!r}.", 404)
        if path.stat().st_size > _LONGEST_FILE:
            raise MistakeError(f"{name!r} is longer than 4 MiB.", 413)
        return path.read_bytes()

    def _entries(self) -> Iterator[tuple[str, Path]]:
        """Each file of the program by its path inside: its own, and those of its npm packages."""
        yield from _walk(self._root, self._folder)
        yield from npm_files(self._packages)

    def _settled_version(self) -> str:
        """The version, once the packages are those that the program of this version asks for."""
        while True:
            version = self.version()
            own = (_text(path) or "" for name, path in _walk(self._root, self._folder) if path.suffix in TEXT)
            packages = packages_named(self._root, self._folder, own)
            if packages == self._packages:
                return version
            self._packages = packages

    def _miniprogram_root(self) -> Path:
        inside = self._config().get("miniprogramRoot")
        if not isinstance(inside, str):
            return self._folder
        root = (self._folder / inside).resolve()
        if not root.is_relative_to(self._folder):
            raise MistakeError(f"The miniprogramRoot {inside!r} lies outside {self._folder}.")
        return root

    def _config(self) -> dict[str, Any]:
        try:
            config = msgspec.json.decode((self._folder / "project.config.json").read_bytes())
        except (OSError, msgspec.DecodeError):
            return {}
        return config if isinstance(config, dict) else {}

    def _name(self) -> str:
        named = self._config().get("projectname")
        return named if isinstance(named, str) and named else self._folder.name


def _walk(root: Path, inside: Path) -> Iterator[tuple[str, Path]]:
    for folder, below, names in os.walk(root):
        below[:] = sorted(name for name in below if name not in _LEFT_OUT and not name.startswith("."))
        for name in sorted(names):
            path = Path(folder) / name
            if not name.startswith(".") and path.resolve().is_relative_to(inside):
                yield path.relative_to(root).as_posix(), path


def _text(path: Path) -> str | None:
    try:
        if path.stat().st_size > _LONGEST_FILE:
            return None
        return path.read_text("utf-8-sig")
    except (OSError, UnicodeDecodeError):
        return None
