"""Who may fetch an access_token: from which address, with which secret, and how often?"""

import re

TOKEN = "/cgi-bin/token"
STABLE = "/cgi-bin/stable_token"


def test_an_address_that_is_not_on_the_list_gets_no_token_and_is_named(wechat, fetch, fetch_stable):
    wechat.set_app(ip_allow_list=["203.0.113.7", "198.51.100.0/24", "2001:db8::/32"])
    for reply in (fetch(), fetch_stable()):
        words = r"invalid ip 127\.0\.0\.1 ipv6 ::ffff:127\.0\.0\.1, not in whitelist rid: [0-9a-f-]{26}"
        assert reply.errcode == 40164
        assert re.fullmatch(words, reply.json["errmsg"])
    for address in ("203.0.113.7", "198.51.100.200", "2001:db8::9", "::ffff:203.0.113.7"):
        wechat.egress(address)
        assert "access_token" in fetch().json, address
    wechat.egress("203.0.113.8")
    assert "203.0.113.8 ipv6 ::ffff:203.0.113.8," in fetch().json["errmsg"]
    wechat.egress("2001:db9::1")
    assert "invalid ip 2001:db9::1 ipv6 2001:db9::1," in fetch().json["errmsg"]
    wechat.egress(None)
    assert "127.0.0.1" in fetch().json["errmsg"]


def test_an_empty_list_lets_nobody_in_and_none_everybody(wechat, fetch):
    wechat.set_app(ip_allow_list=[])
    assert fetch().errcode == 40164
    wechat.set_app(ip_allow_list=None)
    assert "access_token" in fetch().json


def test_using_a_token_never_looks_at_the_list(wechat, call, fetch):
    token = fetch().json["access_token"]
    wechat.set_app(ip_allow_list=["203.0.113.7"])
    assert "ip_list" in call("/cgi-bin/get_api_domain_ip", token=token).json


def test_the_secret_is_looked_at_before_the_address(wechat, fetch):
    wechat.set_app(ip_allow_list=[])
    assert fetch(secret="0" * 32).errcode == 40125


def test_the_account_is_looked_at_before_the_address(wechat, fetch):
    wechat.set_app(ip_allow_list=[], restriction="limited")
    assert fetch().errcode == 50002


def test_a_change_of_the_list_can_take_its_time(wechat, fetch):
    wechat.freeze()
    wechat.switch(ip_list_delay=300)
    wechat.set_app(ip_allow_list=[])
    wechat.advance(299)
    assert "access_token" in fetch().json
    wechat.advance(1)
    assert fetch().errcode == 40164


def test_each_product_has_its_own_errcode_for_an_address(wechat, fetch):
    for errcode in (61004, 89501, 89503, 89506, 89507):
        wechat.set_app(ip_allow_list=[], ip_errcode=errcode)
        assert fetch().errcode == errcode


def test_a_frozen_secret_is_refused_after_ten_minutes_and_works_ten_minutes_after_the_thaw(
    wechat, fetch, fetch_stable
):
    wechat.freeze()
    wechat.set_app(secret_frozen=True)
    wechat.advance(599)
    assert "access_token" in fetch().json
    wechat.advance(1)
    assert (fetch().errcode, fetch_stable().errcode) == (40243, 40243)
    assert fetch(secret="0" * 32).errcode == 40125
    wechat.set_app(secret_frozen=False)
    wechat.advance(599)
    assert fetch().errcode == 40243
    wechat.advance(1)
    assert "access_token" in fetch().json


def test_a_change_taken_back_before_it_acted_acts_for_as_long_as_it_stood(wechat, fetch):
    wechat.freeze(1_800_000_000)
    wechat.set_app(secret_frozen=True)
    wechat.advance(100)
    wechat.set_app(secret_frozen=False)
    seen = []
    for _ in range(8):
        seen.append(fetch().errcode)
        wechat.advance(100)
    assert seen == [None, None, None, None, None, 40243, None, None]


def test_freezing_can_act_at_once(wechat, fetch):
    wechat.switch(secret_freeze_delay=0)
    wechat.set_app(secret_frozen=True)
    assert fetch().errcode == 40243


def test_an_app_frozen_from_the_start_is_frozen(wechat, fetch):
    wechat.add_app("wx00000000000000d4", secret_frozen=True)
    assert fetch("wx00000000000000d4").errcode == 40243


def test_a_frozen_secret_still_logs_people_in(wechat, exchange):
    wechat.switch(secret_freeze_delay=0)
    wechat.set_app(secret_frozen=True)
    assert "openid" in exchange(wechat.login()).json


def test_an_account_that_wechat_restricted_gets_no_token(wechat, fetch, fetch_stable):
    for restriction, errcode in (("limited", 50002), ("punished", 50004), ("frozen", 50007)):
        wechat.set_app(restriction=restriction)
        assert (fetch().errcode, fetch_stable().errcode) == (errcode, errcode)
    wechat.set_app(restriction=None)
    assert "access_token" in fetch().json


def test_a_day_has_so_many_calls_and_ends_in_beijing(wechat, fetch):
    wechat.freeze(1_800_000_000)
    wechat.set_app(quotas={TOKEN: 2})
    assert [fetch().errcode for _ in range(3)] == [None, None, 45009]
    assert fetch(secret="0" * 32).errcode == 40125
    assert fetch("demo-oa").errcode is None
    wechat.advance(8 * 3600)
    assert fetch().errcode is None


def test_a_minute_has_so_many_calls(wechat, fetch, fetch_stable):
    wechat.freeze(1_800_000_000)
    wechat.set_app(minute_quotas={TOKEN: 1, STABLE: 2})
    assert [fetch().errcode for _ in range(2)] == [None, 45011]
    assert [fetch_stable().errcode for _ in range(3)] == [None, None, 45011]
    wechat.advance(60)
    assert (fetch().errcode, fetch_stable().errcode) == (None, None)


def test_a_refused_call_uses_no_quota(wechat, fetch):
    wechat.set_app(quotas={TOKEN: 1})
    fetch(secret="0" * 32)
    assert fetch().errcode is None


def test_stable_token_has_a_minute_of_ten_thousand_calls():
    from lingpai_emulator.fetching import fetch_stable
    from lingpai_emulator.seed import Seed
    from lingpai_emulator.world import World

    world = World(Seed(seed=1))
    world.clock.freeze(1_800_000_000.0)
    app = world.apps.named("demo-mp")
    errcodes = [getattr(fetch_stable(world, app, force=False), "errcode", None) for _ in range(10_001)]
    assert errcodes == [None] * 10_000 + [45011]
    world.clock.advance(60)
    assert not hasattr(fetch_stable(world, app, force=False), "errcode")
