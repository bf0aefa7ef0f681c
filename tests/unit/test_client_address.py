"""Whose address counts when proxies stand in front: the last one that no trusted proxy wrote of itself."""

from typing import Any, cast

import pytest

from lingpai.web.call import Call
from lingpai.web.client_address import TrustedProxies


def call_from(peer: str | None, forwarded: str | None = None) -> Call:
    headers = [] if forwarded is None else [(b"x-forwarded-for", forwarded.encode())]
    scope = {"type": "http", "client": peer and (peer, 1234), "headers": headers}
    return Call(cast(Any, scope), cast(Any, None), 0.0)


@pytest.mark.parametrize(
    ("trusted", "peer", "forwarded", "client"),
    [
        ("", "203.0.113.7", None, "203.0.113.7"),
        ("", "203.0.113.7", "198.51.100.1", "203.0.113.7"),
        ("10.0.0.0/8", "10.1.2.3", "203.0.113.7", "203.0.113.7"),
        ("10.0.0.0/8", "10.1.2.3", "198.51.100.1, 203.0.113.7", "203.0.113.7"),
        ("10.0.0.0/8, 192.0.2.1", "10.1.2.3", "203.0.113.7, 192.0.2.1", "203.0.113.7"),
        ("10.0.0.0/8", "10.1.2.3", "203.0.113.7, not an address", "10.1.2.3"),
        ("10.0.0.0/8", "10.1.2.3", None, "10.1.2.3"),
        ("10.0.0.0/8", "203.0.113.7", "198.51.100.1", "203.0.113.7"),
        ("10.0.0.0/8", "::ffff:10.1.2.3", "203.0.113.7", "203.0.113.7"),
        ("", "2001:db8:1:2:3:4:5:6", None, "2001:db8:1:2::/64"),
        ("2001:db8::/32", "2001:db8::1", "203.0.113.7", "203.0.113.7"),
        ("", None, None, "unknown"),
        ("", "testclient", None, "unknown"),
    ],
)
def test_the_client_is_the_last_address_that_no_trusted_proxy_vouches_against(
    trusted, peer, forwarded, client
):
    assert TrustedProxies(trusted).client_of(call_from(peer, forwarded)) == client


def test_a_header_of_any_length_is_read_in_a_moment():
    chain = ", ".join(["10.0.0.1"] * 5_000)
    assert TrustedProxies("10.0.0.0/8").client_of(call_from("10.0.0.2", chain)) == "10.0.0.1"
