"""Bodies made to confuse a reader: each one is a documented refusal, never a fault of the server."""

import gzip
import json

import pytest

from lingpai.testing.actors import TESTER

LOGIN, REFRESH = "/v1/demo-mp/login", "/v1/session/refresh"

NOT_JSON = {
    "nothing": b"",
    "a word": b"hello",
    "half an object": b'{"code":"x"',
    "two objects": b'{"code":"x"}{"code":"y"}',
    "a comma too many": b'{"code":"x",}',
    "single quotes": b"{'code':'x'}",
    "a comment": b'{"code":"x"/**/}',
    "a byte order mark": b'\xef\xbb\xbf{"code":"x"}',
    "UTF-16": '{"code":"x"}'.encode("utf-16"),
    "UTF-16 without a mark": '{"code":"x"}'.encode("utf-16-le"),
    "UTF-32": '{"code":"x"}'.encode("utf-32"),
    "Latin-1": b'{"code":"\xe9"}',
    "an overlong encoding": b'{"code":"\xc0\xaf"}',
    "a lone surrogate, escaped": b'{"code":"\\ud800"}',
    "a lone surrogate, raw": b'{"code":"\xed\xa0\x80"}',
    "surrogates in the wrong order": b'{"code":"\\udc00\\ud800"}',
    "a raw NUL": b'{"code":"\x00"}',
    "a raw line break": b'{"code":"a\nb"}',
    "a bad escape": b'{"code":"\\x41"}',
    "half an escape": b'{"code":"\\u00',
    "NaN": b'{"code":NaN}',
    "gzip": gzip.compress(b'{"code":"x"}'),
    "a form": b"code=x&nonce=y",
    "a multipart form": b'--x\r\ncontent-disposition: form-data; name="code"\r\n\r\nx\r\n--x--',
    "XML": b'<!DOCTYPE a [<!ENTITY b SYSTEM "file:///etc/passwd">]><code>&b;</code>',
    "only openings": b"{" * 10_000,
}

OF_ANOTHER_SHAPE = {
    "null": b"null",
    "true": b"true",
    "a number": b"1",
    "a huge number": b"1" * 5_000,
    "a text": b'"code"',
    "a list": b'[{"code":"x"}]',
    "ten thousand lists": b"[" * 5_000 + b"]" * 5_000,
    "no field": b"{}",
    "a number as the value": b'{"%s":1}',
    "null as the value": b'{"%s":null}',
    "a list as the value": b'{"%s":["x"]}',
    "an object as the value": b'{"%s":{"$ne":""}}',
    "an infinite number": b'{"%s":1e400}',
    "an empty value": b'{"%s":""}',
    "a value too long": b'{"%s":"' + b"x" * 257 + b'"}',
    "a short nonce": b'{"%s":"x","nonce":"short"}',
    "a nonce too long": b'{"%s":"x","nonce":"' + b"a" * 129 + b'"}',
    "a nonce of other characters": b'{"%s":"x","nonce":"aaaaaaaaaaaaaaaa\\u0000"}',
    "a nonce and a line break": b'{"%s":"x","nonce":"aaaaaaaaaaaaaaaa\\n"}',
    "a field too many": b'{"%s":"x","openid":"o0000"}',
    "the field in capitals": b'{"CODE":"x","REFRESH_TOKEN":"x"}',
    "the prototype": b'{"%s":"x","__proto__":{"admin":true}}',
    "a field without a name": b'{"%s":"x","":1}',
    "a deep field": b'{"%s":"x","a":' + b"[" * 5_000 + b"]" * 5_000 + b"}",
    "a field the second time": b'{"%s":"x","%s":1}',
}


# A field's name stands in the answer. It is text there, never a format, a path or a tag.
NAMES = (
    "{",
    "}",
    "{}",
    "{0}",
    "{what}",
    "{a.b}",
    "{a.__class__}",
    "{a.__class__.__mro__}",
    "{a[0]}",
    "{a!r}",
    "{a!z}",
    "{a:>100000}",
    "{a:{b}}",
    "{{}}",
    "%s%s%n",
    "%(what)s",
    "${jndi:ldap://localhost/a}",
    "{{7*7}}",
    "<script>alert(1)</script>",
    "a\r\nset-cookie: b=c",
    "\u202egpj",
    "\x00",
    "\x1b[31m",
    "n" * 10_000,
    "名" * 2_000,
)


