"""Is a code exchanged once, however many ask at the same time?"""

import asyncio
import json
from collections import Counter
from urllib.parse import urlencode, urlsplit


async def _get(url, target):
    """A raw exchange, so that 200 of them are really open at once."""
    address = urlsplit(url)
    reader, writer = await asyncio.open_connection(address.hostname, address.port)
    writer.write(f"GET {target} HTTP/1.1\r\nHost: wechat\r\nConnection: close\r\n\r\n".encode())
    answer = await reader.read()
    writer.close()
    await writer.wait_closed()
    return json.loads(answer.partition(b"\r\n\r\n")[2])


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
