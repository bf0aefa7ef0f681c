"""HTTP as no honest client speaks it: order, sizes, half requests, odd paths and methods."""

import asyncio
import json
from typing import Any

import pytest

JSON = b"content-type: application/json\r\n"
HOST = b"host: localhost\r\n"


def post(path, body, *headers):
    extra = b"".join(header + b"\r\n" for header in headers)
    size = b"content-length: %d\r\n" % len(body)
    return b"POST " + path + b" HTTP/1.1\r\n" + HOST + JSON + size + extra + b"\r\n" + body


def get(path, *headers):
    return (
        b"GET " + path + b" HTTP/1.1\r\n" + HOST + b"".join(header + b"\r\n" for header in headers) + b"\r\n"
    )


async def test_pipelined_requests_are_answered_in_their_order(stack, dial):
    token = (await stack.signed_in())["access_token"].encode()
    bodies = [json.dumps({"code": stack.wechat.login()}).encode() for _ in range(5)]
    sent, expected = [], []
    for number, body in enumerate(bodies):
        mark = b"x-request-id: request-%04d" % number
        sent += [
            post(b"/v1/demo-mp/login", body, mark + b"-a"),
            get(b"/v1/session", b"authorization: Bearer " + token, mark + b"-b"),
            get(b"/healthz", mark + b"-c"),
            get(b"/v1/nothing/here", mark + b"-d"),
            post(b"/v1/session/refresh", b"{", mark + b"-e"),
            get(b"/v1/session", mark + b"-f"),
            get(b"/oauth2/jwks", mark + b"-g"),
        ]
        expected += [(status, f"request-{number:04}-{letter}") for status, letter in zip(
            (200, 200, 200, 404, 400, 401, 200), "abcdefg", strict=True
        )]  # fmt: skip
    async with dial() as wire:
        await wire.send(b"".join(sent))
        answers = [await wire.answer() for _ in expected]
    assert [(answer.status, answer.header("x-request-id")) for answer in answers] == expected


async def test_a_chunked_body_is_read_like_any_other(stack, dial):
    body = json.dumps({"code": stack.wechat.login()}).encode()
    chunks = b"".join(b"1\r\n%c\r\n" % byte for byte in body) + b"0\r\nx-trailer: y\r\n\r\n"
    head = b"POST /v1/demo-mp/login HTTP/1.1\r\n" + HOST + b"transfer-encoding: chunked\r\n\r\n"
    async with dial() as wire:
        await wire.send(head + chunks + get(b"/healthz"))
        assert (await wire.answer()).status == 200
        assert (await wire.answer()).json() == {"alive": True}


SMUGGLED = b"GET /smuggled HTTP/1.1\r\nhost: x\r\n\r\n"
AMBIGUOUS = {
    "two lengths": b"content-length: 2\r\ncontent-length: 40\r\n",
    "a list of lengths": b"content-length: 2, 40\r\n",
    "length and chunked": b"content-length: 2\r\ntransfer-encoding: chunked\r\n",
    "chunked twice": b"transfer-encoding: chunked\r\ntransfer-encoding: chunked\r\n",
    "chunked, misspelt": b"transfer-encoding: xchunked\r\n",
    "chunked is not the last": b"transfer-encoding: chunked, identity\r\n",
    "a negative length": b"content-length: -1\r\n",
    "a length with a plus": b"content-length: +2\r\n",
    "a length in hex": b"content-length: 0x2\r\n",
    "a length beyond all bounds": b"content-length: 99999999999999999999999\r\n",
    "a space before the colon": b"content-length : 2\r\n",
    "a folded header": b"x-a: b\r\n content-length: 2\r\ncontent-length: 40\r\n",
    "a header without a name": b": x\r\n",
    "a header without a colon": b"nonsense\r\n",
    "a NUL in a header": b"x-a: \x00\r\n",
    "a bare CR": b"x-a: b\rcontent-length: 40\r\n",
}


