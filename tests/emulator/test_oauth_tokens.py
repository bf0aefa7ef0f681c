"""Does an OAuth code become tokens, and do tokens live, renew and end as WeChat's do?"""

import re

import pytest


@pytest.fixture
def account(wechat):
    return wechat.app("demo-oa")


@pytest.fixture
def redeem(wechat, ask):
    """`redeem(code)`: access_token of the demo official account; any parameter may be changed or left out (None)."""

    def redeeming(code=None, /, app="demo-oa", method="GET", **changed):
        known = wechat.app(app)
        query = {
            "appid": known.appid,
            "secret": known.secret,
            "code": code,
            "grant_type": "authorization_code",
            **changed,
        }
        given = {name: value for name, value in query.items() if value is not None}
        return ask(wechat.url, "/sns/oauth2/access_token", query=given, method=method)

    return redeeming


@pytest.fixture
def renew(wechat, ask, account):
    def renewing(token, **changed):
        query = {"appid": account.appid, "grant_type": "refresh_token", "refresh_token": token, **changed}
        given = {name: value for name, value in query.items() if value is not None}
        return ask(wechat.url, "/sns/oauth2/refresh_token", query=given)

    return renewing


@pytest.fixture
def profile(wechat, ask):
    """`profile(tokens)`: sns/userinfo with what an exchange gave."""

    def asking(tokens, path="/sns/userinfo", **changed):
        query = {
            "access_token": tokens["access_token"],
            "openid": tokens["openid"],
            "lang": "zh_CN",
            **changed,
        }
        given = {name: value for name, value in query.items() if value is not None}
        return ask(wechat.url, path, query=given)

    return asking


def test_a_code_of_base_gives_tokens_and_no_unionid(wechat, redeem):
    answer = redeem(wechat.oauth_code())
    assert answer.status == 200
    assert answer.headers["content-type"] == "text/plain"
    assert list(answer.json) == ["access_token", "expires_in", "refresh_token", "openid", "scope"]
    assert (answer.json["expires_in"], answer.json["scope"]) == (7200, "snsapi_base")
    assert re.fullmatch(r"98_[A-Za-z0-9_-]{107}", answer.json["access_token"])


def test_a_code_of_userinfo_gives_the_unionid_too(wechat, redeem):
    answer = redeem(wechat.oauth_code(scope="snsapi_userinfo")).json
    (known,) = (person for person in wechat.people if person["id"] == "xiaoming")
    (identity,) = (one for one in known["identities"] if one["appid"] == "wx00000000000000b2")
    assert (answer["openid"], answer["unionid"]) == (identity["openid"], identity["unionid"])
    assert list(answer)[-2:] == ["scope", "unionid"]


def test_a_website_always_gets_the_unionid(wechat, redeem):
    answer = redeem(wechat.oauth_code(app="demo-web"), app="demo-web").json
    assert answer["scope"] == "snsapi_login"
    assert answer["unionid"] == redeem(wechat.oauth_code(scope="snsapi_userinfo")).json["unionid"]


@pytest.mark.parametrize("without", ["app", "person"])
def test_there_is_no_unionid_where_there_is_no_binding(wechat, redeem, profile, without):
    if without == "app":
        wechat.add_app("wx00000000000000b2", open_platform=None)
    else:
        wechat.add_person(id="xiaoming", unionid=False)
    tokens = redeem(wechat.oauth_code(scope="snsapi_userinfo")).json
    assert "unionid" not in tokens
    assert "unionid" not in profile(tokens).json


@pytest.mark.parametrize(
    ("changed", "errcode"),
    [
        ({"appid": None}, 41002),
        ({"appid": ""}, 41002),
        ({"appid": "wx00000000000000ff"}, 40013),
        ({"secret": None}, 41004),
        ({"secret": "0" * 32}, 40125),
        ({"code": None}, 41008),
        ({"code": "0" * 32}, 40029),
        ({"grant_type": "refresh_token"}, 40002),
        ({"grant_type": None}, 40002),
    ],
)
def test_a_request_that_is_not_in_order_gets_wechats_errcode_and_spares_the_code(
    wechat, redeem, changed, errcode
):
    code = wechat.oauth_code()
    refused = redeem(code, **changed)
    assert (refused.status, refused.errcode) == (200, errcode)
    assert re.search(r", rid: [0-9a-f]{8}-[0-9a-f]{8}-[0-9a-f]{8}\Z", refused.json["errmsg"])
    assert "openid" in redeem(code).json


