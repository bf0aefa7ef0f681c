"""How the phone asks the emulator: who there is, a code of wx.login, which calls came in."""

from typing import Any

import msgspec
from pyreqwest.client import Client
from pyreqwest.exceptions import PyreqwestError

from lingpai_emulator.mistakes import MistakeError

_BAD_GATEWAY = 502
_ERRORS = 400


class Controls:
    """A few calls of the control API. Each raises MistakeError: the emulator's own, or 502 without an answer."""

    def __init__(self, client: Client, emulator_url: str) -> None:
        self._client = client
        self._base = emulator_url.rstrip("/") + "/__emulator__"

    async def people(self) -> list[dict[str, Any]]:
        people: list[dict[str, Any]] = (await self._call("GET", "/people"))["people"]
        return people

    async def apps(self) -> list[dict[str, Any]]:
        """With their secrets: what goes on to the browser is picked by the caller."""
        apps: list[dict[str, Any]] = (await self._call("GET", "/apps"))["apps"]
        return apps

    async def clock(self) -> dict[str, Any]:
        return await self._call("GET", "/clock")

    async def advance(self, seconds: float) -> dict[str, Any]:
        return await self._call("POST", "/clock", {"advance": seconds})

    async def login(self, appid: str, person: str) -> dict[str, Any]:
        """`{code, errMsg}`."""
        return await self._call("POST", "/wx/login", {"appid": appid, "person": person})

    async def be_busy_once(self, path: str) -> None:
        """The next answer of `path` is -1, WeChat's "system error"."""
        await self._call("POST", "/faults", {"path": path, "times": 1, "errcode": -1})

    async def wx(self, api: str, options: dict[str, Any]) -> dict[str, Any]:
        """What `wx.{api}` gives a person: `{errMsg, …}`. `options` name appid and person."""
        return await self._call("POST", f"/wx/{api}", options)

    async def steer(self, method: str, control: str, body: object = None) -> dict[str, Any]:
        """A control as it is, its answer unchanged."""
        return await self._call(method, f"/{control}", body)

    async def calls(self) -> list[dict[str, Any]]:
        """Every call WeChat received, oldest first, secrets masked."""
        calls: list[dict[str, Any]] = (await self._call("GET", "/ledger"))["calls"]
        return calls

    async def _call(self, method: str, path: str, body: object = None) -> dict[str, Any]:
        builder = self._client.request(method, self._base + path)
        if body is not None:
            builder = builder.body_bytes(msgspec.json.encode(body)).header("Content-Type", "application/json")
        try:
            response = await builder.build().send()
            answer: dict[str, Any] = msgspec.json.decode(bytes(await response.bytes()), type=dict[str, Any])
        except (PyreqwestError, msgspec.DecodeError) as error:
            raise MistakeError("The emulator does not answer.", _BAD_GATEWAY) from error
        if response.status >= _ERRORS:
            raise MistakeError(str(answer.get("error", "The emulator refused.")), response.status)
        return answer
