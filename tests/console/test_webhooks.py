"""Sending a message again from the console, as its form does it."""

import re

import pytest

pytestmark = pytest.mark.asyncio(loop_scope="module")


async def test_a_message_is_sent_again_by_its_own_form_and_by_no_other(running, http):
    page = (await http.get(f"{running.url}/console/webhooks")).text
    form = page[page.index("/console/webhooks/redeliver") :]
    fields = dict(re.findall(r'name="(csrf|webhook|message)" value="([^"]+)"', form)[:3])
    store = running.server.store

    async def dead():
        return {row.notice_id for row in await store.webhooks.deliveries(9, state="dead")}

    before = await dead()
    assert fields["message"] in before
    forged = await http.post(f"{running.url}/console/webhooks/redeliver", data={**fields, "csrf": "guessed"})
    assert forged.status_code == 403
    nothing = await http.post(
        f"{running.url}/console/webhooks/redeliver", data={**fields, "message": "msg_x"}
    )
    assert nothing.status_code == 404
    assert await dead() == before
    sent = await http.post(f"{running.url}/console/webhooks/redeliver", data=fields)
    assert (sent.status_code, sent.headers["location"]) == (303, "/console/webhooks")
    assert await dead() == before - {fields["message"]}
    hook = {"csrf": fields["csrf"], "webhook": fields["webhook"]}
    assert (await http.post(f"{running.url}/console/webhooks/test", data=hook)).status_code == 303
    rows = await store.webhooks.deliveries(9)
    assert "webhook.test" in {row.event for row in rows}
