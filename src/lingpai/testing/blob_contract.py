"""What every store of blobs must do: a test class to inherit, with a fixture `blobs` that is empty.

Needs pytest and pytest-asyncio.
"""
# ruff: noqa: S101 - a contract states its promises with assert, its figures where they are checked

import asyncio
from typing import Final

import pytest

from lingpai.storage.blobs import Blobs

NAME: Final = f"{0xABCDEF:032x}.jpg"
OTHER: Final = f"{1:032x}.jpg"
STRANGE: Final = (
    "",
    "a.jpg",
    "../" + NAME,
    NAME + "/..",
    NAME.upper(),
    NAME + "\n",
    NAME + "\0",
    f"{'g' * 32}.jpg",
    f"{'0' * 32}",
    f"{'٠' * 32}.jpg",
    "%2e%2e%2f" + NAME,
)


class BlobContract:
    """Inherit, bring a fixture `blobs`, and run."""

    pytestmark = pytest.mark.asyncio

    async def test_what_was_put_comes_back_byte_for_byte(self, blobs: Blobs) -> None:
        data = bytes(range(256)) * 300
        await blobs.put(NAME, data)
        assert await blobs.get(NAME) == data
        assert await blobs.get(OTHER) is None

    async def test_an_empty_blob_is_there(self, blobs: Blobs) -> None:
        await blobs.put(NAME, b"")
        assert await blobs.get(NAME) == b""

    async def test_what_never_was_is_none(self, blobs: Blobs) -> None:
        assert await blobs.get(NAME) is None

    async def test_what_was_deleted_is_none(self, blobs: Blobs) -> None:
        await blobs.put(NAME, b"a picture")
        await blobs.put(OTHER, b"another")
        await blobs.delete(NAME)
        assert await blobs.get(NAME) is None
        assert await blobs.get(OTHER) == b"another"

    async def test_deleting_what_is_not_there_is_no_error(self, blobs: Blobs) -> None:
        await blobs.delete(NAME)
        await blobs.put(NAME, b"a picture")
        await blobs.delete(NAME)
        await blobs.delete(NAME)

    async def test_putting_again_after_a_lost_answer_is_no_error(self, blobs: Blobs) -> None:
        await blobs.put(NAME, b"a picture")
        await blobs.put(NAME, b"a picture")
        assert await blobs.get(NAME) == b"a picture"

    async def test_many_at_once_do_not_mix(self, blobs: Blobs) -> None:
        names = [f"{n:032x}.jpg" for n in range(24)]
        await asyncio.gather(*(blobs.put(name, name.encode() * 1_000) for name in names))
        got = await asyncio.gather(*(blobs.get(name) for name in names))
        assert got == [name.encode() * 1_000 for name in names]

    @pytest.mark.parametrize("name", STRANGE)
    async def test_a_name_that_is_not_ours_touches_nothing(self, blobs: Blobs, name: str) -> None:
        for call in (blobs.get(name), blobs.put(name, b"x"), blobs.delete(name)):
            with pytest.raises(ValueError, match="not the name of a blob"):
                await call
