"""Keeping avatars: the new picture is durable before it is shown, the old one goes once it is not shown any more.

A picture is on record in the database before it is stored, and stays there until it is deleted. What a crash or an
outage leaves behind is found by that record, and removed.
"""

from typing import Final

from lingpai.accounts.portraits import gone
from lingpai.accounts.studio import Studio
from lingpai.clock import HOUR, Clock
from lingpai.errors import Problem
from lingpai.errors.catalogue_accounts import AVATAR_STORE_UNAVAILABLE
from lingpai.model import Avatar
from lingpai.observe import logger
from lingpai.secret import random_bytes
from lingpai.storage.blobs import Blobs, BlobsUnavailableError
from lingpai.storage.port import Store

AVATARS: Final = "/avatars/"
"""Where avatars are served; what stands before the name in `User.avatar_url`."""
_NAME_BYTES: Final = 16
_UNDER_WAY: Final = HOUR
"""No upload takes this long; what is nobody's avatar by then never will be."""
_AT_ONCE: Final = 100


class Avatars:
    """Takes pictures in, hands them out, removes them."""

    def __init__(self, store: Store, blobs: Blobs, studio: Studio, clock: Clock) -> None:
        self._store: Final = store
        self._blobs: Final = blobs
        self._studio: Final = studio
        self._clock: Final = clock

    async def put(self, user_id: str, data: bytes) -> None:
        """Make an uploaded picture somebody's avatar.

        The address is random and new for each picture: it tells nothing of the person, and may be cached.
        Raises Problem avatar_refused, avatar_busy, avatar_store_unavailable, or session_invalid when the person
        was erased meanwhile.
        """
        picture = await self._studio.avatar_of(data)
        name = f"{random_bytes(_NAME_BYTES).hex()}.jpg"
        avatar = Avatar(url=AVATARS + name, user_id=user_id, at=self._clock.now())
        if not await self._store.avatars.begin(avatar):
            raise gone()
        try:
            await self._blobs.put(name, picture)
        except BlobsUnavailableError as trouble:
            raise _unavailable(trouble) from trouble
        adopted = await self._store.avatars.adopt(avatar)
        if adopted is None:
            await self.remove(avatar.url)
            raise gone()
        if adopted.replaced is not None:
            await self.remove(adopted.replaced)

    async def get(self, name: str) -> bytes | None:
        """A picture by the last part of its URL. Raises Problem avatar_store_unavailable."""
        try:
            return await self._blobs.get(name)
        except ValueError:
            return None
        except BlobsUnavailableError as trouble:
            raise _unavailable(trouble) from trouble

    async def remove(self, url: str) -> bool:
        """Delete a picture of ours and forget it; whether that worked. What did not is done by `sweep`.

        WeChat's pictures lie at WeChat: there is nothing of ours to delete.
        """
        if not url.startswith(AVATARS):
            return True
        try:
            await self._blobs.delete(url.removeprefix(AVATARS))
        except BlobsUnavailableError as trouble:
            logger().warning("avatar_not_removed", reason=str(trouble))
            return False
        await self._store.avatars.forget(url)
        return True

    async def sweep(self) -> None:
        """Remove pictures that are nobody's avatar: of erased people, of replaced ones, of broken uploads."""
        before = self._clock.now() - _UNDER_WAY
        while orphans := await self._store.avatars.orphans(before, _AT_ONCE):
            removed = [await self.remove(url) for url in orphans]
            logger().info("avatars_swept", avatars=sum(removed))
            if not all(removed):
                return


def _unavailable(trouble: BlobsUnavailableError) -> Problem:
    return Problem(AVATAR_STORE_UNAVAILABLE, retry_after=5.0, private=str(trouble))
