"""Do the controls of web authorization steer it, and say what is wrong when they cannot?"""

import pytest

from lingpai_emulator.client import EmulatorError
from tests.emulator.oauth import authorize_link, ticket


def test_the_browser_is_told_as_it_is_set_and_reset_to_its_defaults(wechat, control):
    defaults = {
        "person": None,
        "consent": "ask",
        "entry": "link",
        "snapshot": False,
        "double_callback": False,
    }
    assert control("GET", "/browser").json == defaults
    assert wechat.browser(person="sam", entry="chat") == defaults | {"person": "sam", "entry": "chat"}
    assert wechat.browser(snapshot=True)["person"] == "sam"
    assert wechat.state()["browser"] == control("GET", "/browser").json
    wechat.reset()
    assert control("GET", "/browser").json == defaults


@pytest.mark.parametrize(
    ("wrong", "status", "sentence"),
    [
        ({"person": "nobody"}, 404, "nobody"),
        ({"person": "no body"}, 400, "person"),
        ({"consent": "perhaps"}, 400, "consent"),
        ({"entry": "door"}, 400, "entry"),
        ({"turn": 3}, 400, "turn"),
        ({"snapshot": "yes"}, 400, "snapshot"),
    ],
)
def test_a_browser_that_cannot_be_changes_nothing(wechat, control, wrong, status, sentence):
    before = control("GET", "/browser").json
    refused = control("POST", "/browser", wrong)
    assert refused.status == status
    assert sentence in refused.json["error"]
    assert control("GET", "/browser").json == before


def test_nobody_in_particular_is_the_first_person_again(wechat, ask):
    link = authorize_link(wechat.app("demo-oa").appid)
    for person in ("sam", None):
        wechat.browser(person=person)
        ask(wechat.url, link)
    assert [code["person"] for code in wechat.state()["oauth_codes"]] == ["sam", "xiaoming"]


@pytest.mark.parametrize(
    ("asked", "status", "sentence"),
    [
        ({"app": "demo-mp"}, 400, "wx.login"),
        ({"app": "demo-oa", "scope": "snsapi_login"}, 400, "snsapi_base, snsapi_userinfo"),
        ({"app": "demo-web", "scope": "snsapi_base"}, 400, "snsapi_login"),
        ({"app": "demo-oa", "scope": "snsapi_all"}, 400, "scope"),
        ({"app": "demo-xx"}, 404, "demo-xx"),
        ({"person": "nobody"}, 404, "nobody"),
    ],
)
def test_a_code_that_cannot_be_is_refused_in_a_sentence(wechat, asked, status, sentence):
    with pytest.raises(EmulatorError, match=sentence) as refused:
        wechat.oauth_code(**asked)
    assert refused.value.status == status
    assert wechat.state()["oauth_codes"] == []


def test_the_state_lists_codes_questions_and_tokens_masked(wechat, ask):
    wechat.freeze()
    app = wechat.app("demo-oa")
    code = wechat.oauth_code("sam", scope="snsapi_userinfo")
    query = {"appid": app.appid, "secret": app.secret, "code": code, "grant_type": "authorization_code"}
    tokens = ask(wechat.url, "/sns/oauth2/access_token", query=query).json
    page_ticket = ticket(ask(wechat.url, authorize_link(app.appid, scope="snsapi_userinfo")))
    wechat.advance(10)
    state = wechat.state()
    assert state["oauth_codes"] == [
        {
            "code": "…" + code[-4:],
            "appid": app.appid,
            "person": "sam",
            "scope": "snsapi_userinfo",
            "snapshot": False,
            "age": 10.0,
            "state": "used",
        }
    ]
    (consent,) = state["consents"]
    assert consent == {
        "ticket": "…" + page_ticket[-4:],
        "appid": app.appid,
        "scope": "snsapi_userinfo",
        "age": 10.0,
        "status": "waiting",
    }
    assert state["user_tokens"] == [
        {
            "access_token": "…" + tokens["access_token"][-4:],
            "refresh_token": "…" + tokens["refresh_token"][-4:],
            "appid": app.appid,
            "person": "sam",
            "openid": tokens["openid"],
            "scope": "snsapi_userinfo",
            "snapshot": False,
            "expires_in": 7190.0,
            "refresh_expires_in": 2_591_990.0,
            "revoked": False,
        }
    ]


def test_a_seed_repeats_codes_tokens_and_tickets(wechat, ask):
    def run():
        wechat.reset(seed=7)
        wechat.freeze(1_790_000_000)
        link = authorize_link(wechat.app("demo-oa").appid, scope="snsapi_userinfo")
        return wechat.oauth_code(), ask(wechat.url, link).body, wechat.login()

    assert run() == run()


def test_oauth_does_not_change_the_codes_of_wx_login(wechat):
    wechat.reset(seed=7)
    first = wechat.login()
    wechat.reset(seed=7)
    wechat.oauth_code()
    assert wechat.login() == first


@pytest.mark.parametrize("domain", ["h5.example.com", "127.0.0.1:8000", None])
def test_an_app_keeps_its_domain_and_standing(wechat, domain):
    app = wechat.add_app("wx00000000000000b2", redirect_domain=domain, standing="test")
    assert (app.redirect_domain, app.standing) == (domain, "test")
    assert wechat.app("demo-oa") == app


@pytest.mark.parametrize("domain", ["https://h5.example.com", "h5.example.com/", "a b", ""])
def test_a_domain_that_is_no_host_is_refused(wechat, domain):
    with pytest.raises(EmulatorError, match="redirect_domain"):
        wechat.add_app("wx00000000000000b2", redirect_domain=domain)
