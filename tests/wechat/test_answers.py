"""Whatever comes back from the network becomes a session or one of five documented errors."""

import gzip
import json

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from msgspec.json import encode

from lingpai.wechat import WeChatAnswerInvalid, WeChatAnswerLost, WeChatError, WeChatRefused
from lingpai.wechat._answer import understand
from lingpai.wechat.endpoints.sns import SNS_JSCODE2SESSION, JsCode2Session, JsCode2SessionRequest

APP = "wx00000000000000a1"
KEY = "AAAAAAAAAAAAAAAAAAAA/w=="
OPENID = "oXXXXXXXXXXXXXXXXXXXXXXXXXXX"
K = b'"session_key":"AAAAAAAAAAAAAAAAAAAA/w=="'
O = b'"openid":"oXXXXXXXXXXXXXXXXXXXXXXXXXXX"'  # noqa: E741 - read beside K
BOTH = K + b"," + O


def ok(body: bytes, headers: bytes = b"") -> bytes:
    return b"HTTP/1.1 200 OK\r\n" + headers + b"Content-Length: %d\r\n\r\n" % len(body) + body


def status(line: bytes, body: bytes = b"{" + BOTH + b"}") -> bytes:
    return b"HTTP/1.1 " + line + b"\r\nContent-Length: %d\r\n\r\n" % len(body) + body


CHUNKED = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"

