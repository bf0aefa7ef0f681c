"""Webhooks and what is on its way to them."""

from typing import Any, Final

from sqlalchemy import (
    Connection,
    RowMapping,
    and_,
    delete,
    exists,
    func,
    insert,
    or_,
    select,
    update,
)

from lingpai.model import (
    Attempted,
    ClaimedDelivery,
    Merge,
    NewNotice,
    SignedUp,
    Webhook,
    WebhookDelivery,
)
from lingpai.storage.sql.tables import (
    deliveries,
    identities,
    merges,
    notices,
    users,
    webhook_cursors,
    webhooks,
)

ROWS: Final = 400
_ALL: Final = "*"
_columns: Final = deliveries.c
_SHOWN: Final = [_columns[name] for name in WebhookDelivery.__struct_fields__]


def every(connection: Connection) -> list[Webhook]:
    query = select(webhooks).order_by(webhooks.c.created_at, webhooks.c.id)
    return [_webhook(row) for row in connection.execute(query).mappings()]


def add(connection: Connection, new: Webhook) -> None:
    connection.execute(
        insert(webhooks).values(
            id=new.id,
            url=new.url,
            events=",".join(new.events),
            sealed=new.sealed,
            created_at=new.created_at,
        )
    )


def put_sealed(connection: Connection, webhook_id: str, sealed: bytes) -> bool:
    changed = update(webhooks).where(webhooks.c.id == webhook_id).values(sealed=sealed)
    return connection.execute(changed).rowcount > 0


def remove(connection: Connection, webhook_id: str) -> bool:
    connection.execute(delete(deliveries).where(_columns.webhook_id == webhook_id))
    return connection.execute(delete(webhooks).where(webhooks.c.id == webhook_id)).rowcount > 0


def tell(connection: Connection, news: list[NewNotice] | tuple[NewNotice, ...], now: int) -> None:
    """Part of other units of work as well: a cause and its notice are committed together."""
    if not news:
        return
    wanting = every(connection)
    for notice in news:
        takers = [each for each in wanting if _wants(each, notice)]
        if takers and _insert(connection, notice):
            rows = [_on_its_way(each.id, notice, now) for each in takers]
            connection.execute(insert(deliveries), rows)


def send_to(connection: Connection, webhook_id: str, notice: NewNotice, now: int) -> bool:
    found = select(webhooks.c.id).where(webhooks.c.id == webhook_id).with_for_update()
    if connection.execute(found).one_or_none() is None:
        return False
    if _insert(connection, notice):
        connection.execute(insert(deliveries).values(_on_its_way(webhook_id, notice, now)))
    return True


def due(connection: Connection, now: int) -> bool:
    """Whether anything may be claimed: asked of a reader, so that an idle node writes nothing."""
    query = select(_columns.notice_id).where(_columns.state == "waiting", _columns.next_at <= now).limit(1)
    return connection.execute(query).one_or_none() is not None


def claim(connection: Connection, limit: int, lease: int, now: int) -> list[ClaimedDelivery]:
    earlier = deliveries.alias("earlier")
    blocked = exists().where(
        earlier.c.webhook_id == _columns.webhook_id,
        earlier.c.subject == _columns.subject,
        earlier.c.state == "waiting",
        or_(
            earlier.c.created_at < _columns.created_at,
            and_(earlier.c.created_at == _columns.created_at, earlier.c.notice_id < _columns.notice_id),
        ),
    )
    due = (
        select(*_SHOWN, _columns.fence, notices.c.sealed)
        .join(notices, notices.c.id == _columns.notice_id)
        .where(_columns.state == "waiting", _columns.next_at <= now, ~blocked)
        .order_by(_columns.next_at, _columns.created_at)
        .limit(limit)
    )
    known = {webhook.id: webhook for webhook in every(connection)}
    claimed = []
    for row in connection.execute(due).mappings().all():
        taken = _update(row["webhook_id"], row["notice_id"], row["fence"]).values(
            fence=row["fence"] + 1, next_at=now + lease, attempts=row["attempts"] + 1
        )
        if row["webhook_id"] in known and connection.execute(taken).rowcount:
            claimed.append(
                ClaimedDelivery(
                    delivery=_delivery(row),
                    webhook=known[row["webhook_id"]],
                    sealed=row["sealed"],
                    fence=row["fence"] + 1,
                )
            )
    return claimed


def attempted(connection: Connection, attempt: Attempted, now: int) -> bool:
    waits = attempt.state == "waiting"
    noted = _update(attempt.webhook_id, attempt.notice_id, attempt.fence).values(
        state=attempt.state,
        told=attempt.told,
        next_at=now + attempt.retry_in if waits else now,
        settled_at=None if waits else attempt.at,
        # A claim that comes late after this finds another fence.
        fence=attempt.fence + 1,
    )
    return connection.execute(noted).rowcount > 0


