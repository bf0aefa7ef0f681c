"""A page may use the JS-SDK when the signature is WeChat's own arithmetic, for the page's own address."""

import httpx
import pytest

from lingpai.web.routes.js_sdk import signature
from tests.conftest import Stack
from tests.oauth.conftest import MP, OA, ORIGIN

TICKET = "sM4AOVdWfPE4DxkXGEs8VMCPGGVi4C3VM0P37wVUCFvkVAy_90u5h9nbSlYy3-Sl-HhTdfl2fzFy1AOcHKP7qg"
NONCE, AT = "Wm3WZYTPz0wzccnW", 1414587457


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("http://mp.weixin.qq.com", "f4d90daf4b3bca3078ab155816175ba34c443a7b"),
        ("http://mp.weixin.qq.com?params=value", "0f9de62fce790f9a083d5c99e95740ceb90c27ed"),
    ],
)
def test_the_signature_is_that_of_wechats_published_samples(url: str, expected: str):
    assert signature(TICKET, NONCE, AT, url) == expected


@pytest.fixture
async def page(stack: Stack):
    async with httpx.AsyncClient(base_url=stack.url, headers={"origin": ORIGIN}) as http:
        yield http


async def test_a_page_gets_what_wx_config_wants(page: httpx.AsyncClient, stack: Stack):
    url = f"{ORIGIN}/basket?tab=2&from=timeline"
    answer = await page.get(f"/v1/{OA}/js-sdk", params={"url": f"{url}#/item/7"})
    told = answer.json()
    assert set(told) == {"appId", "timestamp", "nonceStr", "signature"}
    assert told["appId"] == "wx00000000000000b2"
    app = await stack.running.server.rooms.directory.get(OA)
    ticket = (await stack.running.server.rooms.tickets.get(app)).value.reveal()
    assert told["signature"] == signature(ticket, told["nonceStr"], told["timestamp"], url)
    assert answer.headers["access-control-allow-origin"] == ORIGIN
    assert ticket not in answer.text


async def test_the_ticket_is_fetched_once_for_all_pages(page: httpx.AsyncClient, stack: Stack):
    for number in range(5):
        await page.get(f"/v1/{OA}/js-sdk", params={"url": f"{ORIGIN}/{number}"})
    assert len(stack.wechat.calls("/cgi-bin/ticket/getticket")) == 1


async def test_two_signatures_share_no_nonce(page: httpx.AsyncClient):
    nonces = {
        (await page.get(f"/v1/{OA}/js-sdk", params={"url": f"{ORIGIN}/"})).json()["nonceStr"]
        for _ in range(20)
    }
    assert len(nonces) == 20


@pytest.mark.parametrize(
    ("app", "url", "code"),
    [
        (OA, "https://evil.example/", "return_to_not_allowed"),
        (OA, f"{ORIGIN}.evil.example/", "return_to_not_allowed"),
        (OA, "", "return_to_not_allowed"),
        (MP, f"{ORIGIN}/", "app_kind_wrong"),
        ("nobody", f"{ORIGIN}/", "app_unknown"),
    ],
)
async def test_only_pages_of_the_app_are_signed_for(page: httpx.AsyncClient, app: str, url: str, code: str):
    refused = await page.get(f"/v1/{app}/js-sdk", params={"url": url})
    assert refused.json()["code"] == code
