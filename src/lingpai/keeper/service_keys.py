"""The keys by which backends may ask us: followed in memory, and every use of one counted."""

import asyncio
import hashlib
from typing import Final, Literal

from lingpai.clock import Clock
from lingpai.errors import Problem, Words
from lingpai.errors.catalogue import CLIENT_INVALID, SCOPE_MISSING
from lingpai.model import KeyUse, ServiceKey
from lingpai.observe import logger
from lingpai.storage.port import StorageUnavailableError, Store

Action = Literal["introspect", "access_token", "wechat"]
ACTIONS: Final[dict[Action, Words]] = {
    "introspect": Words("ask whether a token of ours is good", "查询本服务签发的令牌是否有效"),
    "access_token": Words("read WeChat's access_token of an app", "读取应用的微信 access_token"),
    "wechat": Words("call WeChat through this server", "经由本服务调用微信接口"),
}
"""What a key can be for."""


class ServiceKeys:
    """The service keys that are not revoked, at most half a second old.

    While the database is away, the keys known from before still count: nobody could have revoked them there.
    """

    def __init__(self, store: Store, clock: Clock) -> None:
        self._store: Final = store
        self._clock: Final = clock
        self._by_digest: dict[bytes, ServiceKey] = {}
        self._look: asyncio.Task[None] | None = None
        self._uses: dict[tuple[str, str, str, int], list[int]] = {}

    def known(self, presented: str | None) -> ServiceKey | None:
        """The key, as far as memory knows; for the hot path."""
        return None if presented is None else self._by_digest.get(_digest(presented))

    async def key(self, presented: str | None) -> ServiceKey:
        """The key presented. One that memory does not know may have been made just now.

        Raises Problem client_invalid.
        """
        key = self.known(presented)
        if key is None and presented is not None:
            await self._look_again()
            key = self.known(presented)
        if key is None:
            raise Problem(CLIENT_INVALID)
        return key

    def use(self, key: ServiceKey, action: Action, appid: str, generation: int = 0) -> None:
        """Count a use of the key; written later, off the hot path."""
        now = self._clock.now()
        line = self._uses.get((key.id, appid, action, generation))
        if line is None:
            self._uses[key.id, appid, action, generation] = [1, now, now]
        else:
            line[0] += 1
            line[2] = now

    async def follow(self) -> None:
        """Read the keys anew. Called twice a second. Raises StorageUnavailableError."""
        keys = await self._store.keys.services()
        self._by_digest = {key.digest: key for key in keys if key.revoked_at is None}

    async def flush(self) -> None:
        """Write the uses counted since the last time. What is not taken is kept. Raises StorageUnavailableError."""
        taken, self._uses = self._uses, {}
        if not taken:
            return
        try:
            await self._store.key_uses.add(
                [
                    KeyUse(
                        key_id=key_id,
                        appid=appid,
                        action=action,
                        generation=generation,
                        uses=uses,
                        first_at=first_at,
                        last_at=last_at,
                    )
                    for (key_id, appid, action, generation), (uses, first_at, last_at) in taken.items()
                ]
            )
        except StorageUnavailableError as error:
            # Better counted twice than not at all, but never when it is known that nothing was written.
            if not error.unknown:
                self._put_back(taken)
            raise

    async def aclose(self) -> None:
        """Write the last uses, if the database takes them."""
        try:
            await self.flush()
        except StorageUnavailableError as error:
            logger().warning("key_uses_lost", lines=len(self._uses), reason=str(error))

    async def _look_again(self) -> None:
        """Read the keys, once for all who ask meanwhile: guessing keys costs the database nothing more."""
        if self._look is None or self._look.done():
            self._look = asyncio.get_running_loop().create_task(self.follow())
        await asyncio.shield(self._look)

    def _put_back(self, taken: dict[tuple[str, str, str, int], list[int]]) -> None:
        for place, (uses, first_at, last_at) in taken.items():
            line = self._uses.get(place)
            if line is None:
                self._uses[place] = [uses, first_at, last_at]
            else:
                line[0] += uses
                line[1] = first_at


def may(key: ServiceKey, action: Action, appid: str) -> bool:
    """Whether the key is for this action, at this app."""
    return action in key.scopes or f"{action}:{appid}" in key.scopes


def insist(key: ServiceKey, action: Action, appid: str) -> None:
    """Raises Problem scope_missing unless the key is for this action, at this app."""
    if not may(key, action, appid):
        raise Problem(SCOPE_MISSING, facts={"scope": f"{action}:{appid}"}, private=key.name)


def _digest(presented: str) -> bytes:
    return hashlib.sha256(presented.encode("utf-8", "surrogatepass")).digest()
