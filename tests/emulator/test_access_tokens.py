"""Do cgi-bin/token and stable_token keep the contract of their pages?"""

import json
import re

import pytest

from lingpai_emulator.client import EmulatorError

TOKEN = "/cgi-bin/token"
STABLE = "/cgi-bin/stable_token"
ALIVE = "/cgi-bin/get_api_domain_ip"


@pytest.fixture
def works(call):
    """Whether a token is taken, or the errcode it gets."""

    def working(token):
        return call(ALIVE, token=token).json.get("errcode", True)

    return working


def _token(reply):
    return reply.json["access_token"]


def test_a_token_comes_with_its_seconds_and_without_errcode(fetch, fetch_stable):
    for reply in (fetch(), fetch_stable()):
        assert reply.status == 200
        assert list(reply.json) == ["access_token", "expires_in"]
        assert re.fullmatch(r"\d+_[A-Za-z0-9_-]{110,160}", _token(reply))
        assert reply.json["expires_in"] == 7200
        assert reply.headers["content-type"] == "application/json; encoding=utf-8"


def test_each_call_of_token_gives_a_new_one(fetch):
    assert len({_token(fetch()) for _ in range(5)}) == 5


def test_the_former_token_works_for_five_minutes_more(wechat, fetch, works):
    wechat.freeze()
    former = _token(fetch())
    newer = _token(fetch())
    wechat.advance(299.9)
    assert (works(former), works(newer)) == (True, True)
    wechat.advance(0.2)
    assert (works(former), works(newer)) == (40001, True)


def test_each_of_several_former_tokens_has_its_own_five_minutes(wechat, fetch, works):
    wechat.freeze()
    first = _token(fetch())
    second = _token(fetch())
    wechat.advance(200)
    third = _token(fetch())
    wechat.advance(150)
    assert (works(first), works(second), works(third)) == (40001, True, True)


def test_a_token_nobody_replaced_runs_out_after_two_hours(wechat, fetch, works):
    wechat.freeze()
    token = _token(fetch())
    wechat.advance(7199)
    assert works(token) is True
    wechat.advance(1)
    assert works(token) == 42001


def test_a_token_that_ran_out_stays_run_out_when_a_newer_one_comes(wechat, fetch, works):
    wechat.freeze()
    old = _token(fetch())
    wechat.advance(7300)
    fetch()
    assert works(old) == 42001


def test_stable_token_gives_the_same_one_with_what_is_left_of_it(wechat, fetch_stable):
    wechat.freeze()
    first = fetch_stable().json
    wechat.advance(6900)
    assert fetch_stable().json == {"access_token": first["access_token"], "expires_in": 300}


def test_stable_token_renews_in_its_last_five_minutes_and_both_work_for_five(wechat, fetch_stable, works):
    wechat.freeze()
    first = _token(fetch_stable())
    wechat.advance(6901)
    second = fetch_stable().json
    assert second["access_token"] != first
    assert second["expires_in"] == 7200
    wechat.advance(299)
    assert (works(first), works(second["access_token"])) == (True, True)
    wechat.advance(1)
    assert (works(first), works(second["access_token"])) == (40001, True)


def test_expires_in_of_stable_token_is_never_below_five_minutes(wechat, fetch_stable):
    wechat.freeze()
    for _ in range(60):
        assert 300 <= fetch_stable().json["expires_in"] <= 7200
        wechat.advance(997.3)


def test_force_refresh_ends_the_stable_token_at_once(wechat, fetch_stable, works):
    wechat.freeze()
    old = _token(fetch_stable())
    new = _token(fetch_stable(force_refresh=True))
    assert new != old
    assert (works(old), works(new)) == (40001, True)


def test_force_refresh_ends_also_a_token_that_lived_through_an_overlap(wechat, fetch_stable, works):
    wechat.freeze()
    first = _token(fetch_stable())
    wechat.advance(6950)
    second = _token(fetch_stable())
    fetch_stable(force_refresh=True)
    assert (works(first), works(second)) == (40001, 40001)


def test_a_second_force_refresh_within_thirty_seconds_changes_nothing(wechat, fetch_stable):
    wechat.freeze()
    forced = _token(fetch_stable(force_refresh=True))
    wechat.advance(29.9)
    assert _token(fetch_stable(force_refresh=True)) == forced
    wechat.advance(0.1)
    assert _token(fetch_stable(force_refresh=True)) != forced


