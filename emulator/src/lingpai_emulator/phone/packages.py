"""npm packages of a mini program, laid out as DevTools' "build npm" does, but read in place."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

import msgspec

_CODE: Final = (".js", ".json", ".wxml", ".wxss", ".wxs", ".png", ".jpg", ".svg")


def npm_files(root: Path, top: Path) -> Iterator[tuple[str, Path]]:
    """`miniprogram_npm/{package}/…` for every package that is installed but not built.

    Packages come from `dependencies` in the package.json of the program or of the project
    around it, and from theirs in turn. Of each, the folder that its `miniprogram` field names
    counts, `miniprogram_dist` without one, or else the whole package.
    """
    seen: set[str] = set()
    for home in dict.fromkeys((root, top)):
        wanted = _dependencies(home / "package.json")
        modules = home / "node_modules"
        while wanted:
            name = wanted.pop()
            folder = modules / name
            if name in seen or not folder.is_dir():
                continue
            seen.add(name)
            wanted += _dependencies(folder / "package.json")
            if not (root / "miniprogram_npm" / name).is_dir():
                yield from _package(name, folder)


def _package(name: str, folder: Path) -> Iterator[tuple[str, Path]]:
    described = _read(folder / "package.json")
    built = folder / str(described.get("miniprogram") or "miniprogram_dist")
    source = built if built.is_dir() else folder
    for path in sorted(source.rglob("*")):
        inside = path.relative_to(source)
        if path.suffix in _CODE and path.is_file() and "node_modules" not in inside.parts:
            yield f"miniprogram_npm/{name}/{inside.as_posix()}", path


def _dependencies(path: Path) -> list[str]:
    found = _read(path).get("dependencies")
    return [name for name in found if ".." not in name] if isinstance(found, dict) else []


def _read(path: Path) -> dict[str, Any]:
    try:
        told = msgspec.json.decode(path.read_bytes())
    except (OSError, msgspec.DecodeError):
        return {}
    return told if isinstance(told, dict) else {}
