"""Does the control API do what it is told, and say what is wrong when it cannot?"""

import pytest

from lingpai_emulator.client import EmulatorError


def test_the_demo_world_is_there(wechat):
    assert {(app.slug, app.appid, app.kind) for app in wechat.apps} == {
        ("demo-mp", "wx00000000000000a1", "miniprogram"),
        ("demo-oa", "wx00000000000000b2", "official_account"),
        ("demo-web", "wx00000000000000c3", "website"),
    }
    assert len({app.open_platform for app in wechat.apps}) == 1
    assert [(person["id"], person["nickname"]) for person in wechat.people] == [
        ("xiaoming", "小明"),
        ("xiaohong", "小红"),
        ("sam", "Sam"),
    ]
    assert all(person["avatar"].startswith("data:image/svg+xml;base64,") for person in wechat.people)


def test_demo_secrets_are_32_hex_digits_and_obviously_fake(wechat):
    for app in wechat.apps:
        assert len(app.secret) == 32
        assert int(app.secret, 16)
        assert app.secret.startswith("fa4efa4efa4efa4e")


def test_a_person_is_listed_with_the_ids_the_apps_know(wechat, exchange):
    known = {identity["appid"]: identity for identity in wechat.people[0]["identities"]}
    answer = exchange(wechat.login("xiaoming")).json
    assert known["wx00000000000000a1"] == {
        "appid": "wx00000000000000a1",
        "openid": answer["openid"],
        "unionid": answer["unionid"],
    }
    assert len({identity["openid"] for identity in known.values()}) == 3
    assert len({identity["unionid"] for identity in known.values()}) == 1


def test_an_app_can_be_added_with_as_little_as_its_appid(wechat, exchange):
    app = wechat.add_app("wx00000000000000d4")
    assert (app.kind, app.slug, app.open_platform) == ("miniprogram", "wx00000000000000d4", None)
    assert "openid" in exchange(wechat.login("sam", app.slug), appid=app.appid, secret=app.secret).json


def test_an_app_can_be_given_another_secret(wechat, exchange):
    old = wechat.app("demo-mp").secret
    wechat.add_app("wx00000000000000a1", secret="another-secret")
    assert wechat.app("demo-mp").slug == "demo-mp"
    code = wechat.login()
    assert exchange(code, secret=old).errcode == 40125
    assert "openid" in exchange(code, secret="another-secret").json


def test_a_person_can_be_added_and_changed_field_by_field(wechat):
    added = wechat.add_person(nickname="老王")
    assert (added["id"], added["nickname"], added["unionid"], added["risky"]) == (
        "person-1",
        "老王",
        True,
        False,
    )
    changed = wechat.add_person(id="person-1", phone="+8613800000009", risky=True)
    assert (changed["nickname"], changed["phone"], changed["risky"]) == ("老王", "+8613800000009", True)
    assert wechat.add_person()["id"] == "person-2"


def test_the_clock_goes_forward_stands_still_and_runs_again(wechat, control):
    wechat.freeze(1_800_000_000)
    wechat.advance(0.5)
    assert control("GET", "/clock").json == {
        "now": 1_800_000_000.5,
        "utc": "2027-01-15T08:00:00.500+00:00",
        "frozen": True,
    }
    wechat.unfreeze()
    first = wechat.now()
    assert first >= 1_800_000_000.5
    while wechat.now() == first:
        pass
    assert not control("GET", "/clock").json["frozen"]


def test_a_running_clock_can_be_advanced_and_reset(wechat):
    before = wechat.now()
    wechat.advance(86_400)
    assert wechat.now() >= before + 86_400
    wechat.reset()
    assert wechat.now() < before + 86_400


def test_freeze_false_lets_the_clock_run(wechat, control):
    wechat.freeze()
    assert control("POST", "/clock", {"freeze": False}).json["frozen"] is False


def test_the_date_header_follows_the_clock(wechat, exchange):
    wechat.freeze(1_800_000_000)
    assert exchange("x").headers["date"] == "Fri, 15 Jan 2027 08:00:00 GMT"


def test_a_reset_brings_everything_back(wechat, exchange):
    wechat.add_person(id="visitor")
    wechat.add_app("wx00000000000000d4")
    wechat.add_person(id="sam", nickname="Samuel", risky=True)
    wechat.switch(minute_quota=1)
    wechat.fail("*", times=None, errcode=-1)
    wechat.freeze(1)
    exchange("x")
    code = wechat.login()
    wechat.reset()
    state = wechat.state()
    assert [person["id"] for person in state["people"]] == ["xiaoming", "xiaohong", "sam"]
    assert state["people"][2]["nickname"] == "Sam"
    assert (len(state["apps"]), state["codes"], state["sessions"]) == (3, [], [])
    assert (state["faults"], state["calls"], state["clock"]["frozen"]) == ([], 0, False)
    assert state["switches"]["minute_quota"] == 100
    assert exchange(code).errcode == 40029


