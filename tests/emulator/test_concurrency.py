"""Is a code exchanged once, a token renewed once, a quota kept, however many ask at the same time?"""

import asyncio
import json
from collections import Counter
from urllib.parse import urlencode, urlsplit


async def _get(url, target):
    return await _send(url, f"GET {target} HTTP/1.1\r\n", b"")


async def _post(url, target, body):
    encoded = json.dumps(body).encode()
    return await _send(url, f"POST {target} HTTP/1.1\r\nContent-Length: {len(encoded)}\r\n", encoded)


async def _send(url, head, body):
    """A raw exchange, so that 200 of them are really open at once."""
    address = urlsplit(url)
    reader, writer = await asyncio.open_connection(address.hostname, address.port)
    writer.write(f"{head}Host: wechat\r\nConnection: close\r\n\r\n".encode() + body)
    answer = await reader.read()
    writer.close()
    await writer.wait_closed()
    return json.loads(answer.partition(b"\r\n\r\n")[2])


def _asking(wechat):
    app = wechat.app("demo-mp")
    return {"appid": app.appid, "secret": app.secret, "grant_type": "client_credential"}


async def test_of_200_exchanges_at_once_exactly_one_succeeds(wechat_process):
    wechat_process.switch(minute_quota=1000)
    app = wechat_process.app("demo-mp")
    query = {"appid": app.appid, "secret": app.secret, "grant_type": "authorization_code"}
    target = "/sns/jscode2session?" + urlencode({**query, "js_code": wechat_process.login()})
    answers = await asyncio.gather(*(_get(wechat_process.url, target) for _ in range(200)))
    assert Counter(answer.get("errcode") for answer in answers) == {None: 1, 40163: 199}
    assert len(wechat_process.calls()) == 200


async def test_of_200_exchanges_of_an_oauth_code_exactly_one_succeeds(wechat_process):
    app = wechat_process.app("demo-oa")
    query = {"appid": app.appid, "secret": app.secret, "grant_type": "authorization_code"}
    target = "/sns/oauth2/access_token?" + urlencode({**query, "code": wechat_process.oauth_code()})
    answers = await asyncio.gather(*(_get(wechat_process.url, target) for _ in range(200)))
    assert Counter(answer.get("errcode") for answer in answers) == {None: 1, 40163: 199}
    assert len(wechat_process.state()["user_tokens"]) == 1


async def test_of_100_fetches_of_a_stable_token_at_once_all_get_the_same(wechat_process):
    body = _asking(wechat_process)
    url, path = wechat_process.url, "/cgi-bin/stable_token"
    answers = await asyncio.gather(*(_post(url, path, body) for _ in range(100)))
    assert len({answer["access_token"] for answer in answers}) == 1


async def test_of_100_forced_refreshes_at_once_one_refreshes(wechat_process):
    body = _asking(wechat_process) | {"force_refresh": True}
    url, path = wechat_process.url, "/cgi-bin/stable_token"
    answers = await asyncio.gather(*(_post(url, path, body) for _ in range(100)))
    assert len({answer["access_token"] for answer in answers}) == 1
    assert [token["generation"] for token in wechat_process.state()["tokens"]] == [1]


async def test_of_100_fetches_at_once_a_quota_of_ten_lets_ten_through(wechat_process):
    wechat_process.set_app(quotas={"/cgi-bin/token": 10})
    target = "/cgi-bin/token?" + urlencode(_asking(wechat_process))
    answers = await asyncio.gather(*(_get(wechat_process.url, target) for _ in range(100)))
    assert Counter(answer.get("errcode") for answer in answers) == {None: 10, 45009: 90}
    assert len({answer["access_token"] for answer in answers if "access_token" in answer}) == 10


async def test_of_100_exchanges_of_a_phone_code_at_once_exactly_one_succeeds(wechat_process):
    wechat_process.login()
    code = wechat_process.phone_number()["code"]
    token = wechat_process.rogue()["access_token"]
    target = "/wxa/business/getuserphonenumber?" + urlencode({"access_token": token})
    answers = await asyncio.gather(*(_post(wechat_process.url, target, {"code": code}) for _ in range(100)))
    assert Counter(answer["errcode"] for answer in answers) == {0: 1, 40029: 99}
