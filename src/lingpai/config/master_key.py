"""Where a master key comes from: the environment, a file, or a program that prints it. Exactly one of them."""

import shlex
import stat
import subprocess
from collections.abc import Collection, Mapping
from pathlib import Path
from typing import Any, Final, NamedTuple

from lingpai.config import checks
from lingpai.secret import Secret

_OPEN_TO_OTHERS: Final = stat.S_IRWXG | stat.S_IRWXO
_LONGEST_RUN: Final = 10.0
"""Seconds. A key service that takes longer keeps every command waiting."""
_LONGEST_KEY: Final = 4_096


class Given(NamedTuple):
    """What somebody has set: the environment, and the other settings with the folder they are relative to."""

    env: Mapping[str, str]
    base: Path
    values: Mapping[str, Any]
    explicit: Collection[str]
    """The names of those that are not at their default."""


def read_key(name: str, settings: Given, complaints: list[str]) -> Secret:
    """The key called `name` (`master_key`, `master_key_previous`), in base64; empty when there is a complaint.

    A former key may be missing, the present one may not.
    """
    env, base, values, explicit = settings
    variable = f"LINGPAI_{name.upper()}"
    file, command = f"{name}_file", f"{name}_command"
    sources = [
        source
        for source, given in (
            (variable, bool(env.get(variable))),
            (command, bool(values[command])),
            (file, file in explicit and bool(values[file])),
        )
        if given
    ]
    if len(sources) > 1:
        complaints.append(f"{', '.join(sources)}: each gives the key; keep one (重复提供密钥，只保留一个)")
        return Secret("")
    if not sources and not values[file]:
        return Secret("")
    match sources:
        case [source] if source == variable:
            text: str | None = env[variable]
        case [source] if source == command:
            text = _printed(command, values[command], base, complaints)
        case _:
            source = f"{file} ({base / values[file]})"
            text = read_key_file(base / values[file], source, complaints)
    return _checked(source, text, complaints)


def read_key_file(file: Path, source: str, complaints: list[str]) -> str | None:
    """The text of a file that only its owner may read; None after a complaint about `source`."""
    try:
        if file.stat().st_mode & _OPEN_TO_OTHERS:
            complaints.append(
                f"{source}: others can read it; run: chmod 600 {file} (其他用户可读，请执行上述命令)"
            )
        return file.read_text(encoding="ascii").strip()
    except FileNotFoundError:
        complaints.append(
            f"{source}: there is no such file; make one with `lingpai init` (文件不存在，可用 lingpai init 生成)"
        )
    except (OSError, UnicodeDecodeError) as error:
        complaints.append(f"{source}: cannot be read: {type(error).__name__} (无法读取)")
    return None


def _printed(source: str, command: str, base: Path, complaints: list[str]) -> str | None:
    """What the program prints. Its standard error goes nowhere: it may repeat what it was given."""
    try:
        done = subprocess.run(  # noqa: S603 - the operator's own words, and no shell reads them
            shlex.split(command),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            timeout=_LONGEST_RUN,
            check=False,
            cwd=base,
        )
    except subprocess.TimeoutExpired:
        complaints.append(f"{source}: took longer than {_LONGEST_RUN:.0f} seconds (超时)")
        return None
    except (OSError, ValueError) as error:
        complaints.append(f"{source}: cannot be run: {type(error).__name__} (无法执行)")
        return None
    if done.returncode != 0:
        complaints.append(
            f"{source}: ended with {done.returncode}; run it by hand to see why (执行失败，请手动运行查看原因)"
        )
        return None
    try:
        return done.stdout[:_LONGEST_KEY].decode("ascii").strip()
    except UnicodeDecodeError:
        complaints.append(f"{source}: did not print base64 (输出不是 base64)")
        return None


def _checked(source: str, text: str | None, complaints: list[str]) -> Secret:
    if text is None:
        return Secret("")
    complaint = checks.master_key(text)
    if complaint:
        complaints.append(f"{source}: {complaint}")
    return Secret(text)
