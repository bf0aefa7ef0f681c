"""What a run says: rows for FAITHFULNESS.md, and a transcript with nothing secret in it."""

import json
from typing import Any, Final

from lingpai_emulator.conformance.calling import Reply
from lingpai_emulator.conformance.probes import SEEN_IN_PART
from lingpai_emulator.conformance.redacting import Redactor
from lingpai_emulator.conformance.run import Finding, Findings
from lingpai_emulator.conformance.shapes import Difference

_OURS: Final = ("x-emulator-hint", "x-emulator-rid")
_TRANSPORT: Final = frozenset({"date", "content-length", "connection", "server", "transfer-encoding"})


class LeakError(Exception):
    """Something secret stands in what was about to be written. The text says which, not what."""


def rows(findings: Findings, day: str) -> list[str]:
    """Lines of FAITHFULNESS.md: first what differs, then what was seen to be as the table says."""
    source = f"a conformance run, {day}"
    found = findings.all
    differing = [
        f"| {_sentence(finding, difference)} | observed | {source} | {_switch(difference.switch)} |"
        for finding in found
        for difference in finding.differences
    ]
    by_row: dict[str, list[Finding]] = {}
    for finding in found:
        if finding.wechat is not None and finding.emulator is not None:
            by_row.setdefault(finding.probe.row, []).append(finding)
    alike = [
        f"| {row} | observed | {source}{', in part' if row in SEEN_IN_PART else ''} | "
        f"{_switch(seen[0].probe.switch)} |"
        for row, seen in by_row.items()
        if not any(finding.differences for finding in seen)
    ]
    extra = _headers(findings)
    if extra:
        differing.append(
            f"| answers carry {', '.join(f'`{name}`' for name in extra)} | observed | {source} | – |"
        )
    return [*differing, *alike]


def transcript(findings: Findings, day: str, wechat: str) -> str:
    """The whole run as JSON. Raises LeakError rather than give away a secret."""
    told = {
        "made_by": "lingpai-emulator conformance",
        "date": day,
        "wechat": wechat,
        "kind": findings.subject.kind,
        "with_code": findings.subject.code is not None,
        "differences": sum(len(finding.differences) for finding in findings.all),
        "probes": [_told(finding, findings) for finding in findings.all],
        "faithfulness": rows(findings, day),
    }
    text = json.dumps(told, ensure_ascii=False, indent=1) + "\n"
    leaks = findings.hiding_wechats.leaks(text)
    if leaks:
        raise LeakError(f"The transcript would show {', '.join(leaks)}. Nothing was written.")
    return text


def _sentence(finding: Finding, difference: Difference) -> str:
    probe, aspect = finding.probe, difference.aspect
    return (
        f"`{probe.method} {probe.path}` asked {probe.asks}: {aspect} `{difference.wechat}`, "
        f"here `{difference.emulator}`"
    ).replace("|", r"\|")


def _switch(name: str | None) -> str:
    return "–" if name is None else f"`{name}`"


def _headers(findings: Findings) -> list[str]:
    """The header fields of WeChat's answers that the emulator never sends."""
    theirs: dict[str, None] = {}
    ours = set(_TRANSPORT)
    for finding in findings.all:
        theirs |= dict.fromkeys(name for name, _ in finding.wechat.headers) if finding.wechat else {}
        ours |= {name for name, _ in finding.emulator.headers} if finding.emulator else set()
    return [name for name in theirs if name not in ours]


def _told(finding: Finding, findings: Findings) -> dict[str, Any]:
    probe = finding.probe
    request = {
        "method": probe.method,
        "path": probe.path,
        "query": [list(pair) for pair in probe.query],
        "json": probe.json,
        "form": None if probe.form is None else [list(pair) for pair in probe.form],
        "body": probe.body,
        "content_type": probe.content_type,
    }
    return {
        "asks": probe.asks,
        "row": probe.row,
        "request": {name: value for name, value in request.items() if value is not None},
        "wechat": _reply(finding.wechat, findings.hiding_wechats),
        "emulator": _reply(finding.emulator, findings.hiding_ours),
        "differences": [
            {"aspect": each.aspect, "wechat": each.wechat, "emulator": each.emulator, "switch": each.switch}
            for each in finding.differences
        ],
    }


def _reply(reply: Reply | None, hiding: Redactor) -> dict[str, Any] | None:
    if reply is None:
        return None
    headers = [pair for pair in hiding.headers(reply.headers) if pair[0] not in _OURS]
    return {"status": reply.status, "headers": headers, "body": hiding.body(reply.body)}