def test_the_first_thing_wrong_is_told_first(wechat, redeem):
    wrong: dict[str, str | None] = dict.fromkeys(("appid", "secret", "code", "grant_type"))
    told = []
    for name, right in (
        ("appid", "x"),
        ("appid", ...),
        ("secret", "x"),
        ("secret", ...),
        ("code", "x"),
        ("grant_type", ...),
    ):
        told.append(redeem(**wrong).errcode)
        if right is ...:
            del wrong[name]
        else:
            wrong[name] = right
    assert told == [41002, 40013, 41004, 40125, 41008, 40002]
    assert redeem(**wrong).errcode == 40029


def test_a_restricted_account_gets_nothing(wechat, redeem):
    code = wechat.oauth_code()
    wechat.add_app("wx00000000000000b2", restriction="limited")
    assert redeem(code).errcode == 50002


def test_a_code_can_be_exchanged_once(wechat, redeem):
    wechat.freeze()
    code = wechat.oauth_code()
    assert "openid" in redeem(code).json
    assert redeem(code).errcode == 40163
    wechat.advance(300)
    assert redeem(code).errcode == 40029


@pytest.mark.parametrize(("app", "life"), [("demo-oa", 300), ("demo-web", 600)])
def test_a_code_lives_as_long_as_its_kind_of_app_allows(wechat, redeem, app, life):
    wechat.freeze()
    code, late = wechat.oauth_code(app=app), wechat.oauth_code(app=app)
    wechat.advance(life - 1)
    assert "openid" in redeem(code, app=app).json
    wechat.advance(1)
    assert redeem(late, app=app).errcode == 40029


@pytest.mark.parametrize(
    ("switch", "app"), [("oauth_code_life", "demo-oa"), ("website_code_life", "demo-web")]
)
def test_the_life_of_a_code_can_be_set(wechat, redeem, switch, app):
    wechat.freeze()
    wechat.switch(**{switch: 10_000})
    code = wechat.oauth_code(app=app)
    wechat.advance(9_999)
    wechat.oauth_code(app=app)
    assert "openid" in redeem(code, app=app).json


def test_a_failed_exchange_can_burn_the_code(wechat, redeem):
    wechat.switch(failed_exchange_burns_code=True)
    code = wechat.oauth_code()
    redeem(code, secret="0" * 32)
    assert redeem(code).errcode == 40163
    assert wechat.state()["oauth_codes"][0]["state"] == "burnt"


def test_a_code_belongs_to_one_app_and_one_endpoint(wechat, redeem, exchange):
    assert redeem(wechat.oauth_code(), app="demo-web").errcode == 40029
    assert redeem(wechat.login()).errcode == 40029
    assert exchange(wechat.oauth_code()).errcode == 40029


def test_userinfo_tells_the_profile_in_wechats_order(wechat, redeem, profile):
    tokens = redeem(wechat.oauth_code(scope="snsapi_userinfo")).json
    answer = profile(tokens)
    assert answer.headers["content-type"] == "text/plain"
    assert answer.json == {
        "openid": tokens["openid"],
        "nickname": "小明",
        "sex": 0,
        "language": "",
        "city": "",
        "province": "",
        "country": "",
        "headimgurl": answer.json["headimgurl"],
        "privilege": [],
        "unionid": tokens["unionid"],
    }
    order = "openid nickname sex language city province country headimgurl privilege unionid"
    assert " ".join(answer.json) == order
    assert b'"headimgurl":"http:\\/\\/127.0.0.1' in answer.body
    assert "小明".encode() in answer.body


def test_the_picture_is_there_until_it_changes(wechat, ask, redeem, profile):
    tokens = redeem(wechat.oauth_code(scope="snsapi_userinfo")).json
    url = profile(tokens).json["headimgurl"]
    assert url.startswith(f"{wechat.url}/mmopen/vi_32/")
    assert url.endswith("/132")
    path = url.removeprefix(wechat.url)
    picture = ask(wechat.url, path)
    assert picture.headers["content-type"] == "image/svg+xml"
    assert picture.body.startswith(b"<svg")
    assert "sandbox" in picture.headers["content-security-policy"]
    wechat.add_person(id="xiaoming", avatar="https://example.com/me.png")
    assert profile(tokens).json["headimgurl"] == "https://example.com/me.png"
    assert ask(wechat.url, path).status == 404


