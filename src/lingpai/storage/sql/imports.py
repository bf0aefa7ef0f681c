"""People from another table: a few questions and one statement a table for a whole batch."""

from typing import Any

import msgspec
from sqlalchemy import Connection, bindparam, delete, insert, select, update

from lingpai.model import ImportBatch, ImportOutcome, ImportRun, ProfileDetails
from lingpai.storage.importing import Known, Placed, Placing, counted
from lingpai.storage.sql.tables import identities, imports, profiles, unions, users


def run(connection: Connection, name: str) -> ImportRun | None:
    row = connection.execute(select(imports).where(imports.c.name == name)).mappings().one_or_none()
    if row is None:
        return None
    return ImportRun(**{**row, "tally": msgspec.json.decode(row["tally"], type=dict[str, int])})


def put(connection: Connection, new: ImportRun) -> None:
    values = msgspec.structs.asdict(new) | {"tally": msgspec.json.encode(new.tally).decode()}
    connection.execute(delete(imports).where(imports.c.name == new.name))
    connection.execute(insert(imports).values(values))


def look(connection: Connection, batch: ImportBatch) -> list[ImportOutcome]:
    return [each.outcome for each in _placed(connection, batch)]


def commit(connection: Connection, batch: ImportBatch) -> tuple[ImportRun, list[ImportOutcome]]:
    placed = _placed(connection, batch)
    _users(connection, placed)
    _fill(connection, [each for each in placed if each.outcome == "joined"])
    _identities(connection, batch, placed)
    done = counted(batch, placed)
    put(connection, done)
    return done, [each.outcome for each in placed]


def _placed(connection: Connection, batch: ImportBatch) -> list[Placed]:
    openids = {person.openid for person in batch.people}
    unionids = {person.unionid for person in batch.people if person.unionid is not None}
    known = connection.execute(
        select(identities.c.openid, identities.c.user_id, identities.c.unionid)
        .where(identities.c.appid == batch.run.appid, identities.c.openid.in_(openids))
        .with_for_update()
    )
    found: dict[str, str] = {}
    if batch.open_platform is not None and unionids:
        owners = select(unions.c.unionid, unions.c.user_id).where(
            unions.c.open_platform == batch.open_platform, unions.c.unionid.in_(unionids)
        )
        found = {row.unionid: row.user_id for row in connection.execute(owners.with_for_update())}
    placing = Placing(
        {row.openid: Known(row.user_id, row.unionid) for row in known},
        found,
        joins=batch.open_platform is not None,
    )
    return placing.all(batch.people)


def _users(connection: Connection, placed: list[Placed]) -> None:
    people = [each.person for each in placed if each.outcome == "new"]
    _many(
        connection,
        insert(users),
        [
            {
                "id": person.user_id,
                "created_at": person.created_at,
                "nickname": person.nickname,
                "avatar_url": person.avatar_url,
            }
            for person in people
        ],
    )
    told = [p for p in people if p.nickname or p.avatar_url or p.details != ProfileDetails()]
    _many(
        connection,
        insert(profiles),
        [
            {
                "user_id": person.user_id,
                "details": msgspec.json.encode(person.details).decode(),
                # Whoever wrote that table had it from the person's own phone: WeChat did not tell us.
                "source": "person",
                "updated_at": person.created_at,
            }
            for person in told
        ],
    )


def _fill(connection: Connection, joined: list[Placed]) -> None:
    """Nickname and avatar for users who have none."""
    for name in ("nickname", "avatar_url"):
        column = users.c[name]
        _many(
            connection,
            update(users)
            .where(users.c.id == bindparam("user"), column.is_(None))
            .values({column: bindparam("value")}),
            [
                {"user": each.user_id, "value": value}
                for each in joined
                if (value := getattr(each.person, name)) is not None
            ],
        )


def _identities(connection: Connection, batch: ImportBatch, placed: list[Placed]) -> None:
    appid = batch.run.appid
    _many(
        connection,
        insert(unions),
        [
            {
                "open_platform": batch.open_platform,
                "unionid": each.person.unionid,
                "user_id": each.user_id,
                "created_at": each.person.created_at,
            }
            for each in placed
            if each.resolution.add_union
        ],
    )
    _many(
        connection,
        insert(identities),
        [
            {
                "appid": appid,
                "openid": each.person.openid,
                "user_id": each.user_id,
                "unionid": each.person.unionid,
                "created_at": each.person.created_at,
            }
            for each in placed
            if each.resolution.add_identity
        ],
    )
    _many(
        connection,
        update(identities)
        .where(identities.c.appid == appid, identities.c.openid == bindparam("known"))
        .values(unionid=bindparam("told")),
        [
            {"known": each.person.openid, "told": each.person.unionid}
            for each in placed
            if each.resolution.note_unionid
        ],
    )


def _many(connection: Connection, statement: Any, values: list[dict[str, Any]]) -> None:
    if values:
        connection.execute(statement, values)
