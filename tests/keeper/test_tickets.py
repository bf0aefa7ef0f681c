"""jsapi_ticket and wx_card: kept like an access_token, fetched with the kept one."""

import asyncio

import pytest

from lingpai.errors import Problem

PATH = "/cgi-bin/ticket/getticket"


@pytest.fixture
def page(rooms):
    return rooms.directory.known("demo-oa")


async def test_a_hundred_pages_share_one_ticket_and_one_token(stack, rooms, page):
    held = await asyncio.gather(*(rooms.tickets.get(page) for _ in range(100)))
    assert len({ticket.value.reveal() for ticket in held}) == 1
    assert len(stack.wechat.calls(PATH)) == 1
    assert len(stack.wechat.calls("/cgi-bin/stable_token")) == 1
    assert rooms.tickets.known(page).value == held[0].value


async def test_a_card_ticket_is_another_than_the_page_ticket(stack, rooms, page):
    page_ticket, card_ticket = await rooms.tickets.get(page), await rooms.tickets.get(page, "wx_card")
    assert page_ticket.value != card_ticket.value


async def test_a_token_that_was_taken_away_is_renewed_under_the_ticket(stack, rooms, page):
    await rooms.tokens.get(page)
    stack.wechat.rogue("demo-oa", kind="stable_token", force_refresh=True)
    assert await rooms.tickets.get(page)


async def test_an_app_without_the_right_to_tickets_is_told_so(stack, rooms, page):
    stack.wechat.fail(PATH, times=None, errcode=48001, errmsg="api unauthorized")
    with pytest.raises(Problem) as caught:
        await rooms.tickets.get(page)
    assert caught.value.code == "wechat_api_unauthorized"
