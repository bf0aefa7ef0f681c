"""Does an authorization link lead where WeChat's leads: back with a code, to a sheet, or to an error page?"""

import re
from dataclasses import replace
from urllib.parse import urlsplit

import pytest

from tests.emulator.oauth import CALLBACK, authorize_link, number, returned, ticket


@pytest.fixture
def account(wechat):
    return wechat.app("demo-oa")


@pytest.fixture
def follow(wechat, ask):
    """`follow(link)`: opens it, without following the redirect."""

    def following(link, **headers):
        return ask(wechat.url, link, headers={name.replace("_", "-"): text for name, text in headers.items()})

    return following


@pytest.fixture
def answered(wechat, ask):
    """`answered(sheet, person, answer)`: what the sheet's buttons send."""

    def answering(sheet, person="xiaoming", answer="allow", **headers):
        sent = {"Content-Type": "application/x-www-form-urlencoded", **headers}
        body = f"ticket={ticket(sheet)}&person={person}&answer={answer}".encode()
        return ask(wechat.url, "/connect/oauth2/consent", method="POST", body=body, headers=sent)

    return answering


def test_base_goes_back_at_once_with_code_and_state(account, follow):
    back = returned(follow(authorize_link(account.appid, state="Xyz09")))
    assert list(back) == ["code", "state"]
    assert re.fullmatch(r"[0-9A-Za-z]{32}", back["code"])
    assert back["state"] == "Xyz09"


def test_every_visit_gives_a_new_code(account, follow):
    link = authorize_link(account.appid)
    assert returned(follow(link))["code"] != returned(follow(link))["code"]


@pytest.mark.parametrize(
    ("redirect_uri", "begins", "ends"),
    [
        ("http://127.0.0.1:9", "http://127.0.0.1:9/?code=", "&state=s"),
        ("http://127.0.0.1:9?", "http://127.0.0.1:9/?code=", "&state=s"),
        ("http://127.0.0.1:9/a?b=1&c=%2F", "http://127.0.0.1:9/a?b=1&c=%2F&code=", "&state=s"),
        ("http://127.0.0.1:9/a?b&", "http://127.0.0.1:9/a?b&code=", "&state=s"),
        ("http://127.0.0.1:9/#/page?x=1", "http://127.0.0.1:9/?code=", "&state=s#/page?x=1"),
        (
            "http://127.0.0.1:9/小明?名=明",
            "http://127.0.0.1:9/%E5%B0%8F%E6%98%8E?%E5%90%8D=%E6%98%8E&code=",
            "=s",
        ),
        ("http://[::1]:9/a", "http://[::1]:9/a?code=", "&state=s"),
        ("https://h5.localhost:9443/a", "https://h5.localhost:9443/a?code=", "&state=s"),
    ],
)
def test_code_and_state_stand_behind_the_query_and_before_the_fragment(
    account, follow, redirect_uri, begins, ends
):
    location = follow(authorize_link(account.appid, redirect_uri=redirect_uri, state="s")).headers["location"]
    assert location.startswith(begins)
    assert location.endswith(ends)


def test_a_link_without_a_state_gets_an_empty_one_back(account, follow):
    assert returned(follow(authorize_link(account.appid, state=None)))["state"] == ""


def test_userinfo_asks_and_goes_back_once_allowed(account, follow, answered):
    sheet = follow(authorize_link(account.appid, scope="snsapi_userinfo"))
    assert sheet.status == 200
    assert "text/html" in sheet.headers["content-type"]
    assert list(returned(answered(sheet))) == ["code", "state"]


def test_a_second_tap_on_allow_leads_to_the_same_place(account, follow, answered):
    sheet = follow(authorize_link(account.appid, scope="snsapi_userinfo"))
    assert answered(sheet).headers["location"] == answered(sheet, answer="deny").headers["location"]


def test_who_refuses_goes_back_with_the_state_alone(account, follow, answered):
    sheet = follow(authorize_link(account.appid, scope="snsapi_userinfo", state="left"))
    assert returned(answered(sheet, answer="deny")) == {"state": "left"}


def test_who_refuses_may_have_to_stay(wechat, account, follow, answered):
    wechat.switch(oauth_refusal="stay")
    sheet = follow(authorize_link(account.appid, scope="snsapi_userinfo"))
    refused = answered(sheet, answer="deny")
    assert refused.status == 200
    assert "location" not in refused.headers