@pytest.mark.parametrize("avatar", ["data:,x", "data:image/png;base64,!", "data:a/b\r\nX: y;base64,AAAA"])
def test_a_broken_picture_is_not_there(wechat, ask, redeem, profile, avatar):
    wechat.add_person(id="xiaoming", avatar=avatar)
    url = profile(redeem(wechat.oauth_code(scope="snsapi_userinfo")).json).json["headimgurl"]
    assert ask(wechat.url, url.removeprefix(wechat.url)).status == 404


@pytest.mark.parametrize(
    "path",
    [
        "/mmopen/vi_32/",
        "/mmopen/vi_32/x/132",
        "/mmopen/vi_32/xiaoming-0/132",
        "/connect/assets/",
        "/connect/assets/../x",
    ],
)
def test_a_file_that_is_not_there_is_a_404(wechat, ask, path):
    assert ask(wechat.url, path).status == 404


def test_who_has_no_picture_has_an_empty_headimgurl(wechat, redeem, profile):
    wechat.add_person(id="xiaoming", avatar="")
    assert profile(redeem(wechat.oauth_code(scope="snsapi_userinfo")).json).json["headimgurl"] == ""


def test_a_website_may_ask_for_the_profile(wechat, redeem, profile):
    tokens = redeem(wechat.oauth_code("sam", "demo-web"), app="demo-web").json
    assert profile(tokens).json["nickname"] == "Sam"


def test_base_tells_no_profile(wechat, redeem, profile):
    refused = profile(redeem(wechat.oauth_code()).json)
    assert refused.errcode == 48001
    assert refused.json["errmsg"].startswith("api unauthorized, rid: ")


@pytest.mark.parametrize(("path", "unknown"), [("/sns/userinfo", 40001), ("/sns/auth", 40014)])
def test_a_pair_that_does_not_fit_gets_wechats_errcode(wechat, redeem, profile, path, unknown):
    tokens = redeem(wechat.oauth_code(scope="snsapi_userinfo")).json
    assert profile(tokens, path, access_token=None).errcode == 41001
    assert profile(tokens, path, openid=None).errcode == 41009
    assert profile(tokens, path, access_token="98_fake").errcode == unknown
    assert profile(tokens, path, openid="oFAKE").errcode == 40003
    assert profile(tokens, path).errcode in (None, 0)


def test_auth_says_ok_to_a_good_pair(wechat, redeem, profile):
    tokens = redeem(wechat.oauth_code()).json
    assert profile(tokens, "/sns/auth").body == b'{"errcode":0,"errmsg":"ok"}'


def test_an_access_token_ends_after_two_hours(wechat, redeem, profile):
    wechat.freeze()
    tokens = redeem(wechat.oauth_code(scope="snsapi_userinfo")).json
    wechat.advance(7199)
    assert "nickname" in profile(tokens).json
    wechat.advance(1)
    assert profile(tokens).errcode == 42001
    assert profile(tokens, "/sns/auth").errcode == 42001


def test_a_living_access_token_is_prolonged(wechat, redeem, renew, profile):
    wechat.freeze()
    tokens = redeem(wechat.oauth_code(scope="snsapi_userinfo")).json
    wechat.advance(7199)
    renewed = renew(tokens["refresh_token"]).json
    assert renewed == {
        name: tokens[name] for name in ("access_token", "expires_in", "refresh_token", "openid", "scope")
    }
    wechat.advance(7199)
    assert "nickname" in profile(tokens).json


def test_an_expired_access_token_is_replaced(wechat, redeem, renew, profile):
    wechat.freeze()
    tokens = redeem(wechat.oauth_code(scope="snsapi_userinfo")).json
    wechat.advance(7200)
    renewed = renew(tokens["refresh_token"]).json
    assert renewed["access_token"] != tokens["access_token"]
    assert renewed["refresh_token"] == tokens["refresh_token"]
    assert profile(tokens).errcode == 42001
    assert "nickname" in profile(renewed).json


def test_a_refresh_token_ends_after_thirty_days_however_often_it_is_used(wechat, redeem, renew):
    wechat.freeze()
    token = redeem(wechat.oauth_code()).json["refresh_token"]
    wechat.advance(29 * 86_400)
    assert "openid" in renew(token).json
    wechat.advance(86_400)
    assert renew(token).errcode == 42002


@pytest.mark.parametrize(
    ("changed", "errcode"),
    [
        ({"appid": None}, 41002),
        ({"appid": "wx00000000000000ff"}, 40013),
        ({"appid": "wx00000000000000c3"}, 40030),
        ({"grant_type": "authorization_code"}, 40002),
        ({"refresh_token": None}, 41003),
        ({"refresh_token": "98_fake"}, 40030),
    ],
)
def test_a_refresh_that_is_not_in_order_gets_wechats_errcode(wechat, redeem, renew, changed, errcode):
    assert renew(redeem(wechat.oauth_code()).json["refresh_token"], **changed).errcode == errcode


