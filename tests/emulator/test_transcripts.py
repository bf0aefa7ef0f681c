"""Does the emulator give the very answers that people published from the real WeChat?"""

import json
import re
from pathlib import Path

import pytest

TRANSCRIPTS = sorted((Path(__file__).parents[1] / "vectors" / "transcripts").glob("*.json"))

_RID = re.compile(r"\b([0-9a-f]{8})-[0-9a-f]{8}-[0-9a-f]{8}\b")
_PATTERNS = {
    "<session_key>": r"(?:[A-Za-z0-9+]|\\/){22}==",
    "<openid>": r"o[A-Za-z0-9_-]{27}",
    "<unionid>": r"o[A-Za-z0-9_-]{27}",
}


def _pattern(recorded):
    """The recorded body, byte for byte, except for ids and the random part of a rid."""
    literal = re.escape(recorded)
    literal = re.sub(
        r"(rid:\\ [0-9a-f]{8}\\-)[0-9a-f]{8}\\-[0-9a-f]{8}", r"\1[0-9a-f]{8}-[0-9a-f]{8}", literal
    )
    literal = re.sub(r"(req_id:\\ )\S+(\\ \\])", r"\1[A-Za-z0-9._-]{5,20}\2", literal)
    for name, shape in _PATTERNS.items():
        literal = literal.replace(re.escape(name), shape)
    return literal


def _code(wechat, exchange, given):
    if given["code"] == "garbage":
        return "0000000000000000000000000000garb"
    code = wechat.login()
    if given["code"] == "used":
        assert exchange(code).status == 200
    else:
        assert given["code"] == "fresh"
    return code


def _wanted_slash(wechat, exchange, slash):
    """Rotate until the session_key has a slash, or none, as the recorded one."""
    while ("/" in exchange(wechat.login()).json["session_key"]) != slash:
        wechat.prefetch()


@pytest.mark.parametrize("path", TRANSCRIPTS, ids=lambda path: path.stem)
def test_a_published_answer_is_reproduced(path, wechat, exchange, ask):
    transcript = json.loads(path.read_text(encoding="utf-8"))
    given, request, response = transcript["given"], transcript["request"], transcript["response"]
    recorded_rid = _RID.search(response["body"])
    if recorded_rid:
        wechat.freeze(int(recorded_rid[1], 16))
    wechat.switch(**given.get("switches", {}))
    app = wechat.add_app("wx00000000000000a1", **{k: v for k, v in given.items() if k == "open_platform"})
    _wanted_slash(wechat, exchange, given.get("slash_in_session_key", False))
    values = {"<appid>": app.appid, "<secret>": app.secret, "<code>": _code(wechat, exchange, given)}
    query = {name: values.get(value, value) for name, value in request["query"].items()}

    answer = ask(wechat.url, request["path"], query=query, method=request["method"])

    assert answer.status == response["status"]
    assert re.fullmatch(_pattern(response["body"]), answer.body.decode()), answer.body
    for name, value in response.get("headers", {}).items():
        assert answer.headers[name] == value


def test_there_are_transcripts_and_each_names_its_source_and_date():
    assert len(TRANSCRIPTS) >= 14
    for path in TRANSCRIPTS:
        transcript = json.loads(path.read_text(encoding="utf-8"))
        assert transcript["source"]
        assert re.fullmatch(r"20\d\d-\d\d-\d\d", transcript["date"])
