"""One run: all probes to WeChat, then the same to an emulator that was told of an app like it."""

import re
from collections.abc import Callable
from typing import Any, Final

import msgspec

from lingpai_emulator.apps import Kind
from lingpai_emulator.background import emulator_thread
from lingpai_emulator.client import Wechat
from lingpai_emulator.conformance.calling import Caller, Reply, Values, needs
from lingpai_emulator.conformance.probe import Probe
from lingpai_emulator.conformance.probes import probes_for
from lingpai_emulator.conformance.redacting import Redactor
from lingpai_emulator.conformance.shapes import Difference, differences, shape
from lingpai_emulator.seed import Seed
from lingpai_emulator.serving import EmulatorOptions
from lingpai_emulator.switches import Switches

_RID: Final = re.compile(r"\b[0-9a-f]{8}-[0-9a-f]{8}-[0-9a-f]{8}\b")
_ELSEWHERE: Final = "203.0.113.1"  # RFC 5737: nobody calls from there
_NOT_ON_THE_LIST: Final = '"errcode":40164'

Progress = Callable[[Probe], None]


class Subject(msgspec.Struct, frozen=True):
    """The app that is asked about. `code` is one that wx.login or an authorization page has just given."""

    appid: str
    kind: Kind
    secret: str
    code: str | None = None

    def __repr__(self) -> str:
        return f"Subject({self.kind})"


class Finding(msgspec.Struct, frozen=True):
    """One probe with both answers; None where it was left out because something it needs was not there."""

    probe: Probe
    wechat: Reply | None
    emulator: Reply | None
    differences: tuple[Difference, ...] = ()


class Findings(msgspec.Struct, frozen=True):
    """All of them, and the redactors that know each side's values."""

    subject: Subject
    all: tuple[Finding, ...]
    hiding_wechats: Redactor
    hiding_ours: Redactor


def compare(subject: Subject, wechat: Caller, switches: Switches, progress: Progress) -> Findings:
    """Raises UnreachableError when WeChat gives no answer."""
    probes = probes_for(subject.kind)
    values = {"appid": subject.appid, "secret": subject.secret}
    if subject.code is not None:
        values["code"] = subject.code
    theirs, seen = _asked(wechat, probes, values, progress)
    options = EmulatorOptions(port=0, phone_port=None, seed=Seed(switches=switches))
    with emulator_thread(options) as emulator:
        ours, own = _asked(
            Caller(emulator.url, direct=True), probes, _arranged(emulator, subject, theirs, seen)
        )
    hiding, hiding_ours = Redactor(seen), Redactor(own)
    found = tuple(
        Finding(probe, one, other, _differences(probe, one, other, hiding, hiding_ours))
        for probe, one, other in zip(probes, theirs, ours, strict=True)
    )
    return Findings(subject, found, hiding, hiding_ours)


def _asked(
    caller: Caller, probes: tuple[Probe, ...], values: Values, progress: Progress = lambda _probe: None
) -> tuple[list[Reply | None], Values]:
    """The answers, and all values that were seen in them."""
    replies: list[Reply | None] = []
    for probe in probes:
        if needs(probe) <= values.keys():
            progress(probe)
            reply = caller.ask(probe, values)
            values = values | _kept(probe, reply)
            replies.append(reply)
        else:
            replies.append(None)
    return replies, values


def _kept(probe: Probe, reply: Reply) -> Values:
    try:
        tree: Any = msgspec.json.decode(reply.body)
    except msgspec.DecodeError:
        return {}
    if not isinstance(tree, dict):
        return {}
    kept: Values = {}
    for wanted in probe.keeps:
        field, _, name = wanted.partition("=")
        value = tree.get(field)
        if isinstance(value, str) and value:
            kept[name or field] = value
    rid = _RID.search(str(tree.get("errmsg", "")))
    return kept | {"rid": rid[0]} if "rid" in probe.keeps and rid else kept


def _arranged(emulator: Wechat, subject: Subject, theirs: list[Reply | None], seen: Values) -> Values:
    """An app in the emulator that is like the real one in whatever shows in answers; its secret is our own."""
    refused = any(_NOT_ON_THE_LIST in reply.body for reply in theirs if reply is not None)
    bound = subject.code is None or "unionid" in seen
    app = emulator.add_app(
        subject.appid,
        kind=subject.kind,
        slug="subject",
        open_platform="subject" if bound else None,
        ip_allow_list=[_ELSEWHERE] if refused else None,
    )
    values = {"appid": app.appid, "secret": app.secret}
    if subject.code is not None and subject.kind == "miniprogram":
        values["code"] = emulator.login("xiaoming", app.appid)
    elif subject.code is not None:
        values["code"] = emulator.oauth_code("xiaoming", app.appid, seen.get("scope"))
    return values


def _differences(
    probe: Probe, one: Reply | None, other: Reply | None, hiding: Redactor, hiding_ours: Redactor
) -> tuple[Difference, ...]:
    if one is None or other is None:
        return ()
    return differences(probe.path, shape(one, hiding), shape(other, hiding_ours), probe.switch)