def test_the_state_tells_what_became_of_each_code(wechat, exchange):
    wechat.freeze()
    old = wechat.login("sam")
    wechat.advance(301)
    used, live = wechat.login("sam"), wechat.login("sam")
    exchange(used)
    assert [(code["code"], code["state"], code["age"]) for code in wechat.state()["codes"]] == [
        (old, "expired", 301),
        (used, "used", 0),
        (live, "live", 0),
    ]


def test_codes_are_forgotten_after_an_hour(wechat):
    wechat.freeze()
    wechat.login()
    wechat.advance(3601)
    wechat.login()
    assert len(wechat.state()["codes"]) == 1


def test_the_controls_are_listed(control):
    for path in ("", "/"):
        listed = control("GET", path).json["controls"]
        assert "POST /__emulator__/wx/login" in listed
        assert "GET /__emulator__/state/explain/{rid}" in listed


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("GET", "/nothing"),
        ("POST", "/wx/getLocation"),
        ("POST", "/pull"),
        ("DELETE", "/apps"),
        ("PUT", "/clock"),
    ],
)
def test_what_does_not_exist_is_a_4xx_that_lists_what_does(control, method, path):
    answer = control(method, path)
    assert answer.status in (404, 405)
    assert method in answer.json["error"]
    assert "POST /__emulator__/reset" in answer.json["controls"]


@pytest.mark.parametrize(
    ("path", "value", "status", "sentence"),
    [
        ("/wx/login", {"appid": "demo-mp", "person": "nobody"}, 404, "xiaoming, xiaohong, sam"),
        ("/wx/login", {"appid": "nothing", "person": "sam"}, 404, "wx00000000000000a1 (demo-mp)"),
        ("/wx/login", {"appid": "demo-oa", "person": "sam"}, 400, "mini programs only"),
        ("/wx/checkSession", {"appid": "demo-web", "person": "sam"}, 400, "mini programs only"),
        ("/wx/prefetch", {"appid": "demo-oa", "person": "sam"}, 400, "mini programs only"),
        ("/wx/expire", {"appid": "demo-oa", "person": "sam"}, 400, "mini programs only"),
        ("/wx/login", {"appid": "demo-mp"}, 400, "person"),
        ("/wx/login", None, 400, "appid"),
        ("/wx/login", b"{", 400, "body"),
        ("/wx/login", b"\xff", 400, "body"),
        ("/wx/login", [], 400, "body"),
        ("/apps", {"appid": "demo"}, 400, "appid"),
        ("/apps", {"appid": "wx00000000000000A1"}, 400, "appid"),
        ("/apps", {"appid": "wx00000000000000d4", "slug": "demo-mp"}, 409, "wx00000000000000a1"),
        ("/apps", {"appid": "wx00000000000000d4", "kind": "game"}, 400, "kind"),
        ("/apps", {"appid": "wx00000000000000d4", "secret": "a\r\nb"}, 400, "secret"),
        ("/people", {"id": "小明"}, 400, "id"),
        ("/people", {"nickname": 1}, 400, "nickname"),
        ("/people", {"phone": "none"}, 400, "phone"),
        ("/people", b'{"nickname": "\\ud800"}', 400, "body"),
        ("/people", {"unionid": "yes"}, 400, "unionid"),
        ("/people", {"unionId": True}, 400, "unionId"),
        ("/clock", {}, 400, "Give one of"),
        ("/clock", {"advance": 1, "freeze": True}, 400, "Give one of"),
        ("/clock", {"advance": -1}, 400, "advance"),
        ("/clock", {"advance": 1e12}, 400, "2106"),
        ("/clock", {"freeze": -1}, 400, "Unix seconds"),
        ("/clock", {"freeze": "now"}, 400, "freeze"),
        ("/reset", {"seed": 1.5}, 400, "seed"),
        ("/reset", {"sede": 1}, 400, "sede"),
    ],
)
def test_a_mistake_is_a_4xx_with_a_sentence(control, path, value, status, sentence):
    answer = control("POST", path, value)
    assert answer.status == status
    assert sentence in answer.json["error"]


def test_a_body_without_end_is_refused(control):
    assert control("POST", "/people", b" " * 1_100_000).status == 413


def test_the_client_names_an_app_that_is_not_there(wechat):
    with pytest.raises(KeyError, match="nothing"):
        wechat.app("nothing")
    with pytest.raises(EmulatorError, match="There is no person"):
        wechat.login("nobody")


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({"Origin": "http://127.0.0.1:8002"}, 200),
        ({"Origin": "http://localhost:3000"}, 200),
        ({"Origin": "http://[::1]:3000"}, 200),
        ({"Origin": "https://evil.example"}, 403),
        ({"Origin": "http://127.0.0.1.evil.example"}, 403),
        ({"Origin": "null"}, 403),
        ({"Host": "evil.example:8001"}, 403),
        ({"Host": "evil.example", "Origin": "http://evil.example"}, 403),
        ({"Host": "localhost:8001"}, 200),
    ],
)
def test_a_web_page_of_elsewhere_may_not_use_the_controls(control, headers, status):
    assert control("GET", "/state", **headers).status == status
