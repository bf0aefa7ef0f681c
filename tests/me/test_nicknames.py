"""What somebody may be called: real names of real people pass, tricks do not."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lingpai.accounts.nickname import MOST_BYTES, MOST_CHARACTERS, fit_nickname
from lingpai.errors import Problem

GOOD = [
    "小明",
    "Ann",
    "x",
    "José Ángel",
    "Nguyễn Thị Ánh",
    "王小明🐼",
    "👨‍👩‍👧‍👦",
    "🏴󠁧󠁢󠁥󠁮󠁧󠁿",
    "❤️",
    "محمد",
    "नमस्ते",
    "می‌خواهم",
    "𠮷野家",
    "O'Brien-Smith, Jr.",
    "微信用户9527",
    "<b>bold</b>",
    "'; DROP TABLE users; --",
    "字" * MOST_CHARACTERS,
]

BAD = {
    "empty": "",
    "blanks only": "   ",
    "ideographic blanks only": "\u3000\u3000",
    "too long": "a" * (MOST_CHARACTERS + 1),
    "much too long": "a" * 100_000,
    "too many bytes": "🐼" * 49,
    "a line break": "Ann\nadmin",
    "a carriage return": "Ann\radmin",
    "a tab": "Ann\tadmin",
    "nothing": "Ann\0",
    "an escape": "\x1b[31mAnn",
    "a C1 control": "Ann\x85",
    "a line separator": "Ann\u2028admin",
    "a paragraph separator": "Ann\u2029admin",
    "right-to-left override": "Ann\u202egnp.exe",
    "left-to-right override": "\u202dAnn",
    "an isolate": "\u2067Ann\u2069",
    "a direction mark": "Ann\u200f",
    "a zero-width space": "Ad\u200bmin",
    "a word joiner": "Ad\u2060min",
    "a byte-order mark": "\ufeffAnn",
    "a soft hyphen": "Ad\u00admin",
    "joiners only": "\u200d\u200c",
    "a variation selector alone": "\ufe0f",
    "a Hangul filler": "\u3164",
    "an empty Braille cell": "\u2800\u2800",
    "a lone surrogate": "Ann\ud800",
    "a noncharacter": "Ann\uffff",
    "a stack of marks": "Z" + "\u0335\u0321\u0489\u0310\u0352\u0357" * 3,
}


@pytest.mark.parametrize("name", GOOD)
def test_a_name_people_have_is_kept_as_it_is(name):
    assert fit_nickname(name) == name


@pytest.mark.parametrize("name", BAD.values(), ids=BAD)
def test_a_trick_is_refused_and_named(name):
    with pytest.raises(Problem) as refused:
        fit_nickname(name)
    assert refused.value.code == "nickname_refused"
    assert "{" not in refused.value.kind.detail.say("zh", refused.value.facts)


def test_the_character_that_is_refused_is_named():
    with pytest.raises(Problem) as refused:
        fit_nickname("Ann\u202egnp")
    assert "U+202E RIGHT-TO-LEFT OVERRIDE" in refused.value.kind.detail.say("en", refused.value.facts)


@pytest.mark.parametrize("name", ["微信用户", " 微信用户 ", "WeChat User"])
def test_the_name_wechat_gives_everybody_is_nobodys(name):
    with pytest.raises(Problem) as refused:
        fit_nickname(name)
    assert refused.value.code == "nickname_anonymous"


def test_blanks_are_tidied_up():
    assert fit_nickname("  Ann \u00a0  Lee\u3000") == "Ann Lee"
    assert fit_nickname("Jose\u0301") == "Jos\u00e9"


@given(st.text(max_size=80))
def test_what_is_accepted_is_fit_to_be_kept_and_stays_the_same(text):
    try:
        name = fit_nickname(text)
    except Problem:
        return
    assert 1 <= len(name) <= MOST_CHARACTERS
    assert len(name.encode()) <= MOST_BYTES
    assert name == name.strip() == unicodedata.normalize("NFC", name)
    assert not any(unicodedata.category(c) in ("Cc", "Cs", "Zl", "Zp") for c in name)
    assert fit_nickname(name) == name


async def test_a_trick_is_refused_over_the_wire_and_nothing_changes(person, a_problem):
    me = await person()
    await me.change(nickname="小明")
    for name in (name for name in BAD.values() if "\ud800" not in name):
        answer = await me.change(nickname=name)
        assert answer.status_code in (413, 422)
        assert a_problem(answer) in ("nickname_refused", "invalid_request", "body_too_large")
        assert (await me.show())["nickname"] == "小明"


async def test_a_lone_surrogate_is_refused_over_the_wire(stack, person, a_problem):
    me = await person()
    headers = {**me.auth, "content-type": "application/json"}
    for body in (
        b'{"nickname":"a\\ud800"}',
        b'{"nickname":"a\xed\xa0\x80"}',
        b"\xff",
        b"[]",
        b"",
        b'{"nickname":1}',
    ):
        answer = await stack.http.patch("/v1/me", headers=headers, content=body)
        assert answer.status_code in (400, 422), body
        assert a_problem(answer) == "invalid_request"


async def test_the_refusal_speaks_the_callers_language(stack, person):
    me = await person()
    headers = {**me.auth, "accept-language": "zh-CN"}
    answer = await stack.http.patch("/v1/me", headers=headers, json={"nickname": "微信用户"})
    assert answer.status_code == 422
    assert "微信" in answer.json()["title"]
