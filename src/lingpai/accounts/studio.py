"""Where pictures are worked on: a few at a time, in threads of their own."""

import asyncio
from concurrent.futures import ThreadPoolExecutor
from typing import Final

from lingpai.accounts.picture import avatar_of
from lingpai.errors import Problem
from lingpai.errors.catalogue_accounts import AVATAR_BUSY

_THREADS: Final = 2
_WAITING: Final = 16


class Studio:
    """Turns uploads into avatars without keeping anybody waiting who wants something else.

    Each picture may take 170 MB while it is worked on and waits with up to 2 MiB, so that memory is bounded.
    """

    def __init__(self, *, threads: int = _THREADS, waiting: int = _WAITING) -> None:
        self._pool: Final = ThreadPoolExecutor(threads, thread_name_prefix="lingpai-pictures")
        self._most: Final = threads + waiting
        self._inside = 0

    async def avatar_of(self, data: bytes) -> bytes:
        """See `picture.avatar_of`. Raises Problem avatar_refused, avatar_busy."""
        if self._inside >= self._most:
            raise Problem(AVATAR_BUSY, retry_after=1.0)
        self._inside += 1
        try:
            return await asyncio.get_running_loop().run_in_executor(self._pool, avatar_of, data)
        finally:
            self._inside -= 1

    async def aclose(self) -> None:
        """Finish what is being worked on; nothing new begins."""
        self._pool.shutdown(wait=False, cancel_futures=True)
