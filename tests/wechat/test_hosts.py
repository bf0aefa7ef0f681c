"""While WeChat's first host cannot be connected to, another one stands in; nothing that was sent is sent twice."""

import pytest

from lingpai.wechat import WeChatAnswerLost, WeChatSettings, WeChatUnreachable
from lingpai.wechat._hosts import Hosts
from lingpai.wechat.endpoints.sns import SNS_JSCODE2SESSION

NOWHERE = "http://127.0.0.1:1"


async def test_a_host_that_cannot_be_connected_to_is_stood_in_for_within_the_same_call(
    host, connect, request_
):
    client = connect(NOWHERE, fallback_urls=(host.url,))
    assert await client.call(SNS_JSCODE2SESSION, request_, app="wx")
    assert await client.call(SNS_JSCODE2SESSION, request_, app="wx")
    assert len(host.requests) == 2


async def test_what_was_sent_and_not_answered_goes_nowhere_else(host, connect, request_):
    async def hang_up(writer, _number):
        writer.transport.abort()

    host.behave = hang_up
    client = connect(host.url, fallback_urls=(NOWHERE,))
    with pytest.raises(WeChatAnswerLost):
        await client.call(SNS_JSCODE2SESSION, request_, app="wx")
    assert len(host.requests) == 1


async def test_without_others_the_first_is_asked_again(connect, request_):
    client = connect(NOWHERE)
    with pytest.raises(WeChatUnreachable):
        await client.call(SNS_JSCODE2SESSION, request_, app="wx")


def test_after_a_minute_the_first_is_asked_again(clock):
    hosts = Hosts(("a", "b", "c"), clock)
    hosts.unreachable("a")
    assert hosts.current() == "b"
    hosts.unreachable("a")  # an earlier call of the first host fails late
    assert hosts.current() == "b"
    clock.advance(61)
    assert hosts.current() == "a"


def test_whoever_fails_hands_on_round_the_ring(clock):
    hosts = Hosts(("a", "b"), clock)
    for expected in ("a", "b", "a"):
        assert hosts.current() == expected
        hosts.unreachable(expected)


def test_a_fallback_needs_a_host_as_the_first_does():
    with pytest.raises(ValueError, match="needs a scheme"):
        WeChatSettings(fallback_urls=("api2.weixin.qq.com",))