def test_an_apps_own_token_and_a_persons_are_not_each_other(wechat, ask, redeem, profile, fetch_stable):
    tokens = redeem(wechat.oauth_code(scope="snsapi_userinfo")).json
    own = fetch_stable("demo-oa").json["access_token"]
    assert profile(tokens, access_token=own).errcode == 40001
    refused = profile(tokens, "/sns/auth", access_token=own)
    assert refused.errcode == 40014
    assert "the app's own" in refused.headers["x-emulator-hint"]
    query = {"access_token": tokens["access_token"], "openid": tokens["openid"]}
    assert ask(wechat.url, "/cgi-bin/user/info", query=query).errcode == 40001


def test_swapped_tokens_are_named_in_the_hint(wechat, redeem, renew, profile):
    tokens = redeem(wechat.oauth_code(scope="snsapi_userinfo")).json
    assert "swapped" in renew(tokens["access_token"]).headers["x-emulator-hint"]
    assert "swapped" in profile(tokens, access_token=tokens["refresh_token"]).headers["x-emulator-hint"]


def test_a_new_password_ends_all_tokens_of_one_person_in_one_app(wechat, redeem, renew, profile):
    def one(person, app="demo-oa", scope="snsapi_userinfo"):
        return redeem(wechat.oauth_code(person, app, scope), app=app).json

    first, second, other, elsewhere = (
        one("xiaoming"),
        one("xiaoming"),
        one("sam"),
        one("xiaoming", "demo-web", "snsapi_login"),
    )
    assert wechat.revoke("xiaoming") == 2
    assert wechat.revoke("xiaoming") == 0
    assert [profile(tokens).errcode for tokens in (first, second, other, elsewhere)] == [
        42007,
        42007,
        None,
        None,
    ]
    assert renew(first["refresh_token"]).errcode == 42007
    assert "nickname" in profile(one("xiaoming")).json


def test_the_virtual_account_of_a_snapshot_is_nobody(wechat, redeem, profile):
    real = redeem(wechat.oauth_code(scope="snsapi_userinfo")).json
    virtual = redeem(wechat.oauth_code(scope="snsapi_userinfo", snapshot=True)).json
    again = redeem(wechat.oauth_code(scope="snsapi_userinfo", snapshot=True)).json
    assert "is_snapshotuser" not in real
    assert list(virtual)[-2:] == ["is_snapshotuser", "unionid"]
    assert virtual["is_snapshotuser"] == 1
    assert {real["openid"], real["unionid"]}.isdisjoint({virtual["openid"], virtual["unionid"]})
    assert (virtual["openid"], virtual["unionid"]) == (again["openid"], again["unionid"])
    told = profile(virtual).json
    assert (told["nickname"], told["headimgurl"], told["unionid"]) == ("微信用户", "", virtual["unionid"])
    wechat.switch(snapshot_nickname="somebody")
    assert profile(virtual).json["nickname"] == "somebody"


def test_the_lives_of_tokens_can_be_set(wechat, redeem, renew, profile):
    wechat.freeze()
    wechat.switch(user_token_life=60, refresh_token_life=90)
    tokens = redeem(wechat.oauth_code(scope="snsapi_userinfo")).json
    wechat.advance(60)
    assert profile(tokens).errcode == 42001
    wechat.advance(30)
    assert renew(tokens["refresh_token"]).errcode == 42002


def test_what_is_long_over_is_forgotten(wechat, redeem, renew):
    wechat.freeze()
    old = redeem(wechat.oauth_code()).json["refresh_token"]
    wechat.advance(31 * 86_400)
    assert renew(old).errcode == 42002
    redeem(wechat.oauth_code())
    assert renew(old).errcode == 40030
    assert len(wechat.state()["user_tokens"]) == 1


def test_no_token_is_shown_whole(wechat, redeem, renew, profile):
    tokens = redeem(wechat.oauth_code(scope="snsapi_userinfo")).json
    renew(tokens["refresh_token"])
    profile(tokens)
    profile(tokens, openid=tokens["access_token"])
    redeem(tokens["refresh_token"])
    shown = str(wechat.state()) + str(wechat.calls())
    assert tokens["access_token"] not in shown
    assert tokens["refresh_token"] not in shown
    assert "…" + tokens["access_token"][-4:] in shown