def page(
    connection: Connection, limit: int, webhook_id: str | None, state: str | None
) -> list[WebhookDelivery]:
    query = select(*_SHOWN).order_by(_columns.created_at.desc(), _columns.notice_id.desc()).limit(limit)
    if webhook_id is not None:
        query = query.where(_columns.webhook_id == webhook_id)
    if state is not None:
        query = query.where(_columns.state == state)
    return [_delivery(row) for row in connection.execute(query).mappings()]


def again(connection: Connection, webhook_id: str, notice_id: str, now: int) -> bool:
    found = exists().where(notices.c.id == notice_id)
    tried = (
        update(deliveries)
        .where(_columns.webhook_id == webhook_id, _columns.notice_id == notice_id, found)
        .values(state="waiting", attempts=0, next_at=now, settled_at=None, fence=_columns.fence + 1)
    )
    return connection.execute(tried).rowcount > 0


def waiting(connection: Connection) -> tuple[int, int]:
    query = select(_columns.state, func.count()).where(_columns.state.in_(("waiting", "dead")))
    counts = {row[0]: int(row[1]) for row in connection.execute(query.group_by(_columns.state))}
    return counts.get("waiting", 0), counts.get("dead", 0)


def cursor(connection: Connection, name: str) -> int | None:
    query = select(webhook_cursors.c.at).where(webhook_cursors.c.name == name)
    found: int | None = connection.execute(query).scalar_one_or_none()
    return found


def advance(connection: Connection, name: str, at: int, news: list[NewNotice], now: int) -> None:
    held = select(webhook_cursors.c.at).where(webhook_cursors.c.name == name).with_for_update()
    found = connection.execute(held).scalar_one_or_none()
    if found is None:
        connection.execute(insert(webhook_cursors).values(name=name, at=at))
    elif found < at:
        connection.execute(update(webhook_cursors).where(webhook_cursors.c.name == name).values(at=at))
    tell(connection, news, now)


def signed_up(connection: Connection, after: str, limit: int) -> list[SignedUp]:
    query = select(users.c.id, users.c.created_at).where(users.c.id > after).order_by(users.c.id).limit(limit)
    found = connection.execute(query).all()
    at = select(identities.c.user_id, identities.c.appid).where(
        identities.c.user_id.in_([row.id for row in found])
    )
    appids: dict[str, set[str]] = {}
    for row in connection.execute(at):
        appids.setdefault(row.user_id, set()).add(row.appid)
    return [
        SignedUp(user_id=row.id, created_at=row.created_at, appids=tuple(sorted(appids.get(row.id, ()))))
        for row in found
    ]


def merged(connection: Connection, after: str, limit: int) -> list[Merge]:
    columns = [merges.c[name] for name in Merge.__struct_fields__]
    query = select(*columns).where(merges.c.id > after).order_by(merges.c.id).limit(limit)
    return [Merge(**row) for row in connection.execute(query).mappings()]


def sweep(connection: Connection, before: int) -> int:
    ids = list(connection.scalars(select(notices.c.id).where(notices.c.created_at < before).limit(ROWS)))
    if ids:
        connection.execute(delete(deliveries).where(_columns.notice_id.in_(ids)))
        connection.execute(delete(notices).where(notices.c.id.in_(ids)))
    return len(ids)


def _insert(connection: Connection, notice: NewNotice) -> bool:
    """False: it is on record."""
    if connection.execute(select(notices.c.id).where(notices.c.id == notice.id)).one_or_none() is not None:
        return False
    connection.execute(
        insert(notices).values(
            id=notice.id,
            event=notice.event,
            subject=notice.subject,
            sealed=notice.sealed,
            created_at=notice.at,
        )
    )
    return True


def _wants(webhook: Webhook, notice: NewNotice) -> bool:
    named = notice.event in webhook.events or _ALL in webhook.events
    return named and webhook.created_at <= notice.at


def _on_its_way(webhook_id: str, notice: NewNotice, now: int) -> dict[str, Any]:
    return {
        "webhook_id": webhook_id,
        "notice_id": notice.id,
        "event": notice.event,
        "subject": notice.subject,
        "created_at": notice.at,
        "state": "waiting",
        "attempts": 0,
        "fence": 0,
        "next_at": now,
    }


def _update(webhook_id: str, notice_id: str, fence: int) -> Any:
    return update(deliveries).where(
        _columns.webhook_id == webhook_id,
        _columns.notice_id == notice_id,
        _columns.fence == fence,
        _columns.state == "waiting",
    )


def _webhook(row: RowMapping) -> Webhook:
    return Webhook(
        id=row["id"],
        url=row["url"],
        events=tuple(row["events"].split(",")),
        sealed=row["sealed"],
        created_at=row["created_at"],
    )


def _delivery(row: RowMapping) -> WebhookDelivery:
    return WebhookDelivery(**{name: row[name] for name in WebhookDelivery.__struct_fields__})
