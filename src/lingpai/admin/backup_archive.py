"""What a backup file holds: a tar archive with the database, the pictures and their checksums, sealed or plain.

`backup.json` comes first and says what it is, `lingpai.db` next, then `avatars/…`, at last `checksums.json` with the
SHA-256 of every other entry: an archive without it was cut off. Sealed, the archive lies in the envelope of
`secret/envelope.py`; plain, it is an ordinary tar file.
"""

import hashlib
import io
import tarfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import IO, BinaryIO, Final, Protocol, cast

import msgspec

from lingpai.secret import MAGIC, EnvelopeReader, EnvelopeWriter, SealBrokenError

FORMAT: Final = 1
ABOUT: Final = "backup.json"
DATABASE: Final = "lingpai.db"
PICTURES: Final = "avatars/"
CHECKSUMS: Final = "checksums.json"
_PART: Final = 1 << 20
_LARGEST_PICTURE: Final = 16 << 20

OnBytes = Callable[[int], None]


class BackupInvalidError(ValueError):
    """The file is no backup, or not whole; the message says why."""


class About(msgspec.Struct, frozen=True, kw_only=True):
    """What the first entry says."""

    format: int
    made_at: int
    """Milliseconds since 1970: the moment that the database in it is of."""
    release: str
    schema: str | None
    database_bytes: int
    pictures: int


class _Sink(Protocol):
    def write(self, data: bytes, /) -> int: ...


class ArchiveWriter:
    """Writes the entries one after the other."""

    def __init__(self, tar: tarfile.TarFile) -> None:
        self._tar: Final = tar
        self._sums: Final[dict[str, str]] = {}

    def add(self, name: str, data: bytes) -> None:
        self.stream(name, len(data), io.BytesIO(data))

    def stream(self, name: str, size: int, source: IO[bytes], on_bytes: OnBytes | None = None) -> None:
        """Write `size` bytes of `source`."""
        entry = tarfile.TarInfo(name)
        entry.size, entry.mode = size, 0o600
        summing = _Summing(source, on_bytes)
        self._tar.addfile(entry, cast(IO[bytes], summing))
        self._sums[name] = summing.sha256.hexdigest()

    def finish(self) -> None:
        self.add(CHECKSUMS, msgspec.json.encode(self._sums))


class ArchiveReader:
    """Reads the entries in their order, and believes them only when `finish` has been asked."""

    def __init__(self, tar: tarfile.TarFile) -> None:
        self._tar: Final = tar
        self._sums: Final[dict[str, str]] = {}
        self._told: dict[str, str] | None = None

    def about(self) -> About:
        """The first entry. Raises BackupInvalidError."""
        entry = self._tar.next()
        if entry is None or entry.name != ABOUT:
            raise BackupInvalidError("it is no backup of lingpai")
        try:
            about = msgspec.json.decode(self._bytes(entry), type=About)
        except msgspec.DecodeError:
            raise BackupInvalidError("it is no backup of lingpai") from None
        if about.format != FORMAT:
            raise BackupInvalidError(f"it has format {about.format}, this release reads {FORMAT}")
        return about

    def database(self, to: BinaryIO, on_bytes: OnBytes | None = None) -> None:
        """The second entry, written to `to`. Raises BackupInvalidError."""
        entry = self._tar.next()
        if entry is None or entry.name != DATABASE:
            raise BackupInvalidError("there is no database in it")
        source = self._source(entry, on_bytes)
        while part := source.read(_PART):
            to.write(part)
        self._sums[DATABASE] = source.sha256.hexdigest()

    def pictures(self) -> Iterator[tuple[str, bytes]]:
        """The names and bytes of the pictures. Raises BackupInvalidError."""
        while (entry := self._tar.next()) is not None:
            if entry.name == CHECKSUMS:
                self._told = msgspec.json.decode(self._bytes(entry), type=dict[str, str])
                return
            if not entry.name.startswith(PICTURES) or entry.size > _LARGEST_PICTURE:
                raise BackupInvalidError("there is something in it that does not belong there")
            yield entry.name.removeprefix(PICTURES), self._bytes(entry)

    def finish(self) -> None:
        """Raises BackupInvalidError unless everything was there, as it was written."""
        sums = {name: digest for name, digest in self._sums.items() if name != CHECKSUMS}
        if self._told is None:
            raise BackupInvalidError("it was cut off")
        if self._told != sums:
            raise BackupInvalidError("its checksums do not fit")

    def _bytes(self, entry: tarfile.TarInfo) -> bytes:
        source = self._source(entry, None)
        data = source.read(entry.size)
        self._sums[entry.name] = source.sha256.hexdigest()
        return data

    def _source(self, entry: tarfile.TarInfo, on_bytes: OnBytes | None) -> "_Summing":
        found = self._tar.extractfile(entry)
        if found is None:
            raise BackupInvalidError("there is something in it that is no file")
        return _Summing(found, on_bytes)


@contextmanager
def written(stream: BinaryIO, master_key: bytes | None) -> Iterator[ArchiveWriter]:
    """An archive on `stream`, sealed unless there is no key; whole when the block has ended."""
    envelope = None if master_key is None else EnvelopeWriter(stream, master_key)
    sink: _Sink = stream if envelope is None else envelope
    with tarfile.open(
        mode="w|", fileobj=cast(IO[bytes], sink), bufsize=_PART, format=tarfile.PAX_FORMAT
    ) as tar:
        archive = ArchiveWriter(tar)
        yield archive
        archive.finish()
    if envelope is not None:
        envelope.close()


@contextmanager
def opened(stream: BinaryIO, master_keys: Sequence[bytes]) -> Iterator[ArchiveReader]:
    """The archive on `stream`, whichever of the two it is.

    Raises BackupInvalidError, OtherKeyError; SealBrokenError is told as the former.
    """
    magic = stream.read(len(MAGIC))
    try:
        source: object = EnvelopeReader(stream, master_keys) if magic == MAGIC else stream
        if magic != MAGIC:
            stream.seek(0)
        with tarfile.open(mode="r|", fileobj=cast(IO[bytes], source), bufsize=_PART) as tar:
            yield ArchiveReader(tar)
            if isinstance(source, EnvelopeReader):
                while source.read(_PART):
                    pass
    except SealBrokenError as broken:
        raise BackupInvalidError(f"it is {broken}") from None
    except tarfile.TarError:
        raise BackupInvalidError("it is no backup of lingpai, or it was cut off") from None


class _Summing:
    """A stream that is hashed and counted while it is read."""

    def __init__(self, source: IO[bytes], on_bytes: OnBytes | None) -> None:
        self._source: Final = source
        self._on_bytes: Final = on_bytes
        self.sha256: Final = hashlib.sha256()

    def read(self, size: int = -1) -> bytes:
        data = self._source.read(size)
        self.sha256.update(data)
        if self._on_bytes is not None:
            self._on_bytes(len(data))
        return data