def test_a_sheet_is_over_after_ten_minutes(wechat, account, follow, answered):
    wechat.freeze()
    sheet = follow(authorize_link(account.appid, scope="snsapi_userinfo"))
    wechat.advance(600)
    assert answered(sheet).status == 200
    assert wechat.state()["oauth_codes"] == []


@pytest.mark.parametrize("origin", ["http://evil.example", "null", "http://127.0.0.1:1"])
def test_a_sheet_cannot_be_answered_from_another_page(wechat, account, follow, answered, origin):
    sheet = follow(authorize_link(account.appid, scope="snsapi_userinfo"))
    assert answered(sheet, Origin=origin).status == 200
    assert wechat.state()["oauth_codes"] == []
    assert answered(sheet, Origin=wechat.url).status == 302


def test_a_sheet_cannot_be_answered_by_a_link(wechat, account, follow):
    sheet = follow(authorize_link(account.appid, scope="snsapi_userinfo"))
    link = f"/connect/oauth2/consent?ticket={ticket(sheet)}&person=xiaoming&answer=allow"
    assert follow(link).status == 200
    assert wechat.state()["oauth_codes"] == []


def test_a_made_up_ticket_or_person_opens_nothing(wechat, account, follow, answered):
    sheet = follow(authorize_link(account.appid, scope="snsapi_userinfo"))
    assert answered(sheet, person="nobody").status == 200
    made_up = replace(sheet, body=sheet.body.replace(ticket(sheet).encode(), b"0" * 22))
    assert answered(made_up).status == 200
    assert wechat.state()["oauth_codes"] == []
    assert answered(sheet).status == 302


@pytest.mark.parametrize(("consent", "names"), [("allow", ["code", "state"]), ("deny", ["state"])])
def test_the_owner_can_answer_for_everybody(wechat, account, follow, consent, names):
    wechat.browser(consent=consent)
    assert list(returned(follow(authorize_link(account.appid, scope="snsapi_userinfo")))) == names


def test_a_follower_from_the_chat_is_not_asked(wechat, account, follow):
    link = authorize_link(account.appid, scope="snsapi_userinfo")
    wechat.browser(person="xiaoming", entry="chat")
    assert "code" in returned(follow(link))
    wechat.browser(person="xiaohong")
    assert follow(link).status == 200
    wechat.browser(person="xiaoming", entry="link")
    assert follow(link).status == 200


def test_the_browser_remembers_who_was_chosen_until_the_owner_names_somebody(
    wechat, account, follow, answered
):
    sheet = follow(authorize_link(account.appid, scope="snsapi_userinfo"))
    cookie = answered(sheet, person="sam").headers["set-cookie"]
    assert cookie.endswith("; Path=/connect; HttpOnly; SameSite=Lax")
    remembered = cookie.partition(";")[0]
    follow(authorize_link(account.appid), Cookie=f"other=1; {remembered}; more=2")
    follow(authorize_link(account.appid))
    wechat.browser(person="xiaohong")
    follow(authorize_link(account.appid), Cookie=remembered)
    people = [code["person"] for code in wechat.state()["oauth_codes"]]
    assert people == ["sam", "sam", "xiaoming", "xiaohong"]


@pytest.mark.parametrize("cookie", ["emulator_person=0.nobody", "emulator_person=", "emulator_person=9.sam"])
def test_a_cookie_that_names_nobody_is_no_cookie(wechat, account, follow, cookie):
    follow(authorize_link(account.appid), Cookie=cookie)
    assert [code["person"] for code in wechat.state()["oauth_codes"]] == ["xiaoming"]


@pytest.mark.parametrize(
    ("changed", "expected"),
    [
        ({"appid": ""}, 10012),
        ({"appid": "wx00000000000000c3"}, 10016),
        ({"appid": "wx00000000000000a1"}, 10005),
        ({"redirect_uri": None}, 10011),
        ({"redirect_uri": ""}, 10011),
        ({"redirect_uri": "https://elsewhere.example/"}, 10003),
        ({"scope": None}, 10010),
        ({"scope": "snsapi_login"}, 10005),
        ({"state": ""}, 10013),
        ({"component_appid": "wx00000000000000ff"}, 10015),
    ],
)
def test_a_link_that_is_not_in_order_gets_wechats_number(account, follow, changed, expected):
    link = authorize_link(**{"appid": account.appid, **changed})
    page = follow(link)
    assert (page.status, number(page)) == (200, expected)
    assert "location" not in page.headers


