"""Does the emulator run inside a loop that is already there, and leave it as it was?"""

import asyncio
import json
import signal
import socket
import sys
from types import ModuleType

import pytest
from starlette.applications import Starlette
from starlette.responses import PlainTextResponse
from starlette.routing import Route

from lingpai_emulator.background import emulator_process, emulator_thread
from lingpai_emulator.client import Wechat
from lingpai_emulator.mistakes import MistakeError
from lingpai_emulator.serving import EmulatorOptions, running

ALONE = EmulatorOptions(port=0, phone_port=None)


async def _asked(method, *arguments, **named):
    """The client blocks, so it must not stand in the loop that serves it."""
    return await asyncio.to_thread(method, *arguments, **named)


async def test_it_runs_in_this_loop_and_frees_its_port():
    async with running(ALONE) as emulator:
        wechat = Wechat(emulator.url)
        assert emulator.phone_url is None
        assert [app.slug for app in emulator.apps] == ["demo-mp", "demo-oa", "demo-web"]
        code = await _asked(wechat.login)
        minted = emulator.world.codes.find(code)
        assert minted is not None
        assert minted.person == "xiaoming"
        await _asked(wechat.reset)
        assert emulator.world.codes.find(code) is None
    port = int(emulator.url.rpartition(":")[2])
    with pytest.raises(ConnectionRefusedError), socket.create_connection(("127.0.0.1", port), timeout=5):
        pass


async def test_it_leaves_signal_handlers_alone():
    before = [signal.getsignal(number) for number in (signal.SIGINT, signal.SIGTERM)]
    async with running(ALONE):
        assert [signal.getsignal(number) for number in (signal.SIGINT, signal.SIGTERM)] == before


async def test_two_of_them_have_worlds_of_their_own():
    async with running(ALONE) as one, running(ALONE) as other:
        await _asked(Wechat(one.url).add_person, id="visitor")
        assert len(one.world.people.all()) == 4
        assert len(other.world.people.all()) == 3


async def test_it_ends_with_a_keep_alive_connection_open():
    async with running(ALONE) as emulator:
        reader, writer = await asyncio.open_connection("127.0.0.1", int(emulator.url.rpartition(":")[2]))
        writer.write(b"GET /sns/jscode2session HTTP/1.1\r\nHost: wechat\r\n\r\n")
        await reader.readuntil(b"}")
    assert await reader.read() == b""
    writer.close()
    await writer.wait_closed()


async def test_an_address_others_can_reach_needs_permission():
    with pytest.raises(MistakeError, match="other machines"):
        async with running(EmulatorOptions(host="0.0.0.0", port=0, phone_port=None)):
            pass
    options = EmulatorOptions(host="0.0.0.0", port=0, phone_port=None, allow_remote=True)
    async with running(options) as emulator:
        assert emulator.url.startswith("http://0.0.0.0:")


async def test_with_permission_the_controls_answer_to_any_host_name_but_no_foreign_page(ask):
    options = EmulatorOptions(port=0, phone_port=None, allow_remote=True)
    async with running(options) as emulator:
        own = {"Host": "wechat.test", "Origin": "http://wechat.test"}
        foreign = {"Host": "wechat.test", "Origin": "http://evil.example"}
        named = await _asked(ask, emulator.url, "/__emulator__/state", headers=own)
        refused = await _asked(ask, emulator.url, "/__emulator__/state", headers=foreign)
    assert (named.status, refused.status) == (200, 403)


async def test_a_taken_port_is_named():
    async with running(ALONE) as emulator:
        port = int(emulator.url.rpartition(":")[2])
        with pytest.raises(MistakeError, match=str(port)):
            async with running(EmulatorOptions(port=port, phone_port=None)):
                pass


def _phone_module(build_phone):
    module = ModuleType("lingpai_emulator.phone.app")
    module.__dict__["build_phone"] = build_phone
    return module


async def test_the_phone_has_a_port_of_its_own_and_knows_emulator_and_server(ask, monkeypatch):
    def build_phone(emulator_url, server_url, miniprogram, known_appids):
        assert miniprogram is None
        assert "wx00000000000000a1" in known_appids

        async def page(_request):
            return PlainTextResponse(f"{emulator_url} {server_url}")

        return Starlette(routes=[Route("/", page)])

    monkeypatch.setitem(sys.modules, "lingpai_emulator.phone.app", _phone_module(build_phone))
    monkeypatch.setitem(sys.modules, "lingpai_emulator.phone", ModuleType("lingpai_emulator.phone"))
    options = EmulatorOptions(port=0, phone_port=0, server_url="http://server.test")
    async with running(options) as emulator:
        assert emulator.phone_url not in (None, emulator.url)
        page = await _asked(ask, emulator.phone_url, "/")
    assert page.body.decode() == f"{emulator.url} http://server.test"


async def test_an_installation_without_a_phone_runs_without_one(monkeypatch):
    monkeypatch.setitem(sys.modules, "lingpai_emulator.phone", None)
    monkeypatch.setitem(sys.modules, "lingpai_emulator.phone.app", None)
    async with running(EmulatorOptions(port=0, phone_port=0)) as emulator:
        assert emulator.phone_url is None


def test_a_start_that_fails_in_a_thread_is_raised_here(wechat):
    port = int(wechat.url.rpartition(":")[2])
    taken = EmulatorOptions(port=port, phone_port=None)
    with pytest.raises(MistakeError, match=str(port)), emulator_thread(taken):
        pass


def test_a_process_that_does_not_start_is_an_error():
    with pytest.raises(RuntimeError, match="exit code 2"), emulator_process("--switch", "nothing=1"):
        pass


def _story(wechat, ask):
    """What a program sees of one emulator, down to the bytes."""
    wechat.reset(seed=7)
    wechat.freeze(1_800_000_000)
    app = wechat.app("demo-mp")
    told = []

    def asked(**query):
        reply = ask(wechat.url, "/sns/jscode2session", query=query)
        told.append((reply.status, reply.headers, reply.body.decode()))

    right = {"appid": app.appid, "secret": app.secret, "grant_type": "authorization_code"}
    asked()
    asked(appid="wx0")
    code = wechat.login("sam")
    asked(**right, js_code=code)
    asked(**right, js_code=code)
    wechat.prefetch("sam")
    asked(**right, js_code=wechat.login("sam"))
    wechat.fail("/sns/jscode2session", times=2, errcode=-1, status=500)
    asked(**right)
    wechat.advance(3600)
    told += [wechat.calls(), wechat.people, wechat.check_session("sam")]
    state = wechat.state()
    return json.loads(json.dumps([told, state]))


def test_a_thread_and_a_process_behave_the_same(wechat, wechat_process, ask):
    assert _story(wechat, ask) == _story(wechat_process, ask)
