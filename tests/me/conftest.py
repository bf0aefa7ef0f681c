"""What the tests of one's own account share: pictures of every kind, a phone number, calls to `/v1/me`."""

import hashlib
import io
from dataclasses import dataclass
from typing import Any

import httpx
import msgspec
import pytest
from PIL import Image

from lingpai.errors import CATALOGUE
from lingpai.model import Phone, PhoneNumber, phone_identity
from tests.conftest import Stack, bearer

NUMBER = "13800000099"


def picture(
    size: tuple[int, int] = (80, 60),
    *,
    mode: str = "RGB",
    kind: str = "PNG",
    color: Any = None,
    **options: Any,
) -> bytes:
    """An image file of one colour."""
    out = io.BytesIO()
    image = Image.new(mode, size, color if color is not None else "teal" if mode in ("RGB", "RGBA") else 128)
    image.save(out, kind, **options)
    return out.getvalue()


def opened(data: bytes) -> Image.Image:
    image = Image.open(io.BytesIO(data))
    image.load()
    return image


def pixel(data: bytes, at: tuple[int, int]) -> tuple[int, int, int]:
    """Red, green, blue."""
    red, green, blue = opened(data).convert("RGB").crop((*at, at[0] + 1, at[1] + 1)).tobytes()
    return red, green, blue


@dataclass
class Me:
    """A signed-in person who talks to `/v1/me`."""

    stack: Stack
    tokens: dict[str, Any]

    @property
    def id(self) -> str:
        return str(self.tokens["user"]["id"])

    @property
    def auth(self) -> dict[str, str]:
        return bearer(self.tokens["access_token"])

    async def show(self) -> dict[str, Any]:
        answer = await self.stack.http.get("/v1/me", headers=self.auth)
        assert answer.status_code == 200, answer.text
        return answer.json()

    async def change(self, **fields: object) -> httpx.Response:
        return await self.stack.http.patch("/v1/me", headers=self.auth, json=fields)

    async def put(self, data: bytes, content_type: str = "image/png") -> httpx.Response:
        headers = {**self.auth, "content-type": content_type}
        return await self.stack.http.put("/v1/me/avatar", headers=headers, content=data)

    async def upload(self, data: bytes, *, field: str = "file", **form: str) -> httpx.Response:
        """As wx.uploadFile does."""
        files = {field: ("tmp_a1b2c3.jpg", data, "image/jpeg")}
        return await self.stack.http.post("/v1/me/avatar", headers=self.auth, files=files, data=form)

    async def erase(self) -> httpx.Response:
        return await self.stack.http.delete("/v1/me", headers=self.auth)

    async def export(self) -> httpx.Response:
        return await self.stack.http.get("/v1/me/export", headers=self.auth)

    async def give_phone(self, number: str = NUMBER) -> None:
        """A phone number on record, as `POST /v1/{app}/phone` leaves it."""
        sealer = self.stack.running.server.sealer
        told = PhoneNumber(phone_number=number, pure_phone_number=number, country_code="86")
        phone = Phone(
            user_id=self.id,
            sealed=sealer.seal(msgspec.json.encode(told), phone_identity(self.id)),
            blind_index=sealer.fingerprint(number.encode()),
            code_digest=hashlib.sha256(number.encode()).digest(),
            appid="wx00000000000000a1",
            verified_at=self.stack.clock.now(),
        )
        assert await self.stack.store.users.put_phone(phone)


@pytest.fixture
def person(stack: Stack) -> Any:
    """`await person("sam")`: somebody who has just signed in."""

    async def sign_in(name: str = "xiaoming", app: str = "demo-mp") -> Me:
        return Me(stack, await stack.signed_in(name, app))

    return sign_in


@pytest.fixture
def a_problem() -> Any:
    """Checks that an answer is a documented problem in both languages' shape; its code."""

    def check(answer: httpx.Response) -> str:
        told = answer.json()
        assert answer.headers["content-type"] == "application/problem+json", answer.text
        assert answer.headers["cache-control"] == "no-store"
        assert told["code"] in CATALOGUE
        assert told["status"] == answer.status_code
        assert told["hint"]
        assert "{" not in told["detail"] + told["hint"], told
        assert "Traceback" not in answer.text
        return str(told["code"])

    return check
