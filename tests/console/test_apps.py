"""Apps: added with care, changed, tried, removed; an AppSecret goes in and never comes out."""

from pathlib import Path

import httpx
import pytest

from lingpai.testing.clock import FrozenClock
from lingpai.testing.server import running_server, server_config
from lingpai_emulator.client import Wechat
from tests.conftest import demo_apps
from tests.console.asking import Operator
from tests.console.people import APPS, APPSECRET

pytestmark = pytest.mark.asyncio(loop_scope="module")

NEW = {
    "appid": "wx00000000000000d4",
    "secret": "d" * 32,
    "kind": "miniprogram",
    "slug": "shop",
    "name": "",
    "open_platform": "",
}


@pytest.mark.parametrize(
    ("field", "value", "words"),
    [
        ("appid", "wx123", "16 lower-case hex digits"),
        ("appid", "wx00000000000000D4", "16 lower-case hex digits"),
        ("appid", " gh_0123456789ab", "16 lower-case hex digits"),
        ("appid", APPS[0].appid, "This AppID is registered already."),
        ("slug", "Shop!", "a slug has 1 to 40"),
        ("slug", "wx00000000000000d4", "a slug has 1 to 40"),
        ("slug", "demo-mp", "This slug is taken."),
        ("secret", "tooshort-canary-4711", "an AppSecret has 32"),
    ],
)
async def test_what_is_wrong_is_said_beside_its_field(operator: Operator, field: str, value: str, words: str):
    answer = await operator.send("/console/apps", **{**NEW, field: value})
    assert answer.status_code == 422
    wrong = answer.text.partition(f'id="{field}-wrong">')[2].partition("</p>")[0]
    assert words in wrong
    assert f'aria-describedby="{field}-wrong' in answer.text
    assert NEW["secret"] not in answer.text
    assert "canary" not in answer.text
    assert 'value="shop"' in answer.text or field == "slug"


async def test_an_app_is_added_changed_and_removed(operator: Operator):
    page = await operator.follow(await operator.send("/console/apps", **NEW))
    assert "The app is registered." in page
    assert NEW["secret"] not in page
    assert operator.running.server.rooms.directory.known("shop") is not None
    path = f"/console/apps/{NEW['appid']}"
    sent = {
        "set-origins": "https://shop.example.com\r\nhttps://m.example.com",
        "set-token_kind": "legacy",
        "set-compat": "true",
        "set-profile_days": "30",
        "set-forward_paths": "/wxa/getwxacode",
        "known": ["origins", "token_kind", "compat", "profile_days", "forward_paths"],
    }
    page = await operator.follow(await operator.send(f"{path}/settings", **sent))
    assert "The settings are in force." in page
    assert "https://shop.example.com\nhttps://m.example.com</textarea>" in page
    noted = await operator.noted("app.settings_changed")
    assert noted["origins"] == "https://shop.example.com,https://m.example.com"
    assert "profile_days" not in noted  # only what differs
    wrong = await operator.send(f"{path}/settings", **{**sent, "set-origins": "https://x.example/{path}"})
    assert wrong.status_code == 422
    assert "is no origin" in wrong.text
    assert "https://x.example/{path}</textarea>" in wrong.text
    assert (await operator.send(f"{path}/remove", typed="shopp")).status_code == 422
    page = await operator.follow(await operator.send(f"{path}/remove", typed="shop"))
    assert "The app was removed." in page
    assert (await operator.get(path)).status_code == 404


async def test_a_new_appsecret_goes_in_and_never_comes_out(operator: Operator):
    secret = "c0ffee00" * 4
    path = f"/console/apps/{APPS[1].appid}"
    refused = await operator.send(f"{path}/secret", secret="c0ffee")
    assert refused.status_code == 422
    assert "c0ffee" not in refused.text
    page = await operator.follow(await operator.send(f"{path}/secret", secret=secret))
    assert "The AppSecret is stored." in page
    assert secret not in page
    assert (await operator.noted("app.secret_rotated"))["secret_last4"] == "ee00"
    pages = [
        (await operator.get(where)).text for where in ("/console", "/console/apps", path, "/console/audit")
    ]
    assert not any(secret in page or APPSECRET in page for page in pages)


async def test_a_test_says_of_each_credential_how_it_is(
    wechat: Wechat, tmp_path: Path, http: httpx.AsyncClient
):
    config = server_config(tmp_path, wechat.url, log_level="error")
    apps = demo_apps(wechat)
    wechat.add_app("wx00000000000000a1", secret="e" * 32)  # reset at WeChat: ours is the old one
    async with running_server(config, apps, clock=FrozenClock(), open_console=True) as running:
        operator = Operator(running, http)
        bad = (await operator.send("/console/apps/demo-mp/test")).text
        assert 'data-finding="secret_wrong"' in bad
        assert "lingpai apps rotate-secret" in bad
        good = (await operator.send("/console/apps/demo-oa/test")).text
        assert 'data-finding="login_ok"' in good
        assert "fault" not in {part.partition('"')[0] for part in good.split('class="alarm ')[1:]}
        assert not any(app.secret in bad + good for app in apps)


@pytest.mark.parametrize("slug", ["demo-mp", "demo-oa"])
async def test_the_page_says_what_this_kind_of_account_can_do(operator: Operator, slug: str):
    page = (await operator.get(f"/console/apps/{slug}", "zh")).text
    assert "此类账号的能力" in page
    assert "已认证" in page
