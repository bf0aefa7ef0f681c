"""The keys that seal: rotating the data key and the master key while servers run."""

import asyncio
from collections.abc import Callable
from typing import Final

import msgspec

from lingpai.admin.audit import AuditLog
from lingpai.admin.resealing import Resealing
from lingpai.clock import SECOND, Clock
from lingpai.keeper import Vault, master_id
from lingpai.model import Actor, KeyWrap, SealingKey, VaultNode
from lingpai.storage.port import OnProgress, Store
from lingpai.storage.wrapping import sealing_now

ALIVE: Final = 30 * SECOND
"""A server that was not seen for so long runs no more; it notes what it holds every ten seconds."""
_PATIENCE: Final = 60.0
"""Seconds until a server that does not follow is named."""
_LOOK_EVERY: Final = 0.25
_IN_FLIGHT: Final = 5.0
"""Seconds that a value may be on its way to the database after it was sealed; no unit of work takes longer."""


class NodesBehindError(Exception):
    """Servers that run do not hold what they must before the next step."""


class MasterKeysError(Exception):
    """The master keys on record do not allow it."""


class ShownDataKey(msgspec.Struct, frozen=True, kw_only=True):
    """A data key as people may see it."""

    id: str
    created_at: int
    active_at: int | None
    """None: published, and not in use yet."""
    seals: bool
    masters: list[str]
    """The ids of the master keys that open it."""
    values: int | None = None
    """How many values are sealed under it, when they were counted."""


class ShownVault(msgspec.Struct, frozen=True, kw_only=True):
    """Which keys there are, and which running server holds what."""

    master: str
    """The id of the master key of this process."""
    keys: list[ShownDataKey]
    nodes: list[VaultNode]


class SealingRotated(msgspec.Struct, frozen=True, kw_only=True):
    """What a rotation of the data key did."""

    data_key: str
    """The id of the key that seals now."""
    resumed: bool
    """An earlier run had begun; this one brought it to its end, and no further key was made."""
    resealed: int
    dropped: list[str]
    kept: dict[str, int]
    """Former keys that still have so many values, which do not open or came in meanwhile."""


class MasterRotated(msgspec.Struct, frozen=True, kw_only=True):
    """What a step of changing the master key did."""

    master: str
    keys: int
    """How many keys it wraps now."""
    forgotten: int
    """How many former master keys open nothing any more."""


