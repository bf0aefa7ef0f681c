"""One event is one line of the log, whatever a client, or WeChat, has put into it."""

import errno
import io
import json
import re

import pytest

FAKE = '{"event":"login","result":"signed_in","user_id":"usr_forged","level":"info"}'
TEXTS = (
    f"\n{FAKE}\n",
    f"\r\n{FAKE}\r\n",
    f'","event":"forged","x":"{FAKE}',
    f"\u2028{FAKE}\u2029",
    f"\x85{FAKE}",
    "\x1b[2J\x1b[31mred\x1b[0m\x07\x08\x7f\x9b31m",
    "\x00\x01\x02\x1f",
    "\u202e\u2066\u200b\ufeff",
    "%s %(x)s {0} {0.__class__} {event} $(id) `id` ${jndi:ldap://localhost/a}",
    "\ud83d\ude00".encode("utf-16", "surrogatepass").decode("utf-16") * 3,
    "é" * 300,
)


def as_header(text):
    """What of it a header can carry; the parser in front refuses the rest."""
    return re.sub(rb"[\x00-\x20\x7f]+", b" ", text.encode("utf-8")).strip() or b"x"


@pytest.fixture
def assaulted(stack, dial):
    """Puts a text into every place that a client, or WeChat, can fill."""

    async def everywhere(text):
        # WeChat's failures of the last text are out of the breaker's window.
        stack.clock.advance(15)
        await stack.running.server.rooms.running.follow()
        code = stack.wechat.login()
        headers = {
            name: as_header(text)
            for name in (
                "user-agent",
                "x-request-id",
                "accept-language",
                "referer",
                "x-forwarded-for",
                "cookie",
                "origin",
            )
        }
        http = stack.http
        await http.post("/v1/demo-mp/login", json={"code": code}, headers=headers)
        await http.post(
            "/v1/demo-mp/login", json={"code": text, "nonce": text, "appid": text}, headers=headers
        )
        await http.post("/v1/demo-mp/login", json={"code": "x" * 16, "appid": "wx0000"}, headers=headers)
        await http.post(
            "/v1/" + "".join(f"%{byte:02x}" for byte in text.encode()) + "/login", json={}, headers=headers
        )
        await http.post("/v1/session/refresh", json={"refresh_token": text[:200]}, headers=headers)
        await http.get("/v1/session", headers={**headers, "authorization": b"Bearer " + as_header(text)})
        await http.post(
            "/oauth2/introspect", data={"token": text}, headers={"authorization": b"Basic " + as_header(text)}
        )
        await http.get("/docs", params={"lang": text, text: "x"}, headers=headers)
        for fault in (
            {"errcode": -1, "errmsg": text},
            {"errcode": 40164, "errmsg": f"invalid ip {text}, rid: {text}"},
            {"body": text},
        ):
            stack.wechat.fail("/sns/jscode2session", **fault)
            body = {"code": stack.wechat.login("sam")}
            assert (await http.post("/v1/demo-mp/login", json=body, headers=headers)).status_code >= 500
        async with dial() as wire:
            await wire.send(b"GET " + text.encode("utf-8") + b" HTTP/1.1\r\n\r\n")
            await wire.answer()

    return everywhere


async def test_one_event_stays_one_json_line(stack, log_lines, assaulted):
    for text in TEXTS:
        await assaulted(text)
    lines = log_lines()
    assert len(lines) > 5 * len(TEXTS)
    for line in lines:
        event = json.loads(line)
        assert {"event", "level", "at"} <= set(event)
        assert event["event"] != "forged"
        assert event.get("user_id") != "usr_forged"
        assert event["level"] != "error", event
        # Readable without harm in a terminal, too.
        assert not re.search(rb"[\x00-\x1f\x7f]", line), line
        assert len(line) < 4_000


async def test_a_trace_is_one_line_too(stack, log_lines, monkeypatch):
    def broken(*_given):
        raise RuntimeError("a fault\nof ours\r\n" + FAKE)

    monkeypatch.setattr(stack.running.server.rooms.running, "check", broken)
    answer = await stack.session("x")
    assert (answer.status_code, answer.json()["code"]) == (500, "internal")
    assert "fault\nof ours" not in answer.text
    assert "RuntimeError" not in answer.text
    (line,) = [line for line in log_lines() if b'"internal"' in line]
    assert "RuntimeError" in json.loads(line)["exception"]
    assert json.loads(line)["request_id"] == answer.json()["request_id"]


class FullDisk(io.BytesIO):
    """A log that cannot be written."""

    tried = 0

    def write(self, _data):
        self.tried += 1
        raise OSError(errno.ENOSPC, "No space left on device")


async def test_a_log_that_cannot_be_written_costs_nobody_an_answer(stack, log_to):
    signed_in = await stack.signed_in()
    disk = FullDisk()
    log_to(disk)
    answers = [
        await stack.login(),
        await stack.login("x" * 32),
        await stack.session(signed_in["access_token"]),
        await stack.refresh(signed_in["refresh_token"]),
    ]
    assert [answer.status_code for answer in answers] == [200, 401, 200, 200]
    assert disk.tried > 0


async def test_what_is_remembered_of_a_client_is_printable(stack, assaulted):
    for text in TEXTS:
        await assaulted(text)
    agents = [session.user_agent for session in await stack.store.sessions.recent(100)]
    assert len(agents) >= len(TEXTS)
    assert all(agent.isprintable() and len(agent) <= 200 for agent in agents)
    await stack.running.server.rooms.sign_in._history.drain()
    for event in await stack.store.logins.recent(1_000):
        assert re.fullmatch(r"[A-Za-z0-9_-]{8,64}", event.request_id)
        assert event.rid is None or event.rid.isprintable()