async def test_an_ambiguous_length_is_never_read_as_two_requests(dial, healthy):
    for name, headers in AMBIGUOUS.items():
        async with dial() as wire:
            await wire.send(
                b"POST /v1/demo-mp/login HTTP/1.1\r\n" + HOST + headers + b"\r\n" + b"{}" + SMUGGLED
            )
            answers: list[Any] = []
            while len(answers) < 3 and (answer := await asyncio.wait_for(wire.answer(), 10)) is not None:
                answers.append(answer)
                if answer.status >= 400 and answer.header("connection") == "close":
                    break
        statuses = [answer.status for answer in answers]
        assert len(answers) <= 1, (name, statuses)
        assert all(400 <= status < 500 for status in statuses), (name, statuses)
    await healthy()


BROKEN = {
    "no HTTP at all": b"hello\r\n\r\n",
    "TLS": b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03" + b"\x00" * 64 + b"\r\n\r\n",
    "HTTP/2": b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n",
    "HTTP/0.9": b"GET /\r\n\r\n",
    "HTTP/9.9": b"GET / HTTP/9.9\r\n\r\n",
    "a method nobody knows": b"LOGIN / HTTP/1.1\r\n\r\n",
    "a method in small letters": b"get / HTTP/1.1\r\n\r\n",
    "a space in the path": b"GET /a b HTTP/1.1\r\n\r\n",
    "a raw NUL in the path": b"GET /\x00 HTTP/1.1\r\n\r\n",
    "a star": b"OPTIONS * HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n",
    "an absolute address": b"GET http://[ HTTP/1.1\r\nhost: x\r\n\r\n",
    "CONNECT": b"CONNECT localhost:80 HTTP/1.1\r\nhost: localhost:80\r\nconnection: close\r\n\r\n",
    "a bad port": b"GET http://x:99999999/ HTTP/1.1\r\nhost: x\r\n\r\n",
    "an upgrade": b"GET /v1/session HTTP/1.1\r\nhost: x\r\nconnection: upgrade, close\r\nupgrade: websocket\r\n\r\n",
}


async def test_what_is_hardly_http_gets_no_trace(dial, healthy):
    for name, data in BROKEN.items():
        async with dial() as wire:
            await wire.send(data)
            answer = await wire.answer()
        assert answer is None or answer.status < 500, (name, answer)
        assert answer is None or b"Traceback" not in answer.body, name
    await healthy()


PATHS = {
    b"/v1/%2e%2e/login": 404,
    b"/v1/../v1/demo-mp/login": 404,
    b"/v1/./demo-mp/login": 404,
    b"/v1//login": 404,
    b"//v1/demo-mp/login": 404,
    b"/v1/demo-mp//login": 404,
    b"/v1/demo-mp/login/": 404,
    b"/v1/demo-mp/login%00": 404,
    b"/v1/%00/login": 404,
    b"/v1/demo-mp%00/login": 404,
    b"/v1/DEMO-MP/login": 404,
    b"/v1/demo-mp%20/login": 404,
    b"/v1/" + b"a" * 10_000 + b"/login": 404,
    b"/v1/%ff%fe/login": 404,
    b"/v1/%E7%99%BB%E5%BD%95/login": 404,
    b"/v1/%0d%0aset-cookie:%20a=b/login": 404,
    b"/v1/demo-mp/login;x=y": 404,
    b"/v1/demo-mp%5clogin": 404,
    b"/V1/demo-mp/login": 404,
    b"/v1/{app}/login": 404,
    b"/v1/{0.__class__}/login": 404,
    b"/v1/%25%64/login": 404,
    b"/v1/demo-mp/login%3fx": 404,
    b"/v1/demo-mp/refresh": 404,
    b"/v1/session/login": 404,
    b"/v1/session/refresh": 422,
    b"/v1/demo-mp/%6cogin": 422,
    b"/v1/%64emo-mp/login": 422,
    b"/v1/demo-mp%2flogin": 422,
    b"/v1/demo-mp/login?code=x&openid=o1": 422,
    b"/v1/demo-mp/login#x": 422,
    b"http://other.example/v1/demo-mp/login": 422,
}


