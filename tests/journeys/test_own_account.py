"""One's own account as `lingpai dev` serves it: filled in, looked at by another connection, exported, erased."""

import asyncio
import io
import sqlite3
from contextlib import closing

import httpx
from PIL import Image


def picture():
    out = io.BytesIO()
    Image.new("RGB", (900, 700), "teal").save(out, "JPEG")
    return out.getvalue()


def row(database, sql):
    with closing(sqlite3.connect(database)) as db:
        return db.execute(sql).fetchone()


async def sign_in(http, dev):
    appid = dev.told["apps"][0]["appid"]
    answer = await http.post(
        f"{dev.told['emulator']}/__emulator__/wx/login", json={"appid": appid, "person": "xiaoming"}
    )
    tokens = (
        await http.post(f"{dev.told['server']}/v1/{appid}/login", json={"code": answer.json()["code"]})
    ).json()
    return {"authorization": f"Bearer {tokens['access_token']}"}


async def test_an_account_from_the_first_picture_to_the_last_trace(dev):
    me = f"{dev.told['server']}/v1/me"
    async with httpx.AsyncClient(timeout=20) as http:
        auth = await sign_in(http, dev)
        named = await http.patch(me, headers=auth, json={"nickname": "小明"})
        assert named.status_code == 200, named.text
        files = {"file": ("wxfile.jpg", picture(), "image/jpeg")}
        pictured = await http.post(f"{me}/avatar", headers=auth, files=files)
        assert pictured.json()["profile_complete"] is True
        name = pictured.json()["avatar_url"].rpartition("/")[2]
        assert (await http.get(pictured.json()["avatar_url"])).status_code == 200
        stored = row(dev.database, "SELECT nickname, avatar_url FROM users")
        assert stored == ("小明", f"/avatars/{name}")
        on_disk = await asyncio.to_thread(lambda: sorted(path.name for path in dev.data.rglob("*.jpg")))
        assert on_disk == [name]
        exported = (await http.get(f"{me}/export", headers=auth)).json()
        assert exported["profile"]["nickname"] == "小明"
        erased = await http.delete(me, headers=auth)
        assert erased.status_code == 200, erased.text
        assert (await http.get(me, headers=auth)).status_code == 401
        assert (await http.get(pictured.json()["avatar_url"])).status_code == 404
        assert row(dev.database, "SELECT count(*) FROM users") == (0,)
        assert row(dev.database, "SELECT id FROM erasures") == (erased.json()["audit_id"],)
        assert await asyncio.to_thread(lambda: list(dev.data.rglob("*.jpg"))) == []
