"""Unlocking the data keys with the master key, so that sealed rows can be read."""

from typing import Final

from lingpai.clock import Clock
from lingpai.model import SealingKey
from lingpai.secret import SealBrokenError, Sealer, random_bytes
from lingpai.storage.port import Store

MASTER_KEY_BYTES: Final = 32
_MASTER_ID: Final = b"mstr"


class MasterKeyWrongError(Exception):
    """The database was sealed under another master key."""


async def open_vault(store: Store, master_key: bytes, clock: Clock) -> Sealer:
    """The sealer of this database. The first call on an empty database makes its data key.

    Raises MasterKeyWrongError; a lost master key cannot be replaced, by nobody.
    """
    master = Sealer({_MASTER_ID: master_key}, _MASTER_ID)
    rows = await store.keys.sealing()
    if not rows:
        await store.keys.add_sealing(_new_data_key(master, clock), only_first=True)
        rows = await store.keys.sealing()
    try:
        keys = {row.id: master.open(row.wrapped, _identity(row.id)) for row in rows}
    except SealBrokenError:
        raise MasterKeyWrongError("the master key does not open this database") from None
    return Sealer(keys, rows[-1].id)


def _new_data_key(master: Sealer, clock: Clock) -> SealingKey:
    key_id = random_bytes(4)
    return SealingKey(
        id=key_id, wrapped=master.seal(random_bytes(32), _identity(key_id)), created_at=clock.now()
    )


def _identity(key_id: bytes) -> str:
    return f"sealing_keys|wrapped|{key_id.hex()}"
