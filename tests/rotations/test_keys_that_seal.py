"""The data key and the master key are changed under people who notice nothing.

LINGPAI_TEST_ROTATIONS sets how often the data key (1 by default), a tenth of it how often the master key;
`make rotations` asks for 100 and 10, and for 1,000 of the keys that sign.
"""

import asyncio
import os
import sqlite3
from contextlib import closing

import pytest

from tests.rotations.conftest import in_use, until, used

DATA_KEYS = int(os.environ.get("LINGPAI_TEST_ROTATIONS", "1"))
MASTER_KEYS = max(1, DATA_KEYS // 10)

pytestmark = pytest.mark.timeout(240 + 40 * DATA_KEYS)


async def test_a_new_data_key_takes_over_everything_and_nobody_notices(cluster):
    before = cluster.told("keys", "vault", "--count")
    (old,) = before["keys"]
    assert old["values"] > 0
    assert len(before["nodes"]) == 3
    seen = [old["id"]]
    async with in_use(cluster) as usage:
        await used(usage)
        for _ in range(DATA_KEYS):
            done = await cluster.tell("keys", "rotate", "sealing")
            assert (done["dropped"], done["kept"], done["resumed"]) == ([seen[-1]], {}, False)
            assert done["resealed"] > 0  # logins have sealed the rest anew meanwhile
            seen.append(done["data_key"])
        await used(usage)
    assert usage.failed == []
    assert len(set(seen)) == DATA_KEYS + 1
    (new,) = cluster.told("keys", "vault", "--count")["keys"]
    assert new["id"] == seen[-1]
    assert new["values"] >= old["values"]
    assert not [line for line in cluster.log() if line["level"] == "error"]
    print(f"{DATA_KEYS} data keys under {usage.done} requests, {len(usage.failed)} failed")


@pytest.mark.kills
async def test_a_rotation_that_is_killed_is_brought_to_its_end_by_the_next(cluster):
    path = cluster.nodes[0].settings["database_url"].removeprefix("sqlite:///")

    def keys():
        with closing(sqlite3.connect(path)) as database:
            return database.execute(
                "SELECT hex(id), active_at FROM sealing_keys ORDER BY created_at"
            ).fetchall()

    ((old, _),) = keys()
    stages = [lambda: len(keys()) == 2, lambda: len(keys()) == 2 and keys()[1][1] is not None]
    for reached in stages:
        with cluster.begin("keys", "rotate", "sealing") as child:
            await until(reached)
            child.kill()
    assert keys()[0][0] == old
    done = await cluster.tell("keys", "rotate", "sealing")
    assert (done["resumed"], done["dropped"]) == (True, [old.lower()])
    assert keys() == [(done["data_key"].upper(), keys()[0][1])]
    async with in_use(cluster, people=2) as usage:
        await used(usage)
    assert usage.failed == []


async def test_a_new_master_key_takes_over_while_nodes_have_either(cluster):
    requests = 0
    for turn in range(MASTER_KEYS):
        requests += await _new_master_key(cluster, str(cluster.directory / f"master-{turn}.key"))
    print(f"{MASTER_KEYS} master keys under {requests} requests, none failed")


async def _new_master_key(cluster, file):
    former, requests = cluster.nodes[0].settings["master_key_file"], 0
    async with in_use(cluster) as usage:
        await used(usage)
        added = await cluster.tell("keys", "rotate", "master", "--new-key-file", file)
        assert added["keys"] == 2  # one data key, and that of fingerprints
        early = await asyncio.to_thread(
            cluster.run, "keys", "rotate", "master", "--finish", master_key_file=file
        )
        assert early.returncode == 1
        assert "3 running servers have another master key" in early.stderr
    assert usage.failed == []
    requests += usage.done
    for node in cluster.nodes:
        node.settings["master_key_file"] = file
        node.terminate()
        await node.exit_code()
        node.close()
        await node.start()
        async with in_use(cluster, people=2) as usage:
            await used(usage, 12)
        assert usage.failed == []
        requests += usage.done
    finished = await cluster.tell("keys", "rotate", "master", "--finish")
    assert (finished["master"], finished["forgotten"]) == (added["master"], 1)
    async with in_use(cluster) as usage:
        await used(usage)
    assert usage.failed == []
    lost = cluster.run("apps", "list", master_key_file=former)
    assert lost.returncode == 3
    assert "nobody can read what is sealed" in lost.stderr
    return requests + usage.done


async def test_while_the_master_key_changes_a_new_data_key_needs_both(cluster):
    third = str(cluster.directory / "third.key")
    second = cluster.nodes[0].settings["master_key_file"]
    cluster.told("keys", "rotate", "master", "--new-key-file", third)
    refused = cluster.run("keys", "rotate", "sealing")
    assert (refused.returncode, "master_key_previous_file" in refused.stderr) == (1, True)
    done = await cluster.tell(
        "keys", "rotate", "sealing", master_key_file=third, master_key_previous_file=second
    )
    assert len(done["dropped"]) == 1
    (key,) = cluster.told("keys", "vault")["keys"]
    assert len(key["masters"]) == 2
    async with in_use(cluster) as usage:
        await used(usage)
    assert usage.failed == []
