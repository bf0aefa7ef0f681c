"""Do ordered faults spoil exactly what they say, down to the bytes on the socket?"""

import json
import socket
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from urllib.parse import urlencode, urlsplit

import pytest

from lingpai_emulator.client import EmulatorError

PATH = "/sns/jscode2session"


def _raw(wechat, code):
    """Everything the server sends on a raw socket until it closes; a reset counts as closed."""
    app = wechat.app("demo-mp")
    query = urlencode(
        {"appid": app.appid, "secret": app.secret, "js_code": code, "grant_type": "authorization_code"}
    )
    address = urlsplit(wechat.url)
    received = b""
    with closing(socket.create_connection((address.hostname, address.port), timeout=10)) as sock:
        sock.sendall(f"GET {PATH}?{query} HTTP/1.1\r\nHost: wechat\r\n\r\n".encode())
        try:
            while chunk := sock.recv(65_536):
                received += chunk
        except ConnectionResetError:
            pass
    return received


def test_close_before_drops_the_connection_and_the_code_stays_usable(wechat, exchange):
    code = wechat.login()
    wechat.fail(PATH, close="before")
    assert _raw(wechat, code) == b""
    assert "openid" in exchange(code).json


def test_close_after_drops_the_connection_and_the_code_is_used(wechat, exchange):
    code = wechat.login()
    wechat.fail(PATH, close="after")
    assert _raw(wechat, code) == b""
    assert exchange(code).errcode == 40163


def test_close_mid_body_sends_half_of_what_it_promised(wechat, exchange):
    code = wechat.login()
    wechat.fail(PATH, close="mid-body")
    head, _, body = _raw(wechat, code).partition(b"\r\n\r\n")
    promised = int(head.lower().split(b"content-length: ")[1].split(b"\r\n")[0])
    assert head.startswith(b"HTTP/1.1 200 OK\r\n")
    assert len(body) == promised // 2
    assert body.startswith(b'{"session_key":"')
    assert exchange(code).errcode == 40163


def test_half_of_an_ordered_answer_can_be_sent_too(wechat, exchange):
    code = wechat.login()
    wechat.fail(PATH, close="mid-body", body="0123456789")
    assert _raw(wechat, code).endswith(b"\r\n\r\n01234")
    assert "openid" in exchange(code).json


def test_an_ordered_errcode_leaves_the_code_usable(wechat, exchange):
    code = wechat.login()
    wechat.fail(PATH, errcode=-1)
    refused = exchange(code)
    assert refused.status == 200
    assert refused.json["errmsg"].startswith("system error, rid: ")
    assert "openid" in exchange(code).json


def test_an_ordered_errmsg_gets_the_trace_suffix(wechat, exchange):
    wechat.fail(PATH, errcode=45009, errmsg="reach max")
    assert exchange("x").json["errmsg"].startswith("reach max, rid: ")


def test_an_errcode_nobody_knows_can_be_ordered(wechat, exchange):
    wechat.fail(PATH, errcode=99_999)
    answer = exchange("x").json
    assert answer["errcode"] == 99_999
    assert answer["errmsg"].startswith("unknown error, rid: ")


def test_a_status_alone_is_answered_by_a_gateways_page(wechat, exchange):
    wechat.fail(PATH, status=502)
    answer = exchange("x")
    assert answer.status == 502
    assert answer.headers["content-type"] == "text/html"
    assert b"502 Bad Gateway" in answer.body


@pytest.mark.parametrize("status", [204, 304, 299, 418, 599])
def test_any_status_can_be_ordered(wechat, exchange, status):
    wechat.fail(PATH, status=status)
    assert exchange("x").status == status
    assert exchange("x").errcode == 40029


@pytest.mark.parametrize("fault", [{"body": "x"}, {"errcode": -1}, {}])
def test_a_status_that_allows_no_body_has_none(wechat, exchange, fault):
    wechat.fail(PATH, status=204, **fault)
    answer = exchange("x")
    assert (answer.status, answer.body) == (204, b"")


def test_an_errcode_can_come_with_another_status(wechat, exchange):
    wechat.fail(PATH, errcode=-1, status=500)
    assert (exchange("x").status, exchange("x").errcode) == (500, 40029)


@pytest.mark.parametrize("body", ["", "{", "<html>", '{"openid":"', "小程序", '{"session_key":null}'])
def test_any_text_can_be_the_answer(wechat, exchange, body):
    wechat.fail(PATH, body=body)
    answer = exchange("x")
    assert answer.status == 200
    assert answer.body == body.encode()


def test_a_fault_spoils_as_many_answers_as_ordered(wechat, exchange):
    wechat.fail(PATH, times=2, errcode=-1)
    assert [exchange("x").errcode for _ in range(3)] == [-1, -1, 40029]


def test_faults_are_used_up_in_the_order_given(wechat, exchange):
    wechat.fail(PATH, errcode=-1)
    wechat.fail(PATH, errcode=45011)
    assert [exchange("x").errcode for _ in range(3)] == [-1, 45011, 40029]


