"""Blobs in an S3-compatible store: Amazon, Tencent COS, Aliyun OSS, MinIO, and others that speak it."""

import datetime as dt
from typing import Any, Final

import obstore
from obstore.exceptions import BaseError
from obstore.store import S3Store

from lingpai.storage.blobs.port import BlobSettings, BlobsUnavailableError, fit_name

_PREFIX: Final = "avatars/"
_CONNECT: Final = dt.timedelta(seconds=2)
_WHOLE: Final = dt.timedelta(seconds=10)
_RETRIES: Final = 2


class S3Blobs:
    """Objects below `avatars/` in one bucket.

    Credentials come the way every AWS tool finds them: from AWS_ACCESS_KEY_ID and its siblings, a web
    identity, or the machine's role. They never stand in settings of ours.
    """

    def __init__(self, settings: BlobSettings) -> None:
        given: dict[str, Any] = {}
        if settings.s3_endpoint:
            given |= {
                "endpoint": settings.s3_endpoint,
                "virtual_hosted_style_request": False,
                "client_options": {"allow_http": settings.s3_endpoint.startswith("http://")},
            }
        if settings.s3_region:
            given["region"] = settings.s3_region
        options = {"connect_timeout": _CONNECT, "timeout": _WHOLE} | given.pop("client_options", {})
        self._store: Final = S3Store(
            settings.s3_bucket,
            prefix=_PREFIX,
            client_options=options,
            retry_config={"max_retries": _RETRIES, "retry_timeout": _WHOLE},
            **given,
        )

    async def put(self, name: str, data: bytes) -> None:
        try:
            await obstore.put_async(
                self._store,
                fit_name(name),
                data,
                attributes={"Content-Type": "image/jpeg"},
                use_multipart=False,
            )
        except (BaseError, OSError) as error:
            raise _unavailable(error) from error

    async def get(self, name: str) -> bytes | None:
        try:
            found = await obstore.get_async(self._store, fit_name(name))
            return bytes(await found.bytes_async())
        except FileNotFoundError:
            return None
        except (BaseError, OSError) as error:
            raise _unavailable(error) from error

    async def delete(self, name: str) -> None:
        try:
            await obstore.delete_async(self._store, fit_name(name))
        except FileNotFoundError:
            return
        except (BaseError, OSError) as error:
            raise _unavailable(error) from error

    async def aclose(self) -> None:
        """Connections end with the object."""


def _unavailable(error: BaseException) -> BlobsUnavailableError:
    # The driver's words quote whole requests; its class says enough.
    return BlobsUnavailableError(type(error).__name__)