async def test_what_is_no_json_is_told_so(stack, a_problem):
    for path in (LOGIN, REFRESH):
        for name, body in NOT_JSON.items():
            answer = await stack.http.post(path, content=body)
            assert a_problem(answer) == "invalid_request", (path, name)
            assert answer.status_code in (400, 422), (path, name)
    assert stack.wechat.calls("/sns/jscode2session") == []


async def test_json_of_another_shape_is_a_422(stack, a_problem):
    for path, field in ((LOGIN, b"code"), (REFRESH, b"refresh_token")):
        for name, body in OF_ANOTHER_SHAPE.items():
            answer = await stack.http.post(path, content=body.replace(b"%s", field))
            assert (a_problem(answer), answer.status_code) == ("invalid_request", 422), (path, name)
    assert stack.wechat.calls("/sns/jscode2session") == []


@pytest.mark.parametrize("language", ["en", "zh"])
async def test_a_fields_name_is_told_as_the_text_it_is(stack, language):
    wrong = {}
    for path, field in ((LOGIN, "code"), (REFRESH, "refresh_token")):
        for name in NAMES:
            body = json.dumps({field: "x", name: 1})
            answer = await stack.http.post(path, content=body, headers={"accept-language": language})
            if answer.status_code != 422 or name[:100] not in answer.json()["detail"]:
                wrong[path, name] = answer.status_code, answer.text[:200]
    assert wrong == {}


@pytest.mark.parametrize("code", ["ümlaut", "登录", "a\tb", "a\n", "a\r\n", "\x7f"])
async def test_a_code_of_other_characters_goes_nowhere(stack, a_problem, code):
    answer = await stack.login(code)
    assert (a_problem(answer), answer.status_code) == ("invalid_request", 422)
    assert stack.wechat.calls("/sns/jscode2session") == []


async def test_a_code_cannot_add_to_what_is_asked_of_wechat(stack):
    codes = ["a&secret=b", "a#b", "a?b", "a&grant_type=x", "../x", "a%26openid=o1", "+", "a=b", "a b", "%00"]
    for code in codes:
        assert (await stack.login(code)).json()["code"] == "code_invalid", code
    calls = stack.wechat.calls("/sns/jscode2session")
    assert [call["query"]["js_code"] for call in calls] == codes
    assert all(set(call["query"]) == {"appid", "secret", "js_code", "grant_type"} for call in calls)


async def test_what_a_body_claims_to_be_changes_nothing(stack):
    for kind in (
        "text/plain",
        "application/xml",
        "application/x-www-form-urlencoded",
        "",
        "a/b; charset=utf-16",
    ):
        body = json.dumps({"code": stack.wechat.login()})
        answer = await stack.http.post(LOGIN, content=body, headers={"content-type": kind})
        assert answer.status_code == 200, kind


@pytest.mark.parametrize("coding", ["gzip", "deflate", "br", "zstd", "identity, gzip"])
async def test_a_compressed_body_is_not_opened(stack, a_problem, coding):
    bomb = gzip.compress(b" " * 10_000_000)
    answer = await stack.http.post(LOGIN, content=bomb[:16_000], headers={"content-encoding": coding})
    assert a_problem(answer) == "invalid_request"


@pytest.mark.parametrize("path", [LOGIN, REFRESH, "/oauth2/introspect"])
async def test_a_large_body_is_refused_before_it_is_kept(stack, a_problem, healthy, path):
    from lingpai.admin.clients import ClientsAdmin

    _, key = await ClientsAdmin(stack.store, stack.clock).add("backend", ("introspect",), by=TESTER)

    async def endless():
        for _ in range(100):
            yield b" " * 65_536

    headers = {"authorization": f"Bearer {key.reveal()}"}
    for body in (b" " * 16_385, b" " * 5_000_000, endless()):
        answer = await stack.http.post(path, content=body, headers=headers)
        assert a_problem(answer) == "body_too_large"
        assert answer.status_code == 413
    await healthy()
