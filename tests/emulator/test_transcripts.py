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
    "<access_token>": r"\d+_[A-Za-z0-9_-]{110,160}",
    "<appid>": r"wx[0-9a-f]{16}",
}


def _pattern(recorded):
    """The recorded body, byte for byte, except for ids and the random part of a rid."""
    literal = re.escape(recorded)
    literal = re.sub(
        r"(rid:\\ [0-9a-f]{8}\\-)[0-9a-f]{8}\\-[0-9a-f]{8}", r"\1[0-9a-f]{8}-[0-9a-f]{8}", literal
    )
    literal = re.sub(r"(req_id:\\ )\S+(\\ \\])", r"\1[A-Za-z0-9._-]{5,20}\2", literal)
    literal = re.sub(r"(hint:\\ \\\[)\S+?(\\])", r"\1[A-Za-z0-9._!-]{5,20}\2", literal)
    for name, shape in _PATTERNS.items():
        literal = literal.replace(re.escape(name), shape)
    return literal


@pytest.fixture
def arranged(wechat, exchange, fetch_stable):
    """`arranged(given)` makes the world of a transcript and tells what its placeholders stand for."""

    def token(slug, state):
        if state == "expired":
            text = fetch_stable(slug).json["access_token"]
            wechat.advance(7200)
            return text
        return fetch_stable(slug).json["access_token"]

    def arranging(given, request, response):
        wanted = json.dumps([request, response])
        slug, person = given.get("app_slug", "demo-mp"), given.get("person", "xiaoming")
        changes = given.get("app", {}) | {k: v for k, v in given.items() if k == "open_platform"}
        bearing = "access_token" in request["query"]
        values = {"<access_token>": token(slug, given.get("token"))} if bearing else {}
        wechat.switch(**given.get("switches", {}))
        app = wechat.set_app(slug, **changes)
        wechat.egress(given.get("egress"))
        if "<session_key>" in wanted:
            _wanted_slash(wechat, exchange, given.get("slash_in_session_key", False))
        if "<code>" in wanted:
            values["<code>"] = _code(wechat, exchange, given)
        if "<phone_code>" in wanted:
            wechat.login(person)
            values["<phone_code>"] = wechat.phone_number(person)["code"]
        identities = {each["id"]: each["identities"] for each in wechat.people}[person]
        (openid,) = [each["openid"] for each in identities if each["appid"] == app.appid]
        return values | {"<appid>": app.appid, "<secret>": app.secret, "<openid>": openid}

    return arranging


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
def test_a_published_answer_is_reproduced(path, wechat, arranged, ask):
    transcript = json.loads(path.read_text(encoding="utf-8"))
    given, request, response = transcript["given"], transcript["request"], transcript["response"]
    recorded_rid = _RID.search(response["body"])
    then = int(recorded_rid[1], 16) if recorded_rid else given.get("now", 1_800_000_000)
    # An expired token is fetched two hours before.
    wechat.freeze(then - (7200 if given.get("token") == "expired" else 0))
    values = arranged(given, request, response)

    def filled(fields):
        return {name: values.get(value, value) for name, value in fields.items()}

    sent = json.dumps(filled(request["json"])).encode() if "json" in request else None
    answer = ask(
        wechat.url, request["path"], query=filled(request["query"]), method=request["method"], body=sent
    )

    assert answer.status == response["status"]
    assert re.fullmatch(_pattern(response["body"]), answer.body.decode()), answer.body
    for name, value in response.get("headers", {}).items():
        assert answer.headers[name] == value


def test_there_are_transcripts_and_each_names_its_source_and_date():
    assert len(TRANSCRIPTS) >= 36
    for path in TRANSCRIPTS:
        transcript = json.loads(path.read_text(encoding="utf-8"))
        assert transcript["source"]
        assert re.fullmatch(r"20\d\d-\d\d-\d\d", transcript["date"])
