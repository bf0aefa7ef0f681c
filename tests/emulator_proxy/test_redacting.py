"""Is everything hidden that was not shown on purpose?"""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lingpai_emulator.conformance.calling import Reply
from lingpai_emulator.conformance.redacting import Redactor
from lingpai_emulator.conformance.shapes import differences, shape

SECRET = "0123456789abcdef0123456789abcdef"
KEY = "abc/def+ghi/jkl+mno/pq=="
HIDING = Redactor({"secret": SECRET, "session_key": KEY, "scope": "snsapi_base"})


@pytest.mark.parametrize("written", [KEY, KEY.replace("/", r"\/"), "abc%2Fdef%2Bghi%2Fjkl%2Bmno%2Fpq%3D%3D"])
def test_a_value_is_hidden_however_it_is_written(written):
    assert HIDING.text(f"before {written} after") == "before <session_key> after"


@pytest.mark.parametrize(
    ("errmsg", "shown"),
    [
        (
            "invalid ip 198.51.100.7 ipv6 ::ffff:198.51.100.7, not in whitelist",
            "invalid ip <ip> ipv6 <ip>, not in whitelist",
        ),
        ("from 2001:db8::1 or 2001:db8:0:0:0:0:0:1", "from <ip> or <ip>"),
        ("invalid code, rid: 6aac005a-01bfdbee-79769285", "invalid code, rid: 6aac005a-<rid>"),
        ("at 12:30:45 nothing happened", "at 12:30:45 nothing happened"),
    ],
)
def test_addresses_and_the_random_part_of_a_rid_are_hidden(errmsg, shown):
    body = json.dumps({"errcode": 1, "errmsg": errmsg})
    assert json.loads(HIDING.body(body))["errmsg"] == shown


def test_a_field_nobody_has_heard_of_is_hidden():
    body = '{"phone_info":{"phoneNumber":"13800000001"},"level":7,"tags":["vip","x"],"on":true,"scope":"snsapi_base"}'
    assert json.loads(HIDING.body(body)) == {
        "phone_info": {"phoneNumber": "<phoneNumber>"},
        "level": "<number>",
        "tags": ["<tags>"],
        "on": True,
        "scope": "snsapi_base",
    }


def test_a_page_is_cut_and_its_secrets_are_hidden():
    shown = HIDING.body(f"<html>{SECRET}" + "x" * 1000)
    assert shown.startswith("<html><secret>xxx")
    assert len(shown) == 500


def test_a_secret_that_was_overlooked_is_noticed():
    assert HIDING.leaks(f"…{SECRET}…") == ["<secret>"]
    assert HIDING.leaks("nothing") == []


def test_cookies_are_not_shown():
    assert HIDING.headers([("set-cookie", "a=b"), ("content-type", "text/plain")]) == [
        ["set-cookie", "…"],
        ["content-type", "text/plain"],
    ]


_JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=12,
)


@given(_JSON, st.sampled_from(["errmsg", "openid", "unheard-of"]))
def test_whatever_json_it_is_the_secret_is_not_in_it(tree, name):
    told = json.dumps({"a": tree, name: f"say {SECRET} and {KEY}", SECRET: KEY})
    shown = HIDING.body(told)
    assert SECRET not in shown
    assert KEY not in shown
    assert HIDING.leaks(shown) == []


def _reply(body, content_type="text/plain", status=200):
    return Reply(status, (("content-type", content_type),), body)


@pytest.mark.parametrize(
    ("theirs", "ours", "aspects"),
    [
        ('{"errcode":1,"errmsg":"a, rid: 6aac005a-01bfdbee-79769285"}', '{"errcode":1,"errmsg":"a, rid: 6aac005b-11bfdbee-79769285"}', []),
        ('{"errcode":1,"errmsg":"a, rid: 6aac005a-01bfdbee-79769285"}', '{"errcode":1,"errmsg":"a rid: 6aac005b-11bfdbee-79769285"}', ["trace"]),
        ('{"errcode":1,"errmsg":"a"}', '{"errmsg":"a","errcode":1}', ["keys"]),
        ('{"errcode":"1","errmsg":"a"}', '{"errcode":1,"errmsg":"a"}', ["errcode", "keys"]),
        ('{"errcode":1,"errmsg":"a"}', '{"errcode":2,"errmsg":"b"}', ["errcode"]),
        ('{"errcode":1,"errmsg":"b"}', '{"errcode":1,"errmsg":"a"}', ["words"]),
        ('{"openid":"a","session_key":"b"}', '{"session_key":"b","openid":"a"}', ["keys"]),
        (r'{"session_key":"a\/b"}', '{"session_key":"a/b"}', ["slashes"]),
        (r'{"session_key":"a\/b"}', '{"session_key":"ab"}', []),
        ("<html>", '{"errcode":1,"errmsg":"a"}', ["errcode", "keys"]),
        ("[1]", '["1"]', ["keys"]),
        ("7", "7", []),
    ],
)  # fmt: skip
def test_what_differs_is_named(theirs, ours, aspects):
    found = differences("/sns/x", shape(_reply(theirs), HIDING), shape(_reply(ours), HIDING), None)
    assert [each.aspect for each in found] == aspects