@pytest.mark.parametrize(
    ("changed", "words"),
    [
        ({"appid": "wx00000000000000ff"}, "AppID 参数错误"),
        ({"state": "x" * 129}, "state 参数错误"),
        ({"state": "with-dash"}, "state 参数错误"),
        ({"response_type": "token"}, "response_type 参数错误"),
    ],
)
def test_some_links_get_words_without_a_number(account, follow, changed, words):
    page = follow(authorize_link(**{"appid": account.appid, **changed}))
    assert number(page) is None
    assert words in page.body.decode()


@pytest.mark.parametrize(
    ("standing", "expected"), [("unverified", 10005), ("test", 10006), ("verified", None)]
)
def test_the_accounts_standing_decides(wechat, account, follow, standing, expected):
    wechat.add_app(account.appid, standing=standing)
    wechat.browser(person="xiaohong")
    assert number(follow(authorize_link(account.appid))) == expected


def test_a_restricted_account_is_banned(wechat, account, follow):
    wechat.add_app(account.appid, restriction="frozen")
    assert number(follow(authorize_link(account.appid))) == 10004


def test_a_test_account_lets_its_followers_in_and_no_one_else_on_the_sheet(wechat, account, follow, answered):
    wechat.add_app(account.appid, standing="test")
    sheet = follow(authorize_link(account.appid, scope="snsapi_userinfo"))
    assert number(answered(sheet, person="xiaohong")) == 10006
    assert "code" in returned(answered(sheet, person="xiaoming"))


def test_the_hundred_and_first_authorization_of_a_minute_is_too_many(wechat, account, follow):
    wechat.freeze(0)
    wechat.switch(authorize_quota=2)
    link = authorize_link(account.appid)
    assert [number(follow(link)) for _ in range(3)] == [None, None, 10009]
    wechat.advance(60)
    assert number(follow(link)) is None


def test_a_state_of_128_letters_and_digits_comes_back_whole(account, follow):
    state = "aZ09" * 32
    assert returned(follow(authorize_link(account.appid, state=state)))["state"] == state


def test_other_signs_in_a_state_pass_when_the_switch_says_so(wechat, account, follow):
    wechat.switch(strict_state=False)
    state = "a-b_c.d/&=#明"
    assert returned(follow(authorize_link(account.appid, state=state)))["state"] == state


def test_a_state_can_be_required(wechat, account, follow):
    wechat.switch(state_required=True)
    assert number(follow(authorize_link(account.appid, state=None))) == 10013


def _shuffled(appid):
    path, _, query = authorize_link(appid).partition("?")
    first, second, third, fourth, fifth = query.split("&")
    return f"{path}?{first}&{second}&{fourth}&{third}&{fifth}"


def test_scope_before_response_type_is_refused(wechat, account, follow):
    page = follow(_shuffled(account.appid))
    assert number(page) == 10005
    assert "Scope 参数错误或没有 Scope 权限" in page.body.decode()
    wechat.switch(strict_parameter_order=False)
    assert "code" in returned(follow(_shuffled(account.appid)))


def test_parameters_of_others_may_stand_anywhere(account, follow):
    link = authorize_link(account.appid).replace("?", "?utm=1&") + "&connect_redirect=1"
    assert "code" in returned(follow(link))


def test_the_case_of_a_name_matters(account, follow):
    assert number(follow(authorize_link(account.appid).replace("scope=", "Scope="))) == 10010


def test_the_domain_is_the_very_host_without_a_port(wechat, account, follow):
    wechat.add_app(account.appid, redirect_domain="h5.example.com")
    wechat.switch(localhost_redirects=False)
    refused = {
        uri: number(follow(authorize_link(account.appid, redirect_uri=uri)))
        for uri in (
            "https://h5.example.com/a",
            "http://H5.EXAMPLE.COM/a",
            "https://h5.example.com:443/",
            "https://example.com/",
            "https://www.h5.example.com/",
            "https://h5.example.com.evil.example/",
            CALLBACK,
        )
    }
    assert list(refused.values()) == [None, None, 10003, 10003, 10003, 10003, 10003]


def test_a_domain_with_a_port_wants_that_port(wechat, account, follow):
    wechat.add_app(account.appid, redirect_domain="127.0.0.1:8000")
    wechat.switch(localhost_redirects=False)
    ports = [
        number(follow(authorize_link(account.appid, redirect_uri=f"http://127.0.0.1{p}/")))
        for p in (":8000", "", ":1")
    ]
    assert ports == [None, 10003, 10003]


def test_outside_wechat_there_is_a_page_that_says_so(wechat, account, follow):
    wechat.switch(only_in_wechat=True)
    link = authorize_link(account.appid)
    assert "请在微信客户端打开链接" in follow(link, Accept_Language="zh-CN").body.decode()
    inside = "Mozilla/5.0 (Linux; Android 15) MicroMessenger/8.0.50"
    assert "code" in returned(follow(link, User_Agent=inside))


