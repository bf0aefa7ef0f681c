"""What only a folder can get wrong: half a file, somebody else's eyes, a disk that does not answer."""

import os
import signal
import stat
import subprocess
import sys
from pathlib import Path

import pytest

from lingpai.storage.blobs import BlobSettings, BlobsUnavailableError, open_blobs

NAME = f"{0xAB:032x}.jpg"


@pytest.fixture
async def blobs(tmp_path):
    blobs = open_blobs(BlobSettings(folder=str(tmp_path / "avatars")))
    yield blobs
    await blobs.aclose()


def files(folder):
    return sorted(path for path in Path(folder).rglob("*") if path.is_file())


async def test_only_the_owner_reads_what_is_kept(blobs, tmp_path):
    await blobs.put(NAME, b"a picture")
    for path in (tmp_path / "avatars").rglob("*"):
        assert stat.S_IMODE(path.stat().st_mode) & 0o077 == 0, path


async def test_nothing_half_written_is_left_after_a_put(blobs, tmp_path):
    await blobs.put(NAME, b"a picture")
    (path,) = files(tmp_path)
    assert path.name == NAME


async def test_opening_touches_nothing(blobs, tmp_path):
    assert await blobs.get(NAME) is None
    await blobs.delete(NAME)
    assert list(tmp_path.iterdir()) == []


async def test_what_a_killed_writer_left_is_never_shown_and_goes_with_its_blob(blobs, tmp_path):
    await blobs.put(NAME, b"a picture")
    (path,) = files(tmp_path)
    path.unlink()
    part = path.with_suffix(".jpg.part")
    part.write_bytes(b"half a pic")
    assert await blobs.get(NAME) is None
    await blobs.delete(NAME)
    assert files(tmp_path) == []


async def test_a_folder_that_is_a_file_is_a_sentence(tmp_path):
    (tmp_path / "avatars").write_text("in the way")
    blobs = open_blobs(BlobSettings(folder=str(tmp_path / "avatars")))
    with pytest.raises(BlobsUnavailableError):
        await blobs.put(NAME, b"a picture")
    await blobs.aclose()


async def test_a_closed_store_says_so(tmp_path):
    blobs = open_blobs(BlobSettings(folder=str(tmp_path)))
    await blobs.aclose()
    with pytest.raises(BlobsUnavailableError):
        await blobs.put(NAME, b"a picture")


async def test_a_link_planted_in_the_folder_is_not_written_through(blobs, tmp_path):
    """The name is random; should somebody guess it, the rename replaces the link and not what it points to."""
    await blobs.put(NAME, b"a picture")
    (path,) = files(tmp_path / "avatars")
    victim = tmp_path / "victim"
    victim.write_text("untouched")
    path.unlink()
    path.symlink_to(victim)
    await blobs.put(NAME, b"a new picture")
    assert victim.read_text() == "untouched"
    assert await blobs.get(NAME) == b"a new picture"


WRITER = """
import asyncio, sys
from lingpai.storage.blobs import BlobSettings, open_blobs
async def main():
    blobs = open_blobs(BlobSettings(folder=sys.argv[1]))
    n = 0
    while True:
        n += 1
        await blobs.put(f"{n:032x}.jpg", bytes([n % 256]) * 200_000)
        print(n, flush=True)
asyncio.run(main())
"""


@pytest.mark.kills
def test_a_writer_that_is_killed_leaves_whole_pictures_or_none(tmp_path):
    for _ in range(int(os.environ.get("LINGPAI_TEST_KILLS", "5")) // 5 + 1):
        folder = tmp_path / "avatars"
        with subprocess.Popen(
            [sys.executable, "-c", WRITER, str(folder)], stdout=subprocess.PIPE, text=True
        ) as child:
            assert child.stdout is not None
            acknowledged = [int(child.stdout.readline()) for _ in range(7)]
            child.send_signal(signal.SIGKILL)
            acknowledged += [int(line) for line in child.stdout if line.endswith("\n")]
        whole = {path.name: path.read_bytes() for path in files(folder) if path.suffix == ".jpg"}
        for n in acknowledged:
            assert whole[f"{n:032x}.jpg"] == bytes([n % 256]) * 200_000
        assert {len(content) for content in whole.values()} == {200_000}
