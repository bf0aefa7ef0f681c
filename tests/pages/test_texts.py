"""Both languages are complete, and Chinese pages are Chinese."""

import re
from pathlib import Path
from typing import get_args

import httpx
import pytest
from playwright.async_api import Page

from lingpai.errors import CATALOGUE
from lingpai.testing.server import RunningServer
from lingpai.web import pages
from lingpai.web.endpoint import Auth
from lingpai.web.pages.texts import TEXTS

TEMPLATES = Path(pages.__file__).parent / "templates"
CHINESE = re.compile(r"[\u4e00-\u9fff]")
NAMES = {
    *("lingpai", "EN", "AppID", "AppSecret", "OpenAPI", "JSON", "UTF-8", "UTC", "RFC", "IP", "Prometheus"),
    *(
        "wx.login",
        "code",
        "session_key",
        "slug",
        "openid",
        "unionid",
        "refresh",
        "token",
        "ID",
        "JWT",
        "ES256",
    ),
    *("JWKS", "SHA-256", "id"),
    *("wx.uploadFile", "file", "image", "jpeg"),
    *("rawData", "signature", "access_token", "encryptedData", "iv", "errcode"),
    *("cgi-bin", "stable_token", "wechat", "wx.request", "PATCH", "any"),
    *("web-view", "iOS", "Android", "Cookie", "JS-SDK"),
    *("wx.getAccountInfoSync", "base64", "URL", "string", "integer", "boolean", "object", "ms", "DevTools"),
    *(
        "application",
        "json",
        "problem",
        "jwk-set",
        "x-www-form-urlencoded",
        "text",
        "plain",
        "demo-mp",
        "demo-oa",
    ),
}
SHOWN = """() => {
  const copy = document.body.cloneNode(true);
  for (const part of copy.querySelectorAll("code, pre, var, time, bdi, [lang=en], [data-zone], .method, .side-path, .said"))
    part.remove();
  const texts = document.createTreeWalker(copy, NodeFilter.SHOW_TEXT);
  const found = [];
  while (texts.nextNode()) found.push(texts.currentNode.data);
  return found.join(" ");
}"""


def keys_used() -> set[str]:
    sources = [file.read_text() for file in TEMPLATES.glob("*.html")]
    used = {key for text in sources for key in re.findall(r"""t\('([a-z0-9_.]+)'[,)]""", text)}
    used |= set(re.findall(r"""t\('([a-z.]+)'\) if""", " ".join(sources)))
    families = {
        "docs.auth.": get_args(Auth),
        "docs.group.": ("login", "open_data", "session", "me", "oauth2", "admin", "operation"),
        "docs.": ("sometimes", "optional", "length", "length.most", "length.least"),
        "refused.": ("page",),
        "sign_in.": (
            *("again", "anyway", "proceed", "reload", "refused"),
            *("trouble", "trouble.detail", "trouble.hint"),
        ),
    }
    return used | {prefix + name for prefix, names in families.items() for name in names}


def test_every_text_a_template_asks_for_is_there_and_none_is_left_over():
    assert keys_used() == set(TEXTS)


def test_every_text_is_there_in_both_languages():
    for key, words in TEXTS.items():
        assert words.en.strip(), key
        assert words.zh.strip(), key
        assert not CHINESE.search(words.en), key
        if re.search(r"[a-z]{3}", re.sub(r"`[^`]*`|\{\w+\}|lingpai", "", words.en)):
            assert CHINESE.search(words.zh), key


def test_a_text_has_the_same_blanks_and_code_in_both_languages():
    for key, words in TEXTS.items():
        for pattern in (r"\{\w+\}", r"`[^`]+`"):
            assert sorted(re.findall(pattern, words.en)) == sorted(re.findall(pattern, words.zh)), key


@pytest.mark.parametrize("path", ["/", "/docs", "/docs/problems", "/docs/nothing"])
async def test_a_chinese_page_holds_no_english_but_names(serving: RunningServer, tab: Page, path: str):
    await tab.set_extra_http_headers({"accept-language": "zh-CN,zh;q=0.9"})
    await tab.goto(serving.url + path)
    shown = await tab.evaluate(SHOWN)
    words = {word.strip(".-") for word in re.findall(r"[A-Za-z][A-Za-z0-9_.-]*", shown)}
    assert words - NAMES == set()
    assert CHINESE.search(shown)


@pytest.mark.parametrize("code", list(CATALOGUE))
async def test_every_problem_has_a_page_in_both_languages(
    serving: RunningServer, http: httpx.AsyncClient, code: str
):
    for language, lang in (("en", "en"), ("zh", "zh-CN")):
        answer = await http.get(f"{serving.url}/docs/problems/{code}", headers={"accept-language": language})
        assert answer.status_code == 200
        assert f'<html lang="{lang}">' in answer.text
        assert f"<h1>{CATALOGUE[code].title.say(language)}</h1>" in answer.text.replace("&#39;", "'")
        assert code in answer.text


async def test_a_problem_answer_points_at_its_page(serving: RunningServer, http: httpx.AsyncClient):
    refused = await http.post(f"{serving.url}/v1/no-such-app/login", json={"code": "x"})
    page = await http.get(refused.json()["type"])
    assert page.status_code == 200
    assert "app_unknown" in page.text