async def test_an_odd_path_is_one_app_or_none(dial, a_problem, healthy):
    for path, status in PATHS.items():
        async with dial() as wire:
            await wire.send(post(path, b"{}"))
            answer = await wire.answer()
        assert answer is not None, path
        code = a_problem(answer)
        assert answer.status == status, (path, answer)
        assert code in ("not_found", "app_unknown", "invalid_request"), (path, code)
        assert answer.header("set-cookie") is None
    await healthy()


METHODS = ("PUT", "PATCH", "DELETE", "OPTIONS", "TRACE", "HEAD", "GET", "PROPFIND", "LINK", "SOURCE")
ALLOWED = {
    b"/v1/demo-mp/login": {"POST"},
    b"/v1/session": {"GET", "DELETE", "HEAD"},
    b"/v1/session/refresh": {"POST"},
    b"/oauth2/introspect": {"POST"},
    b"/oauth2/jwks": {"GET", "HEAD"},
    b"/healthz": {"GET", "HEAD"},
    b"/openapi.json": {"GET", "HEAD"},
}


async def test_a_method_that_is_not_offered_is_a_405(dial, a_problem):
    for path, allowed in ALLOWED.items():
        for method in METHODS:
            async with dial() as wire:
                await wire.send(f"{method} ".encode() + path + b" HTTP/1.1\r\n" + HOST + b"\r\n")
                answer = await wire.answer(head_only=method == "HEAD")
            if method in allowed:
                assert answer.status in (200, 401), (path, method)
            elif method == "HEAD":
                assert answer.status == 405, path
            else:
                assert a_problem(answer) == "method_not_allowed", (path, method)
                offered = set(answer.header("allow").split(", "))
                assert offered == allowed - {"HEAD"}, (path, method)


async def test_a_method_cannot_be_named_in_a_header(stack):
    token = (await stack.signed_in())["access_token"]
    for name in ("x-http-method-override", "x-http-method", "x-method-override"):
        headers = {"authorization": f"Bearer {token}", name: "DELETE"}
        assert (await stack.http.get("/v1/session", headers=headers)).status_code == 200
    assert (await stack.http.get("/v1/session?_method=DELETE", headers=headers)).status_code == 200
    assert (await stack.session(token)).status_code == 200


async def test_a_head_is_the_answer_without_its_body(stack, dial):
    token = (await stack.signed_in())["access_token"].encode()
    for path, headers in (
        (b"/healthz", ()),
        (b"/oauth2/jwks", ()),
        (b"/v1/session", (b"authorization: Bearer " + token,)),
    ):
        async with dial() as wire:
            await wire.send(get(path, *headers).replace(b"GET", b"HEAD", 1) + get(path, *headers))
            head = await wire.answer(head_only=True)
            whole = await wire.answer()
        assert head.status == whole.status == 200
        assert head.header("content-length") == str(len(whole.body))


async def test_half_a_request_hurts_nobody(stack, dial, healthy, until):
    body = json.dumps({"code": stack.wechat.login()}).encode()
    whole = post(b"/v1/demo-mp/login", body)
    tasks_before = len(asyncio.all_tasks())
    for cut in range(1, len(whole), 7):
        async with dial() as wire:
            await wire.send(whole[:cut])
            wire.leave()
    assert stack.wechat.calls("/sns/jscode2session") == []
    await until(lambda: len(asyncio.all_tasks()) <= tasks_before)
    assert (await stack.login(json.loads(body)["code"])).status_code == 200
    await healthy()


async def test_a_body_that_trickles_in_is_read_and_blocks_nobody(stack, dial):
    body = json.dumps({"code": stack.wechat.login()}).encode()
    whole = post(b"/v1/demo-mp/login", body)
    async with dial() as wire:
        for position in range(len(whole)):
            await wire.send(whole[position : position + 1])
            if position % 50 == 0:
                assert (await stack.http.get("/healthz")).status_code == 200
        assert (await wire.answer()).status == 200