def test_a_fault_without_end_lasts_until_it_is_deleted(wechat, exchange):
    wechat.fail(PATH, times=None, errcode=-1)
    assert [exchange("x").errcode for _ in range(5)] == [-1] * 5
    wechat.clear_faults()
    assert exchange("x").errcode == 40029


@pytest.mark.parametrize(
    ("pattern", "hit"), [("/sns/*", True), ("*", True), ("/cgi-bin/*", False), ("/sns", False)]
)
def test_a_fault_fits_its_path_prefix_or_everything(wechat, exchange, pattern, hit):
    wechat.fail(pattern, errcode=-1)
    assert (exchange("x").errcode == -1) == hit


def test_faults_never_touch_the_controls(wechat):
    wechat.fail("*", times=None, status=500)
    assert wechat.state()["faults"] == [{"path": "*", "times": None, "status": 500}]


def test_a_delayed_answer_has_taken_effect_while_its_caller_still_waits(wechat, exchange):
    code = wechat.login()
    wechat.fail(PATH, delay=3600)
    with ThreadPoolExecutor() as threads:
        waiting = threads.submit(_abandoned, wechat, code)
        while not wechat.calls(PATH):
            pass
        assert wechat.calls(PATH)[0]["status"] is None
        assert exchange(code).errcode == 40163
        waiting.result()


def test_a_reset_drops_those_who_still_wait(wechat):
    wechat.fail(PATH, delay=3600)
    with ThreadPoolExecutor() as threads:
        waiting = threads.submit(_raw, wechat, wechat.login())
        while not wechat.calls(PATH):
            pass
        wechat.reset()
        assert waiting.result() == b""


def _abandoned(wechat, code):
    """A caller with a short timeout."""
    app = wechat.app("demo-mp")
    query = urlencode(
        {"appid": app.appid, "secret": app.secret, "js_code": code, "grant_type": "authorization_code"}
    )
    address = urlsplit(wechat.url)
    with closing(socket.create_connection((address.hostname, address.port), timeout=0.5)) as sock:
        sock.sendall(f"GET {PATH}?{query} HTTP/1.1\r\nHost: wechat\r\n\r\n".encode())
        with pytest.raises(TimeoutError):
            sock.recv(1)


def test_a_short_delay_ends_in_the_usual_answer(wechat, exchange):
    wechat.fail(PATH, delay=0.05)
    assert "openid" in exchange(wechat.login()).json


def test_spoiled_calls_are_in_the_ledger(wechat, exchange):
    wechat.fail(PATH, close="before")
    _raw(wechat, "x")
    wechat.fail(PATH, body="<html>")
    exchange("x")
    wechat.fail(PATH, errcode=-1)
    exchange("x")
    calls = wechat.calls(PATH)
    assert [call["status"] for call in calls] == [None, 200, 200]
    assert calls[0]["answer"] is None
    assert calls[1]["answer"] == "<html>"
    assert calls[2]["answer"]["errcode"] == -1
    assert [call["fault"] for call in calls] == [
        {"path": PATH, "close": "before"},
        {"path": PATH, "body": "<html>"},
        {"path": PATH, "errcode": -1},
    ]


@pytest.mark.parametrize(
    ("fault", "sentence"),
    [
        ({"path": PATH}, "spoils nothing"),
        ({"path": "sns/jscode2session", "errcode": -1}, "path"),
        ({"path": "/__emulator__/state", "errcode": -1}, "controls"),
        ({"path": PATH, "errcode": 0}, "success"),
        ({"path": PATH, "errmsg": "x", "delay": 1}, "goes with an `errcode`"),
        ({"path": PATH, "errcode": -1, "body": "x"}, "two different answers"),
        ({"path": PATH, "close": "after", "status": 500}, "sends nothing"),
        ({"path": PATH, "close": "sometimes"}, "close"),
        ({"path": PATH, "times": 0, "errcode": -1}, "times"),
        ({"path": PATH, "status": 99}, "status"),
        ({"path": PATH, "delay": -1}, "delay"),
        ({"path": PATH, "errcode": "40029"}, "errcode"),
        ({"path": PATH, "errorcode": 40029}, "errorcode"),
        ({"errcode": -1}, "path"),
    ],
)
def test_an_order_that_makes_no_sense_is_refused_with_a_sentence(wechat, control, fault, sentence):
    answer = control("POST", "/faults", fault)
    assert answer.status == 400
    assert sentence in answer.json["error"]
    assert control("GET", "/faults").json == {"faults": []}


def test_the_client_raises_the_sentence(wechat):
    with pytest.raises(EmulatorError, match="spoils nothing"):
        wechat.fail(PATH)


def test_faults_are_listed_with_what_is_left_of_them(wechat, exchange, control):
    wechat.fail(PATH, times=3, errcode=-1)
    exchange("x")
    assert control("GET", "/faults").json == {"faults": [{"path": PATH, "times": 2, "errcode": -1}]}
    assert json.loads(control("DELETE", "/faults").body) == {"faults": []}
