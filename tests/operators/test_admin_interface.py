"""Programs of operators at /v1/admin: every operation once, with what it refuses and what it leaves in the audit log."""

from collections.abc import AsyncIterator

import httpx
import pytest
import pytest_asyncio

from lingpai.clock import DAY
from lingpai.testing.actors import TESTER
from tests.console.people import user_id

pytestmark = pytest.mark.asyncio(loop_scope="module")

SHOP = {
    "appid": "wx00000000000000e5",
    "app_secret": "0123456789abcdef" * 2,
    "slug": "shop",
    "kind": "miniprogram",
}


async def key_of(running, name, roles, permissions, days=30):
    operators = running.server.rooms.operators
    await operators.registry.add(name, roles, by=TESTER)
    made = await operators.keys.add(name, "ci", permissions, days=days, by=TESTER)
    assert made is not None
    return made[1].reveal()


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def admin(running) -> AsyncIterator[httpx.AsyncClient]:
    """A program with a key that may do everything."""
    key = await key_of(running, "robot", ["operator", "security"], ["look", "run", "secure"])
    async with httpx.AsyncClient(base_url=running.url, headers={"authorization": f"Bearer {key}"}) as client:
        yield client


async def noted(running, rows=1):
    return [(entry.action, entry.actor_name) for entry in await running.server.rooms.desk.audit.page(rows)]


async def test_an_app_is_added_changed_given_a_new_secret_and_removed(running, admin):
    added = await admin.post("/v1/admin/apps", json=SHOP)
    assert (added.status_code, added.json()["secret_last4"]) == (201, "cdef")
    assert added.headers["cache-control"] == "no-store"
    assert SHOP["app_secret"] not in added.text
    assert await noted(running) == [("app.added", "robot (ci)")]
    taken = await admin.post("/v1/admin/apps", json=SHOP)
    assert (taken.status_code, taken.json()["code"]) == (409, "name_taken")
    wrong = await admin.post("/v1/admin/apps", json={**SHOP, "appid": "wx"})
    assert wrong.status_code == 422
    changed = await admin.patch("/v1/admin/apps/shop", json={"settings": {"profile_days": "7"}})
    assert changed.json()["settings"]["profile_days"] == 7
    assert (await admin.patch("/v1/admin/apps/shop", json={"settings": {"nothing": "7"}})).status_code == 422
    rotated = await admin.put("/v1/admin/apps/shop/secret", json={"app_secret": "f" * 32})
    assert rotated.status_code == 200
    versions = await running.server.store.apps.secrets(SHOP["appid"])
    assert [(version.version, version.last4) for version in versions] == [(2, "ffff"), (1, "cdef")]
    assert (await admin.get("/v1/admin/apps/shop")).json()["appid"] == SHOP["appid"]
    assert "shop" in [app["slug"] for app in (await admin.get("/v1/admin/apps")).json()["apps"]]
    assert (await admin.delete("/v1/admin/apps/shop")).status_code == 204
    for gone in (
        await admin.get("/v1/admin/apps/shop"),
        await admin.delete("/v1/admin/apps/shop"),
        await admin.put("/v1/admin/apps/shop/secret", json={"app_secret": "f" * 32}),
    ):
        assert (gone.status_code, gone.json()["code"]) == (404, "app_unknown")


async def test_people_are_found_merged_told_apart_exported_and_erased(running, admin):
    page = (await admin.get("/v1/admin/users", params={"limit": 2})).json()["users"]
    assert len(page) == 2
    after = (await admin.get("/v1/admin/users", params={"limit": 2, "before": page[-1]["id"]})).json()[
        "users"
    ]
    assert {user["id"] for user in after}.isdisjoint({user["id"] for user in page})
    one, two = page[0]["id"], page[1]["id"]
    found = (await admin.get("/v1/admin/users", params={"find": one})).json()["users"]
    assert [user["id"] for user in found] == [one]
    shown = (await admin.get(f"/v1/admin/users/{one}")).json()
    assert shown["user"]["id"] == one
    merged = await admin.post(f"/v1/admin/users/{one}/merge", json={"other": two})
    assert merged.status_code == 200, merged.text
    assert (await admin.post(f"/v1/admin/users/{one}/merge", json={"other": two})).status_code == 422
    split = await admin.post(f"/v1/admin/users/{merged.json()['loser']}/split")
    assert split.json() == merged.json()
    assert (await admin.get(f"/v1/admin/users/{one}/export")).json()["user"] == one
    assert await noted(running) == [("user.exported", "robot (ci)")]
    erased = await admin.delete(f"/v1/admin/users/{one}")
    assert erased.json()["audit_id"].startswith("era_")
    for path in (f"/v1/admin/users/{one}", f"/v1/admin/users/{one}/export"):
        assert (await admin.get(path)).json()["code"] == "record_unknown"
    assert (await admin.delete(f"/v1/admin/users/{one}")).status_code == 404


