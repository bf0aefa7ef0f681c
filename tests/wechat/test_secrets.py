"""The AppSecret and the code travel in a query string; they must never come back in an error or a log."""

import asyncio
import base64
import logging
import traceback
from urllib.parse import quote

import pytest
from pyreqwest.logging import flush_logs

from lingpai.wechat import WeChatError
from lingpai.wechat.endpoints.sns import SNS_JSCODE2SESSION, JsCode2Session, JsCode2SessionRequest

APP = "wx00000000000000a1"
SECRET = "CANARY/secret+0123456789=="
CODE = "CANARY#code&0123456789"
KEY = "Q0FOQVJZMDEyMzQ1Njc4OQ=="
REQUEST = JsCode2SessionRequest(appid=APP, secret=SECRET, js_code=CODE)


def forms_of(secret: str) -> set[str]:
    raw = secret.encode()
    encoded = {
        quote(secret),
        quote(secret, safe=""),
        base64.b64encode(raw).decode(),
        base64.urlsafe_b64encode(raw).decode(),
    }
    return {secret, raw.hex(), *(form.rstrip("=") for form in encoded)}


CANARIES = {form for secret in (SECRET, CODE, KEY) for form in forms_of(secret)} | {"CANARY"}


def all_text_of(error: BaseException) -> str:
    """What any log formatter could print: the chain, its arguments, every frame with its variables."""
    texts: list[str] = []
    chain: list[BaseException | None] = [error]
    while chain:
        each = chain.pop()
        if each is None:
            continue
        trace = each.__traceback__
        # The test's own frame knows the canaries; those below it must not.
        frames = traceback.walk_tb(trace.tb_next if each is error and trace else trace)
        shown = traceback.StackSummary.extract(frames, capture_locals=True)
        texts += [repr(each), str(each), repr(each.args), repr(vars(each)), *shown.format()]
        chain += [each.__cause__, each.__context__]
    assert "_client.py" in "".join(texts), "the frames below were looked at"
    return "\n".join(texts)


def leaks(text: str) -> set[str]:
    return {form for form in CANARIES if form in text}


@pytest.fixture
def logged(caplog):
    caplog.set_level(logging.DEBUG)

    def text() -> str:
        flush_logs()
        return caplog.text

    return text


def echo(request: bytes) -> bytes:
    """A host that says what it heard, raw and decoded."""
    target = request.split(b" ")[1].decode()
    split = CODE.replace("A", "A\\u0007")
    errmsg = "got " + f"{SECRET} and {split}" + "x" * 990 + SECRET
    return ('{"errcode":41002,"errmsg":"' + errmsg + f'", "seen":"{target}"}}').encode()


BAD_SESSION = b'{"session_key":"%s","openid":""}' % KEY.encode()


@pytest.mark.parametrize(
    ("raw", "close"),
    [
        (b"", True),
        (b"nonsense\r\n\r\n", True),
        (b"HTTP/1.1 302 Found\r\nLocation: /again\r\nContent-Length: 0\r\n\r\n", False),
        (b"HTTP/1.1 200 OK\r\nContent-Length: 99\r\n\r\n{", True),
        (b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n" % len(BAD_SESSION) + BAD_SESSION, False),
        (b"HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\n{\xff\xff\xff}", False),
        (None, False),
    ],
    ids=["closed", "not HTTP", "redirect", "cut short", "a key but no openid", "not UTF-8", "silence"],
)
async def test_no_failure_shows_a_secret(raw, close, host, connect, logged):
    host.answer, host.close = raw, close
    client = connect(host.url, brief=raw is None)
    with pytest.raises(WeChatError) as caught:
        await client.call(SNS_JSCODE2SESSION, REQUEST, app=APP)
    assert leaks(all_text_of(caught.value) + logged()) == set()
    assert caught.value.__cause__ is caught.value.__context__ is None


@pytest.mark.parametrize("url", ["http://wechat.invalid", "http://127.0.0.1:1"])
async def test_no_failed_connect_shows_a_secret(url, connect, logged):
    with pytest.raises(WeChatError) as caught:
        await connect(url).call(SNS_JSCODE2SESSION, REQUEST, app=APP)
    assert leaks(all_text_of(caught.value) + logged()) == set()


async def test_a_host_that_echoes_the_query_does_not_get_it_into_the_error(host, connect, logged):
    async def repeat(writer, number):
        body = echo(host.requests[number - 1])
        writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n" % len(body) + body)

    host.behave = repeat
    with pytest.raises(WeChatError) as caught:
        await connect(host.url).call(SNS_JSCODE2SESSION, REQUEST, app=APP)
    assert str(caught.value).startswith("errcode 41002: got *** and ***xxx")
    assert leaks(all_text_of(caught.value) + logged()) == set()


@pytest.mark.parametrize(
    "begun", [b"", b"HTTP/1.1 200 OK\r\nContent-Length: 99\r\n\r\n{"], ids=["before", "amid"]
)
async def test_a_cancelled_call_shows_no_secret(begun, host, connect, logged):
    async def begin(writer, _number):
        writer.write(begun)
        await asyncio.get_running_loop().create_future()

    host.behave = begin
    call = asyncio.create_task(connect(host.url).call(SNS_JSCODE2SESSION, REQUEST, app=APP))
    await host.heard(1)
    assert leaks(repr(call)) == set()
    call.cancel()
    with pytest.raises(asyncio.CancelledError) as caught:
        await call
    assert leaks(all_text_of(caught.value) + logged()) == set()


async def test_text_that_cannot_be_sent_is_not_shown(host, connect, logged):
    request = JsCode2SessionRequest(appid=APP, secret=SECRET, js_code=CODE + "\udcff")
    with pytest.raises(WeChatError) as caught:
        await connect(host.url).call(SNS_JSCODE2SESSION, request, app=APP)
    assert leaks(all_text_of(caught.value) + logged()) == set()


async def test_a_success_logs_no_secret(host, connect, logged):
    host.answers(b'{"session_key":"%s","openid":"oX"}' % KEY.encode())
    session = await connect(host.url).call(SNS_JSCODE2SESSION, REQUEST, app=APP)
    assert session.session_key == KEY
    assert b"CANARY" in host.requests[0], "the canary did travel"
    assert leaks(logged() + repr(session) + str(session) + repr(session.__rich_repr__())) == set()


def test_requests_and_sessions_mask_what_they_hide():
    assert repr(REQUEST) == (
        f"JsCode2SessionRequest(appid='{APP}', secret='…', js_code='…', grant_type='authorization_code')"
    )
    session = JsCode2Session(session_key=KEY, openid="oX")
    assert f"{session}" == "JsCode2Session(session_key='…', openid='oX', unionid=None)"
