"""Pictures come and go: served to anybody who knows the address, deleted when nobody's any more."""

import asyncio
import os

import pytest

from lingpai.accounts import Avatars, Studio
from lingpai.model import Avatar, ProfileChange
from lingpai.storage.blobs import BlobsUnavailableError
from tests.me.conftest import picture

HOUR = 3_600


@pytest.fixture
def files(stack):
    """The names of the pictures on the disk."""
    folder = stack.running.config.avatar_dir

    def look():
        return sorted(name for _, _, names in os.walk(folder) for name in names)

    return look


class Stubborn:
    """A store of pictures that fails when told to."""

    def __init__(self, inner):
        self.inner = inner
        self.broken = set()

    async def _do(self, verb, *given):
        if verb in self.broken:
            raise BlobsUnavailableError("OSError: No space left on device")
        return await getattr(self.inner, verb)(*given)

    async def put(self, name, data):
        await self._do("put", name, data)

    async def get(self, name):
        return await self._do("get", name)

    async def delete(self, name):
        await self._do("delete", name)

    async def aclose(self):
        await self.inner.aclose()


@pytest.fixture
def stubborn(stack):
    avatars = stack.running.server.rooms.avatars
    avatars._blobs = wrapped = Stubborn(avatars._blobs)
    return wrapped


async def test_an_avatar_is_public_immutable_and_harmless(stack, person):
    me = await person()
    url = (await me.put(picture())).json()["avatar_url"]
    answer = await stack.http.get(url)
    assert answer.status_code == 200
    assert answer.headers["content-type"] == "image/jpeg"
    assert answer.headers["cache-control"] == "public, max-age=86400, immutable"
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert "sandbox" in answer.headers["content-security-policy"]
    head = await stack.http.head(url)
    assert head.status_code == 200
    assert head.headers["content-length"] == answer.headers["content-length"]


async def test_an_address_tells_nothing_and_is_never_used_again(person):
    me = await person()
    urls = [(await me.put(picture())).json()["avatar_url"] for _ in range(5)]
    assert len(set(urls)) == 5
    for url in urls:
        name = url.rpartition("/")[2]
        assert len(name.removesuffix(".jpg")) == 32
        assert me.id.removeprefix("usr_") not in name


@pytest.mark.parametrize(
    "name",
    [
        "x.jpg",
        f"{0:032x}.jpg",
        f"{0:032X}A.jpg",
        "..%2f..%2fmaster.key",
        "..%2flingpai.db",
        "%2e%2e/lingpai.db",
        f"{0:032x}.jpg%00.png",
        f"{0:032x}",
        "a" * 5_000,
    ],
)
async def test_there_is_nothing_at_an_address_that_is_not_ours(stack, a_problem, name):
    answer = await stack.http.get(f"/avatars/{name}")
    assert answer.status_code == 404
    assert a_problem(answer) == "not_found"


async def test_the_new_picture_takes_the_place_of_the_old_one(stack, person, files):
    me = await person()
    old = (await me.put(picture(color="red"))).json()["avatar_url"]
    new = (await me.put(picture(color="blue"))).json()["avatar_url"]
    assert (await stack.http.get(old)).status_code == 404
    assert (await stack.http.get(new)).status_code == 200
    assert files() == [new.rpartition("/")[2]]
    assert await stack.store.avatars.orphans(stack.clock.now() + 1, 9) == []


async def test_many_uploads_at_once_leave_one_picture(stack, person, files):
    me = await person()
    answers = await asyncio.gather(*(me.put(picture(color=color)) for color in ("red", "green", "blue") * 3))
    assert {answer.status_code for answer in answers} == {200}
    shown = (await me.show())["avatar_url"].rpartition("/")[2]
    assert files() == [shown]


async def test_only_the_server_reads_the_files(stack, person):
    me = await person()
    await me.put(picture())
    for folder, folders, names in os.walk(stack.running.config.avatar_dir):
        for name in (*folders, *names):
            assert os.stat(os.path.join(folder, name)).st_mode & 0o077 == 0, name  # noqa: PTH116, PTH118


