"""The reader's language: the link, the cookie, the browser, in this order."""

import httpx

from lingpai.testing.server import RunningServer

CHINESE = {"accept-language": "zh-CN,zh;q=0.9,en;q=0.1"}


def language_of(answer: httpx.Response) -> str:
    assert answer.headers["content-language"] in answer.text[:80]
    return answer.headers["content-language"]


async def test_the_browser_decides_until_somebody_chooses(serving: RunningServer, http: httpx.AsyncClient):
    assert language_of(await http.get(f"{serving.url}/docs", headers=CHINESE)) == "zh-CN"
    assert language_of(await http.get(f"{serving.url}/docs")) == "en"


async def test_the_link_wins_and_is_remembered(serving: RunningServer, http: httpx.AsyncClient):
    chosen = await http.get(f"{serving.url}/docs?lang=en", headers=CHINESE)
    assert language_of(chosen) == "en"
    cookie = chosen.headers["set-cookie"]
    assert cookie.startswith("lingpai_lang=en;")
    assert "SameSite=Lax" in cookie
    assert language_of(await http.get(f"{serving.url}/", headers=CHINESE)) == "en"


async def test_without_a_choice_no_cookie_is_set(serving: RunningServer, http: httpx.AsyncClient):
    for path in ("/", "/docs", "/docs?lang=fr", "/docs?lang=zh%0d%0aset-cookie:%20x=1"):
        assert "set-cookie" not in (await http.get(serving.url + path)).headers


async def test_a_broken_cookie_counts_for_nothing(serving: RunningServer, http: httpx.AsyncClient):
    for cookie in ("lingpai_lang=<script>", "lingpai_lang", "=;;=\x80", "lingpai_lang=zh\\"):
        answer = await http.get(f"{serving.url}/", headers=[(b"cookie", cookie.encode("latin-1"))])
        assert language_of(answer) == "en"


async def test_the_switch_keeps_the_search(serving: RunningServer, http: httpx.AsyncClient):
    page = await http.get(f"{serving.url}/docs?q=%E5%B0%8F&lang=en")
    assert 'href="?q=%E5%B0%8F&amp;lang=zh"' in page.text
