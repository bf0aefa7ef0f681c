"""The flight recorder's pages: what is searched is found, a report names nobody, harm in a name does none."""

import msgspec
import pytest
import pytest_asyncio
from axe_playwright_python.async_playwright import Axe  # type: ignore[import-untyped]

from lingpai.clock import MINUTE
from lingpai.ids import new_id
from lingpai.model import Client, LoginEvent, Step, Timeline, TimelinePage
from lingpai.testing.clock import A_MOMENT
from tests.console.conftest import POLICY_WATCH
from tests.console.people import APPS, SCRIPT, a_login, user_id
from tests.console.test_looks import looked_at

pytestmark = pytest.mark.asyncio(loop_scope="module")

AT = A_MOMENT - 3 * MINUTE
OPENID = "oAbCdEfGhIjKlMnOpQrStUvWxYz0"
AGENT = f"Mozilla/5.0 {SCRIPT} {OPENID} 13800138000 \u202eevil {user_id(0)} 203.0.113.77"
REFUSED = new_id("evt", AT, b"refused-01")
GRANTED = new_id("evt", AT + 1, b"granted-01")
BARE = new_id("evt", AT + 2, b"bare-line1")
REQUEST = "0123456789abcdef0123456789abcdef"  # as nginx writes them
RID = "696f2d1c-0a1b2c3d-4e5f6a7b"
STEPS = (
    Step("read", 0, 800, {"bytes": 90}),
    Step(
        "wechat",
        1_000,
        81_000,
        {
            "endpoint": "SNS_JSCODE2SESSION",
            "host": "api2.weixin.qq.com",
            "waited": 20_000,
            "outcome": "refused",
            "errcode": 40029,
            "rid": RID,
        },
    ),
    Step("answered", 81_300, 81_500, {"status": 401}),
)


def a_line(event_id, at, **changes):
    line = LoginEvent(
        id=event_id,
        at=at,
        appid=APPS[0].appid,
        result="code_invalid",
        request_id=REQUEST,
        duration_ms=81,
        user_id=user_id(1),
        session_id=a_login(1).session_id,
        errcode=40029,
        rid=RID,
    )
    return msgspec.structs.replace(line, **changes)


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def recorded(running):
    """The server, with three attempts that have all there is to see."""
    store = running.server.store
    await store.logins.record(a_line(REFUSED, AT))
    granted = {"result": "given_again", "errcode": None, "rid": None, "request_id": "given-again"}
    await store.logins.record(a_line(GRANTED, AT + 1, **granted))
    unknown = {"appid": "", "result": "a_code_of_a_later_release", "user_id": None, "session_id": None}
    await store.logins.record(a_line(BARE, AT + 2, kind="phone", request_id="bare-line", **unknown))
    client = Client(AGENT, "203.0.113.0/24", "miniprogram/1.2", False)
    commit = Step("commit", 300, 4_300, {"batch": 3, "waited": 1_000})
    timelines = [
        Timeline(REFUSED, client, STEPS),
        Timeline(GRANTED, Client(), (commit, Step("a step of a later release", 4_300, 4_400))),
    ]
    body = msgspec.msgpack.encode(timelines)
    await store.flights.keep([TimelinePage(id="pge_1", first_at=AT, last_at=AT + 1, body=body)], [])
    return running


async def rows(http, recorded, **filters):
    """The lines a search shows, by the end of their id."""
    answer = await http.get(f"{recorded.url}/console/logins", params=filters)
    assert answer.status_code == 200, answer.text
    return [
        part.split('"', 1)[0] for part in answer.text.split('<tr role="row" id="')[1:] if part[:4] == "evt_"
    ]


async def test_every_filter_finds_what_fits_and_nothing_else(recorded, http):
    every = await rows(http, recorded)
    assert every[:3] == [BARE, GRANTED, REFUSED]
    assert await rows(http, recorded, q=REQUEST) == [REFUSED]
    assert await rows(http, recorded, q=REFUSED) == [REFUSED]
    assert set(await rows(http, recorded, q=a_login(1).openid)) == {REFUSED, GRANTED, a_login(1).event_id}
    assert await rows(http, recorded, q="nobody of this name") == []
    assert await rows(http, recorded, kind="phone") == [BARE]
    assert REFUSED in await rows(http, recorded, code="40029")
    assert REFUSED in await rows(http, recorded, code="code_invalid", result="refused", app=APPS[0].appid)
    assert await rows(http, recorded, code="code_invalid", app=APPS[1].appid) == []
    assert await rows(http, recorded, result="given_again") == [GRANTED]
    assert REFUSED not in await rows(http, recorded, result="signed_in")
    assert await rows(http, recorded, since="hour") == [BARE, GRANTED, REFUSED]
    assert await rows(http, recorded, app="wxNobodys") == []


