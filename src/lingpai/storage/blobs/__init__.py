"""Bytes that are too large for the database: avatars, in a folder or in an S3-compatible store."""

from lingpai.storage.blobs.open import BlobSettingsError, open_blobs
from lingpai.storage.blobs.port import BLOB_NAME, Blobs, BlobSettings, BlobsUnavailableError

__all__ = ["BLOB_NAME", "BlobSettings", "BlobSettingsError", "Blobs", "BlobsUnavailableError", "open_blobs"]
