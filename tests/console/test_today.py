"""Today: what it tells, that it stays fresh by itself, and that it disturbs nobody who reads."""

import httpx
import msgspec
import pytest
from playwright.async_api import Browser, Page, expect

from lingpai.model import LoginEvent
from lingpai.testing.clock import A_MOMENT
from lingpai.testing.server import RunningServer
from tests.console.asking import Operator
from tests.console.people import ADDRESS, APPS

pytestmark = pytest.mark.asyncio(loop_scope="module")

A_REFUSAL = LoginEvent(
    id="evt_01je" + "0" * 22,
    at=A_MOMENT,
    appid=APPS[0].appid,
    result="code_used",
    request_id="0123456789abcdef",
    duration_ms=9,
    errcode=40163,
)


async def test_it_tells_logins_with_result_and_reason(operator: Operator):
    page = (await operator.get("/console")).text
    for shown in (
        "Signed in",
        "Refused",
        "WeChat does not accept this code",
        "errcode 40029 · rid 696f2d1c-0a1b2c3d-4e5f6a7b",
        'href="/docs/problems/code_invalid"',
        "a_code_of_a_later_release",
        "this openid came with another unionid",
        "140&nbsp;ms",
        f"{20:016x}",
    ):
        assert shown in page, shown


async def test_it_counts_people_and_running_sessions(operator: Operator):
    page = (await operator.get("/console", "zh")).text
    assert "<dt>用户</dt><dd>7</dd>" in page
    assert "<dt>进行中的会话</dt><dd>6</dd>" in page


async def test_an_address_that_is_not_allowed_is_an_alarm_with_a_line_to_copy(operator: Operator):
    for language, words in (("en", "not on the allow-list (40164)"), ("zh", "出口 IP 不在白名单（40164）")):
        page = (await operator.get("/console", language)).text
        assert words in page
        assert f'data-copy="{ADDRESS}"' in page
        assert "设置与开发" in page  # where to click
    assert f'data-copy="{ADDRESS}"' in (await operator.get("/console/apps/demo-oa")).text
    assert f'data-copy="{ADDRESS}"' not in (await operator.get("/console/apps/demo-mp")).text


async def test_the_plot_can_be_read_without_eyes(operator: Operator, tab: Page):
    await tab.goto(f"{operator.running.url}/console")
    drawn = tab.get_by_role("img", name="Logins per minute")
    assert await drawn.count() == 1
    description = await tab.locator("#plot-desc").text_content()
    assert description
    assert "1527 signed in, 59 refused, 3 failed" in description
    await tab.get_by_text("In numbers").click()
    await expect(tab.locator("#per-minute table tbody tr")).to_have_count(20)


async def test_an_empty_server_says_what_to_do(empty: RunningServer, http: httpx.AsyncClient):
    page = (await http.get(f"{empty.url}/console")).text
    assert "No login yet." in page
    assert "No login in the last hour." in page
    assert "Nobody has signed in yet." in (await http.get(f"{empty.url}/console/people")).text


async def test_a_page_whose_database_is_gone_is_kind(empty: RunningServer, http: httpx.AsyncClient):
    await empty.server.store.aclose()
    answer = await http.get(f"{empty.url}/console")
    assert answer.status_code == 503
    assert "<h1>The database does not answer now</h1>" in answer.text


async def test_a_new_login_appears_by_itself_and_disturbs_nothing(
    empty: RunningServer, tab: Page, complaints: list[str]
):
    store = empty.server.store
    await tab.goto(f"{empty.url}/console")
    await expect(tab.locator("[data-status]")).to_have_text("Live")
    await expect(tab.locator("#logins")).to_contain_text("No login yet.")
    await store.logins.record(A_REFUSAL)
    await expect(tab.locator("#logins tbody tr")).to_have_count(1)
    reason = tab.get_by_role("link", name="This code has been used")
    await reason.focus()
    await store.logins.record(
        msgspec.structs.replace(A_REFUSAL, id="evt_01jf" + "0" * 22, result="code_invalid")
    )
    await expect(tab.locator("#logins tbody tr")).to_have_count(2)
    await expect(tab.locator("#logins tbody tr").first).to_contain_text("WeChat does not accept this code")
    await expect(reason).to_be_focused()
    assert complaints == []
    await store.aclose()
    await expect(tab.locator("[data-status]")).to_have_text("The server does not answer")


async def test_times_are_local_for_those_who_run_scripts_and_utc_for_the_others(
    operator: Operator, browser: Browser
):
    where = f"{operator.running.url}/console/people/usr_01jd{0:022}"
    for scripts, shown, zone in (
        (True, "2026-01-01 06:30:00", "Asia/Shanghai"),
        (False, "2025-12-31 22:30:00", "UTC"),
    ):
        context = await browser.new_context(timezone_id="Asia/Shanghai", java_script_enabled=scripts)
        tab = await context.new_page()
        await tab.goto(where)
        since = tab.locator(".facts time").first
        await expect(since).to_have_attribute("datetime", "2025-12-31T22:30:00Z")
        await expect(since).to_have_text(shown)
        await expect(tab.locator(".facts [data-zone]")).to_have_text(zone)
        await context.close()
