"""Three nodes that limit together: by Redis and by the database alone, and whatever a client says of its address."""

import asyncio
import time

import pytest

PER_MINUTE, BURST = 600, 60
SECONDS = 6


@pytest.fixture(scope="module", params=["with Redis", "without Redis"])
def nodes(request, start_nodes):
    redis = request.getfixturevalue("redis").url("0") if request.param == "with Redis" else ""
    return start_nodes(
        redis_url=redis, rate_limits=True, rate_limit_address=PER_MINUTE, rate_limit_address_burst=BURST
    )


async def asked(http, nodes, pace, seconds):
    """How many of the requests to all nodes in turn are let in, and how many by the limit at most should be."""
    began, sent, let_in = time.monotonic(), 0, 0

    async def ask(number):
        nonlocal let_in
        headers = {"x-forwarded-for": f"198.51.100.{number % 250}, 203.0.113.{number % 250}"}
        url = nodes.urls[number % 3]
        answer = await http.post(f"{url}/v1/demo-mp/login", content=b"{", headers=headers)
        assert answer.status_code in (422, 429, 400)
        let_in += answer.status_code != 429

    async with asyncio.TaskGroup() as group:
        while (passed := time.monotonic() - began) < seconds:
            while sent < passed * pace:
                group.create_task(ask(sent))
                sent += 1
            await asyncio.sleep(0.01)
    return let_in, BURST + (time.monotonic() - began) * PER_MINUTE / 60


async def test_the_limit_of_three_nodes_errs_by_ten_in_a_hundred_at_most(nodes, http):
    let_in, right = await asked(http, nodes, 40, SECONDS)
    assert right * 0.9 <= let_in <= right * 1.1
