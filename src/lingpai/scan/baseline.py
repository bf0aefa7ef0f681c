"""What was found before and is known: a report of `lingpai scan --json`, kept beside the code."""

from collections import Counter
from pathlib import Path
from typing import Final

import msgspec

from lingpai.scan.findings import Report


class BaselineInvalidError(Exception):
    """The file is no report of `lingpai scan --json`; the message says why."""


class _Known(msgspec.Struct, frozen=True):
    file: str
    rule: str
    text: str


class _Baseline(msgspec.Struct, frozen=True):
    findings: list[_Known]


_DECODER: Final = msgspec.json.Decoder(_Baseline)


def without_known(report: Report, baseline: Path) -> Report:
    """The report without what the baseline has. Lines may move; a finding is the same while its text is.

    Raises BaselineInvalidError, OSError.
    """
    try:
        known = _DECODER.decode(baseline.read_bytes())
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise BaselineInvalidError(str(error)) from None
    left = Counter((entry.file, entry.rule, entry.text) for entry in known.findings)
    fresh = []
    for finding in report.findings:
        key = (finding.file, finding.rule, finding.text)
        if left[key]:
            left[key] -= 1
        else:
            fresh.append(finding)
    return msgspec.structs.replace(report, findings=tuple(fresh), known=len(report.findings) - len(fresh))
