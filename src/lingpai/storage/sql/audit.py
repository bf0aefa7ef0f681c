"""The audit log: appending under the lock of the chain's one row, reading, removing from the front."""

from typing import Any, Final

import msgspec
from sqlalchemy import Connection, RowMapping, Select, delete, insert, select, update

from lingpai.model import GENESIS, Actor, AuditChain, AuditEntry, AuditHead, AuditRow, chained
from lingpai.storage.sql.tables import audit_chain, audit_log

_ONLY: Final = 1
_START: Final = AuditHead(0, GENESIS)


def append(connection: Connection, entry: AuditEntry) -> AuditRow:
    known = connection.execute(select(audit_chain).with_for_update()).one_or_none()
    row = chained(_START if known is None else AuditHead(known.position, bytes(known.hash)), entry)
    end = {"position": row.position, "hash": row.hash}
    if known is None:
        start = {"id": _ONLY, "anchor_position": _START.position, "anchor_hash": _START.hash}
        connection.execute(insert(audit_chain).values(start | end))
    else:
        connection.execute(update(audit_chain).values(end))
    connection.execute(insert(audit_log).values(_values(row)))
    return row


def chain(connection: Connection) -> AuditChain:
    known = connection.execute(select(audit_chain)).one_or_none()
    if known is None:
        return AuditChain(anchor=_START, head=_START)
    return AuditChain(
        anchor=AuditHead(known.anchor_position, bytes(known.anchor_hash)),
        head=AuditHead(known.position, bytes(known.hash)),
    )


def page(connection: Connection, limit: int, before: int | None) -> list[AuditRow]:
    query = select(audit_log).order_by(audit_log.c.position.desc()).limit(limit)
    return _rows(connection, query if before is None else query.where(audit_log.c.position < before))


def after(connection: Connection, position: int, limit: int) -> list[AuditRow]:
    query = select(audit_log).where(audit_log.c.position > position)
    return _rows(connection, query.order_by(audit_log.c.position).limit(limit))


def prune(connection: Connection, to: AuditHead, limit: int) -> int:
    connection.execute(select(audit_chain).with_for_update()).one_or_none()
    wanted = select(audit_log.c.hash).where(audit_log.c.position == to.position)
    found = connection.execute(wanted).scalar_one_or_none()
    if found is None or bytes(found) != to.hash:
        return 0
    oldest = (
        select(audit_log.c.position, audit_log.c.hash)
        .where(audit_log.c.position <= to.position)
        .order_by(audit_log.c.position)
        .limit(limit)
    )
    gone = connection.execute(oldest).all()
    last = gone[-1]
    connection.execute(delete(audit_log).where(audit_log.c.position <= last.position))
    connection.execute(
        update(audit_chain).values(anchor_position=last.position, anchor_hash=bytes(last.hash))
    )
    return len(gone)


def _values(row: AuditRow) -> dict[str, Any]:
    entry = row.entry
    return {
        "position": row.position,
        "at": entry.at,
        "actor_kind": entry.actor.kind,
        "actor_id": entry.actor.id,
        "actor_name": entry.actor.name,
        "action": entry.action,
        "about": entry.about,
        "details": msgspec.json.encode(entry.details, order="sorted").decode(),
        "previous": row.previous,
        "hash": row.hash,
    }


def _rows(connection: Connection, query: Select[Any]) -> list[AuditRow]:
    return [_row(found) for found in connection.execute(query).mappings()]


def _row(found: RowMapping) -> AuditRow:
    return AuditRow(
        position=found["position"],
        entry=AuditEntry(
            at=found["at"],
            actor=Actor(found["actor_kind"], found["actor_id"], found["actor_name"]),
            action=found["action"],
            about=found["about"],
            details=_details(found["details"]),
        ),
        previous=bytes(found["previous"]),
        hash=bytes(found["hash"]),
    )


def _details(text: str) -> dict[str, str]:
    """What stands there; also when somebody wrote there who should not, for then the hash must tell."""
    try:
        return msgspec.json.decode(text, type=dict[str, str])
    except msgspec.DecodeError:
        return {"": text}
