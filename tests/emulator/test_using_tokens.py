"""Is a token looked at before everything else, at each API that needs one?"""

import re

import pytest

from lingpai_emulator.apis import APIS, CLEAR_QUOTA, STABLE_TOKEN, TOKEN

RID = r"rid: [0-9a-f]{8}-[0-9a-f]{8}-[0-9a-f]{8}"
BEARING = sorted(set(APIS) - {TOKEN, STABLE_TOKEN, "/cgi-bin/clear_quota/v2"})
FOR_MINI_PROGRAMS = [path for path in BEARING if "miniprogram" in APIS[path].kinds]


@pytest.mark.parametrize("path", BEARING)
def test_a_call_without_a_token_is_answered_41001(wechat, ask, path):
    for query in ({}, {"access_token": ""}):
        answer = ask(wechat.url, path, query=query, method="POST", body=b"{}")
        assert re.fullmatch(
            rf'{{"errcode":41001,"errmsg":"access_token missing {RID}"}}', answer.body.decode()
        )


@pytest.mark.parametrize("path", BEARING)
def test_a_token_that_never_was_is_answered_40001_in_the_long_words(call, path):
    for token in ("bogus", "98_" + "x" * 130, "0" * 512):
        words = (
            r"invalid credential, access_token is invalid or not latest, could get access_token by "
            rf"getStableAccessToken, more details at https://mmbizurl\.cn/s/JtxxFh33r {RID}"
        )
        answer = call(path, {}, token=token)
        assert answer.errcode == 40001
        assert re.fullmatch(words, answer.json["errmsg"])


@pytest.mark.parametrize("path", BEARING)
def test_a_token_with_impossible_signs_is_answered_40014(wechat, call, path):
    for token in ("a b", "密", "a/b", "x" * 513):
        assert call(path, {}, token=token).errcode == 40014
    wechat.switch(malformed_token_errcode=40001)
    assert call(path, {}, token="a b").errcode == 40001


@pytest.mark.parametrize("path", FOR_MINI_PROGRAMS)
def test_a_token_that_ran_out_is_answered_42001_and_a_replaced_one_40001(wechat, call, fetch_stable, path):
    wechat.freeze()
    old = fetch_stable().json["access_token"]
    new = fetch_stable(force_refresh=True).json["access_token"]
    assert call(path, {}, token=old).errcode == 40001
    wechat.advance(7200)
    assert call(path, {}, token=new).errcode == 42001


@pytest.mark.parametrize("path", BEARING)
def test_an_app_can_be_barred_from_an_api(wechat, call, path):
    slug = "demo-mp" if path in FOR_MINI_PROGRAMS else "demo-oa"
    wechat.set_app(slug, unauthorized=[path])
    assert call(path, {}, by=slug).errcode == 48001


@pytest.mark.parametrize("path", BEARING)
def test_an_api_of_another_kind_of_app_is_answered_48001(call, path):
    kinds = APIS[path].kinds
    if "official_account" not in kinds:
        assert call(path, {}, by="demo-oa").errcode == 48001
    elif "miniprogram" not in kinds:
        assert call(path, {}, by="demo-mp").errcode == 48001
    else:
        assert call(path, {}, by="demo-oa").errcode != 48001


@pytest.mark.parametrize("path", BEARING)
def test_each_api_has_its_quota(wechat, call, path):
    slug = "demo-mp" if path in FOR_MINI_PROGRAMS else "demo-oa"
    wechat.set_app(slug, quotas={path: 1})
    if path != CLEAR_QUOTA:  # it would clear its own count
        assert call(path, {}, by=slug).errcode != 45009
    else:
        wechat.set_app(slug, quotas={path: 0})
    assert call(path, {}, by=slug).errcode == 45009


def test_the_token_counts_in_a_form_as_well(wechat, ask, fetch_stable):
    token = fetch_stable().json["access_token"]
    form = {"Content-Type": "application/x-www-form-urlencoded"}
    body = f"access_token={token}".encode()
    answer = ask(wechat.url, "/cgi-bin/get_api_domain_ip", method="POST", body=body, headers=form)
    assert "ip_list" in answer.json


def test_a_token_in_a_json_body_is_not_seen(wechat, ask, fetch_stable):
    body = b'{"access_token":"%s"}' % fetch_stable().json["access_token"].encode()
    headers = {"Content-Type": "application/json"}
    answer = ask(wechat.url, "/wxa/checksession", method="POST", body=body, headers=headers)
    assert answer.errcode == 41001


def test_every_api_of_the_table_has_a_route_and_every_route_but_sns_is_in_the_table():
    from lingpai_emulator.routes import ROUTES

    assert {path for path in ROUTES if path.startswith(("/cgi-bin/", "/wxa/"))} == set(APIS)
