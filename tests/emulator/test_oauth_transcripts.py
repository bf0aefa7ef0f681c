"""Does the emulator give the answers of web authorization that people published from the real WeChat?"""

import json
import re
from pathlib import Path

import pytest

TRANSCRIPTS = sorted((Path(__file__).parents[1] / "vectors" / "oauth_transcripts").glob("*.json"))

_SHAPES = {
    "<token>": r"\d+_[A-Za-z0-9_-]{107}",
    "<openid>": r"o[A-Za-z0-9_-]{27}",
    "<unionid>": r"o[A-Za-z0-9_-]{27}",
    "<nickname>": "小明",
    # Ours is the emulator's own host; the rest is written as theirs.
    "<headimgurl>": r"https?:(?:\\/){2}[^\\]+\\/mmopen\\/vi_32\\/[^\\]+\\/132",
}


def _pattern(recorded):
    """The recorded body, byte for byte, except for ids and the random part of a rid."""
    literal = re.escape(recorded)
    literal = re.sub(
        r"(rid:\\ [0-9a-f]{8}\\-)[0-9a-f]{8}\\-[0-9a-f]{8}", r"\1[0-9a-f]{8}-[0-9a-f]{8}", literal
    )
    literal = re.sub(r"(req_id:\\ )\S+(\\ \\])", r"\1[A-Za-z0-9._-]{5,20}\2", literal)
    for name, shape in _SHAPES.items():
        literal = literal.replace(re.escape(name), shape)
    return literal


@pytest.fixture
def placed(wechat, ask):
    """`placed(given)`: the world of a transcript, and what its placeholders stand for."""

    def placing(given):
        wechat.switch(**given.get("switches", {}))
        app = wechat.app(given.get("app", "demo-oa"))
        if "open_platform" in given:
            wechat.add_app(app.appid, open_platform=given["open_platform"])
        code = "0" * 32
        if given.get("code") != "garbage":
            code = wechat.oauth_code(
                "xiaoming", app.slug, given.get("scope"), snapshot=given.get("snapshot", False)
            )
        values = {"<appid>": app.appid, "<secret>": app.secret, "<code>": code}
        if given.get("exchanged"):
            query = {
                "appid": app.appid,
                "secret": app.secret,
                "code": code,
                "grant_type": "authorization_code",
            }
            tokens = ask(wechat.url, "/sns/oauth2/access_token", query=query).json
            values |= {f"<{name}>": str(tokens[name]) for name in ("access_token", "refresh_token", "openid")}
        wechat.advance(given.get("later", 0))
        return values

    return placing


@pytest.mark.parametrize("path", TRANSCRIPTS, ids=lambda path: path.stem)
def test_a_published_answer_is_reproduced(path, wechat, ask, placed):
    transcript = json.loads(path.read_text(encoding="utf-8"))
    request, response = transcript["request"], transcript["response"]
    seconds = re.search(r"rid: ([0-9a-f]{8})-", response["body"])
    wechat.freeze(int(seconds[1], 16) if seconds else None)
    values = placed(transcript["given"])
    query = {name: values.get(value, value) for name, value in request["query"].items()}

    answer = ask(wechat.url, request["path"], query=query)

    assert answer.status == response["status"]
    assert answer.headers["content-type"] == "text/plain"
    assert re.fullmatch(_pattern(response["body"]), answer.body.decode()), answer.body


def test_each_transcript_names_its_source_and_its_date_if_it_has_one():
    assert len(TRANSCRIPTS) == 14
    for path in TRANSCRIPTS:
        transcript = json.loads(path.read_text(encoding="utf-8"))
        assert transcript["source"]
        assert re.fullmatch(r"20\d\d-\d\d-\d\d|undated", transcript["date"])
