"""Relays to test: two nodes on one database, with a Redis between them."""

import secrets
from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack

import pytest

from lingpai.clock import SystemClock
from lingpai.observe import Metrics
from lingpai.relay import Relay, open_relay
from lingpai.storage import Store, open_store
from lingpai.testing.relay_contract import until

Connect = Callable[..., Relay]


@pytest.fixture
async def memory_store() -> AsyncIterator[Store]:
    store = await open_store("memory:", clock=SystemClock())
    yield store
    await store.aclose()


@pytest.fixture
async def connect() -> AsyncIterator[Connect]:
    """`connect(url, store, installation)` → a relay, closed with the test."""
    async with AsyncExitStack() as stack:
        own = secrets.token_hex(8)

        def connecting(url: str, store: Store, installation: str = own) -> Relay:
            relay = open_relay(url, store, installation, SystemClock(), Metrics().nodes)
            stack.push_async_callback(relay.aclose)
            return relay

        yield connecting


@pytest.fixture
async def redis_relays(connect: Connect, redis_url: str, memory_store: Store) -> tuple[Relay, Relay]:
    """Two nodes that hear one another."""
    relays = (connect(redis_url, memory_store), connect(redis_url, memory_store))
    await until(lambda: relays[0].alive and relays[1].alive)
    return relays