def test_a_snapshot_page_gives_a_code_without_asking(wechat, account, follow):
    wechat.browser(snapshot=True)
    returned(follow(authorize_link(account.appid, scope="snsapi_userinfo")))
    returned(follow(authorize_link(account.appid, scope="snsapi_base")))
    wechat.switch(snapshot_scopes="all")
    returned(follow(authorize_link(account.appid, scope="snsapi_base")))
    assert [code["snapshot"] for code in wechat.state()["oauth_codes"]] == [True, False, True]


def test_who_was_asked_is_a_real_person_whatever_is_set_meanwhile(wechat, account, follow, answered):
    sheet = follow(authorize_link(account.appid, scope="snsapi_userinfo"))
    wechat.browser(snapshot=True)
    returned(answered(sheet))
    assert wechat.state()["oauth_codes"][0]["snapshot"] is False


def test_a_link_can_force_a_snapshot_page(wechat, account, follow):
    returned(follow(authorize_link(account.appid, scope="snsapi_userinfo", forceSnapShot="true")))
    assert wechat.state()["oauth_codes"][0]["snapshot"] is True
    assert follow(authorize_link(account.appid, scope="snsapi_userinfo", forceSnapShot="false")).status == 200


def test_in_double_callback_mode_the_page_knows_where_to_go(wechat, account, follow):
    wechat.browser(double_callback=True)
    page = follow(authorize_link(account.appid, state="s"))
    assert page.status == 200
    (location,) = re.findall(r'id="callback"[^>]* href="([^"]+)"', page.body.decode())
    assert urlsplit(location).query.startswith("code=")


@pytest.mark.parametrize(
    ("accept", "words"),
    [
        ("zh-CN,zh;q=0.9,en;q=0.8", "昵称"),
        ("en-GB,zh;q=0.5", "nickname"),
        ("", "nickname"),
        ("fr, zh;q=0", "nickname"),
        ("fr-FR, *;q=0.1, zh-TW;q=0.2", "昵称"),
    ],
)
def test_pages_speak_the_readers_language(account, follow, accept, words):
    page = follow(authorize_link(account.appid, scope="snsapi_userinfo"), Accept_Language=accept)
    assert words in page.body.decode()


def test_every_page_keeps_to_itself(wechat, account, follow):
    wechat.browser(double_callback=True)
    for link in (
        authorize_link(account.appid),
        authorize_link(account.appid, scope="snsapi_userinfo"),
        authorize_link(account.appid, scope=None),
        "/connect/confirm?ticket=x",
    ):
        headers = follow(link).headers
        assert headers["cache-control"] == "no-store"
        assert headers["x-frame-options"] == "DENY"
        assert "frame-ancestors 'none'" in headers["content-security-policy"]
        assert "unsafe" not in headers["content-security-policy"]
        assert headers["referrer-policy"] == "same-origin"


def test_a_world_without_people_says_so(ask):
    from lingpai_emulator.background import emulator_thread
    from lingpai_emulator.seed import Seed
    from lingpai_emulator.serving import EmulatorOptions

    with emulator_thread(EmulatorOptions(port=0, phone_port=None, seed=Seed(demo=False))) as empty:
        app = empty.add_app("wx00000000000000b2", kind="official_account")
        assert "no people" in ask(empty.url, authorize_link(app.appid)).headers["x-emulator-hint"]


def test_a_fault_shows_people_an_error_page_and_spares_the_next(wechat, account, follow):
    wechat.fail("/connect/oauth2/authorize", errcode=10009)
    assert number(follow(authorize_link(account.appid))) == 10009
    assert number(follow(authorize_link(account.appid))) is None


def test_the_ledger_tells_where_the_browser_was_sent(wechat, account, follow):
    location = follow(authorize_link(account.appid)).headers["location"]
    assert wechat.calls("/connect/oauth2/authorize")[0]["location"] == location


def test_what_a_link_holds_reaches_no_header_and_no_markup(account, follow):
    for evil in ("wx\r\nSet-Cookie: a=b", '"><script>alert(1)</script>', "\x00\x1b[2J", "{appid}"):
        for name in ("appid", "redirect_uri", "scope", "state"):
            page = follow(authorize_link(**{"appid": account.appid, name: evil}))
            assert page.status == 200
            assert "set-cookie" not in page.headers
            assert b"<script>alert" not in page.body
