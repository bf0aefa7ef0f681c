"""What only an object store can get wrong: not there, not ours, not answering. And a whole server on top of one."""

import asyncio
import socket
import sys

import httpx
import pytest
from msgspec.structs import replace

from lingpai.storage.blobs import BlobSettingsError, BlobsUnavailableError, open_blobs
from lingpai.testing.server import running_server, server_config
from tests.conftest import bearer, demo_apps
from tests.me.conftest import picture

NAME = f"{0xAB:032x}.jpg"


async def fails(settings):
    blobs = open_blobs(settings)
    for call in (blobs.put(NAME, b"a picture"), blobs.get(NAME), blobs.delete(NAME)):
        with pytest.raises(BlobsUnavailableError) as trouble:
            await call
        assert "AKIA" not in str(trouble.value)
        assert "fake-secret" not in str(trouble.value)
    await blobs.aclose()


async def test_a_store_that_is_not_there_is_a_sentence(s3_settings):
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        await fails(replace(s3_settings, s3_endpoint=f"http://127.0.0.1:{taken.getsockname()[1]}"))


async def test_a_store_that_answers_nonsense_is_a_sentence(s3_settings):
    async def nonsense(reader, writer):
        await reader.readuntil(b"\r\n\r\n")
        writer.write(b"HTTP/1.1 403 Forbidden\r\ncontent-length: 5\r\nconnection: close\r\n\r\n<oops")
        await writer.drain()
        writer.close()

    server = await asyncio.start_server(nonsense, "127.0.0.1", 0)
    async with server:
        await fails(
            replace(s3_settings, s3_endpoint=f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}")
        )


async def test_a_bucket_that_is_not_there_keeps_nothing(s3_settings):
    blobs = open_blobs(replace(s3_settings, s3_bucket="no-such-bucket"))
    with pytest.raises(BlobsUnavailableError):
        await blobs.put(NAME, b"a picture")
    await blobs.aclose()


def test_without_the_extra_the_setting_says_what_to_install(s3_settings, monkeypatch):
    monkeypatch.setitem(sys.modules, "obstore", None)
    monkeypatch.delitem(sys.modules, "lingpai.storage.blobs.s3", raising=False)
    with pytest.raises(BlobSettingsError, match=r"lingpai\[s3\]"):
        open_blobs(s3_settings)


async def test_a_whole_server_keeps_its_pictures_there(s3_settings, wechat, tmp_path):
    """Upload, show, replace, erase: on two servers that share nothing but the database and the bucket."""
    config = server_config(
        tmp_path,
        wechat.url,
        log_level="error",
        avatar_s3_bucket=s3_settings.s3_bucket,
        avatar_s3_endpoint=s3_settings.s3_endpoint,
        avatar_s3_region=s3_settings.s3_region,
    )
    async with (
        running_server(config, demo_apps(wechat)) as one,
        running_server(replace(config, public_url=one.url)) as other,
        httpx.AsyncClient(timeout=20) as http,
    ):
        body = {"code": wechat.login("xiaoming", "demo-mp")}
        tokens = (await http.post(f"{one.url}/v1/demo-mp/login", json=body)).json()
        auth = bearer(tokens["access_token"])
        urls = []
        for color in ("red", "blue"):
            answer = await http.put(f"{one.url}/v1/me/avatar", headers=auth, content=picture(color=color))
            assert answer.status_code == 200, answer.text
            urls.append(answer.json()["avatar_url"])
        port = other.config.port
        there = [url.replace(one.url, f"http://127.0.0.1:{port}") for url in urls]
        assert [(await http.get(url)).status_code for url in there] == [404, 200]
        assert (await http.delete(f"{one.url}/v1/me", headers=auth)).status_code == 200
        assert [(await http.get(url)).status_code for url in there] == [404, 404]
    assert not (tmp_path / "avatars").exists()
