"""The door to blobs: which store the settings mean."""

from pathlib import Path

from lingpai.storage.blobs.port import Blobs, BlobSettings


class BlobSettingsError(ValueError):
    """The settings name a store that this installation cannot use; the message says why."""


def open_blobs(settings: BlobSettings) -> Blobs:
    """The store of `settings`. Touches neither disk nor network. Raises BlobSettingsError."""
    if not settings.s3_bucket:
        from lingpai.storage.blobs.folder import FolderBlobs  # noqa: PLC0415 - one of two is needed

        return FolderBlobs(Path(settings.folder))
    try:
        from lingpai.storage.blobs.s3 import S3Blobs  # noqa: PLC0415 - an extra of the distribution
    except ImportError:
        raise BlobSettingsError(
            "avatar_s3_bucket needs an extra: pip install 'lingpai[s3]', or leave it empty"
        ) from None
    return S3Blobs(settings)