async def test_sessions_are_ended(running, admin):
    user = user_id(1)
    sessions = (await admin.get(f"/v1/admin/users/{user}")).json()["sessions"]
    assert sessions
    other = user_id(2)
    assert (await admin.delete(f"/v1/admin/users/{other}/sessions/{sessions[0]['id']}")).status_code == 404
    assert (await admin.delete(f"/v1/admin/users/{user}/sessions/{sessions[0]['id']}")).status_code == 204
    assert (await admin.delete(f"/v1/admin/users/{user}/sessions")).json()["ended"] >= 0
    assert (await admin.delete("/v1/admin/users/usr_nobody/sessions")).status_code == 404


async def test_keys_are_made_listed_and_revoked(running, admin):
    made = await admin.post("/v1/admin/service-keys", json={"name": "shop", "scopes": ["introspect"]})
    assert made.status_code == 201
    key = made.json()["service_key"]
    listed = await admin.get("/v1/admin/service-keys")
    assert key not in listed.text
    assert key[-4:] in {each["last4"] for each in listed.json()["service_keys"]}
    assert (
        await admin.post("/v1/admin/service-keys", json={"name": "x", "scopes": ["all"]})
    ).status_code == 422
    assert (await admin.delete("/v1/admin/service-keys/shop")).status_code == 204
    assert (await admin.delete("/v1/admin/service-keys/shop")).status_code == 404
    rotated = await admin.post("/v1/admin/signing-keys", json={})
    assert rotated.status_code == 201
    kids = [key["kid"] for key in (await admin.get("/v1/admin/signing-keys")).json()["signing_keys"]]
    assert rotated.json()["kid"] in kids


async def test_the_audit_log_comes_by_the_page(admin):
    page = (await admin.get("/v1/admin/audit", params={"limit": 2})).json()["entries"]
    older = (await admin.get("/v1/admin/audit", params={"limit": 2, "before": page[-1]["position"]})).json()
    assert older["entries"][0]["position"] == page[-1]["position"] - 1
    assert older["entries"][0]["hash"] == page[-1]["previous"]
    for bad in ({"limit": 0}, {"limit": 201}, {"before": "x"}, {"before": 2**63}, {"order": "x"}):
        assert (await admin.get("/v1/admin/audit", params=bad)).status_code == 422


async def test_a_key_has_at_most_what_its_operator_has_and_dies_with_it(running, clock):
    operators = running.server.rooms.operators
    key = await key_of(running, "keyed", ["operator"], ["look", "run"], days=1)
    headers = {"authorization": f"Bearer {key}"}
    async with httpx.AsyncClient(base_url=running.url, headers=headers) as http:

        async def answered(method="GET", path="/v1/admin/apps"):
            answer = await http.request(method, path, json=None if method == "GET" else {"settings": {}})
            return answer.status_code

        assert await answered() == 200
        assert await answered("PATCH", "/v1/admin/apps/nothing") == 404
        await operators.registry.put_roles("keyed", ["viewer"], by=TESTER)
        assert await answered("PATCH", "/v1/admin/apps/nothing") == 403
        await operators.registry.disable("keyed", by=TESTER)
        assert await answered() == 401
        await operators.registry.enable("keyed", by=TESTER)
        assert await answered() == 200
        clock.advance(DAY / 1_000)
        assert await answered() == 401
    fresh = await operators.keys.add("keyed", "next", ["look"], days=1, by=TESTER)
    headers = {"authorization": f"Bearer {fresh[1].reveal()}"}
    async with httpx.AsyncClient(base_url=running.url, headers=headers) as http:
        assert (await http.get("/v1/admin/apps")).status_code == 200
        assert (await operators.keys.all(fresh[0].operator))[-1:] == []
        await operators.keys.revoke("keyed", "next", by=TESTER)
        assert (await http.get("/v1/admin/apps")).status_code == 401


async def test_a_page_of_another_origin_may_not_ask(admin):
    origin = {"origin": "https://evil.example"}
    answer = await admin.get("/v1/admin/apps", headers=origin)
    assert "access-control-allow-origin" not in answer.headers
    preflight = await admin.options(
        "/v1/admin/apps", headers={**origin, "access-control-request-method": "GET"}
    )
    assert "access-control-allow-origin" not in preflight.headers
