"""A hot endpoint answers the same, whether the table or the router found it."""

import re

import pytest

REQUESTS = {
    "a login": ("POST", "/v1/demo-mp/login", {"code": "no such code"}),
    "a login at no app": ("POST", "/v1/nobody/login", {"code": "x"}),
    "a login of no shape": ("POST", "/v1/demo-mp/login", {}),
    "a session": ("GET", "/v1/session", None),
    "a refresh": ("POST", "/v1/session/refresh", {"refresh_token": "lpr_none"}),
    "a wrong method": ("PUT", "/v1/session", None),
    "a slash too many": ("GET", "/v1/session/", None),
    "a segment too many": ("POST", "/v1/demo-mp/login/again", {}),
    "an empty app": ("POST", "/v1//login", {"code": "x"}),
}
CHANGING = re.compile(r"[0-9a-f]{8}-[0-9a-f]{8}-[0-9a-f]{8}|[0-9a-f]{16}")


@pytest.mark.parametrize(("method", "path", "body"), REQUESTS.values(), ids=REQUESTS)
async def test_the_table_and_the_router_answer_alike(stack, method, path, body):
    front = stack.running.server.front

    async def ask():
        answer = await stack.http.request(method, path, json=body)
        headers = {k: v for k, v in answer.headers.items() if k not in ("date", "x-request-id")}
        return answer.status_code, headers, CHANGING.sub("…", answer.text)

    found_by_table = await ask()
    front._exact.clear()
    front._of_app.clear()
    assert await ask() == found_by_table


async def test_every_answer_is_counted_once_under_its_route(stack):
    for path in ("/v1/session", "/docs", "/docs/problems/code_used", "/nothing/here", "/healthz"):
        await stack.http.get(path)
    counted = (await stack.http.get("/metrics")).text
    for route, status in {
        "/v1/session": 401,
        "/docs": 200,
        "/docs/problems/{code}": 200,
        "none": 404,
        "/healthz": 200,
    }.items():
        assert f'lingpai_http_requests_total{{route="{route}",status="{status}"}} 1.0' in counted
