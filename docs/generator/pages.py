"""Every generated page: its path and its text, in both languages."""

from collections.abc import Callable
from typing import Final

from docs.generator import (
    commands,
    emulator,
    errcodes,
    exit_codes,
    findings,
    http,
    log_events,
    metrics,
    problems,
    scan_rules,
    settings,
    webhook_events,
)
from lingpai.web.language import Language

FOLDERS: Final[dict[Language, str]] = {"en": "docs/en/reference", "zh": "docs/zh-CN/reference"}
WRITERS: Final[dict[str, Callable[[Language], str]]] = {
    "commands": commands.write,
    "settings": settings.write,
    "http": http.write,
    "problems": problems.write,
    "wechat-errcodes": errcodes.write,
    "log-events": log_events.write,
    "metrics": metrics.write,
    "emulator-controls": emulator.write,
    "exit-codes": exit_codes.write,
    "scan-rules": scan_rules.write,
    "doctor-findings": findings.write,
    "webhook-events": webhook_events.write,
}


def all_pages() -> dict[str, str]:
    """Path from the root → text. Raises WordsMissingError when the words and the code differ."""
    return {
        f"{folder}/{name}.md": write(language)
        for language, folder in FOLDERS.items()
        for name, write in WRITERS.items()
    }