class SealingAdmin:
    """The vault of one database. `vault` is open."""

    def __init__(self, store: Store, vault: Vault, clock: Clock) -> None:
        self._rows: Final = store.vault
        self._vault: Final = vault
        self._clock: Final = clock
        self._audit: Final = AuditLog(store, clock)
        self._resealing: Final = Resealing(store, vault)

    async def shown(self, *, count: bool = False) -> ShownVault:
        """Every key, oldest first; `count` walks through everything that is sealed."""
        keys, wraps = await self._rows.read()
        counts = await self._resealing.count() if count else None
        now = sealing_now(keys)
        return ShownVault(
            master=self._vault.master,
            keys=[
                ShownDataKey(
                    id=key.id.hex(),
                    created_at=key.created_at,
                    active_at=key.active_at,
                    seals=key == now,
                    masters=[wrap.master for wrap in wraps if wrap.name == key.id.hex()],
                    values=None if counts is None else counts.get(key.id, 0),
                )
                for key in keys
            ],
            nodes=await self._rows.nodes(ALIVE),
        )

    async def rotate(self, *, by: Actor, on_progress: OnProgress) -> SealingRotated:
        """Publish a new data key, seal with it once every server holds it, seal everything anew, drop the old keys.

        Killed at any point, the next call brings it to its end. Raises NodesBehindError, MasterKeysError.
        """
        keys, wraps = await self._rows.read()
        waiting = next((key for key in keys if key.active_at is None), None)
        resealed, left = 0, waiting is not None
        if not left and len(keys) > 1:
            resealed, left = await self._left_over(keys, on_progress)
        key = waiting or (sealing_now(keys) if left else None) or await self._published(wraps)
        await self._audit.note(by, "sealing_key.rotated", key.id.hex(), resumed=str(left).lower())
        await self._vault.follow()
        name = key.id.hex()
        await self._everywhere(lambda node: name in node.known, f"do not know data key {name}")
        if key.active_at is None:
            await self._rows.activate(key.id, self._clock.now())
        await self._vault.follow()
        await self._everywhere(lambda node: node.sealing == name, f"do not seal with data key {name}")
        resealed += await self._resealing.all(on_progress, done=resealed)
        await asyncio.sleep(_IN_FLIGHT)
        resealed += await self._resealing.all(on_progress, done=resealed)
        dropped, kept = await self._drop()
        await self._audit.note(
            by,
            "sealing_key.rotation_ended",
            name,
            resealed=str(resealed),
            dropped=" ".join(dropped),
            kept=" ".join(kept),
        )
        return SealingRotated(data_key=name, resumed=left, resealed=resealed, dropped=dropped, kept=kept)

    async def wrap_under(self, master: bytes, *, by: Actor) -> MasterRotated:
        """Let a further master key open everything, too. Raises MasterKeysError."""
        name = master_id(master)
        if name == self._vault.master:
            raise MasterKeysError("the new master key is the one in use")
        async with self._audit.doing(by, "master_key.added", name):
            while True:
                wraps = await self._vault.under(master)
                if await self._rows.rewrap(wraps):
                    break  # otherwise a data key came in between, and has to be wrapped, too
        return MasterRotated(master=name, keys=len(wraps), forgotten=0)

    async def forget_former(self, *, by: Actor) -> MasterRotated:
        """Let no master key but the one of this process open anything. Raises NodesBehindError, MasterKeysError."""
        name = self._vault.master
        await self._refuse_others(name)
        async with self._audit.doing(by, "master_key.former_forgotten", name):
            forgotten = await self._rows.forget_masters(name)
            if forgotten is None:
                raise MasterKeysError(
                    "the master key of these settings does not wrap every key; add it first"
                )
        _, wraps = await self._rows.read()
        return MasterRotated(master=name, keys=len(wraps), forgotten=forgotten)

    async def _left_over(self, keys: list[SealingKey], on_progress: OnProgress) -> tuple[int, bool]:
        """How many values an earlier run left, and whether it left anything to do: those, or a key to drop.

        A value that does not open is neither, or it would stop every further rotation.
        """
        await self._vault.follow()
        resealed = await self._resealing.all(on_progress)
        counts, now = await self._resealing.count(), sealing_now(keys)
        return resealed, resealed > 0 or any(not counts[key.id] for key in keys if key != now)

    async def _published(self, wraps: list[KeyWrap]) -> SealingKey:
        """A new key on record, that does not seal yet."""
        masters = {wrap.master for wrap in wraps}
        row, key = self._vault.new_key(now=self._clock.now())
        wrapped = self._vault.wrapped(row.id.hex(), key, masters)
        if {wrap.master for wrap in wrapped} != masters:
            raise MasterKeysError(
                "the master key is being changed: finish that (lingpai keys rotate master --finish), "
                "or run this with both keys (master_key_previous_file)"
            )
        if not await self._rows.publish(row, wrapped):
            raise MasterKeysError("somebody else changes the keys at this moment; try again")
        return row

    async def _everywhere(self, has: Callable[[VaultNode], bool], lacks: str) -> None:
        """Wait until every server that runs says so. Raises NodesBehindError."""
        loop = asyncio.get_running_loop()
        began = loop.time()
        while behind := [node.node for node in await self._rows.nodes(ALIVE) if not has(node)]:
            if loop.time() - began > _PATIENCE:
                raise NodesBehindError(
                    f"{len(behind)} running servers {lacks} ({', '.join(behind)}); nothing is lost: "
                    "look at their logs for sealing_key_unreadable or job_failed, then run this again"
                )
            await asyncio.sleep(_LOOK_EVERY)

    async def _refuse_others(self, name: str) -> None:
        others = [node.node for node in await self._rows.nodes(ALIVE) if node.master != name]
        if others:
            raise NodesBehindError(
                f"{len(others)} running servers have another master key ({', '.join(others)}); "
                "give them the new one and restart them, then run this again"
            )

    async def _drop(self) -> tuple[list[str], dict[str, int]]:
        """Forget former keys that nothing is sealed under; those that something still is, and how much."""
        counts = await self._resealing.count()
        keys, _ = await self._rows.read()
        now, dropped, kept = sealing_now(keys), [], {}
        for key in keys:
            if key == now or key.active_at is None:
                continue
            if counts.get(key.id):
                kept[key.id.hex()] = counts[key.id]
            elif await self._rows.drop(key.id):
                dropped.append(key.id.hex())
        return dropped, kept
