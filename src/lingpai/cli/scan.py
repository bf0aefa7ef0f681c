"""`lingpai scan DIR`: what a WeChat project should not hold, before others find it."""

import sys
from pathlib import Path
from typing import Annotated, Final, Literal

import typer

from lingpai.cli.language import terminal_language
from lingpai.cli.output import Json, NotFoundError, complain, emit_json, say
from lingpai.errors import Facts, Words
from lingpai.scan import RULES, BaselineInvalidError, Finding, Report, scan_tree, without_known

Lang = Literal["en", "zh"]

_FOUND: Final = 1
_RISK: Final = Words("Risk", "风险")
_FIX: Final = Words("Fix", "修复")
_NOTHING: Final = Words("Nothing found in {files} files.", "检查了 {files} 个文件，没有发现问题。")
_SUMMARY: Final = Words(
    "{findings} found in {files} files.", "检查了 {files} 个文件，发现 {findings} 处问题。"
)
_SILENT: Final = Words(
    "Not told: {allowed} allowed by a comment, {known} in the baseline.",
    "未列出：注释允许 {allowed} 处，基线中已有 {known} 处。",
)
_TOO_LARGE: Final = Words("Not looked at, larger than 1 MiB: {file}", "超过 1 MiB，未检查：{file}")
_UNREADABLE: Final = Words("Cannot be read: {file}", "无法读取：{file}")


def scan(
    directory: Annotated[Path, typer.Argument(help="The project to look at.")],
    *,
    lang: Annotated[Lang | None, typer.Option(help="en or zh; by default the terminal's.")] = None,
    baseline: Annotated[
        Path | None,
        typer.Option(help="An earlier answer of --json: what it has is not told again."),
    ] = None,
    json: Json = False,
) -> None:
    """Find AppSecrets, session_keys, trusted openids and constant states in a project. Exit code 1: found some.

    Reads files and nothing else: no code is run, no network is used, no link is followed.
    """
    report = _report(directory, baseline)
    if json:
        emit_json(report)
    else:
        language = lang or terminal_language()
        _tell(report, language)
    if report.findings:
        sys.exit(_FOUND)


def _report(directory: Path, baseline: Path | None) -> Report:
    try:
        report = scan_tree(directory)
    except NotADirectoryError:
        raise NotFoundError(f"There is no folder {directory}.") from None
    if baseline is None:
        return report
    try:
        return without_known(report, baseline)
    except BaselineInvalidError as error:
        complain(f"{baseline} is no answer of lingpai scan --json: {error}")
        sys.exit(2)
    except OSError as error:
        raise NotFoundError(f"The baseline {baseline} cannot be read: {error.strerror}.") from None


def _tell(report: Report, language: str) -> None:
    """Findings on stdout, each place on a line of its own as editors understand it; the summary on stderr."""
    for finding in report.findings:
        typer.echo(_lines(finding, language))
    facts: Facts = {"files": str(report.files), "findings": str(len(report.findings))}
    for words, files in ((_TOO_LARGE, report.too_large), (_UNREADABLE, report.unreadable)):
        say(*(words.say(language, {"file": file}) for file in files))
    if report.allowed or report.known:
        say(_SILENT.say(language, {"allowed": str(report.allowed), "known": str(report.known)}))
    say((_SUMMARY if report.findings else _NOTHING).say(language, facts))


def _lines(finding: Finding, language: str) -> str:
    title = RULES[finding.rule].title.say(language)
    place = f"{finding.file}:{finding.line}:{finding.column}: {finding.rule}: {title}"
    colon = "：" if language == "zh" else ": "
    reasons = [
        f"    {words.say(language)}{colon}{text.say(language)}"
        for words, text in ((_RISK, finding.risk), (_FIX, finding.fix))
    ]
    return "\n".join([place, f"    {finding.text}", *reasons])
