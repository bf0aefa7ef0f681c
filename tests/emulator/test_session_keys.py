"""Which session_key does a person have: kept, rotated, expired?"""


def _key(wechat, exchange, person="xiaoming"):
    return exchange(wechat.login(person)).json["session_key"]


def test_a_young_session_key_is_kept_by_the_next_login(wechat, exchange):
    wechat.freeze()
    first = _key(wechat, exchange)
    wechat.advance(3599)
    assert _key(wechat, exchange) == first


def test_an_older_session_key_is_replaced_by_the_next_login(wechat, exchange):
    wechat.freeze()
    first = _key(wechat, exchange)
    wechat.advance(3600)
    assert _key(wechat, exchange) != first


def test_the_age_that_counts_as_young_can_be_set(wechat, exchange):
    wechat.freeze()
    wechat.switch(key_keep_window=10)
    first = _key(wechat, exchange)
    wechat.advance(10)
    assert _key(wechat, exchange) != first


def test_every_login_rotates_when_told_to(wechat, exchange):
    wechat.switch(key_rotation="always")
    assert _key(wechat, exchange) != _key(wechat, exchange)


def test_a_prefetch_rotates_at_once(wechat, exchange):
    first = _key(wechat, exchange)
    wechat.prefetch()
    assert _key(wechat, exchange) != first


def test_an_exchange_gives_the_newest_key_whichever_login_the_code_is_of(wechat, exchange):
    wechat.switch(key_rotation="always")
    older, newer = wechat.login(), wechat.login()
    assert exchange(older).json["session_key"] == exchange(newer).json["session_key"]


def test_people_do_not_share_keys(wechat, exchange):
    assert _key(wechat, exchange, "sam") != _key(wechat, exchange, "xiaohong")


def test_check_session_fails_before_the_first_login(wechat):
    assert not wechat.check_session()


def test_check_session_succeeds_from_login_until_expiry(wechat):
    wechat.freeze()
    wechat.login()
    assert wechat.check_session()
    wechat.advance(3 * 86_400 - 1)
    assert wechat.check_session()
    wechat.advance(1)
    assert not wechat.check_session()


def test_an_expired_session_can_be_ordered(wechat, exchange):
    first = _key(wechat, exchange)
    wechat.expire()
    assert not wechat.check_session()
    assert _key(wechat, exchange) != first


def test_a_code_outlives_the_session_it_began_with(wechat, exchange):
    code = wechat.login()
    wechat.expire()
    assert "session_key" in exchange(code).json
    assert wechat.check_session()


def _use_every_other_day(wechat):
    for _ in range(3):
        wechat.advance(2 * 86_400)
        wechat.login()


def test_use_prolongs_a_session(wechat):
    wechat.freeze()
    wechat.switch(key_keep_window=30 * 86_400)
    wechat.login()
    _use_every_other_day(wechat)
    assert wechat.state()["sessions"][0]["generation"] == 1


def test_use_does_not_prolong_when_expiry_is_absolute(wechat):
    wechat.freeze()
    wechat.switch(key_keep_window=30 * 86_400, session_expiry="absolute")
    wechat.login()
    _use_every_other_day(wechat)
    assert wechat.state()["sessions"][0]["generation"] > 1
