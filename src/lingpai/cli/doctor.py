"""`lingpai doctor`: tries every credential and address, and says where to click."""

import asyncio
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Annotated, Any, Final, Literal

import typer

from lingpai.admin.doctor import (
    Doctor,
    DoctorSettings,
    Finding,
    master_key_finding,
    network,
    storage_finding,
)
from lingpai.app import doctor_settings, wechat_settings
from lingpai.cli.language import terminal_language
from lingpai.cli.output import ConfigFile, Json, NotFoundError, emit_json, say
from lingpai.clock import SystemClock
from lingpai.config import Config, at_port, environment, load_config, master_keys
from lingpai.errors import Problem, Words
from lingpai.keeper import Directory, MasterKeyWrongError, WeChatCalls, open_vault
from lingpai.observe import configure_logs
from lingpai.secret import SealBrokenError
from lingpai.storage import open_store, schema_state
from lingpai.storage.port import StorageError
from lingpai.wechat import WeChatClient

Lang = Literal["en", "zh"]

_FOUND: Final = 1
_SIGNS: Final = {"ok": "✓", "warning": "!", "fault": "✗"}
_CAUSE: Final = Words("why", "原因")
_FIX: Final = Words("do", "处理")
_SUMMARY: Final = Words(
    "{faults} faults, {warnings} warnings, {good} in order.",
    "{faults} 个故障，{warnings} 个警告，{good} 项正常。",
)


def doctor(
    app: Annotated[str | None, typer.Argument(help="Slug or AppID; without it, every app.")] = None,
    *,
    lang: Annotated[Lang | None, typer.Option(help="en or zh; by default the terminal's.")] = None,
    config: ConfigFile = None,
    json: Json = False,
) -> None:
    """Try every credential, address and setting; say of each fault its cause and where to click. Exit code 1: a fault.

    Ends no token in use and uses up no code. The words come in both languages with --json.
    """
    settings = load_config(Path(config) if config else None)
    configure_logs("error", settings.log_format)
    findings = asyncio.run(_examined(at_port(settings, settings.port), app))
    if json:
        emit_json([_both(finding) for finding in findings])
    else:
        _tell(findings, lang or terminal_language())
    if any(finding.level == "fault" for finding in findings):
        sys.exit(_FOUND)


async def _examined(config: Config, app: str | None) -> list[Finding]:
    settings = doctor_settings(config, environment())
    try:
        async with _opened(config, settings) as patient:
            machine = await patient.machine(schema_state(config.database_url).wanted)
            if any(finding.code == "master_key_wrong" for finding in machine):
                return machine
            return [*machine, *(await patient.app(app) if app else await patient.apps())]
    except Problem as problem:
        raise NotFoundError(f"No app has the slug or AppID {app}.") from problem
    except StorageError as error:
        return [storage_finding(error), *await network(settings, SystemClock())]
    except (MasterKeyWrongError, SealBrokenError):
        return [master_key_finding(), *await network(settings, SystemClock())]


@asynccontextmanager
async def _opened(config: Config, settings: DoctorSettings) -> AsyncIterator[Doctor]:
    """Raises StorageError, MasterKeyWrongError."""
    clock = SystemClock()
    store = await open_store(config.database_url, clock=clock)
    try:
        sealer = await open_vault(store, master_keys(config), clock)
        directory = Directory(store, sealer, clock)
        async with WeChatClient(wechat_settings(config), monotonic=clock.monotonic) as client:
            yield Doctor(
                store=store,
                sealer=sealer,
                directory=directory,
                calls=WeChatCalls(client),
                clock=clock,
                settings=settings,
            )
    finally:
        await store.aclose()


def _both(finding: Finding) -> dict[str, Any]:
    said = {
        name: {language: words.say(language, finding.facts) for language in ("en", "zh")}
        for name, words in (("title", finding.title), ("cause", finding.cause), ("fix", finding.fix))
    }
    return {"code": finding.code, "level": finding.level, **said, "facts": _plain(finding)}


def _plain(finding: Finding) -> dict[str, str]:
    return {name: fact for name, fact in finding.facts.items() if isinstance(fact, str)}


def _tell(findings: list[Finding], language: str) -> None:
    """Findings on stdout, the summary on stderr."""
    for finding in findings:
        typer.echo(f"{_SIGNS[finding.level]} {finding.title.say(language, finding.facts)}  [{finding.code}]")
        for label, words in ((_CAUSE, finding.cause), (_FIX, finding.fix)):
            text = words.say(language, finding.facts)
            if text:
                typer.echo(f"    {label.say(language)}: {text}")
    levels = [finding.level for finding in findings]
    counts = {
        "faults": levels.count("fault"),
        "warnings": levels.count("warning"),
        "good": levels.count("ok"),
    }
    say(_SUMMARY.say(language, {name: str(number) for name, number in counts.items()}))