def test_force_refresh_works_twenty_times_a_day_of_beijing(wechat, fetch_stable):
    wechat.freeze(1_800_000_000)  # 16:00 in Beijing
    for _ in range(20):
        assert "access_token" in fetch_stable(force_refresh=True).json
        wechat.advance(60)
    assert fetch_stable(force_refresh=True).errcode == 45009
    assert "access_token" in fetch_stable().json
    wechat.freeze(1_800_000_000 + 8 * 3600 - 1)
    assert fetch_stable(force_refresh=True).errcode == 45009
    wechat.advance(1)
    assert "access_token" in fetch_stable(force_refresh=True).json


def test_clearing_the_quotas_gives_the_forced_refreshes_back(wechat, call, fetch_stable):
    wechat.freeze()
    wechat.switch(force_refresh_quota=1)
    token = _token(fetch_stable(force_refresh=True))
    wechat.advance(30)
    assert fetch_stable(force_refresh=True).errcode == 45009
    call("/cgi-bin/clear_quota", {"appid": "wx00000000000000a1"}, token=token)
    assert _token(fetch_stable(force_refresh=True)) != token


def test_force_refresh_false_is_the_normal_mode(fetch_stable):
    assert _token(fetch_stable(force_refresh=False)) == _token(fetch_stable())


def test_the_two_kinds_of_token_leave_each_other_alone(wechat, fetch, fetch_stable, works):
    wechat.freeze()
    legacy, stable = _token(fetch()), _token(fetch_stable())
    fetch_stable(force_refresh=True)
    wechat.advance(400)
    assert (works(legacy), works(stable)) == (True, 40001)
    stable = _token(fetch_stable())
    fetch()
    fetch()
    wechat.advance(400)
    assert works(stable) is True


def test_apps_do_not_share_tokens(fetch, fetch_stable, works):
    mine, theirs = _token(fetch("demo-mp")), _token(fetch("demo-oa"))
    fetch_stable("demo-oa", force_refresh=True)
    assert mine != theirs
    assert works(mine) is True


@pytest.mark.parametrize(
    ("changed", "errcode"),
    [
        ({"appid": None}, 41002),
        ({"appid": ""}, 41002),
        ({"appid": "wx00000000000000ff"}, 40013),
        ({"appid": "nonsense", "grant_type": None, "secret": None}, 40013),
        ({"grant_type": None}, 40002),
        ({"grant_type": "authorization_code"}, 40002),
        ({"secret": None}, 41004),
        ({"secret": ""}, 41004),
        ({"secret": "0" * 32}, 40125),
        ({"secret": "密"}, 40125),
        ({"secret": "wx00000000000000a1"}, 40125),
    ],
)
def test_both_endpoints_refuse_with_the_same_errcodes(fetch, fetch_stable, changed, errcode):
    assert fetch(**changed).errcode == errcode
    assert fetch_stable(**changed).errcode == errcode


def test_a_website_has_no_token_of_its_own(fetch, fetch_stable):
    assert fetch("demo-web").errcode == 40013
    assert fetch_stable("demo-web").errcode == 40013


@pytest.mark.parametrize(
    ("method", "body", "errcode"),
    [
        ("GET", None, 43002),
        ("PUT", b"{}", 43002),
        ("POST", b"", 44002),
        ("POST", b" \n", 44002),
        ("POST", b"{", 47001),
        ("POST", b"[]", 47001),
        ("POST", b"null", 47001),
        ("POST", b"\xff", 47001),
        ("POST", b'"appid"', 47001),
        ("POST", b"{}", 41002),
        ("POST", b'{"appid":1}', 40013),
        ("POST", b'{"appid":{"a":[]}}', 40013),
    ],
)
def test_stable_token_takes_a_json_object_by_post_and_nothing_else(wechat, ask, method, body, errcode):
    assert ask(wechat.url, STABLE, method=method, body=body).errcode == errcode


def test_stable_token_does_not_look_at_the_query_string(wechat, ask):
    app = wechat.app("demo-mp")
    query = {"grant_type": "client_credential", "appid": app.appid, "secret": app.secret}
    assert ask(wechat.url, STABLE, query=query, method="POST", body=b"{}").errcode == 41002


