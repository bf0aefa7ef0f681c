"""Unlocking the data keys with the master key, and following them while they rotate.

Every data key, and the key of fingerprints, is wrapped once under each master key that is in use. A process opens
with whichever it was given, so that master keys change one node after another.
"""

import hmac
from collections.abc import Collection, Iterable, Sequence
from typing import Final

from lingpai.clock import Clock
from lingpai.model import KeyWrap, SealingKey, VaultNode
from lingpai.observe import logger
from lingpai.secret import SealBrokenError, Sealer, fingerprint_key, random_bytes
from lingpai.storage.port import Store
from lingpai.storage.wrapping import FINGERPRINT, sealing_now

MASTER_KEY_BYTES: Final = 32
TOLD_EVERY: Final = 10.0
"""Seconds between two notes of a process that has nothing new to say."""
_MASTER_ID: Final = b"mstr"
_CANARY: Final = b"lingpai opens what it seals"


class MasterKeyWrongError(Exception):
    """The database was sealed under another master key."""


class Vault:
    """The data keys of one database, as one process holds them."""

    def __init__(
        self, store: Store, masters: Sequence[bytes], clock: Clock, *, node: str | None = None
    ) -> None:
        """`masters`: the master key, then the former one while it changes. `node` is noted as one that reads."""
        self._rows: Final = store.vault
        self._keys: Final = store.keys
        self._masters: Final = {master_id(key): key for key in masters}
        self._clock: Final = clock
        self._node: Final = node
        self._data: dict[bytes, bytes] = {}
        self._sealer: Sealer | None = None
        self._told: VaultNode | None = None
        self._told_at = float("-inf")
        self._unreadable: frozenset[bytes] = frozenset()

    @property
    def sealer(self) -> Sealer:
        """What seals and opens; it changes its keys as they rotate."""
        if self._sealer is None:
            raise RuntimeError("the vault is not open")
        return self._sealer

    @property
    def master(self) -> str:
        """The id of the master key of this process."""
        return next(iter(self._masters))

    async def open(self) -> Sealer:
        """Open every data key and the canary under each. The first call on an empty database makes its data key.

        Raises MasterKeyWrongError; a lost master key cannot be replaced, by nobody. SealBrokenError when a key opens
        and its canary does not.
        """
        if not (await self._rows.read())[0]:
            await self._keys.add_sealing(self._first_key(), only_first=True)
        keys, wraps = await self._rows.read()
        missing = self._missing(keys, wraps)
        if missing:
            await self._rows.complete(missing, {})
            keys, wraps = await self._rows.read()
        fingerprints = self._unwrapped(FINGERPRINT, wraps)
        self._data = {key.id: opened for key in keys if (opened := self._unwrapped(key.id.hex(), wraps))}
        if fingerprints is None or len(self._data) < len(keys):
            raise MasterKeyWrongError("the master key does not open this database")
        self._sealer = Sealer(self._data, _current(keys), fingerprints=fingerprints)
        self._sealer.learn_by(self.follow)
        await self._test(keys)
        await self._tell()
        return self._sealer

    async def follow(self) -> None:
        """Learn which keys came, which one seals, which are gone. Raises StorageUnavailableError."""
        keys, wraps = await self._rows.read()
        found = {key.id: self._data.get(key.id) or self._unwrapped(key.id.hex(), wraps) for key in keys}
        self._complain(frozenset(key_id for key_id, opened in found.items() if opened is None))
        data = {key_id: opened for key_id, opened in found.items() if opened is not None}
        current = _current(keys)
        if current in data and (data.keys() != self._data.keys() or current != self.sealer.current):
            self.sealer.adopt(data, current)
            self._data = data
        await self._tell()

    def wrapped(self, name: str, key: bytes, masters: Collection[str]) -> list[KeyWrap]:
        """`key` under those of these master keys that this process was given."""
        return [_wrap(name, key, master) for named, master in self._masters.items() if named in masters]

    async def under(self, master: bytes) -> list[KeyWrap]:
        """Every key there is, under a further master key. Raises MasterKeyWrongError."""
        keys, wraps = await self._rows.read()
        opened = {name: self._unwrapped(name, wraps) for name in (*(k.id.hex() for k in keys), FINGERPRINT)}
        if None in opened.values():
            raise MasterKeyWrongError("the master key does not open this database")
        return [_wrap(name, key, master) for name, key in opened.items() if key is not None]

    def new_key(self, *, now: int) -> tuple[SealingKey, bytes]:
        """A data key that does not seal yet, and the key itself."""
        key_id, key = random_bytes(4), random_bytes(32)
        row = SealingKey(id=key_id, wrapped=b"", created_at=now, canary=_canary(key_id, key))
        return row, key

    async def aclose(self) -> None:
        """Be on record no longer."""
        if self._node is not None:
            await self._rows.leave(self._node)

    async def _tell(self) -> None:
        """Note what this process holds, when that is news, and every now and then."""
        if self._node is None:
            return
        node = VaultNode(
            node=self._node,
            master=self.master,
            sealing=self.sealer.current.hex(),
            known=tuple(sorted(key_id.hex() for key_id in self._data)),
            seen_at=0,
        )
        now = self._clock.monotonic()
        if node != self._told or now - self._told_at >= TOLD_EVERY:
            await self._rows.see(node)
            self._told, self._told_at = node, now

    def _complain(self, unreadable: frozenset[bytes]) -> None:
        if unreadable - self._unreadable:
            logger().error("sealing_key_unreadable", keys=sorted(key_id.hex() for key_id in unreadable))
        self._unreadable = unreadable

    async def _test(self, keys: Sequence[SealingKey]) -> None:
        fresh = {key.id: _canary(key.id, self._data[key.id]) for key in keys if key.canary is None}
        if fresh:
            await self._rows.complete([], fresh)
        for key in keys:
            canary = fresh.get(key.id, key.canary or b"")
            if Sealer({key.id: self._data[key.id]}, key.id).open(canary, _canary_identity(key.id)) != _CANARY:
                raise SealBrokenError(f"data key {key.id.hex()} fails its test")

    def _missing(self, keys: Sequence[SealingKey], wraps: Sequence[KeyWrap]) -> list[KeyWrap]:
        """Wraps of keys that the first releases made, which knew of one master key only."""
        named = {wrap.name for wrap in wraps}
        opened = {key.id: self._first_wrap(key) for key in keys if key.id.hex() not in named}
        missing = [_wrap(key_id.hex(), key, self._of(self.master)) for key_id, key in opened.items() if key]
        if FINGERPRINT not in named and keys and (oldest := opened.get(keys[0].id)):
            missing.append(_wrap(FINGERPRINT, fingerprint_key(oldest), self._of(self.master)))
        return missing

    def _first_wrap(self, key: SealingKey) -> bytes | None:
        for master in self._masters.values():
            try:
                return _under(master).open(key.wrapped, _first_identity(key.id))
            except SealBrokenError:
                continue
        return None

    def _unwrapped(self, name: str, wraps: Iterable[KeyWrap]) -> bytes | None:
        for wrap in wraps:
            if wrap.name == name and wrap.master in self._masters:
                try:
                    return _under(self._masters[wrap.master]).open(wrap.wrapped, _identity(name, wrap.master))
                except SealBrokenError:
                    continue
        return None

    def _of(self, name: str) -> bytes:
        return self._masters[name]

    def _first_key(self) -> SealingKey:
        row, key = self.new_key(now=self._clock.now())
        return SealingKey(
            id=row.id,
            wrapped=_under(self._of(self.master)).seal(key, _first_identity(row.id)),
            created_at=row.created_at,
            active_at=row.created_at,
            canary=row.canary,
        )


