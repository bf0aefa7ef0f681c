"""Nodes that want the same rows at the same moment: each gets its turn, none is told to come again."""

import asyncio

import pytest

from lingpai.clock import SystemClock
from lingpai.storage import open_store
from lingpai.testing.storage_contract_samples import APPID, START, session_key

NODES = 8
ROUNDS = 12


@pytest.mark.parametrize("server", ["postgresql", "mysql"])
async def test_nodes_that_push_keys_of_one_person_at_once_are_all_served(server, request):
    url = request.getfixturevalue(f"{server}_url")
    stores = [await open_store(url, clock=SystemClock()) for _ in range(NODES)]

    async def push(place, store):
        for turn in range(ROUNDS):
            key = session_key(place * ROUNDS + turn)
            await store.sessions.push_session_key(APPID, "openid", key, START + turn)

    try:
        await asyncio.gather(*(push(place, store) for place, store in enumerate(stores)))
        assert len(await stores[0].sessions.session_keys(APPID, "openid")) == 3
    finally:
        for store in stores:
            await store.aclose()
