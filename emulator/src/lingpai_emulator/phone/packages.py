"""npm packages of a mini program, laid out as DevTools' "build npm" does, but read in place."""

import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, Final

import msgspec

_CODE: Final = (".js", ".json", ".wxml", ".wxss", ".wxs", ".png", ".jpg", ".svg")
_LONGEST_FILE: Final = 4 * 1024 * 1024


def packages_named(root: Path, top: Path, texts: Iterator[str]) -> dict[str, Path]:
    """Where each package lies that the program's texts ask for, or that such a package asks for in turn.

    Only what `dependencies` lists counts: in the package.json of the program, or of the project around it.
    That of a uni-app or Taro project lists its toolchain too, which no text of the program asks for.
    Packages under `miniprogram_npm` are the program's own files, and left out.
    """
    found: dict[str, Path] = {}
    waiting: list[tuple[Path, Path, Path | None]] = [
        (home / "package.json", home / "node_modules", None) for home in dict.fromkeys((root, top))
    ]
    own = "\n".join(texts)
    while waiting:
        described, modules, folder = waiting.pop()
        wanted = [
            name for name in _dependencies(described) if name not in found and (modules / name).is_dir()
        ]
        if not wanted:
            continue
        asked = own if folder is None else "\n".join(_texts(folder))
        for name in wanted:
            if not (root / "miniprogram_npm" / name).is_dir() and _asks_for(asked, name):
                found[name] = modules / name
                waiting.append((modules / name / "package.json", modules, _source(modules / name)))
    return found


def npm_files(packages: Mapping[str, Path]) -> Iterator[tuple[str, Path]]:
    """`miniprogram_npm/{package}/…` for each of these packages."""
    for name, folder in packages.items():
        source = _source(folder)
        for path in _code(source):
            yield f"miniprogram_npm/{name}/{path.relative_to(source).as_posix()}", path


def npm_marks(root: Path, top: Path) -> Iterator[tuple[str, Path]]:
    """Files that change when packages come or go."""
    for home in dict.fromkeys((root, top)):
        for mark in (home / "package.json", home / "node_modules", home / "node_modules/.package-lock.json"):
            if mark.exists():
                yield mark.as_posix(), mark


def _source(package: Path) -> Path:
    """The folder that the `miniprogram` field names, `miniprogram_dist` without one, or else the whole package."""
    built = package / str(_read(package / "package.json").get("miniprogram") or "miniprogram_dist")
    return built if built.is_dir() else package


def _code(source: Path) -> Iterator[Path]:
    for path in sorted(source.rglob("*")):
        inside = path.relative_to(source)
        if path.suffix in _CODE and path.is_file() and "node_modules" not in inside.parts:
            yield path


def _texts(source: Path) -> Iterator[str]:
    for path in _code(source):
        if path.suffix in (".js", ".json", ".wxml", ".wxss", ".wxs") and path.stat().st_size <= _LONGEST_FILE:
            yield path.read_text("utf-8", "replace")


def _asks_for(text: str, name: str) -> bool:
    """Is it required or imported here, used as a component (`"t-button": "name/button"`), or named by its place?"""
    if name not in text:
        return False
    named = re.escape(name)
    asked = (
        rf"""(?:require(?:\.async)?\s*\(|\bfrom|\bimport\s*\(?|src=)\s*["']{named}["'/]"""
        rf"""|:\s*"{named}/|miniprogram_npm/{named}/"""
    )
    return re.search(asked, text) is not None


def _dependencies(path: Path) -> list[str]:
    found = _read(path).get("dependencies")
    return [name for name in found if ".." not in name] if isinstance(found, dict) else []


def _read(path: Path) -> dict[str, Any]:
    try:
        told = msgspec.json.decode(path.read_bytes())
    except (OSError, msgspec.DecodeError):
        return {}
    return told if isinstance(told, dict) else {}