async def test_a_full_disk_keeps_the_old_picture(stack, person, files, stubborn, a_problem):
    me = await person()
    old = (await me.put(picture())).json()["avatar_url"]
    stubborn.broken = {"put"}
    answer = await me.put(picture(color="red"))
    assert answer.status_code == 503
    assert a_problem(answer) == "avatar_store_unavailable"
    assert answer.headers["retry-after"] == "5"
    assert "space" not in answer.text
    assert (await me.show())["avatar_url"] == old
    assert (await stack.http.get(old)).status_code == 200


async def test_a_picture_that_cannot_be_read_is_a_problem(stack, person, stubborn, a_problem):
    me = await person()
    url = (await me.put(picture())).json()["avatar_url"]
    stubborn.broken = {"get"}
    answer = await stack.http.get(url)
    assert answer.status_code == 503
    assert a_problem(answer) == "avatar_store_unavailable"


async def test_an_old_picture_that_could_not_be_deleted_is_swept(stack, person, files, stubborn):
    me = await person()
    await me.put(picture())
    stubborn.broken = {"delete"}
    answer = await me.put(picture(color="red"))
    assert answer.status_code == 200
    assert len(files()) == 2
    await stack.later(2 * HOUR)
    avatars = stack.running.server.rooms.avatars
    await avatars.sweep()
    assert len(files()) == 2
    stubborn.broken = set()
    await avatars.sweep()
    assert files() == [answer.json()["avatar_url"].rpartition("/")[2]]


async def test_what_a_crash_left_half_way_is_swept_after_an_hour(stack, person, files):
    me = await person()
    kept = (await me.put(picture())).json()["avatar_url"].rpartition("/")[2]
    avatars = stack.running.server.rooms.avatars
    lost = f"{7:032x}.jpg"
    left = Avatar(url=f"/avatars/{lost}", user_id=me.id, at=stack.clock.now())
    await stack.store.avatars.begin(left)
    await avatars._blobs.put(lost, b"a picture nobody adopted")
    await avatars.sweep()
    assert lost in files()
    await stack.later(2 * HOUR)
    await avatars.sweep()
    assert files() == [kept]


async def test_a_picture_that_wechats_replaced_is_swept(stack, person, files):
    me = await person()
    await me.put(picture())
    change = ProfileChange(avatar_url="https://thirdwx.example/1", source="wechat", at=stack.clock.now())
    await stack.store.users.put_profile(me.id, change)
    assert (await me.show())["avatar_url"] == "https://thirdwx.example/1"
    await stack.later(2 * HOUR)
    await stack.running.server.rooms.avatars.sweep()
    assert files() == []


async def test_wechats_picture_is_never_taken_for_one_of_ours(stack, person, files):
    me = await person()
    change = ProfileChange(avatar_url="https://thirdwx.example/1", source="wechat", at=stack.clock.now())
    await stack.store.users.put_profile(me.id, change)
    answer = await me.put(picture())
    assert answer.status_code == 200
    assert len(files()) == 1


async def test_somebody_erased_during_the_upload_leaves_no_picture(stack, person, files):
    """The account goes between the moment the picture is on record and the moment it is shown."""
    me = await person()
    rooms = stack.running.server.rooms

    class ErasesMeanwhile(Stubborn):
        async def put(self, name, data):
            await rooms.erasing.erase(me.id, "operator")
            await self.inner.put(name, data)

    avatars = Avatars(stack.store, ErasesMeanwhile(rooms.avatars._blobs), studio := Studio(), stack.clock)
    with pytest.raises(Exception, match="session_invalid"):
        await avatars.put(me.id, picture())
    await studio.aclose()
    assert files() == []
    assert await stack.store.avatars.orphans(stack.clock.now() + 1, 9) == []
