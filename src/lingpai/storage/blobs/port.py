"""What a store of blobs promises.

To add one: a module with a class that keeps this promise, and a line in `open.py`; the contract suite is
`lingpai.testing.blob_contract`. In words:

- Names are made by us (`BLOB_NAME`); anything else is a ValueError, before a disk or a network sees it.
- `put` returns only after the bytes are durable. A blob is never changed: a new picture has a new name.
- Whoever reads sees a whole blob or none.
- What goes wrong is a BlobsUnavailableError; no method raises an error of an operating system or a driver.
"""

import re
from typing import Final, Protocol

import msgspec

BLOB_NAME: Final = r"[0-9a-f]{32}\.[a-z]{3,4}"
"""128 random bits and an extension. One case only: some disks do not tell cases apart."""
_NAME: Final = re.compile(BLOB_NAME)


class BlobsUnavailableError(Exception):
    """The store cannot answer now: full, unreachable, or closed to us. Nothing was acknowledged."""


class BlobSettings(msgspec.Struct, frozen=True, kw_only=True):
    """Where blobs live: in the bucket when one is named, else in the folder."""

    folder: str
    s3_bucket: str = ""
    s3_endpoint: str = ""
    """Empty: Amazon's own for the region."""
    s3_region: str = ""


class Blobs(Protocol):
    async def put(self, name: str, data: bytes) -> None:
        """Keep `data` under `name`. Raises BlobsUnavailableError."""
        ...

    async def get(self, name: str) -> bytes | None:
        """The bytes, or None. Raises BlobsUnavailableError."""
        ...

    async def delete(self, name: str) -> None:
        """Forget a blob; one that is not there is forgotten already. Raises BlobsUnavailableError."""
        ...

    async def aclose(self) -> None: ...


def fit_name(name: str) -> str:
    """`name`, when it is one of ours. Raises ValueError."""
    if not _NAME.fullmatch(name):
        raise ValueError("not the name of a blob")
    return name
