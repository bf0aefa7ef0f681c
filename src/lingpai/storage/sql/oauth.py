"""Browser logins: states, tickets, WeChat's tokens of a person."""

import msgspec
from sqlalchemy import ColumnElement, Connection, Update, and_, insert, or_, select, update

from lingpai.model import OAuthState, Ticket, UserToken
from lingpai.storage.sql.tables import oauth_states, tickets, user_tokens


def put_state(connection: Connection, state: OAuthState) -> None:
    connection.execute(insert(oauth_states).values(msgspec.structs.asdict(state)))


def state(connection: Connection, digest: bytes) -> OAuthState | None:
    query = select(oauth_states).where(oauth_states.c.digest == digest)
    row = connection.execute(query).mappings().one_or_none()
    return None if row is None else OAuthState(**row)


def take_state(connection: Connection, digest: bytes, at: int, lease: int) -> bool:
    free = or_(oauth_states.c.taken_at.is_(None), oauth_states.c.taken_at <= at - lease)
    claim = (
        update(oauth_states)
        .where(oauth_states.c.digest == digest, oauth_states.c.outcome.is_(None), free)
        .values(taken_at=at)
    )
    return connection.execute(claim).rowcount > 0


def settle_state(connection: Connection, digest: bytes, taken_at: int, outcome: bytes) -> bool:
    return connection.execute(_claimed(digest, taken_at).values(outcome=outcome)).rowcount > 0


def release_state(connection: Connection, digest: bytes, taken_at: int) -> bool:
    return connection.execute(_claimed(digest, taken_at).values(taken_at=None)).rowcount > 0


def put_ticket(connection: Connection, new: Ticket) -> None:
    connection.execute(insert(tickets).values(msgspec.structs.asdict(new)))


def ticket(connection: Connection, digest: bytes) -> Ticket | None:
    query = select(tickets).where(tickets.c.digest == digest)
    row = connection.execute(query).mappings().one_or_none()
    return None if row is None else Ticket(**row)


def use_ticket(connection: Connection, digest: bytes, at: int) -> bool:
    use = (
        update(tickets)
        .where(tickets.c.digest == digest, tickets.c.used_at.is_(None), tickets.c.expires_at > at)
        .values(used_at=at)
    )
    return connection.execute(use).rowcount > 0


def user_token(connection: Connection, appid: str, openid: str) -> UserToken | None:
    row = connection.execute(select(user_tokens).where(_of(appid, openid))).mappings().one_or_none()
    return None if row is None else UserToken(**row)


def put_user_token(connection: Connection, token: UserToken) -> None:
    values = msgspec.structs.asdict(token)
    changed = connection.execute(
        update(user_tokens).where(_of(token.appid, token.openid)).values(values)
    ).rowcount
    if not changed:
        connection.execute(insert(user_tokens).values(values))


def _claimed(digest: bytes, taken_at: int) -> Update:
    return update(oauth_states).where(
        oauth_states.c.digest == digest,
        oauth_states.c.taken_at == taken_at,
        oauth_states.c.outcome.is_(None),
    )


def _of(appid: str, openid: str) -> ColumnElement[bool]:
    return and_(user_tokens.c.appid == appid, user_tokens.c.openid == openid)