@pytest.mark.parametrize(
    "value", ["'", "%", '"><script>', "\u202e\u0000x", "9" * 40, "-", "{q}", "a" * 5_000, "٣", "²"]
)
async def test_no_filter_breaks_the_page(recorded, http, value):
    for name in ("q", "app", "kind", "result", "code", "since", "before"):
        answer = await http.get(f"{recorded.url}/console/logins", params={name: value})
        assert answer.status_code == 200
        assert "<script>" not in answer.text.replace('<script src="', "")


async def test_an_attempt_shows_its_steps_its_errcode_and_what_to_do(recorded, http):
    page = (await http.get(f"{recorded.url}/console/logins/{REFUSED}")).text
    for text in ("SNS_JSCODE2SESSION", "api2.weixin.qq.com", "errcode 40029", RID, "80.0", "waited 20.0 ms"):
        assert text in page
    assert "Call wx.login again" in page
    assert f"/console/people/{user_id(1)}" in page
    again = (await http.get(f"{recorded.url}/console/logins/{GRANTED}")).text
    assert "together with 2 more" in again
    assert "the same session" in again
    bare = (await http.get(f"{recorded.url}/console/logins/{BARE}")).text
    assert "record_logins" in bare
    assert (await http.get(f"{recorded.url}/console/logins/evt_never")).status_code == 404


@pytest.mark.parametrize("language", ["en", "zh-CN"])
async def test_a_report_names_nobody_and_holds_what_helps(recorded, http, language):
    answer = await http.get(
        f"{recorded.url}/console/logins/{REFUSED}/report.txt", headers={"accept-language": language}
    )
    assert answer.headers["content-type"] == "text/plain; charset=utf-8"
    assert answer.headers["cache-control"] == "no-store"
    for private in (OPENID, "13800138000", user_id(0), user_id(1), "203.0.113", REFUSED, "\u202e", "ses_"):
        assert private not in answer.text
    for text in ("40029", RID, REQUEST, "80.0 ms", "SNS_JSCODE2SESSION", "code_invalid", "Mozilla"):
        assert text in answer.text
    assert ("重新 wx.login" in answer.text) == (language == "zh-CN")
    shown = (await http.get(f"{recorded.url}/console/logins/{REFUSED}")).text
    assert "data-copy=" in shown


@pytest.mark.parametrize("look", [("en", 1280, "light"), ("zh", 375, "dark")], ids=["wide", "narrow"])
async def test_the_pages_look_right_and_axe_finds_nothing_serious(recorded, browser, look):
    language, width, scheme = look
    context = await browser.new_context(
        viewport={"width": width, "height": 900},
        color_scheme="dark" if scheme == "dark" else "light",
        locale="zh-CN" if language == "zh" else "en-GB",
    )
    await context.add_init_script(POLICY_WATCH)
    tab = await context.new_page()
    complaints: list[str] = []
    tab.on("console", lambda said: complaints.append(said.text) if said.type != "log" else None)
    tab.on("pageerror", lambda error: complaints.append(str(error)))
    wrong = []
    for path in (
        "/console/logins",
        "/console/logins?q=nobody",
        f"/console/logins/{REFUSED}",
        f"/console/logins/{GRANTED}",
        f"/console/logins/{BARE}",
    ):
        wrong += await looked_at(tab, recorded.url, path, *look)
        for violation in (await Axe().run(tab)).response["violations"]:
            if violation["impact"] in ("serious", "critical"):
                wrong.append(f"{path}: {violation['id']} {violation['nodes'][0]['html'][:150]}")
    assert wrong + complaints == []
    assert await tab.title() != "stolen"
    await context.close()


async def test_a_new_attempt_appears_without_a_reload(recorded, tab):
    await tab.goto(f"{recorded.url}/console/logins")
    fresh = new_id("evt", AT + 50, b"fresh-line")
    await recorded.server.store.logins.record(a_line(fresh, AT + 50, request_id="fresh"))
    await tab.wait_for_selector(f"tr#{fresh}", timeout=10_000)
    await tab.click(f"tr#{fresh} a.when")
    await tab.wait_for_url(f"**/console/logins/{fresh}")
