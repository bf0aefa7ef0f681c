"""The restore drill: a real server is dumped under load, lives on, is lost, and comes back from the dump.

Who was erased in between is nowhere, who signed out is out, everybody else is who they were.
"""

import asyncio
import json

import httpx
import pytest

from tests.backup.conftest import people
from tests.conftest import bearer
from tests.me.conftest import picture

PATIENCE = 60


async def signed_in(http, wechat, person, app="demo-mp"):
    answer = await http.post(f"/v1/{app}/login", json={"code": wechat.login(person, app)})
    assert answer.status_code == 200, answer.text
    return answer.json()


async def introduced(http, told, nickname, color):
    """Give somebody a name and a picture; the picture's address."""
    auth = bearer(told["access_token"])
    assert (await http.patch("/v1/me", headers=auth, json={"nickname": nickname})).status_code == 200
    sent = {**auth, "content-type": "image/png"}
    answer = await http.put("/v1/me/avatar", headers=sent, content=picture(color=color))
    assert answer.status_code == 200, answer.text
    return answer.json()["avatar_url"]


async def wait_until(true):
    async with asyncio.timeout(PATIENCE):
        while not true():  # noqa: ASYNC110 - the clients are in other tasks, and tell nobody
            await asyncio.sleep(0.02)


@pytest.mark.timeout(240)
async def test_what_was_taken_away_since_the_dump_stays_away(
    database, emulator, make_server, make_clients, tmp_path
):
    wechat = emulator.wechat
    for name in ("doomed", "leaver", "stander", "late"):
        wechat.add_person(id=name, nickname=name, unionid=True)
    server = await make_server(**database.settings, avatar_dir=str(tmp_path / "avatars"))
    service_key = json.loads(server.command("clients", "add", "shop", "--scope", "introspect", "--json"))[
        "service_key"
    ]
    book, clients = make_clients(server, 3, 7)
    leave = asyncio.Event()
    async with httpx.AsyncClient(base_url=server.url, timeout=30) as http:
        doomed, leaver, stander = [await signed_in(http, wechat, p) for p in ("doomed", "leaver", "stander")]
        doomed_picture = await introduced(http, doomed, "要忘记的人", "red")
        kept_picture = await introduced(http, stander, "留下的人", "blue")
        living = [asyncio.create_task(client.live(leave)) for client in clients]
        await wait_until(lambda: len(book.users) == len(clients))
        openid = next(
            identity["openid"]
            for person in wechat.people
            if person["id"] == "doomed"
            for identity in person["identities"]
            if identity["appid"] == "wx00000000000000a1"
        )
        before = await asyncio.to_thread(people, database, {doomed["user"]["id"]})
        sent = book.sent
        await asyncio.to_thread(database.dump, server)
        await wait_until(lambda: book.sent > sent + 20)

        assert (await http.delete("/v1/me", headers=bearer(doomed["access_token"]))).status_code == 200
        auth = bearer(leaver["access_token"])
        assert (await http.delete("/v1/session?everywhere=true", headers=auth)).status_code < 300
        later = await http.post("/v1/session/refresh", json={"refresh_token": stander["refresh_token"]})
        late = await signed_in(http, wechat, "late")
        server.command("clients", "revoke", "shop")
        leave.set()
        await asyncio.wait_for(asyncio.gather(*living), PATIENCE)
    server.kill()
    await asyncio.to_thread(database.lose)
    told = json.loads(await asyncio.to_thread(database.bring_back, server))
    followed = told.get("followed", told)
    assert followed["erased_again"] == 1
    assert followed["keys_revoked"] == ["shop"]
    assert followed["withdrawn"]["sessions"] >= 3
    after = await asyncio.to_thread(people, database, {doomed["user"]["id"]})
    # Between that look and the dump somebody may have signed in to the second app for the first time.
    assert [row for row in after if row in before] == before

    content = await asyncio.to_thread(database.content)
    for trace in (openid, "要忘记的人", doomed["user"]["id"]):
        assert trace.encode() not in content, trace
    assert "留下的人".encode() in content

    await server.start()
    async with httpx.AsyncClient(base_url=server.url, timeout=30) as http:
        for access in (doomed, leaver, stander, later.json(), late):
            answer = await http.get("/v1/session", headers=bearer(access["access_token"]))
            assert (answer.status_code, answer.json()["code"]) == (401, "session_invalid")
            again = await http.post("/v1/session/refresh", json={"refresh_token": access["refresh_token"]})
            assert again.status_code == 401
        asked = await http.post(
            "/oauth2/introspect", data={"token": late["access_token"]}, headers=bearer(service_key)
        )
        assert asked.status_code == 401
        assert (await http.get(doomed_picture)).status_code == 404
        assert (await http.get(kept_picture)).status_code == 200
        back = await signed_in(http, wechat, "stander")
        assert back["user"]["id"] == stander["user"]["id"]
        me = (await http.get("/v1/me", headers=bearer(back["access_token"]))).json()
        assert (me["nickname"], me["avatar_url"]) == ("留下的人", kept_picture)
        assert not back["user"]["is_new"]
        anew = await signed_in(http, wechat, "doomed")
        assert anew["user"]["is_new"]
        assert anew["user"]["id"] != doomed["user"]["id"]
        assert (await http.get("/v1/session", headers=bearer(back["access_token"]))).status_code == 200
    assert "Traceback" not in server.log
