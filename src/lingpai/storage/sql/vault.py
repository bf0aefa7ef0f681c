"""The vault: data keys, their wraps, the nodes that hold them."""

from collections.abc import Mapping, Sequence
from typing import Final

import msgspec
from sqlalchemy import Connection, delete, insert, select, update

from lingpai.clock import DAY
from lingpai.model import KeyWrap, SealingKey, VaultNode
from lingpai.storage import wrapping
from lingpai.storage.sql import keys
from lingpai.storage.sql.tables import key_wraps, sealing_keys, vault_nodes

_known: Final = msgspec.json.Decoder(tuple[str, ...])


def read(connection: Connection) -> tuple[list[SealingKey], list[KeyWrap]]:
    query = select(key_wraps).order_by(key_wraps.c.name, key_wraps.c.master)
    return keys.sealing(connection), [KeyWrap(**row) for row in connection.execute(query).mappings()]


def complete(connection: Connection, wraps: Sequence[KeyWrap], canaries: Mapping[bytes, bytes]) -> None:
    _, there = _locked(connection)
    known = {(wrap.name, wrap.master) for wrap in there}
    _add(connection, [wrap for wrap in wraps if (wrap.name, wrap.master) not in known])
    for key_id, canary in canaries.items():
        missing = sealing_keys.c.id == key_id, sealing_keys.c.canary.is_(None)
        connection.execute(update(sealing_keys).where(*missing).values(canary=canary))


def publish(connection: Connection, key: SealingKey, wraps: Sequence[KeyWrap]) -> bool:
    held, there = _locked(connection)
    if not wrapping.may_publish(key, wraps, held, there):
        return False
    connection.execute(insert(sealing_keys).values(msgspec.structs.asdict(key)))
    _add(connection, wraps)
    return True


def activate(connection: Connection, key_id: bytes, at: int) -> bool:
    held, _ = _locked(connection)
    waiting = sealing_keys.c.id == key_id, sealing_keys.c.active_at.is_(None)
    change = update(sealing_keys).where(*waiting).values(active_at=wrapping.next_after(held, at))
    return connection.execute(change).rowcount > 0


def drop(connection: Connection, key_id: bytes) -> bool:
    held, _ = _locked(connection)
    if not wrapping.may_drop(key_id, held):
        return False
    connection.execute(delete(key_wraps).where(key_wraps.c.name == key_id.hex()))
    connection.execute(delete(sealing_keys).where(sealing_keys.c.id == key_id))
    return True


def rewrap(connection: Connection, wraps: Sequence[KeyWrap]) -> bool:
    held, there = _locked(connection)
    if not wrapping.covers(wraps, held):
        return False
    known = {(wrap.name, wrap.master) for wrap in there}
    _add(connection, [wrap for wrap in wraps if (wrap.name, wrap.master) not in known])
    return True


def forget_masters(connection: Connection, kept: str) -> int | None:
    held, there = _locked(connection)
    if not wrapping.covers([wrap for wrap in there if wrap.master == kept], held):
        return None
    connection.execute(delete(key_wraps).where(key_wraps.c.master != kept))
    connection.execute(update(sealing_keys).values(wrapped=b""))
    return len({wrap.master for wrap in there} - {kept})


def see(connection: Connection, node: VaultNode, now: int) -> None:
    leave(connection, node.node)
    connection.execute(delete(vault_nodes).where(vault_nodes.c.seen_at < now - DAY))
    values = {"known": msgspec.json.encode(node.known).decode(), "seen_at": now}
    connection.execute(insert(vault_nodes).values(msgspec.structs.asdict(node) | values))


def nodes(connection: Connection, since: int) -> list[VaultNode]:
    query = select(vault_nodes).where(vault_nodes.c.seen_at >= since).order_by(vault_nodes.c.node)
    return [
        VaultNode(**{**row, "known": _known.decode(row["known"])})
        for row in connection.execute(query).mappings()
    ]


def leave(connection: Connection, node: str) -> None:
    connection.execute(delete(vault_nodes).where(vault_nodes.c.node == node))


def _locked(connection: Connection) -> tuple[list[SealingKey], list[KeyWrap]]:
    """What is on record, and nobody changes it until this unit of work is committed."""
    connection.execute(select(sealing_keys.c.id).with_for_update()).all()
    return read(connection)


def _add(connection: Connection, wraps: Sequence[KeyWrap]) -> None:
    for wrap in wraps:
        connection.execute(insert(key_wraps).values(msgspec.structs.asdict(wrap)))