def test_odd_values_of_known_fields_are_refused_one_by_one(fetch_stable):
    assert fetch_stable(secret=7).errcode == 40125
    assert fetch_stable(grant_type=["client_credential"]).errcode == 40002
    assert fetch_stable(force_refresh="true").errcode == 47001


def test_a_rogue_takes_our_token_away(wechat, fetch, fetch_stable, works):
    wechat.freeze()
    legacy, stable = _token(fetch()), _token(fetch_stable())
    stolen = wechat.rogue()
    assert works(stolen["access_token"]) is True
    assert wechat.rogue(kind="stable_token")["access_token"] == stable
    wechat.rogue(kind="stable_token", force_refresh=True)
    assert (works(legacy), works(stable)) == (True, 40001)
    wechat.advance(300)
    assert works(legacy) == 40001


def test_a_rogue_is_let_in_by_the_list_but_not_over_the_quota(wechat):
    wechat.set_app(ip_allow_list=[], quotas={TOKEN: 1})
    wechat.rogue()
    with pytest.raises(EmulatorError, match="45009"):
        wechat.rogue()


def test_tokens_are_shown_by_their_ends_alone(wechat, fetch, fetch_stable):
    wechat.freeze()
    tokens = [_token(reply) for reply in (fetch(), fetch(), fetch_stable())]
    shown = wechat.state()["tokens"]
    assert [(t["kind"], t["generation"], t["state"], t["ends_in"]) for t in shown] == [
        ("token", 1, "live", 300),
        ("token", 2, "live", None),
        ("stable_token", 1, "live", None),
    ]
    assert [t["access_token"] for t in shown] == ["…" + token[-4:] for token in tokens]
    everything = json.dumps([wechat.calls(), wechat.state()])
    assert not [token for token in tokens if token in everything]


def test_a_token_is_masked_wherever_somebody_put_it(wechat, fetch, ask):
    token = _token(fetch())
    ask(wechat.url, f"/cgi-bin/{token}")
    ask(wechat.url, "/cgi-bin/x", query={"q": f"a {token} b"})
    ask(wechat.url, "/cgi-bin/x", method="POST", body=json.dumps({"note": [token]}).encode())
    wechat.fail("/other", times=None, body=f'{{"t":"{token}')
    assert token not in json.dumps([wechat.calls(), wechat.state()])


def test_the_same_seed_gives_the_same_tokens(wechat, fetch, fetch_stable):
    def run():
        wechat.reset(seed=7)
        return [_token(reply) for reply in (fetch(), fetch(), fetch_stable(), fetch("demo-oa"))]

    first = run()
    assert run() == first
    wechat.reset()
    assert _token(fetch()) not in first


def test_a_reset_forgets_tokens_quotas_and_the_address(wechat, fetch, works):
    token = _token(fetch())
    wechat.egress("203.0.113.9")
    wechat.reset()
    assert works(token) == 40001
    state = wechat.state()
    assert state["egress"] is None
    assert [quota["path"] for quota in state["quotas"]] == []


@pytest.mark.parametrize(
    ("path", "value", "sentence"),
    [
        ("/apps", {"appid": "wx00000000000000a1", "ip_allow_list": ["example.org"]}, "example.org"),
        ("/apps", {"appid": "wx00000000000000a1", "ip_errcode": 1}, "ip_errcode"),
        ("/apps", {"appid": "wx00000000000000a1", "restriction": "odd"}, "restriction"),
        ("/apps", {"appid": "wx00000000000000a1", "quotas": {"/x": -1}}, "quotas"),
        ("/egress", {"address": "nowhere"}, "nowhere"),
        ("/egress", {"adress": "203.0.113.7"}, "adress"),
        ("/tokens/rogue", {"appid": "demo-mp", "kind": "other"}, "kind"),
        ("/tokens/rogue", {"appid": "demo-mp", "force_refresh": True}, "stable_token"),
        ("/tokens/rogue", {"appid": "demo-web"}, "website"),
    ],
)
def test_a_mistake_about_tokens_is_a_sentence(control, path, value, sentence):
    answer = control("POST", path, value)
    assert answer.status == 400
    assert sentence in answer.json["error"]


def test_a_list_that_does_not_fit_changes_nothing(wechat, control, fetch):
    control("POST", "/apps", {"appid": "wx00000000000000a1", "ip_allow_list": ["nothing"]})
    assert "access_token" in fetch().json