# Raw bytes on the wire, after which the connection is closed -> the outcome, as documented in _errors.
WRONG_ANSWERS = {
    # another machine answers
    "an HTML page of a broken gateway": (status(b"502 Bad Gateway", b"<html>502</html>"), "status 502"),
    "JSON under a 500": (status(b"500 Oops"), "status 500"),
    "JSON under a 503": (status(b"503 Busy"), "status 503"),
    "JSON under a 404": (status(b"404 Not Found"), "status 404"),
    "JSON under a 401": (status(b"401 Unauthorized"), "status 401"),
    "JSON under a 429": (status(b"429 Slow Down"), "status 429"),
    "JSON under a 201": (status(b"201 Created"), "status 201"),
    "no content": (b"HTTP/1.1 204 No Content\r\n\r\n", "status 204"),
    "not modified": (b"HTTP/1.1 304 Not Modified\r\n\r\n", "status 304"),
    "an HTML page under a 200": (ok(b"<html>login to the hotel network</html>"), "json"),
    # not HTTP
    "no HTTP at all": (b"220 ready\r\n\r\n", "http"),
    "an unknown HTTP version": (b"HTTP/9.9 200 OK\r\n\r\n{}", "http"),
    "a content length of words": (b"HTTP/1.1 200 OK\r\nContent-Length: ten\r\n\r\n{}", "http"),
    "two content lengths": (b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\nContent-Length: 3\r\n\r\n{} ", "http"),
    "a head without an end": (b"HTTP/1.1 200 OK\r\nX: " + b"a" * 1_000_000 + b"\r\n\r\n{}", "http"),
    "a chunk size of letters": (CHUNKED + b"zz\r\n{}\r\n0\r\n\r\n", "http"),
    "a chunk size beyond all bounds": (CHUNKED + b"fffffffffffffffffff\r\n{}", "http"),
    "a promise of more bytes than came": (b"HTTP/1.1 200 OK\r\nContent-Length: 999\r\n\r\n{}", "http"),
    # the connection ends
    "nothing at all": (b"", "lost"),
    "half a status line": (b"HTTP/1.1 2", "lost"),
    "half a head": (b"HTTP/1.1 200 OK\r\nContent-Le", "lost"),
    "chunks without a last one": (CHUNKED + b"2\r\n{}\r\n", "lost"),
    # length
    "one byte more than allowed": (ok(b"{" + BOTH + b"}" + b" " * (65_537 - len(BOTH) - 2)), "length"),
    "a megabyte": (ok(b" " * 1_000_000), "length"),
    "a megabyte without a length": (b"HTTP/1.1 200 OK\r\n\r\n" + b" " * 1_000_000, "length"),
    # not JSON
    "an empty body": (ok(b""), "json"),
    "spaces": (ok(b"   "), "json"),
    "half of the JSON": (ok(b'{"session_key":"AAAA'), "json"),
    "fewer bytes promised than the JSON has": (
        b"HTTP/1.1 200 OK\r\nContent-Length: 20\r\n\r\n{" + BOTH + b"}",
        "json",
    ),
    "two documents": (ok(b"{" + BOTH + b"}{" + BOTH + b"}"), "json"),
    "a callback around the JSON": (ok(b"callback({" + BOTH + b"})"), "json"),
    "XML": (ok(b"<xml><openid>o</openid></xml>"), "json"),
    "UTF-16": (ok(("{" + BOTH.decode() + "}").encode("utf-16")), "json"),
    "bytes that are not UTF-8": (ok(b"{" + BOTH + b',"n":"\xff\xfe"}'), "json"),
    "an overlong encoding": (ok(b"{" + BOTH + b',"n":"\xc0\xaf"}'), "json"),
    "a lone surrogate in UTF-8": (ok(b"{" + BOTH + b',"n":"\xed\xa0\x80"}'), "json"),
    "a lone surrogate as an escape": (ok(b"{" + BOTH + rb',"n":"\ud800 and more"}'), "json"),
    "an unknown escape": (ok(b"{" + BOTH + rb',"n":"\q"}'), "json"),
    "ten thousand arrays deep": (ok(b'{"n":' + b"[" * 10_000 + b"]" * 10_000 + b"," + BOTH + b"}"), "json"),
    "thirty thousand objects deep": (ok(b'{"n":' * 10_000 + b"1" + b"}" * 10_000), "json"),
    "gzip nobody asked for": (ok(gzip.compress(b"{" + BOTH + b"}"), b"Content-Encoding: gzip\r\n"), "json"),
    "a bare NaN": (ok(b'{"errcode":NaN}'), "json"),
    # the wrong shape
    "a list": (ok(b"[]"), "shape"),
    "null": (ok(b"null"), "shape"),
    "a string": (ok(b'"ok"'), "shape"),
    "a number": (ok(b"0"), "shape"),
    "an empty object": (ok(b"{}"), "shape"),
    "success without anything": (ok(b'{"errcode":0,"errmsg":"ok"}'), "shape"),
    "no openid": (ok(b"{" + K + b"}"), "shape"),
    "no session_key": (ok(b"{" + O + b"}"), "shape"),
    "openid null": (ok(b"{" + K + b',"openid":null}'), "shape"),
    "openid a number": (ok(b"{" + K + b',"openid":12345}'), "shape"),
    "openid a list": (ok(b"{" + K + b',"openid":["o"]}'), "shape"),
    "openid empty": (ok(b"{" + K + b',"openid":""}'), "shape"),
    "openid of 129 characters": (ok(b"{" + K + b',"openid":"' + b"o" * 129 + b'"}'), "shape"),
    "openid with a quote": (ok(b"{" + K + b',"openid":"o\'; DROP"}'), "shape"),
    "openid with a newline at its end": (ok(b"{" + K + rb',"openid":"oXX\n"}'), "shape"),
    "openid with a raw control character": (ok(b"{" + K + b',"openid":"oX\x00X"}'), "shape"),
    "openid of full-width letters": (ok(b"{" + K + ',"openid":"ｏＸＸ"}'.encode()), "shape"),
    "session_key null": (ok(b"{" + O + b',"session_key":null}'), "shape"),
    "session_key of 23 characters": (ok(b"{" + O + b',"session_key":"AAAAAAAAAAAAAAAAAAAAAA="}'), "shape"),
    "session_key of 15 bytes": (ok(b"{" + O + b',"session_key":"AAAAAAAAAAAAAAAAAAAA"}'), "shape"),
    "session_key of 17 bytes": (ok(b"{" + O + b',"session_key":"AAAAAAAAAAAAAAAAAAAAAAA="}'), "shape"),
    "session_key in URL base64": (ok(b"{" + O + b',"session_key":"AAAAAAAAAAAAAAAAAAAA_w=="}'), "shape"),
    "session_key with stray bits": (ok(b"{" + O + b',"session_key":"AAAAAAAAAAAAAAAAAAAA/x=="}'), "shape"),
    "session_key in hex": (ok(b"{" + O + b',"session_key":"' + b"0" * 32 + b'"}'), "shape"),
    "unionid a number": (ok(b"{" + BOTH + b',"unionid":7}'), "shape"),
    "unionid of 129 characters": (ok(b"{" + BOTH + b',"unionid":"' + b"o" * 129 + b'"}'), "shape"),
    "unionid with a space": (ok(b"{" + BOTH + b',"unionid":"o X"}'), "shape"),
    "errcode a word": (ok(b"{" + BOTH + b',"errcode":"none"}'), "shape"),
    "errcode an empty string": (ok(b"{" + BOTH + b',"errcode":""}'), "shape"),
    "errcode true": (ok(b"{" + BOTH + b',"errcode":true}'), "shape"),
    "errcode a fraction": (ok(b"{" + BOTH + b',"errcode":0.5}'), "shape"),
    "errcode a list": (ok(b"{" + BOTH + b',"errcode":[40029]}'), "shape"),
    "errcode beyond 31 bits": (ok(b"{" + BOTH + b',"errcode":99999999999}'), "shape"),
    # refusals in odd clothes
    "errcode as a string": (ok(b'{"errcode":"40029","errmsg":"invalid code"}'), "refused 40029"),
    "a refusal that carries data": (ok(b"{" + BOTH + b',"errcode":40226}'), "refused 40226"),
    "errcode without errmsg": (ok(b'{"errcode":40013}'), "refused 40013"),
    "errmsg null": (ok(b'{"errcode":40013,"errmsg":null}'), "refused 40013"),
    "errmsg an object": (ok(b'{"errcode":40013,"errmsg":{"a":1}}'), "refused 40013"),
    "a negative errcode": (ok(b'{"errcode":-1,"errmsg":"system error"}'), "refused -1"),
    "an errcode nobody listed": (ok(b'{"errcode":123456}'), "refused 123456"),
    "errcode twice, the last one counts": (ok(b'{"errcode":0,"errcode":40163}'), "refused 40163"),
    "a refusal with raw control characters": (
        ok(b'{"errcode":40029,"errmsg":"invalid\x00\x1f code"}'),
        "refused 40029",
    ),
}


def outcome_of(error: WeChatError) -> str:
    match error:
        case WeChatAnswerInvalid(reason="status", status=number):
            return f"status {number}"
        case WeChatAnswerInvalid(reason=reason):
            return reason
        case WeChatAnswerLost():
            return "lost"
        case WeChatRefused(errcode=errcode):
            return f"refused {errcode}"
    return repr(error)


@pytest.mark.parametrize(("raw", "outcome"), WRONG_ANSWERS.values(), ids=WRONG_ANSWERS.keys())
async def test_a_wrong_answer_has_one_documented_outcome(raw, outcome, host, connect, request_):
    host.answer, host.close = raw, True
    with pytest.raises(WeChatError) as caught:
        await connect(host.url).call(SNS_JSCODE2SESSION, request_, app=APP)
    assert outcome_of(caught.value) == outcome
    assert len(host.requests) == 1, "whatever came back, nothing is sent twice"


@pytest.mark.parametrize(
    ("body", "unionid"),
    [
        (b"{" + BOTH + b"}", None),
        (b"{" + BOTH + b',"unionid":"oYYY"}', "oYYY"),
        (b"{" + BOTH + b',"unionid":""}', None),
        (b"{" + BOTH + b',"unionid":null}', None),
        (b"{" + BOTH.replace(b"/", b"\\/") + b"}", None),
        (b"{" + BOTH + b',"errcode":0,"errmsg":"ok"}', None),
        (b"{" + BOTH + b',"errcode":"0"}', None),
        (b"{" + BOTH + b',"errcode":null}', None),
        (b"{" + BOTH + b',"expires_in":7200,"later":{"a":[1]}}', None),
        (b"\xef\xbb\xbf{" + BOTH + b"}", None),
        (b"{" + BOTH + b',"nickname":"a\x00\x07b"}', None),
        (b"\r\n{" + BOTH + b"}\n", None),
        (b"{" + BOTH + b"}" + b" " * (65_536 - len(BOTH) - 2), None),
    ],
    ids=[
        "as it is sent today",
        "with a unionid",
        "unionid empty",
        "unionid null",
        "slashes escaped",
        "errcode 0",
        "errcode 0 as a string",
        "errcode null",
        "fields from the past and the future",
        "a byte order mark",
        "raw control characters in a nickname",
        "space around",
        "exactly as long as allowed",
    ],
)
async def test_a_success_is_known_by_its_errcode_and_its_fields(body, unionid, host, connect, request_):
    host.answers(body)
    session = await connect(host.url).call(SNS_JSCODE2SESSION, request_, app=APP)
    assert session == JsCode2Session(session_key=KEY, openid=OPENID, unionid=unionid)


@pytest.mark.parametrize(
    "content_type", ["text/plain", "text/html", "application/json; encoding=utf-8", "image/png"]
)
async def test_the_content_type_does_not_matter(content_type, host, connect, request_):
    host.answers(headers=f"Content-Type: {content_type}")
    session = await connect(host.url).call(SNS_JSCODE2SESSION, request_, app=APP)
    assert session.openid == OPENID


async def test_chunks_of_any_size_make_one_answer(host, connect, request_, good):
    host.answer = CHUNKED + b"".join(b"1\r\n%c\r\n" % byte for byte in good) + b"0\r\n\r\n"
    session = await connect(host.url).call(SNS_JSCODE2SESSION, request_, app=APP)
    assert session.openid == OPENID


RID = "6aac005a-01bfdbee-79769285"


@pytest.mark.parametrize(
    ("sent", "errmsg", "rid"),
    [
        (f"code been used, rid: {RID}", "code been used", RID),
        (f"invalid appid rid: {RID}", "invalid appid", RID),
        ("invalid code hint: [Xa.0vA02862930!]", "invalid code", "Xa.0vA02862930!"),
        ("invalid code, hints: [ req_id: aBcDe-fGh1 ]", "invalid code", "aBcDe-fGh1"),
        ("invalid ip 203.0.113.7, not in whitelist", "invalid ip 203.0.113.7, not in whitelist", None),
        ("bad\r\nSet-Cookie: a\x1b[31m\u202e text", "badSet-Cookie: a[31m text", None),
        ("中文 说明", "中文 说明", None),
        ("x" * 5000, "x" * 256, None),
        (f"rid: {RID} in the middle", f"rid: {RID} in the middle", None),
        ("", "", None),
    ],
)
def test_an_errmsg_is_cleaned_and_its_trace_id_taken_out(sent, errmsg, rid, request_):
    refused = understand(SNS_JSCODE2SESSION, request_, 200, encode({"errcode": 40029, "errmsg": sent}))
    assert isinstance(refused, WeChatRefused)
    assert (refused.errcode, refused.errmsg, refused.rid) == (40029, errmsg, rid)


REQUEST = JsCode2SessionRequest(appid=APP, secret="0" * 32, js_code="c" * 32)
NEARLY_JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(st.sampled_from(["errcode", "errmsg", "openid", "session_key", "unionid"]), inner)
    ),
    max_leaves=12,
)


