"""One access_token for all who ask, over real sockets and a real database."""

import asyncio

import pytest

from lingpai.errors import Problem
from lingpai.testing.actors import TESTER
from lingpai.wechat.endpoints.cgi_bin import CGI_BIN_GET_API_DOMAIN_IP, ApiDomainIpRequest

APPID = "wx00000000000000a1"
STABLE = "/cgi-bin/stable_token"


async def test_a_hundred_who_ask_at_once_share_one_call(stack, rooms, app):
    held = await asyncio.gather(*(rooms.tokens.get(app) for _ in range(100)))
    assert len({token.value.reveal() for token in held}) == 1
    assert len(stack.wechat.calls(STABLE)) == 1
    assert 7100 < held[0].expires_in <= 7200


async def test_a_reader_who_comes_later_gets_it_from_memory(stack, rooms, app):
    first = await rooms.tokens.get(app)
    assert rooms.tokens.known(app).value == first.value
    assert rooms.tokens.known(app).generation == first.generation


async def test_a_token_taken_by_somebody_else_is_replaced_on_the_first_report(stack, rooms, app):
    first = await rooms.tokens.get(app)
    stack.wechat.rogue("demo-mp", kind="stable_token", force_refresh=True)
    second = await rooms.tokens.failed(app, first.generation, 40001)
    assert second.value != first.value
    assert second.generation > first.generation


async def test_a_report_about_an_older_generation_costs_no_call(stack, rooms, app):
    first = await rooms.tokens.get(app)
    stack.wechat.rogue("demo-mp", kind="stable_token", force_refresh=True)
    second = await rooms.tokens.failed(app, first.generation, 40001)
    stack.wechat.clear_calls()
    again = await rooms.tokens.report(app, first.generation, 40001)
    assert again.outcome == "replaced"
    assert again.token.value == second.value
    assert stack.wechat.calls() == []


async def test_a_report_about_a_good_token_does_not_renew_it(stack, rooms, app):
    first = await rooms.tokens.get(app)
    report = await rooms.tokens.report(app, first.generation, 40001)
    assert report.outcome == "good"
    assert report.token.value == first.value


async def test_a_call_of_ours_renews_once_and_succeeds(stack, rooms, app):
    await rooms.tokens.get(app)
    stack.wechat.rogue("demo-mp", kind="stable_token", force_refresh=True)
    told = await rooms.token_calls.call(CGI_BIN_GET_API_DOMAIN_IP, ApiDomainIpRequest, app)
    assert told.ip_list


async def test_a_call_of_ours_is_made_twice_at_most(stack, rooms, app):
    await rooms.tokens.get(app)
    stack.wechat.fail("/cgi-bin/get_api_domain_ip", times=None, errcode=40001)
    with pytest.raises(Problem) as caught:
        await rooms.token_calls.call(CGI_BIN_GET_API_DOMAIN_IP, ApiDomainIpRequest, app)
    assert caught.value.code == "wechat_token_refused"
    assert len(stack.wechat.calls("/cgi-bin/get_api_domain_ip")) <= 3  # with the probe of the check


async def test_the_token_survives_the_process(stack, rooms, app):
    first = await rooms.tokens.get(app)
    row = (await stack.store.access_tokens.look(app.app.appid, "stable")).row
    assert first.value.reveal().encode() not in row.sealed
    assert row.generation == first.generation


async def test_an_app_registered_anew_does_not_get_the_token_that_was_kept_before(stack, rooms, app, until):
    former = await rooms.tokens.get(app)
    stack.wechat.rogue("demo-mp", kind="stable_token", force_refresh=True)
    former = await rooms.tokens.failed(app, former.generation, 40001)
    assert await rooms.apps.remove("demo-mp", by=TESTER)
    stack.clock.advance(1)
    await rooms.apps.add(appid=APPID, secret=app.secret, slug="demo-mp", kind="miniprogram", by=TESTER)

    async def kept():
        token = rooms.tokens.known(app)
        return token is None or token.generation == 1

    await until(kept)
    token = await rooms.tokens.get(rooms.directory.known("demo-mp"))
    row = (await stack.store.access_tokens.look(APPID, "stable")).row
    assert (former.generation, token.generation, row.generation) == (2, 1, 1)


async def test_the_token_of_an_app_that_was_removed_is_forgotten(rooms, app, until):
    await rooms.tokens.get(app)
    assert await rooms.apps.remove("demo-mp", by=TESTER)

    async def forgotten():
        return rooms.tokens.known(app) is None

    await until(forgotten)