async def test_a_client_that_leaves_before_its_answer_is_signed_in_all_the_same(stack, dial, until):
    code, nonce = stack.wechat.login(), stack.nonce()
    stack.wechat.fail("/sns/jscode2session", delay=1)
    async with dial() as wire:
        await wire.send(post(b"/v1/demo-mp/login", json.dumps({"code": code, "nonce": nonce}).encode()))
        await until(lambda: stack.wechat.calls("/sns/jscode2session"))
        wire.leave()
    answer = await stack.login(code, nonce=nonce)
    assert answer.status_code == 200
    assert len(await stack.store.sessions.recent(10)) == 1
    assert len(stack.wechat.calls("/sns/jscode2session")) == 1


async def test_a_header_that_never_ends_is_cut_off(dial, healthy):
    line = b"x-filler: " + b"a" * 8_000 + b"\r\n"
    async with dial() as wire:
        await wire.send(b"GET /healthz HTTP/1.1\r\n" + HOST)
        try:
            for _ in range(1_000):  # 8 MB, and no end in sight
                await wire.send(line)
            await wire.send(b"\r\n")
        except ConnectionError:
            answer = None
        else:
            answer = await wire.answer()
    assert answer is None or answer.status in (400, 431)
    await healthy()


async def test_a_hundred_clients_that_say_nothing_keep_nobody_out(stack, dial, healthy):
    async with asyncio.TaskGroup() as group:
        wires = [dial() for _ in range(100)]
        opened = [group.create_task(wire.__aenter__()) for wire in wires]
    for task in opened:
        await task.result().send(b"POST /v1/demo-mp/login HTTP/1.1\r\ncontent-length: 10\r\n\r\n")
    await healthy()
    for wire in wires:
        await wire.__aexit__(None, None, None)


SPLITS = (
    "\r\nset-cookie: a=b",
    "%0d%0aset-cookie:%20a=b",
    "\nset-cookie: a=b",
    "\u560a\u560dset-cookie: a=b",
)


@pytest.mark.parametrize("text", SPLITS, ids=ascii)
async def test_nothing_a_client_says_becomes_a_header(stack, text):
    answers = [
        await stack.http.post("/v1/demo-mp/login", json={"code": "x", text: 1}),
        await stack.http.post("/v1/demo-mp/login", json={"code": text}),
        await stack.http.get("/docs", params={"lang": "en" + text}),
        await stack.http.get("/docs", params={"lang" + text: "en"}),
        await stack.http.get("/docs", headers={"cookie": f"lingpai_lang=en{text!a}"}),
        await stack.http.get(f"/docs/problems/{text.replace(chr(13), '%0d').replace(chr(10), '%0a')}"),
        await stack.http.get("/v1/session", headers={"x-request-id": text.strip().encode("unicode_escape")}),
        await stack.http.get("/v1/session", headers={"accept-language": ascii(text)}),
    ]
    for answer in answers:
        assert answer.status_code < 500
        assert "a=b" not in answer.headers.get("set-cookie", "")
        assert len(answer.headers.get_list("x-request-id")) == 1


@pytest.mark.parametrize(
    "given",
    [
        "short",
        "x" * 65,
        "has space in it",
        "semi;colon;here",
        "ünïcödé-id",
        "{0.__class__}",
        "../../../etc",
        "",
    ],
)
async def test_a_request_id_that_is_none_is_replaced(stack, given):
    answer = await stack.http.get("/v1/session", headers={"x-request-id": given.encode()})
    assert answer.headers["x-request-id"] == answer.json()["request_id"]
    assert (
        given.encode("latin-1", "replace").decode("latin-1") not in answer.headers["x-request-id"]
        or not given
    )
    assert len(answer.headers["x-request-id"]) == 16


async def test_of_two_tokens_none_decides_by_its_place(stack, dial):
    good = (await stack.signed_in())["access_token"].encode()
    pairs = [(b"Bearer " + good, b"Bearer forged"), (b"Bearer forged", b"Bearer " + good)]
    statuses = []
    for pair in pairs:
        async with dial() as wire:
            await wire.send(get(b"/v1/session", *(b"authorization: " + value for value in pair)))
            statuses.append((await wire.answer()).status)
    # A proxy and this server must not each believe another one.
    assert statuses == [401, 401]
