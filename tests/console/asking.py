"""A browser without a screen that fills in forms: each with the token that its page carries."""

import re
from typing import Any

import httpx

from lingpai.testing.server import RunningServer

_TOKEN = re.compile(r'name="csrf" value="([^"]+)"')


class Operator:
    """Somebody at the console."""

    def __init__(self, running: RunningServer, http: httpx.AsyncClient) -> None:
        self.running = running
        self.http = http
        self.token = ""

    async def get(self, path: str, language: str = "en") -> httpx.Response:
        return await self.http.get(self.running.url + path, headers={"accept-language": language})

    async def send(self, path: str, **fields: Any) -> httpx.Response:
        """Post a form."""
        if not self.token:
            found = _TOKEN.search((await self.get("/console/audit")).text)
            assert found
            self.token = found[1]
        return await self.http.post(self.running.url + path, data={"csrf": self.token, **fields})

    async def follow(self, answer: httpx.Response) -> str:
        """The page a change leads to, with what it says."""
        assert answer.status_code == 303, answer.text
        return (await self.get(answer.headers["location"])).text

    async def noted(self, action: str) -> dict[str, Any]:
        """The latest entry of the audit log for an action."""
        for entry in await self.running.server.rooms.desk.audit.page(50):
            if entry.action == action:
                return {"by": entry.actor_kind, "about": entry.about, **entry.details}
        raise AssertionError(f"{action} was not noted")
