"""A scan from the folder to the report. Reads files, runs nothing, asks nobody."""

import re
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from typing import Final

from lingpai.scan.checks.appsecret import appsecrets
from lingpai.scan.checks.client_calls import client_calls
from lingpai.scan.checks.constant_state import constant_states
from lingpai.scan.checks.openid import openids_from_requests
from lingpai.scan.checks.session_key_sent import session_keys_sent
from lingpai.scan.findings import Finding, Hit, Report
from lingpai.scan.masking import Masks
from lingpai.scan.sides import Roots, roots_of, side_of
from lingpai.scan.source import Source
from lingpai.scan.tree import decoded, is_binary, read_bytes, tree_of

CHECKS: Final[tuple[Callable[[Source], Iterator[Hit]], ...]] = (
    appsecrets,
    client_calls,
    constant_states,
    openids_from_requests,
    session_keys_sent,
)
_WORDS: Final = (
    b"secre", b"screct", b"sercet", b"session_key", b"sessionkey", b"weixin", b"openid", b"open_id", b"unionid",
    b"union_id", b"access_token",
)  # fmt: skip
_APPID: Final = re.compile(rb"wx[0-9a-f]{16}")
_COMMENT_LINE: Final = re.compile(r"[ \t]*(?:#|//|/\*|\*|<!--|;)")
_ALLOWED: Final = re.compile(r"lingpai:\s*allow\s+([a-z_]+(?:\s*,\s*[a-z_]+)*)")


def scan_tree(root: Path) -> Report:
    """Look at every file below a folder. Raises NotADirectoryError when there is no such folder."""
    if not root.is_dir():
        raise NotADirectoryError(str(root))
    tree = tree_of(root)
    roots = roots_of((path, partial(_marker, root, path)) for path in tree.markers)
    findings: list[Finding] = []
    too_large: list[str] = []
    unreadable = [_named(path) for path in tree.unreadable]
    looked_at = allowed = 0
    for path in tree.files:
        try:
            data = read_bytes(root, path)
        except OSError:
            unreadable.append(_named(path))
            continue
        if data is None:
            too_large.append(_named(path))
            continue
        looked_at += 1
        if _is_worth_reading(data) and not is_binary(data):
            told, silent = scan_text(path, decoded(data), roots)
            findings += told
            allowed += silent
    findings.sort(key=lambda finding: (finding.file, finding.line, finding.column, finding.rule))
    return Report(
        findings=tuple(findings),
        files=looked_at,
        too_large=tuple(too_large),
        unreadable=tuple(sorted(unreadable)),
        allowed=allowed,
    )


def _is_worth_reading(data: bytes) -> bool:
    """False for a file with nothing that a rule could find: most files, and the reason why a scan is quick."""
    lowered = data.lower()
    return any(word in lowered for word in _WORDS) or bool(_APPID.search(data))


def scan_text(path: str, text: str, roots: Roots) -> tuple[list[Finding], int]:
    """The findings of one file, and how many of them a comment allows."""
    source = Source(path, text, side_of(path, text, roots))
    hits = {(hit.at, hit.rule.id): hit for check in CHECKS for hit in check(source)}
    masks = Masks(
        text,
        {
            (*piece, hit.secret[-4:] if piece == hit.pieces[-1] else "")
            for hit in hits.values()
            for piece in hit.pieces
        },
    )
    allowed = _allowed(source)
    told = [
        _finding(source, hit, masks)
        for hit in hits.values()
        if hit.rule.id not in allowed.get(source.line(hit.at), ())
    ]
    return told, len(hits) - len(told)


def _marker(root: Path, path: str) -> str:
    data = read_bytes(root, path)
    return decoded(data) if data else ""


def _finding(source: Source, hit: Hit, masks: Masks) -> Finding:
    line = source.line(hit.at)
    start = hit.at - source.column(hit.at) + 1
    end = start + len(source.line_text(line))
    return Finding(
        file=_named(source.path),
        line=line,
        column=source.column(hit.at),
        rule=hit.rule.id,
        text=masks.shown((start, end), hit.at),
        risk=hit.rule.risk,
        fix=hit.rule.fix,
    )


def _allowed(source: Source) -> dict[int, set[str]]:
    """Rules that comments allow, by line: their own, and the next one when they stand alone."""
    found: dict[int, set[str]] = {}
    for match in _ALLOWED.finditer(source.text):
        rules = set(re.split(r"\s*,\s*", match[1]))
        line = source.line(match.start())
        found.setdefault(line, set()).update(rules)
        if _COMMENT_LINE.match(source.text, match.start() - source.column(match.start()) + 1):
            found.setdefault(line + 1, set()).update(rules)
    return found


def _named(path: str) -> str:
    """A path that every terminal and every JSON can say."""
    plain = path.encode("utf-8", "replace").decode()
    return "".join(c if c.isprintable() else "\N{REPLACEMENT CHARACTER}" for c in plain)
