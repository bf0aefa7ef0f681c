"""Fifty threads of a program that knows only wechatpy. Its base URL is another, and its secret is a service key.

Prints the tokens they got, and how many of them WeChat takes.
"""

import json
import sys
from concurrent.futures import ThreadPoolExecutor

from requests.adapters import HTTPAdapter
from wechatpy import WeChatClient  # type: ignore[import-untyped]

OURS, WECHAT, APPID, KEY = sys.argv[1:]


class Elsewhere(HTTPAdapter):
    """wechatpy has WeChat's address in its source: this is its new base URL."""

    def send(self, request, *args, **more):
        path = request.url.removeprefix("https://api.weixin.qq.com")
        request.url = (OURS if path.startswith("/cgi-bin/token") else WECHAT) + path
        return super().send(request, *args, **more)


def work(_number: int) -> tuple[str, bool]:
    client = WeChatClient(APPID, KEY)
    client._http.mount("https://api.weixin.qq.com/", Elsewhere())
    token = client.access_token
    return token, bool(client.misc.get_wechat_ips())


with ThreadPoolExecutor(50) as threads:
    got = list(threads.map(work, range(50)))
print(json.dumps({"tokens": sorted({token for token, _ in got}), "taken": sum(good for _, good in got)}))
