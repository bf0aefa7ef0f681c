"""What may a program know of the person who holds the phone, and what may that person refuse?"""

import json

from playwright.async_api import expect

from tests.phone.programs import one_page

TELL = "tell(told) { this.setData({ told: JSON.stringify(told) }) },"
TOLD = '<view data-testid="told">{{told}}</view>'


def button(open_type: str) -> str:
    event = open_type.lower()
    return f'<button open-type="{open_type}" bind{event}="got" data-testid="{open_type}">{open_type}</button>'


async def _told(phone) -> dict:
    return json.loads(await phone.at("told").inner_text())


async def test_a_profile_is_asked_for_in_a_tap_and_may_be_refused(runs, wechat):
    phone = await runs(
        one_page(
            '<button bindtap="login" data-testid="login">l</button><button bindtap="ask" data-testid="ask">a</button><button bindtap="later" data-testid="later">b</button><button bindtap="long" data-testid="long">c</button>'
            + TOLD,
            f"""Page({{ data: {{ told: '' }}, {TELL} login() {{ wx.login({{ complete: (r) => this.tell(r) }}) }},
              ask() {{ wx.getUserProfile({{ desc: 'to greet you', complete: (r) => this.tell(r) }}) }},
              later() {{ wx.login({{ success: () => setTimeout(() => this.ask()) }}) }},
              long() {{ wx.getUserProfile({{ desc: 'x'.repeat(31), complete: (r) => this.tell(r) }}) }} }})""",
        )
    )
    await phone.tap("login")
    await expect(phone.at("told")).to_contain_text("login:ok")
    await phone.tap("ask")
    await expect(phone.page.get_by_test_id("sheet-profile")).to_contain_text("to greet you")
    await phone.choose("profile", "no")
    await expect(phone.at("told")).to_have_text('{"errMsg":"getUserProfile:fail auth deny"}')
    await phone.tap("ask")
    await phone.choose("profile", "yes")
    await expect(phone.at("told")).to_contain_text("getUserProfile:ok")
    told = await _told(phone)
    assert told["userInfo"]["nickName"] == "微信用户"
    assert {"rawData", "signature", "encryptedData", "iv"} <= set(told)
    await phone.tap("later")
    await expect(phone.at("told")).to_contain_text("can only be invoked by user TAP gesture")
    await phone.tap("long")
    await expect(phone.at("told")).to_contain_text("desc length does not meet the requirements")


async def test_the_phone_button_gives_a_code_of_its_own(runs):
    phone = await runs(
        one_page(
            button("getPhoneNumber") + TOLD,
            f"Page({{ data: {{ told: '' }}, {TELL} onLoad() {{ wx.login() }}, got(e) {{ this.tell(e.detail) }} }})",
        )
    )
    await phone.tap("getPhoneNumber")
    await expect(phone.page.get_by_test_id("phone-number")).to_contain_text("****")
    await phone.choose("phone", "no")
    await expect(phone.at("told")).to_contain_text("getPhoneNumber:fail user deny")
    assert "code" not in await _told(phone)
    await phone.tap("getPhoneNumber")
    await phone.choose("phone", "yes")
    await expect(phone.at("told")).to_contain_text("getPhoneNumber:ok")
    assert (await _told(phone))["code"]


async def test_a_session_is_checked_and_info_is_given_without_asking(runs, wechat):
    phone = await runs(
        one_page(
            '<button bindtap="go" data-testid="go">go</button>' + TOLD,
            f"""Page({{ data: {{ told: '' }}, {TELL} go() {{ const steps = ['checkSession', 'login', 'checkSession', 'getUserInfo'];
              wx[steps[this.n = (this.n ?? -1) + 1]]({{ withCredentials: true, complete: (r) => this.tell(r) }}) }} }})""",
        )
    )
    for said in ("checkSession:fail", "login:ok", "checkSession:ok", "getUserInfo:ok"):
        await phone.tap("go")
        await expect(phone.at("told")).to_contain_text(said)
    assert (await _told(phone))["encryptedData"]
    await expect(phone.page.locator(".sheets > *")).to_have_count(0)