async def open_vault(store: Store, masters: bytes | Sequence[bytes], clock: Clock) -> Sealer:
    """The sealer of this database, for a process that is about to end again. Raises what `Vault.open` does."""
    return await Vault(store, (masters,) if isinstance(masters, bytes) else masters, clock).open()


def master_id(master: bytes) -> str:
    """The name of a master key: 16 hex digits that say nothing about it."""
    return hmac.digest(master, b"lingpai name of a master key", "sha256")[:8].hex()


def _current(keys: Sequence[SealingKey]) -> bytes:
    return (sealing_now(keys) or keys[0]).id


def _under(master: bytes) -> Sealer:
    return Sealer({_MASTER_ID: master}, _MASTER_ID)


def _wrap(name: str, key: bytes, master: bytes) -> KeyWrap:
    under = master_id(master)
    return KeyWrap(name=name, master=under, wrapped=_under(master).seal(key, _identity(name, under)))


def _canary(key_id: bytes, key: bytes) -> bytes:
    return Sealer({key_id: key}, key_id).seal(_CANARY, _canary_identity(key_id))


def _identity(name: str, master: str) -> str:
    return f"key_wraps|wrapped|{name}|{master}"


def _first_identity(key_id: bytes) -> str:
    return f"sealing_keys|wrapped|{key_id.hex()}"


def _canary_identity(key_id: bytes) -> str:
    return f"sealing_keys|canary|{key_id.hex()}"
