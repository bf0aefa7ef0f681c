"""An attempt as text to share: fit for an issue tracker or WeChat's community, so nothing of a person is in it."""

import re
from collections.abc import Iterator
from typing import Final

from lingpai.admin.attempts import Found
from lingpai.clock import rfc3339
from lingpai.errors import ENTRIES, Entry
from lingpai.model import LoginEvent
from lingpai.web.console.flight_path import bars, milliseconds, total
from lingpai.web.console.texts_logins import LOGIN_TEXTS
from lingpai.web.language import Language
from lingpai.web.pages.untrusted import calm

_LONGEST_AGENT: Final = 200
_HIDDEN: Final = "(redacted)"
_ID: Final = r"o[\w-]{27}|(?:usr|ses|evt)_\w+|lp[a-z]_[\w-]+"
_OF_A_PERSON: Final = re.compile(
    rf"(?<![\w-])(?:{_ID}|[\w-]{{32,}}|\+?\d{{11,}}|\d{{1,3}}(?:\.\d{{1,3}}){{3}})(?![\w-])"
)
"""Openids, ids and tokens of ours, what is long enough to be a key, phone numbers, addresses: a client may have put
them anywhere."""
_AN_ID: Final = re.compile(_ID)


def report(found: Found, language: Language, version: str) -> str:
    """The report, ending with a line break."""
    return "\n".join([*_lines(found, language, version), ""])


def entries_of(event: LoginEvent) -> list[Entry]:
    """What the dictionary knows of a refusal: of our answer, and of WeChat's."""
    names = (event.result, "" if event.errcode is None else str(event.errcode))
    return [ENTRIES[name] for name in names if name in ENTRIES]


def _lines(found: Found, language: Language, version: str) -> Iterator[str]:
    event = found.line
    yield f"lingpai {version}"
    yield f"time     {rfc3339(event.at)}"
    yield f"app      {event.appid or '-'}"
    yield f"attempt  {event.kind}"
    yield f"result   {event.result}"
    if event.errcode is not None:
        yield f"errcode  {event.errcode}"
    if event.rid is not None:
        yield f"rid      {redacted(event.rid)}"
    # A proxy may have chosen it, and it is what the log is searched for: only what is no request id goes.
    yield f"request  {_HIDDEN if _AN_ID.fullmatch(event.request_id) else event.request_id}"
    yield f"took     {event.duration_ms} ms"
    if found.timeline is not None:
        client = found.timeline.client
        yield f"client   {redacted(client.agent) or '-'}"
        if client.sdk:
            yield f"sdk      {client.sdk}"
        if client.nonce is not None:
            yield f"nonce    {'yes' if client.nonce else 'no'}"
        yield ""
        yield from _steps(found, language)
    for entry in entries_of(event):
        yield ""
        yield f"{entry.name}: {entry.title.say(language)}"
        yield entry.cause.say(language)
        yield entry.fix.say(language)


def _steps(found: Found, language: Language) -> Iterator[str]:
    if found.timeline is None:
        return
    for bar in bars(found.timeline):
        what = LOGIN_TEXTS[f"step.{bar.name}"].say(language)
        facts = ", ".join(redacted(fact.say(language)) for fact in bar.facts)
        yield f"{bar.at:>9} ms  {bar.took:>8} ms  {what}{f': {facts}' if facts else ''}"
    yield f"{milliseconds(total(found.timeline)):>9} ms"


def redacted(text: str) -> str:
    """One line without controls, and without what looks like somebody's."""
    return _OF_A_PERSON.sub(_HIDDEN, calm(text, _LONGEST_AGENT))
