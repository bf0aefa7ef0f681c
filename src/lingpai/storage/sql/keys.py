"""Keys of ours: signing, sealing, services."""

import msgspec
from sqlalchemy import Connection, RowMapping, insert, or_, select, update

from lingpai.model import SealingKey, ServiceKey, SigningKey
from lingpai.storage.sql.tables import sealing_keys, service_keys, signing_keys


def signing(connection: Connection) -> list[SigningKey]:
    query = select(signing_keys).order_by(signing_keys.c.created_at.desc(), signing_keys.c.kid.desc())
    return [SigningKey(**row) for row in connection.execute(query).mappings()]


def add_signing(connection: Connection, key: SigningKey) -> None:
    connection.execute(insert(signing_keys).values(msgspec.structs.asdict(key)))


def retire_signing(connection: Connection, kid: str, at: int) -> bool:
    published = or_(signing_keys.c.retired_at.is_(None), signing_keys.c.retired_at > at)
    change = update(signing_keys).where(signing_keys.c.kid == kid, published).values(retired_at=at)
    return connection.execute(change).rowcount > 0


def sealing(connection: Connection) -> list[SealingKey]:
    query = select(sealing_keys).order_by(sealing_keys.c.created_at, sealing_keys.c.id)
    return [SealingKey(**row) for row in connection.execute(query).mappings()]


def add_sealing(connection: Connection, key: SealingKey, *, only_first: bool) -> bool:
    if only_first and connection.execute(select(sealing_keys.c.id).limit(1)).first() is not None:
        return False
    connection.execute(insert(sealing_keys).values(msgspec.structs.asdict(key)))
    return True


def services(connection: Connection) -> list[ServiceKey]:
    query = select(service_keys).order_by(service_keys.c.created_at, service_keys.c.id)
    return [_service(row) for row in connection.execute(query).mappings()]


def service(connection: Connection, digest: bytes) -> ServiceKey | None:
    query = select(service_keys).where(service_keys.c.digest == digest)
    row = connection.execute(query).mappings().one_or_none()
    return None if row is None else _service(row)


def add_service(connection: Connection, key: ServiceKey) -> None:
    values = msgspec.structs.asdict(key) | {"scopes": msgspec.json.encode(key.scopes).decode()}
    connection.execute(insert(service_keys).values(values))


def revoke_service(connection: Connection, name: str, at: int) -> bool:
    change = (
        update(service_keys)
        .where(service_keys.c.name == name, service_keys.c.revoked_at.is_(None))
        .values(revoked_at=at)
    )
    return connection.execute(change).rowcount > 0


def _service(row: RowMapping) -> ServiceKey:
    scopes = msgspec.json.decode(row["scopes"], type=tuple[str, ...])
    return ServiceKey(**{**row, "scopes": scopes})
