"""Does a website's QR page wait for the phone, and go where the phone's answer says?"""

import pytest

from tests.emulator.oauth import CALLBACK, qrconnect_link, returned, ticket


@pytest.fixture
def website(wechat):
    return wechat.app("demo-web")


@pytest.fixture
def page(wechat, ask, website):
    """`page()`: the page with the QR code."""

    def opening(headers=None, **changed):
        return ask(wechat.url, qrconnect_link(**{"appid": website.appid, **changed}), headers=headers or {})

    return opening


@pytest.fixture
def progress(wechat, ask):
    return lambda page: ask(wechat.url, f"/connect/l/qrconnect?ticket={ticket(page)}").json


@pytest.fixture
def scan(wechat, ask):
    return lambda page: ask(wechat.url, f"/connect/confirm?ticket={ticket(page)}")


@pytest.fixture
def confirm(wechat, ask):
    def confirming(page, person="xiaoming", answer="allow", **headers):
        sent = {"Content-Type": "application/x-www-form-urlencoded", **headers}
        body = f"ticket={ticket(page)}&person={person}&answer={answer}".encode()
        return ask(wechat.url, "/connect/confirm", method="POST", body=body, headers=sent)

    return confirming


def test_scan_and_confirm_bring_the_page_back_with_a_code(wechat, page, progress, scan, confirm):
    shown = page(state="Xyz09")
    assert shown.status == 200
    assert progress(shown) == {"status": "waiting", "location": None}
    assert "Demo website" in scan(shown).body.decode()
    assert progress(shown) == {"status": "scanned", "location": None}
    assert confirm(shown, "sam").status == 200
    told = progress(shown)
    assert told["status"] == "allowed"
    assert told["location"].startswith(f"{CALLBACK}?code=")
    assert told["location"].endswith("&state=Xyz09")
    assert [code["person"] for code in wechat.state()["oauth_codes"]] == ["sam"]


def test_declining_brings_the_page_back_with_the_state_alone(page, progress, confirm):
    shown = page(state="s")
    confirm(shown, answer="deny")
    assert progress(shown) == {"status": "denied", "location": f"{CALLBACK}?state=s"}


def test_after_declining_the_page_may_have_to_stay(wechat, page, progress, confirm):
    wechat.switch(oauth_refusal="stay")
    shown = page()
    confirm(shown, answer="deny")
    assert progress(shown) == {"status": "denied", "location": None}


def test_a_second_tap_changes_nothing(wechat, page, progress, confirm):
    shown = page()
    confirm(shown)
    before = progress(shown)
    confirm(shown, "sam", "deny")
    assert progress(shown) == before
    assert len(wechat.state()["oauth_codes"]) == 1


def test_a_scanned_code_cannot_be_opened_again_after_the_answer(page, scan, confirm):
    shown = page()
    confirm(shown)
    assert b"<form" not in scan(shown).body


def test_a_qr_code_expires(wechat, page, progress, scan, confirm):
    wechat.freeze()
    shown = page()
    wechat.advance(299)
    assert progress(shown)["status"] == "waiting"
    wechat.advance(1)
    assert progress(shown)["status"] == "expired"
    assert b"<form" not in scan(shown).body
    confirm(shown)
    assert wechat.state()["oauth_codes"] == []
    wechat.switch(qr_life=301)
    assert progress(shown)["status"] == "waiting"


def test_a_code_nobody_drew_is_expired(wechat, ask):
    told = ask(wechat.url, "/connect/l/qrconnect?ticket=x").json
    assert told == {"status": "expired", "location": None}


def test_another_page_cannot_confirm(wechat, page, progress, confirm):
    shown = page()
    confirm(shown, Origin="http://evil.example")
    assert progress(shown)["status"] == "waiting"
    confirm(shown, Origin=wechat.url)
    assert progress(shown)["status"] == "allowed"


def test_a_consent_sheet_of_an_account_is_no_qr_code(wechat, ask, scan, confirm):
    from tests.emulator.oauth import authorize_link

    sheet = ask(wechat.url, authorize_link(wechat.app("demo-oa").appid, scope="snsapi_userinfo"))
    assert b"<form" not in scan(sheet).body
    confirm(sheet)
    assert wechat.state()["oauth_codes"] == []


@pytest.mark.parametrize(("consent", "names"), [("allow", ["code", "state"]), ("deny", ["state"])])
def test_the_owner_can_answer_for_everybody(wechat, page, consent, names):
    wechat.browser(consent=consent)
    assert list(returned(page())) == names


@pytest.mark.parametrize(
    "changed",
    [
        {"appid": None},
        {"appid": "wx00000000000000ff"},
        {"appid": "wx00000000000000b2"},
        {"redirect_uri": "https://elsewhere.example/"},
        {"redirect_uri": None},
        {"response_type": "token"},
        {"scope": "snsapi_userinfo"},
        {"scope": None},
        {"state": "x" * 129},
    ],
)
def test_whatever_is_wrong_wechat_has_one_sentence(page, changed):
    refused = page(**changed)
    assert refused.status == 200
    assert "该链接无法访问" in refused.body.decode()
    assert refused.headers["x-emulator-hint"].endswith(".")


def test_the_order_of_the_parameters_does_not_matter(wechat, ask, website):
    path, _, query = qrconnect_link(website.appid).partition("?")
    assert ticket(ask(wechat.url, f"{path}?{'&'.join(reversed(query.split('&')))}"))


@pytest.mark.parametrize(
    ("lang", "accept", "words"),
    [
        ("cn", "en", "微信登录"),
        ("en", "zh-CN", "Sign in"),
        (None, "zh-CN", "微信登录"),
        ("fr", "zh-CN", "微信登录"),
    ],
)
def test_the_link_chooses_the_language(page, lang, accept, words):
    assert words in page({"Accept-Language": accept}, lang=lang).body.decode()


def test_what_the_pages_ask_for_themselves_is_no_call_of_an_app(wechat, ask, page, progress):
    shown = page()
    wechat.clear_calls()
    wechat.fail("*", errcode=-1)
    assert progress(shown)["status"] == "waiting"
    assert ask(wechat.url, "/connect/assets/pages.css").headers["content-type"].startswith("text/css")
    assert wechat.calls() == []
    assert b"-1" in ask(wechat.url, "/sns/userinfo").body


@pytest.mark.parametrize("origin", ["http://[::1", "null", "http://", "x" * 5000])
def test_an_origin_that_is_none_confirms_nothing(page, progress, confirm, origin):
    shown = page()
    assert confirm(shown, Origin=origin).status == 200
    assert progress(shown)["status"] == "waiting"


def test_a_host_longer_than_a_qr_code_can_hold_is_cut(page):
    assert ticket(page({"Host": "h" * 9000}))
