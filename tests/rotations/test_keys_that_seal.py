"""The data key and the master key are changed under people who notice nothing."""

import asyncio

import pytest

from tests.rotations.conftest import in_use, used

pytestmark = pytest.mark.timeout(240)


async def test_a_new_data_key_takes_over_everything_and_nobody_notices(cluster):
    before = cluster.told("keys", "vault", "--count")
    (old,) = before["keys"]
    assert old["values"] > 0
    assert len(before["nodes"]) == 3
    async with in_use(cluster) as usage:
        await used(usage)
        done = await cluster.tell("keys", "rotate", "sealing")
        await used(usage)
    assert usage.failed == []
    assert done["dropped"] == [old["id"]]
    assert (done["kept"], done["resumed"]) == ({}, False)
    assert done["resealed"] > 0  # logins have sealed the rest anew meanwhile
    (new,) = cluster.told("keys", "vault", "--count")["keys"]
    assert new["id"] == done["key"] != old["id"]
    assert new["values"] >= old["values"]
    assert not [line for line in cluster.log() if line["level"] == "error"]


async def test_a_new_master_key_takes_over_while_nodes_have_either(cluster):
    first = cluster.nodes[0].settings["master_key_file"]
    second = str(cluster.directory / "second.key")
    async with in_use(cluster) as usage:
        await used(usage)
        added = await cluster.tell("keys", "rotate", "master", "--new-key-file", second)
        assert added["keys"] == 2  # one data key, and that of fingerprints
        early = await asyncio.to_thread(
            cluster.run, "keys", "rotate", "master", "--finish", master_key_file=second
        )
        assert early.returncode == 1
        assert "3 running servers have another master key" in early.stderr
    assert usage.failed == []
    for node in cluster.nodes:
        node.settings["master_key_file"] = second
        node.terminate()
        await node.exit_code()
        node.close()
        await node.start()
        async with in_use(cluster, people=2) as usage:
            await used(usage, 12)
        assert usage.failed == []
    finished = await cluster.tell("keys", "rotate", "master", "--finish")
    assert (finished["master"], finished["forgotten"]) == (added["master"], 1)
    async with in_use(cluster) as usage:
        await used(usage)
    assert usage.failed == []
    lost = cluster.run("apps", "list", master_key_file=first)
    assert lost.returncode == 3
    assert "nobody can read what is sealed" in lost.stderr
    assert cluster.told("apps", "list")


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