async def test_privacy_is_asked_for_once_and_a_refusal_is_104(runs):
    phone = await runs(
        one_page(
            button("getPhoneNumber") + '<button bindtap="need" data-testid="need">n</button>' + TOLD,
            f"""Page({{ data: {{ told: '' }}, {TELL} onLoad() {{ wx.login() }}, got(e) {{ this.tell(e.detail) }},
              need() {{ wx.getPrivacySetting({{ complete: (r) => this.tell(r) }}) }} }})""",
            more={"app.json": {"pages": ["pages/a/a"], "__usePrivacyCheck__": True}},
        )
    )
    await phone.tap("need")
    await expect(phone.at("told")).to_contain_text('"needAuthorization":true')
    await phone.tap("getPhoneNumber")
    await phone.choose("privacy", "no")
    await expect(phone.at("told")).to_have_text(
        '{"errMsg":"getPhoneNumber:fail privacy permission is not authorized","errno":104}'
    )
    # For ten seconds nobody is asked again.
    await phone.tap("need", "getPhoneNumber")
    await expect(phone.at("told")).to_contain_text('"errno":104')
    await expect(phone.page.get_by_test_id("sheet-privacy")).to_have_count(0)
    await phone.page.get_by_test_id("app-menu").click()
    await phone.page.get_by_test_id("menu-restart").click()
    await phone.running()
    await phone.tap("getPhoneNumber")
    await phone.choose("privacy", "yes")
    await phone.choose("phone", "yes")
    await expect(phone.at("told")).to_contain_text("getPhoneNumber:ok")
    await phone.tap("need")
    await expect(phone.at("told")).to_contain_text('"needAuthorization":false')


async def test_a_program_may_ask_for_privacy_with_a_sheet_of_its_own(runs):
    phone = await runs(
        one_page(
            '<button bindtap="go" data-testid="go">go</button><button bindtap="cheat" data-testid="cheat">c</button><button id="b" open-type="agreePrivacyAuthorization" bindagreeprivacyauthorization="agreed" data-testid="agree">ok</button>'
            + TOLD,
            f"""let answer; Page({{ data: {{ told: '' }}, {TELL} onLoad() {{ wx.onNeedPrivacyAuthorization((resolve) => {{ answer = resolve }}) }},
              go() {{ wx.requirePrivacyAuthorize({{ complete: (r) => this.tell(r) }}) }}, cheat() {{ answer({{ event: 'agree', buttonId: 'b' }}) }},
              agreed() {{ answer({{ event: 'agree', buttonId: 'b' }}) }} }})""",
            more={"app.json": {"pages": ["pages/a/a"], "__usePrivacyCheck__": True}},
        )
    )
    await phone.tap("go", "cheat")
    await expect(phone.at("told")).to_contain_text("requirePrivacyAuthorize:fail")
    await phone.tap("go", "agree")
    await expect(phone.at("told")).to_contain_text("requirePrivacyAuthorize:ok")


async def test_a_nickname_is_picked_or_typed(runs):
    phone = await runs(
        one_page(
            '<form bindsubmit="send"><input type="nickname" name="n" data-testid="n"/><button form-type="submit" data-testid="send">s</button></form>'
            + TOLD,
            f"Page({{ data: {{ told: '' }}, {TELL} send(e) {{ this.tell(e.detail.value.n) }} }})",
        )
    )
    await phone.at("n").locator("input").click()
    await phone.choose("nickname", "own")
    await phone.tap("send")
    await phone.shows("told", '"小明"')
    await phone.at("n").locator("input").click()
    await phone.at("n").locator("input").fill("someone")
    await phone.tap("send")
    await phone.shows("told", '"someone"')


async def test_scopes_are_granted_or_refused_for_good(runs):
    phone = await runs(
        one_page(
            '<button bindtap="go" data-testid="go">go</button><button open-type="openSetting" bindopensetting="got" data-testid="set">s</button>'
            + TOLD,
            f"Page({{ data: {{ told: '' }}, {TELL} got(e) {{ this.tell(e.detail) }}, go() {{ wx.authorize({{ scope: 'scope.record', complete: (r) => this.tell(r) }}) }} }})",
        )
    )
    await phone.tap("go")
    await phone.choose("authorize", "no")
    await expect(phone.at("told")).to_contain_text("authorize:fail auth deny")
    await phone.tap("set")
    await phone.page.get_by_test_id("sheet-settings").get_by_role("checkbox").check()
    await phone.choose("settings", "yes")
    await expect(phone.at("told")).to_contain_text('"scope.record":true')
    await phone.tap("go")
    await expect(phone.at("told")).to_contain_text("authorize:ok")
