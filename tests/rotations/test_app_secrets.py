"""An AppSecret is tried before it is in force, and the former one comes back when WeChat refuses it."""

import asyncio
import json
import time

import httpx
import pytest

from tests.rotations.conftest import APP, APPID, SECRET, in_use, until, used

pytestmark = pytest.mark.timeout(240)

SECOND, THIRD, FOURTH = "b2" * 16, "c3" * 16, "d4" * 16
FLIP = 5.0
"""Seconds after a change in which nodes may still have the former AppSecret."""


def kinds_of(failures):
    """What went wrong, told by paths and problem codes."""
    return {
        (path, json.loads(text).get("code") if text.startswith("{") else text)
        for _, path, _, text in failures
    }


def metric(node, name):
    text = httpx.get(f"{node.url}/metrics").text
    return sum(float(line.split()[-1]) for line in text.splitlines() if line.startswith(name + "{"))


async def test_a_new_appsecret_is_in_force_on_all_nodes_within_five_seconds(cluster):
    async with in_use(cluster) as usage:
        await used(usage)
        cluster.wechat.set_app(APP, secret=SECOND)
        shown = await cluster.tell("apps", "rotate-secret", APP, stdin=SECOND)
        settled = time.monotonic() + FLIP
        assert [(one["version"], one["state"]) for one in shown["secrets"]] == [
            (2, "current"),
            (1, "previous"),
        ]
        assert shown["secret_last4"] == SECOND[-4:]
        while time.monotonic() < settled:
            await used(usage, 1)
        await used(usage, 40)
    # WeChat ends the former secret at once: until the new one is handed over, nobody can sign in.
    assert kinds_of(usage.failed) <= {(f"/v1/{APP}/login", "wechat_credentials")}
    assert usage.since(settled) == []


async def test_an_appsecret_that_wechat_refuses_never_is_in_force(cluster):
    async with in_use(cluster, people=2) as usage:
        refused = await asyncio.to_thread(cluster.run, "apps", "rotate-secret", APP, stdin=FOURTH)
        await used(usage)
    assert refused.returncode == 1
    assert "WeChat refuses AppSecret" in refused.stderr
    assert "40125" in refused.stderr
    assert FOURTH not in refused.stderr + refused.stdout
    assert usage.failed == []
    assert cluster.secrets()[0] == (3, "refused")


async def test_a_frozen_appsecret_is_told_apart_and_tried_again(cluster):
    cluster.wechat.switch(secret_freeze_delay=0)
    cluster.wechat.set_app(APP, secret_frozen=True)
    frozen = await asyncio.to_thread(cluster.run, "apps", "rotate-secret", APP, stdin=SECOND)
    assert frozen.returncode == 1
    assert "is frozen at WeChat" in frozen.stderr
    assert cluster.secrets()[0] == (4, "candidate")
    cluster.wechat.set_app(APP, secret_frozen=False)
    overtaken = cluster.told("apps", "rotate-secret", APP, stdin=SECOND)
    states = {one["version"]: one["state"] for one in overtaken["secrets"]}
    assert (states[5], states.get(4)) == ("current", None)


async def test_the_former_appsecret_comes_back_by_itself_when_the_new_one_is_refused(cluster):
    cluster.wechat.set_app(APP, secret=THIRD)
    cluster.told("apps", "rotate-secret", APP, stdin=THIRD)
    before = sum(metric(node, "lingpai_app_secret_fallbacks_total") for node in cluster.nodes)
    async with in_use(cluster) as usage:
        await asyncio.sleep(FLIP / 2)
        cluster.wechat.set_app(APP, secret=SECOND)
        turned = time.monotonic()
        await until(lambda: cluster.secrets()[:2] == [(6, "refused"), (5, "current")])
        settled = turned + 2 * FLIP
        while time.monotonic() < settled:
            await used(usage, 1)
        await used(usage, 40)
    assert usage.failed, "nobody met the refusal"
    assert kinds_of(usage.failed) <= {(f"/v1/{APP}/login", "wechat_credentials")}
    assert usage.since(settled) == []
    (alarm,) = [line for line in cluster.log() if line["event"] == "app_secret_fell_back"]
    assert (alarm["level"], alarm["app"], alarm["errcode"]) == ("error", APPID, 40125)
    assert (alarm["refused_version"], alarm["version"]) == (6, 5)
    after = sum(metric(node, "lingpai_app_secret_fallbacks_total") for node in cluster.nodes)
    assert after == before + 1


async def test_an_operator_turns_back_and_forth(cluster):
    cluster.wechat.set_app(APP, secret=THIRD)
    cluster.told("apps", "rotate-secret", APP, stdin=THIRD)
    back = cluster.told("apps", "rotate-secret", APP, "--back")
    assert back["secret_last4"] == SECOND[-4:]
    cluster.wechat.set_app(APP, secret=SECOND)
    forth = cluster.told("apps", "rotate-secret", APP, "--back")
    assert forth["secret_last4"] == THIRD[-4:]


def test_without_a_former_appsecret_there_is_nothing_to_turn_back_to(cluster):
    other = "wx00000000000000f6"
    cluster.told("apps", "add", other, "--slug", "alone", stdin=SECRET)
    refused = cluster.run("apps", "rotate-secret", "alone", "--back")
    assert (refused.returncode, "no former AppSecret" in refused.stderr) == (2, True)


def test_all_of_it_is_audited_without_a_secret(cluster):
    noted = cluster.told("audit", "list")
    actions = {entry["action"] for entry in noted}
    assert {"app.added", "app.secret_rotated", "app.secret_turned_back"} <= actions
    everything = json.dumps(noted) + "".join(node.log for node in cluster.nodes)
    for secret in (SECRET, SECOND, THIRD, FOURTH):
        assert secret not in everything
