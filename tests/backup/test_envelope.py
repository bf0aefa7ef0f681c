"""The sealed file: what was written comes out, and nothing else does, whatever was done to the file."""

import io
import tarfile

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lingpai.admin.backup_archive import ABOUT, DATABASE, FORMAT, About, BackupInvalidError, opened, written
from lingpai.secret import MAGIC, EnvelopeReader, EnvelopeWriter, OtherKeyError, SealBrokenError
from lingpai.secret.envelope import CHUNK

KEY, OTHER = bytes(range(32)), bytes(range(1, 33))


def sealed(*parts: bytes) -> bytes:
    out = io.BytesIO()
    writer = EnvelopeWriter(out, KEY)
    for part in parts:
        writer.write(part)
    writer.close()
    return out.getvalue()


def unsealed(data: bytes, key: bytes = KEY) -> bytes:
    stream = io.BytesIO(data)
    assert stream.read(len(MAGIC)) == MAGIC
    reader, out = EnvelopeReader(stream, [key]), b""
    while part := reader.read(70_000):
        out += part
    return out


@pytest.mark.parametrize("size", [0, 1, CHUNK - 1, CHUNK, CHUNK + 1, 3 * CHUNK + 17])
def test_every_length_comes_out_as_it_went_in(size):
    plain = bytes(7) * (size // 7) + bytes(size % 7)
    assert unsealed(sealed(plain)) == plain
    assert unsealed(sealed(*(plain[at : at + 300_001] for at in range(0, size, 300_001)))) == plain


WHOLE = sealed(b"a" * (2 * CHUNK) + b"end")
HEAD = len(MAGIC) + 32 + 16
STEP = 4 + CHUNK + 16


@settings(max_examples=60, deadline=None)
@given(st.integers(len(MAGIC), len(WHOLE) - 1), st.integers(1, 255))
def test_no_byte_can_be_changed(at, change):
    damaged = WHOLE[:at] + bytes([WHOLE[at] ^ change]) + WHOLE[at + 1 :]
    with pytest.raises((SealBrokenError, OtherKeyError)):
        unsealed(damaged)


@settings(max_examples=30, deadline=None)
@given(st.integers(len(MAGIC), len(WHOLE) - 1))
def test_nothing_can_be_cut_off(at):
    with pytest.raises((SealBrokenError, OtherKeyError)):
        unsealed(WHOLE[:at])


def test_chunks_cannot_be_dropped_exchanged_repeated_or_added():
    head, one, two, end = WHOLE[:HEAD], *(WHOLE[HEAD + n * STEP : HEAD + (n + 1) * STEP] for n in range(3))
    for chunks in (one + end, two + one + end, one + one + two + end, one + two + end + end, one + two):
        with pytest.raises(SealBrokenError):
            unsealed(head + chunks)


def test_another_key_is_told_from_damage():
    with pytest.raises(OtherKeyError):
        unsealed(WHOLE, OTHER)


def test_two_files_of_the_same_content_have_nothing_in_common():
    assert sealed(b"same")[len(MAGIC) :][:32] != sealed(b"same")[len(MAGIC) :][:32]


def archived(key: bytes | None) -> bytes:
    out = io.BytesIO()
    about = About(format=FORMAT, made_at=1, release="1", schema="1", database_bytes=9, pictures=1)
    with written(out, key) as archive:
        archive.add(ABOUT, msgspec.json.encode(about))
        archive.stream(DATABASE, 9, io.BytesIO(b"database!"))
        archive.add("avatars/" + "0" * 32 + ".jpg", b"picture")
    return out.getvalue()


def taken_apart(data: bytes, key: bytes = KEY) -> tuple[bytes, dict[str, bytes]]:
    database = io.BytesIO()
    with opened(io.BytesIO(data), [OTHER, key]) as archive:
        archive.about()
        archive.database(database)
        pictures = dict(archive.pictures())
        archive.finish()
    return database.getvalue(), pictures


@pytest.mark.parametrize("key", [KEY, None])
def test_an_archive_is_taken_apart_as_it_was_put_together(key):
    assert taken_apart(archived(key)) == (b"database!", {"0" * 32 + ".jpg": b"picture"})


def test_a_plain_archive_that_was_changed_or_cut_is_refused():
    whole = archived(None)
    for bad in (
        whole.replace(b"database!", b"databasE!"),
        whole[:2_048],
        whole[: whole.index(b"checksums.json") + 100],
        b"",
        b"no backup" * 99,
    ):
        with pytest.raises(BackupInvalidError):
            taken_apart(bad)


def test_an_archive_of_somebody_else_is_refused():
    out = io.BytesIO()
    with tarfile.open(mode="w", fileobj=out) as tar:
        link = tarfile.TarInfo(ABOUT)
        link.type, link.linkname = tarfile.SYMTYPE, "/etc/passwd"
        tar.addfile(link)
    with pytest.raises(BackupInvalidError):
        taken_apart(out.getvalue())
