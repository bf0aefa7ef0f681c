"""The flight recorder: searching lines by the index that fits, pages of timelines, counts by the minute.

A planner without statistics guesses; where SQLite and MySQL would walk the whole table, they are told the index.
"""

from typing import Any, Final

import msgspec
from sqlalchemy import ColumnElement, Connection, Select, and_, delete, func, insert, or_, select, update
from sqlalchemy.exc import IntegrityError

from lingpai.clock import MINUTE
from lingpai.ids import first_id
from lingpai.model import GRANTED, LOGIN_KINDS, AttemptSearch, LoginEvent, Minute, TimelinePage
from lingpai.storage.sql.aliases import members
from lingpai.storage.sql.tables import login_events, login_minutes, timeline_pages

_line: Final = login_events.c
_count: Final = login_minutes.c
_page: Final = timeline_pages.c
ROWS: Final = 400
"""Lines that one unit of work trims."""


def line(connection: Connection, event_id: str) -> LoginEvent | None:
    row = connection.execute(select(login_events).where(_line.id == event_id)).mappings().first()
    return None if row is None else read(row)


def read(row: Any) -> LoginEvent:
    """A line, also one from before there were kinds."""
    return LoginEvent(**{name: row[name] for name in _FIELDS}, kind=row["kind"] or "login")


_FIELDS: Final = tuple(name for name in LoginEvent.__struct_fields__ if name != "kind")


def search(connection: Connection, wanted: AttemptSearch, limit: int) -> list[LoginEvent]:
    """The ids first, from an index as far as it goes; the lines then."""
    query = select(_line.id).where(*_conditions(connection, wanted)).order_by(_line.id.desc()).limit(limit)
    ids = list(connection.scalars(_by_index(query, wanted)))
    rows = connection.execute(select(login_events).where(_line.id.in_(ids)).order_by(_line.id.desc()))
    return [read(row) for row in rows.mappings()]


def _conditions(connection: Connection, wanted: AttemptSearch) -> list[ColumnElement[bool]]:
    conditions = [
        column == value
        for column, value in (
            (_line.request_id, wanted.request_id),
            (_line.appid, wanted.appid),
            (_line.result, wanted.result),
            (_line.errcode, wanted.errcode),
        )
        if value is not None
    ]
    if wanted.user_ids is not None:
        ids = {each for one in wanted.user_ids for each in members(connection, one)}
        conditions.append(_line.user_id.in_(sorted(ids)))
    if wanted.before is not None:
        conditions.append(_line.id < wanted.before)
    if wanted.until is not None:
        conditions.append(_line.id < first_id("evt", wanted.until))
    if wanted.since is not None:
        conditions.append(_line.id >= first_id("evt", wanted.since))
    if wanted.kinds:
        of_kind = _line.kind.in_(wanted.kinds)
        conditions.append(or_(of_kind, _line.kind.is_(None)) if "login" in wanted.kinds else of_kind)
    if wanted.refused:
        conditions.append(_line.result.not_in(GRANTED))
    if _of_the_few(wanted):
        conditions += [_line.notable.is_(True), _line.notable.is_not(None)]
    return conditions


def _of_the_few(wanted: AttemptSearch) -> bool:
    """Whether no plain success can be among them."""
    return (
        wanted.refused
        or wanted.errcode is not None
        or wanted.result not in (None, "signed_in")
        or bool(wanted.kinds and not set(wanted.kinds) & set(LOGIN_KINDS))
    )


def _by_index(query: Select[Any], wanted: AttemptSearch) -> Select[Any]:
    if wanted.request_id is not None:
        name = "ix_login_events_request_id"
    elif wanted.user_ids is not None:
        name = "ix_login_events_user_id"
    elif _of_the_few(wanted):
        name = "ix_login_events_notable"
    elif wanted.appid is not None:
        name = "ix_login_events_appid"
    else:
        return query
    forced = f"FORCE INDEX ({name})"
    query = query.with_hint(login_events, f"INDEXED BY {name}", "sqlite")
    return query.with_hint(login_events, forced, "mysql").with_hint(login_events, forced, "mariadb")


def keep(connection: Connection, pages: list[TimelinePage], minutes: list[Minute]) -> None:
    if pages:
        connection.execute(insert(timeline_pages), [msgspec.structs.asdict(page) for page in pages])
    # In one order on every node, so that none waits for another in a circle.
    for minute in sorted(minutes, key=lambda each: (each.minute, each.appid, each.kind, each.result)):
        if not _grow(connection, minute) and not _begin(connection, minute):
            _grow(connection, minute)  # another node began the line between the two


def _grow(connection: Connection, more: Minute) -> bool:
    place = and_(
        _count.minute == more.minute,
        _count.appid == more.appid,
        _count.kind == more.kind,
        _count.result == more.result,
    )
    change = {"count": _count["count"] + more.count, "unrecorded": _count.unrecorded + more.unrecorded}
    return connection.execute(update(login_minutes).where(place).values(change)).rowcount > 0


def _begin(connection: Connection, minute: Minute) -> bool:
    try:
        with connection.begin_nested():
            connection.execute(insert(login_minutes).values(msgspec.structs.asdict(minute)))
    except IntegrityError:
        return False
    return True


def pages(connection: Connection, at: int, limit: int) -> list[TimelinePage]:
    holds = select(timeline_pages).where(_page.last_at.between(at, at + MINUTE), _page.first_at <= at)
    found = connection.execute(holds.order_by(_page.last_at, _page.id).limit(limit)).mappings()
    return sorted((TimelinePage(**row) for row in found), key=lambda page: page.id)


def minutes(connection: Connection, since: int) -> list[Minute]:
    query = select(login_minutes).where(_count.minute >= since)
    rows = connection.execute(query.order_by(*login_minutes.primary_key.columns)).mappings()
    return [Minute(**row) for row in rows]


def lines(connection: Connection) -> int:
    return connection.execute(select(func.count()).select_from(login_events)).scalar_one()


def trim(connection: Connection, most: int) -> int:
    """Remove the oldest lines, at most `most`; how many went."""
    ids = list(connection.scalars(select(_line.id).order_by(_line.id).limit(most)))
    return connection.execute(delete(login_events).where(_line.id.in_(ids))).rowcount if ids else 0
