"""A folder and an S3 store keep the same promise."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from lingpai.storage.blobs import Blobs, BlobSettings, open_blobs
from lingpai.testing.blob_contract import BlobContract


class TestFolder(BlobContract):
    @pytest.fixture
    async def blobs(self, tmp_path: Path) -> AsyncIterator[Blobs]:
        blobs = open_blobs(BlobSettings(folder=str(tmp_path / "not" / "yet" / "there")))
        yield blobs
        await blobs.aclose()


class TestS3(BlobContract):
    @pytest.fixture
    async def blobs(self, s3_settings: BlobSettings) -> AsyncIterator[Blobs]:
        blobs = open_blobs(s3_settings)
        yield blobs
        await blobs.aclose()
