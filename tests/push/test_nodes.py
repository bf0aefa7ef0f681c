"""Several processes on one database, one of them killed in the midst: each event is acted on once, none is lost."""

import asyncio
import json
import sqlite3
from contextlib import closing
from typing import Any, cast

import httpx
import pytest

from tests.conftest import DEMO
from tests.crash.conftest import APPS, ServerProcess, emulator, make_server  # noqa: F401 - fixtures
from tests.push.conftest import Forger, until
from tests.push.receiver import receiving

EVENTS = 24


class _Now:
    """The forger's idea of a server: a clock and a client."""

    def __init__(self, http):
        self.http = http
        self.clock = self

    def now(self):
        import time

        return int(time.time() * 1000)


def rows(database, query):
    with closing(sqlite3.connect(f"file:{database}?mode=ro", uri=True)) as db:
        return db.execute(query).fetchall()


@pytest.mark.timeout(180)
async def test_each_event_is_acted_on_once_though_a_node_is_killed_while_they_come(make_server, tmp_path):  # noqa: F811
    with receiving() as receiver:
        first = await make_server(webhook_networks="127.0.0.0/8")
        hook = json.loads(
            first.command("webhooks", "add", receiver.url, "--events", "wechat.event", "--json")
        )
        key = json.loads(first.command("apps", "push", DEMO, "--json"))
        nodes = [first]
        for name in ("second", "third"):
            home = tmp_path / name
            home.mkdir()
            node = ServerProcess(home, dict(first.settings))
            await node.start()
            nodes.append(node)
        try:
            await send_all(nodes, key)
            await first.start()
            database = tmp_path / "lingpai.db"

            async def settled():
                open_events = rows(database, "SELECT count(*) FROM push_events WHERE settled_at IS NULL")
                waiting = rows(database, "SELECT count(*) FROM deliveries WHERE state = 'waiting'")
                return open_events == [(0,)] and waiting == [(0,)]

            # What the dead node had claimed is free again after its lease of a minute.
            await until(settled, 120)
            assert rows(database, "SELECT count(*), min(outcome), max(outcome) FROM push_events") == [
                (EVENTS, "passed_on", "passed_on")
            ]
            assert rows(database, "SELECT count(*), count(DISTINCT notice_id) FROM deliveries") == [
                (EVENTS, EVENTS)
            ]
        finally:
            for node in nodes[1:]:
                node.close()
    numbers: dict[str, set[str]] = {}
    for each in receiver.heard:
        assert each.signed_with(hook["secret"])
        numbers.setdefault(each.said["data"]["fields"]["CreateTime"], set()).add(each.id)
    assert sorted(map(int, numbers)) == list(range(EVENTS))
    assert all(len(ids) == 1 for ids in numbers.values())  # told twice at most under one id
    assert len(receiver.heard) <= EVENTS + 2 * 16  # only what the dead node had in its hands
    assert "Traceback" not in "".join(node.log for node in nodes)


async def send_all(nodes, key):
    """WeChat's way: what is not answered with success is sent again, wherever the balancer leads."""
    async with httpx.AsyncClient(timeout=5) as http:
        forger = Forger(cast(Any, _Now(http)), key["token"], key["encoding_aes_key"], APPS[DEMO])
        for n in range(EVENTS):
            if n == EVENTS // 2:
                nodes[0].kill()
            fields = {"MsgType": "event", "Event": "enter", "CreateTime": str(n), "FromUserName": f"o{n}"}
            encrypted = forger.encrypt(json.dumps(fields).encode())
            for attempt in range(3):
                url = f"{nodes[(n + attempt) % 3].url}/wechat/{DEMO}/push"
                try:
                    answer = await http.post(
                        url, content=json.dumps({"Encrypt": encrypted}), params=forger.query(encrypted)
                    )
                except httpx.HTTPError:
                    continue
                if answer.text == "success":
                    break
            else:
                raise AssertionError(f"event {n} was never taken")
            await asyncio.sleep(0)


async def test_a_node_killed_between_claiming_and_acting_leaves_the_event_to_another(
    stack, pushing, forger, monkeypatch
):
    """The claim of a node that dies is worth its lease; what it had not committed did not happen."""
    user = (await stack.signed_in())["user"]
    fields = {
        "MsgType": "event",
        "Event": "user_authorization_revoke",
        "OpenID": user["openid"],
        "RevokeInfo": "19",
        "CreateTime": "1",
    }
    monkeypatch.setattr("lingpai.push.acting.Acting.run", _nobody_acts)
    assert (await forger.event(fields)).text == "success"
    (dead,) = await stack.store.pushes.claim(8, 60_000)
    monkeypatch.undo()
    await asyncio.sleep(0)
    assert await stack.store.pushes.claim(8, 60_000) == []
    stack.clock.advance(61)
    (proof,) = await pushing.settled()
    assert (proof.outcome, proof.forgotten, proof.attempts) == ("forgot", ("nickname",), 2)
    assert proof.key == dead.event.key


async def _nobody_acts(_self):
    return


async def test_an_event_that_breaks_the_job_holds_up_no_other_and_is_tried_again(
    stack, pushing, forger, monkeypatch
):
    from lingpai.push.meaning import meaning as real

    broken = [True]

    def unlucky(name, fields):
        if name == "unlucky" and broken:
            raise ZeroDivisionError
        return real(name, fields)

    monkeypatch.setattr("lingpai.push.acting.meaning", unlucky)
    for name in ("unlucky", "lucky"):
        assert (await forger.event({"MsgType": "event", "Event": name, "CreateTime": "1"})).text == "success"

    async def one_is_done():
        return [each.name for each in await stack.store.pushes.page(9) if each.outcome] == ["lucky"]

    await until(one_is_done)
    broken.clear()
    stack.clock.advance(3_601)
    assert {each.outcome for each in await pushing.settled()} == {"passed_on"}
