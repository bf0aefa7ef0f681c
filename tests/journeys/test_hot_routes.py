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
