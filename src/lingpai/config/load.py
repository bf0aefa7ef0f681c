"""Settings from lingpai.toml and LINGPAI_*: everything that is wrong is said at once."""

import base64
import difflib
import os
import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

import msgspec

from lingpai.config.master_key import Given, read_key
from lingpai.config.model import Config, Source
from lingpai.config.setting import Setting
from lingpai.config.settings import SETTINGS

CONFIG_FILE: Final = "lingpai.toml"
_PREFIX: Final = "LINGPAI_"
_LONGEST_QUEUE: Final = 0.3  # seconds a call may wait for its turn
SOURCE_PASSWORD: Final = "LINGPAI_SOURCE_PASSWORD"  # noqa: S105 - the name of it
"""Holds the password of a database that `lingpai users import` reads; command lines are read by others."""
_NOT_SETTINGS: Final = ("LINGPAI_CONFIG", "LINGPAI_TEST_", SOURCE_PASSWORD)


class ConfigInvalidError(Exception):
    """The settings cannot be used; `complaints` has a sentence for each fault."""

    def __init__(self, complaints: list[str]) -> None:
        super().__init__("\n".join(complaints))
        self.complaints: Final = complaints


def environment() -> Mapping[str, str]:
    """The process's environment: the one place that reads it."""
    return os.environ


def load_config(path: Path | None = None, **given: object) -> Config:
    """The settings in force: `given` over the environment over the file over the defaults.

    Without `path`, the file is the one LINGPAI_CONFIG names, else ./lingpai.toml when it exists.
    Relative paths in the file are relative to the file. Raises ConfigInvalidError.
    """
    env = environment()
    complaints: list[str] = []
    file = path or (Path(env["LINGPAI_CONFIG"]) if env.get("LINGPAI_CONFIG") else None)
    base, raw = _read_file(file, complaints)
    return _assembled(base, raw, env, given, complaints)


def config_of(**given: object) -> Config:
    """The defaults with `given` over them; neither a file nor the environment counts.

    Raises ConfigInvalidError.
    """
    return _assembled(Path(), {}, {}, given, [])


def _assembled(
    base: Path,
    raw: Mapping[str, Any],
    env: Mapping[str, str],
    given: Mapping[str, object],
    complaints: list[str],
) -> Config:
    _refuse_unknown(raw, env, complaints)
    values: dict[str, Any] = {}
    sources = {setting.name: _source_of(setting, raw, env, given) for setting in SETTINGS}
    for setting in SETTINGS:
        if setting.secret:
            continue
        source, value = _raw_value(setting, raw, env, given)
        values[setting.name] = _converted(setting, source, value, complaints)
    explicit = {name for name in values if name in raw or name in given or f"{_PREFIX}{name.upper()}" in env}
    keys = Given(env, base, values, explicit)
    master_key = read_key("master_key", keys, complaints)
    previous = read_key("master_key_previous", keys, complaints)
    _refuse_contradictions(values, complaints)
    if complaints:
        raise ConfigInvalidError(complaints)
    values["master_key"], values["master_key_previous"] = master_key, previous
    values["database_url"] = _relative_to(base, values["database_url"])
    if values["ledger_file"] not in ("", "none"):
        values["ledger_file"] = str(base / values["ledger_file"])
    values["avatar_dir"] = str(base / values["avatar_dir"])
    return Config(**values, sources=sources)


def _read_file(file: Path | None, complaints: list[str]) -> tuple[Path, dict[str, Any]]:
    if file is None:
        file = Path(CONFIG_FILE)
        if not file.exists():
            return Path(), {}
    try:
        return file.parent, tomllib.loads(file.read_text(encoding="utf-8"))
    except OSError as error:
        complaints.append(f"{file}: cannot be read: {error.strerror}")
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        complaints.append(f"{file}: is not TOML: {error}")
    return file.parent, {}


def _refuse_unknown(raw: Mapping[str, Any], env: Mapping[str, str], complaints: list[str]) -> None:
    names = [setting.name for setting in SETTINGS]
    variables = [setting.variable for setting in SETTINGS]
    for name in raw:
        if name not in names:
            complaints.append(f"{name}: no such setting{_meant(name, names)}")
        elif next(s for s in SETTINGS if s.name == name).secret:
            complaints.append(f"{name}: a secret does not belong into {CONFIG_FILE}; use {name}_file")
    for variable in env:
        known = variable in variables or variable.startswith(_NOT_SETTINGS)
        if variable.startswith(_PREFIX) and not known:
            complaints.append(f"{variable}: no such setting{_meant(variable, variables)}")


def _meant(name: str, names: list[str]) -> str:
    close = difflib.get_close_matches(name, names, n=1)
    return f"; did you mean {close[0]}?" if close else ""


def _raw_value(
    setting: Setting, raw: Mapping[str, Any], env: Mapping[str, str], given: Mapping[str, object]
) -> tuple[str, Any]:
    if given.get(setting.name) is not None:
        return setting.name, given[setting.name]
    if setting.variable in env:
        return setting.variable, env[setting.variable]
    return setting.name, raw.get(setting.name, setting.default)


def _source_of(
    setting: Setting, raw: Mapping[str, Any], env: Mapping[str, str], given: Mapping[str, object]
) -> Source:
    if given.get(setting.name) is not None:
        return "command"
    if setting.variable in env:
        return "environment"
    return "file" if setting.name in raw else "default"


def _converted(setting: Setting, source: str, value: Any, complaints: list[str]) -> Any:
    converted: Any
    try:
        converted = msgspec.convert(value, setting.type, strict=not isinstance(value, str))
    except msgspec.ValidationError as error:
        complaints.append(f"{source}: {error}")
        return setting.default
    complaint = setting.check(converted)
    if complaint:
        complaints.append(f"{source}: {complaint}")
    return converted


def _refuse_contradictions(values: Mapping[str, Any], complaints: list[str]) -> None:
    connect, read, total = (values[f"wechat_{part}_timeout"] for part in ("connect", "read", "total"))
    if not connect < read <= total or total <= connect + _LONGEST_QUEUE:
        complaints.append(
            "wechat_connect_timeout, wechat_read_timeout, wechat_total_timeout: "
            "needed is connect < read <= total, and total more than connect + 0.3"
        )


def _relative_to(base: Path, url: str) -> str:
    """A relative SQLite path is relative to the file it stands in."""
    prefix = "sqlite:///"
    if url.startswith(prefix) and not url.startswith(prefix + "/") and base != Path():
        return f"{prefix}{base / url.removeprefix(prefix)}"
    return url


def at_port(config: Config, port: int) -> Config:
    """The settings of a server that listens on `port`: without a public_url, it is the address itself."""
    host = f"[{config.host}]" if ":" in config.host else config.host
    url = config.public_url or f"http://{host}:{port}"
    return msgspec.structs.replace(config, port=port, public_url=url)


def master_key_bytes(config: Config) -> bytes:
    """The master key itself."""
    return base64.b64decode(config.master_key.reveal())


def master_keys(config: Config) -> tuple[bytes, ...]:
    """The master key, then the former one while it changes."""
    texts = [config.master_key.reveal(), config.master_key_previous.reveal()]
    return tuple(dict.fromkeys(base64.b64decode(text) for text in texts if text))
