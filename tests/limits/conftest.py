"""Limits to test: nodes in one process, a clock that stands still, a database in memory that they share."""

from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass

import pytest

from lingpai.limits import Gate, Guesses, Limit, LimitSettings, Policy, Refusals, Sharing
from lingpai.observe import Metrics
from lingpai.relay import Relay, open_relay
from lingpai.secret import Sealer
from lingpai.storage import Store, open_store
from lingpai.testing.clock import FrozenClock

SETTINGS = LimitSettings(
    on=True, address=600, address_burst=200, failed_codes=30, openid=60, service_key=120_000
)


@dataclass
class Node:
    """One node's limits."""

    gate: Gate
    guesses: Guesses
    sharing: Sharing
    metrics: Metrics
    relay: Relay

    def limit(self, policy: Policy, clock: FrozenClock) -> Limit:
        """One more limit that it shares."""
        limit = Limit(policy, clock.monotonic)
        self.sharing.add(limit)
        return limit


@pytest.fixture
def clock() -> FrozenClock:
    return FrozenClock()


@pytest.fixture
async def store(clock: FrozenClock) -> AsyncIterator[Store]:
    store = await open_store("memory:", clock=clock)
    yield store
    await store.aclose()


@pytest.fixture
def make_node(store: Store, clock: FrozenClock) -> Callable[..., Node]:
    """`make_node(**settings)` → a node on the shared database. It exchanges when told to, not by itself."""

    def make(relay: Relay | None = None, **settings: object) -> Node:
        metrics = Metrics()
        relay = relay or open_relay("", store, "test", clock, metrics.nodes)
        sealer = Sealer({b"0001": b"k" * 32}, b"0001")
        sharing = Sharing(relay, sealer, metrics.nodes)
        refusals = Refusals(clock, metrics.nodes)
        chosen = LimitSettings(
            **{**{f: getattr(SETTINGS, f) for f in SETTINGS.__struct_fields__}, **settings}
        )
        return Node(
            gate=Gate(chosen, sharing, refusals, clock),
            guesses=Guesses(store, sealer, clock, refusals),
            sharing=sharing,
            metrics=metrics,
            relay=relay,
        )

    return make
