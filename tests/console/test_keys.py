"""Service keys, signing keys, the audit log, the settings."""

import json
import sqlite3

import httpx
import pytest

from lingpai.model import Actor
from lingpai.testing.server import RunningServer
from tests.console.asking import Operator
from tests.console.people import APPS

pytestmark = pytest.mark.asyncio(loop_scope="module")


async def test_a_service_key_is_shown_once_works_and_is_revoked(operator: Operator, http: httpx.AsyncClient):
    fields = {"name": "orders", "scope": ["introspect", "access_token"], "app": APPS[0].appid}
    made = await operator.send("/console/service-keys", **fields)
    key = made.text.partition('id="new-key">')[2].partition("<")[0]
    assert key.startswith("lps_")
    assert made.headers["cache-control"] == "no-store"
    for path in ("/console/service-keys", "/console/service-keys/orders", "/console/audit"):
        assert key not in (await operator.get(path)).text
    assert (await operator.noted("service_key.added"))["scopes"] == (
        f"introspect:{APPS[0].appid} access_token:{APPS[0].appid}"
    )
    url = f"{operator.running.url}/oauth2/introspect"
    headers = {"authorization": f"Bearer {key}", "accept": "*/*"}
    assert (await http.post(url, data={"token": "x"}, headers=headers)).status_code == 200
    again = await operator.send("/console/service-keys", **fields)
    assert again.status_code == 422
    assert "A key had this name already" in again.text
    assert (await operator.send("/console/service-keys/orders/revoke", typed="order")).status_code == 422
    page = await operator.follow(await operator.send("/console/service-keys/orders/revoke", typed="orders"))
    assert "The key is revoked." in page
    assert (await http.post(url, data={"token": "x"}, headers=headers)).status_code == 401


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"name": "two words", "scope": ["introspect"]}, "1 to 64 letters"),
        ({"name": "x"}, "Choose at least one."),
    ],
)
async def test_a_key_that_cannot_be_is_explained(operator: Operator, fields: dict[str, object], words: str):
    answer = await operator.send("/console/service-keys", **fields)
    assert answer.status_code == 422
    assert words in answer.text


async def test_a_signing_key_is_made_ahead_or_at_once(operator: Operator):
    page = await operator.follow(await operator.send("/console/signing-keys"))
    assert "it signs from a day on" in page
    assert "published, signs later" in page
    assert (await operator.send("/console/signing-keys/at-once", typed="now")).status_code == 422
    page = await operator.follow(await operator.send("/console/signing-keys/at-once", typed="at once"))
    assert page.count("withdrawn</span>") == 2
    assert page.count("signs now</span>") == 1


async def test_the_audit_log_is_filtered_and_paged(operator: Operator, running: RunningServer):
    log = running.server.rooms.desk.audit
    for number in range(60):
        await log.note(Actor("operator", "opr_1", "小王"), "user.exported", f"usr_{number:04}")
    first = (await operator.get("/console/audit?who=小王&action=user.")).text
    assert first.count('<tr role="row" id="row-') == 50
    older = first.partition('rel="next"')[0].rpartition('href="')[2].partition('"')[0].replace("&amp;", "&")
    second = (await operator.get(older)).text
    assert second.count('<tr role="row" id="row-') == 10
    one = (await operator.get("/console/audit?about=USR_0007")).text
    assert one.count('<tr role="row" id="row-') == 1
    assert "none fits" in (await operator.get("/console/audit?who=nobody")).text
    for before in ("x", "-1", "9" * 30, "%00"):
        assert (await operator.get(f"/console/audit?before={before}")).status_code == 200


async def test_the_audit_log_is_a_file_and_its_chain_is_checked(operator: Operator, running: RunningServer):
    exported = await operator.send("/console/audit/export")
    rows = [json.loads(line) for line in exported.text.splitlines()]
    assert [row["position"] for row in rows] == list(range(1, len(rows) + 1))
    assert rows[-1]["action"] == "audit.exported"
    good = await operator.send("/console/audit/verify")
    assert f"{len(rows)} rows, all as they were written." in good.text
    assert f"{rows[-1]['position']}:{rows[-1]['hash']}" in good.text
    database = running.config.database_url.removeprefix("sqlite:///")
    with sqlite3.connect(database) as connection:
        (kept,) = connection.execute("SELECT actor_name FROM audit_log WHERE position = 2").fetchone()
        connection.execute("UPDATE audit_log SET actor_name = 'nobody' WHERE position = 2")
    bad = await operator.send("/console/audit/verify")
    assert "The audit log is not as it was written." in bad.text
    assert "Rows 2 to 2: changed" in bad.text
    with sqlite3.connect(database) as connection:
        connection.execute("UPDATE audit_log SET actor_name = ? WHERE position = 2", (kept,))
    connection.close()


async def test_the_settings_are_told_with_their_source_and_no_secret(
    operator: Operator, running: RunningServer
):
    page = (await operator.get("/console/settings")).text
    rows = {
        row.partition("</code>")[0]: row for row in page.split('<td role="cell" data-label="Setting"><code>')
    }
    assert ">set</span>" in rows["master_key"]
    assert "http://127.0.0.1:9</code>" in rows["wechat_base_url"]
    assert ">command</span>" in rows["wechat_base_url"]
    assert ">default</span>" in rows["session_lifetime"]
    assert running.config.master_key.reveal() not in page
