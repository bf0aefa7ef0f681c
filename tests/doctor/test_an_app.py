"""What the doctor says of an app: each credential told apart, the lines to copy, no token ended."""

import msgspec
import pytest

from lingpai.errors import Problem
from lingpai.model import Actor

MP, OA, WEB = "demo-mp", "demo-oa", "demo-web"
TESTER = Actor("cli", "test", "test")


@pytest.fixture
def doctor(stack):
    return stack.running.server.rooms.doctor


async def codes(doctor, app):
    return {finding.code: finding for finding in await doctor.app(app)}


def said(finding):
    """All its sentences in both languages."""
    words = (finding.title, finding.cause, finding.fix)
    return "\n".join(each.say(language, finding.facts) for each in words for language in ("en", "zh"))


async def put(stack, app, **settings):
    held = await stack.running.server.rooms.directory.get(app)
    changed = msgspec.structs.replace(held.app.settings, **settings)
    await stack.store.apps.put_settings(held.app.appid, changed)


@pytest.mark.parametrize("app", [MP, OA, WEB])
async def test_a_healthy_app_has_no_fault(doctor, app):
    found = await codes(doctor, app)
    assert "login_ok" in found
    assert ("token_ok" in found) == (app != WEB)
    assert ("ticket_ok" in found) == (app == OA)
    assert [code for code, finding in found.items() if finding.level == "fault"] == []


async def test_examining_ends_no_token_and_forces_none(stack, doctor):
    await put(stack, MP, token_kind="legacy")
    rooms = stack.running.server.rooms
    await rooms.directory.reload()
    before = await rooms.tokens.get(rooms.directory.known(MP))
    stack.wechat.clear_calls()
    found = await codes(doctor, MP)
    assert found["token_kept"].facts["kind"] == "legacy"
    assert stack.wechat.calls("/cgi-bin/token") == []
    assert [call["json"].get("force_refresh") for call in stack.wechat.calls("/cgi-bin/stable_token")] == [
        False
    ]
    stack.wechat.advance(400)  # longer than a former token is honoured
    told = await stack.http.get("/healthz")
    assert told.status_code == 200
    probe = await rooms.tokens.report(rooms.directory.known(MP), before.generation, 40001)
    assert probe.outcome == "good"


async def test_a_wrong_appsecret_is_told_for_each_credential(stack, doctor):
    stack.wechat.set_app(MP, secret="f" * 32)
    findings = await doctor.app(MP)
    wrong = [finding for finding in findings if finding.code == "secret_wrong"]
    assert [finding.facts["credential"].en for finding in wrong] == ["logins", "access_token"]
    assert "rotate-secret" in said(wrong[0])
    assert all(f"…{stack.wechat.app('demo-oa').secret}" not in said(each) for each in findings)


@pytest.mark.parametrize(
    ("fault", "code"),
    [
        ({"errcode": 40013}, "appid_unknown"),
        ({"errcode": 40243}, "secret_frozen"),
        ({"errcode": 50002}, "account_restricted"),
        ({"errcode": 89503}, "ip_unconfirmed"),
        ({"errcode": 45009}, "credential_untried"),
        ({"errcode": -1}, "credential_untried"),
        ({"close": "before"}, "credential_untried"),
        ({"errcode": 48001}, "credential_refused"),
        ({"status": 502}, "credential_untried"),
    ],
)
async def test_each_refusal_of_a_token_has_its_own_finding(stack, doctor, fault, code):
    stack.wechat.fail("/cgi-bin/stable_token", 1, **fault)
    found = await codes(doctor, MP)
    assert code in found
    assert "token_ok" not in found
    assert "login_ok" in found


@pytest.mark.parametrize("errcode", [40164, 61004])
async def test_the_address_to_allow_stands_ready_to_copy(stack, doctor, errcode):
    stack.wechat.egress("203.0.113.7")
    stack.wechat.set_app(OA, ip_allow_list=["198.51.100.1"], ip_errcode=errcode)
    finding = (await codes(doctor, OA))["ip_not_allowed"]
    text = said(finding)
    assert "mp.weixin.qq.com" in text
    assert ("203.0.113.7" in text) == (errcode == 40164)  # 61004 names no address


async def test_an_account_without_the_js_sdk_is_told(stack, doctor):
    stack.wechat.set_app(OA, unauthorized=["/cgi-bin/ticket/getticket"])
    assert (await codes(doctor, OA))["ticket_refused"].facts["errcode"] == "48001"


async def test_a_token_that_others_take_away_is_told(stack, doctor):
    rooms = stack.running.server.rooms
    held = rooms.directory.known(MP)
    token = await rooms.tokens.get(held)
    stack.wechat.rogue(MP, "stable_token", force_refresh=True)
    await rooms.tokens.report(held, token.generation, 40001)
    assert (await codes(doctor, MP))["token_taken"].facts["times"] == "1"


async def test_an_app_without_an_open_platform_account_is_told(stack, doctor):
    await stack.running.server.rooms.apps.remove(MP, by=TESTER)
    await stack.running.server.rooms.apps.add(
        appid=stack.wechat.app(MP).appid,
        secret=stack.running.server.rooms.directory.known(MP).secret,
        slug=MP,
        kind="miniprogram",
        by=TESTER,
    )
    assert (await codes(doctor, MP))["unionid_unbound"].facts["apps"] == "3"
    assert "unionid_bound" in await codes(doctor, OA)


async def test_an_app_that_there_is_not_is_a_problem(doctor):
    with pytest.raises(Problem, match="app_unknown"):
        await doctor.app("nowhere")