@settings(max_examples=500, deadline=None)
@given(st.binary(max_size=300))
def test_any_bytes_are_an_answer_or_a_wechat_error(body):
    answer = understand(SNS_JSCODE2SESSION, REQUEST, 200, body)
    assert isinstance(answer, JsCode2Session | WeChatError)


@settings(max_examples=500, deadline=None)
@given(NEARLY_JSON)
def test_any_json_is_an_answer_or_a_wechat_error(document):
    answer = understand(SNS_JSCODE2SESSION, REQUEST, 200, json.dumps(document).encode())
    if isinstance(answer, JsCode2Session):
        assert answer.unionid != ""
        assert document["openid"] == answer.openid
    else:
        assert isinstance(answer, WeChatError)


@settings(max_examples=120, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    start=st.sampled_from([b"", b"HTTP/1.1 200 OK\r\n", ok(b""), CHUNKED, ok(b"{}")[:-4]]), rest=st.binary()
)
async def test_any_bytes_on_the_wire_end_in_a_session_or_a_wechat_error(start, rest, host, connect, request_):
    host.answer, host.close = start + rest, True
    client = connect(host.url, breaker_calls=10**9)
    try:
        answer = await client.call(SNS_JSCODE2SESSION, request_, app=APP)
    except WeChatError:
        return
    finally:
        await client.aclose()
    assert isinstance(answer, JsCode2Session)
