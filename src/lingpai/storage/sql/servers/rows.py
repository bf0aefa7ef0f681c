"""What a batch finds in the database and what it writes there: columns in the order of the tables."""

from typing import Any, NamedTuple

import msgspec

from lingpai.model import Session, SignedIn, User

Row = tuple[Any, ...]


class Known(NamedTuple):
    """What (app, openid) leads to."""

    user_id: str
    unionid: str | None


class FoundLogins(msgspec.Struct, kw_only=True):
    """What is on record of the people and codes of a batch of logins. The batch adds its own."""

    identities: dict[tuple[str, str], Known]
    """(appid, openid)"""
    unions: dict[tuple[str, str], str]
    """(open platform, unionid) → user id"""
    users: dict[str, User]
    spent: set[tuple[str, bytes]]
    """(appid, code digest)"""
    rings: dict[tuple[str, str], list[tuple[int, bytes]]]
    """(appid, openid) → (position, fingerprint)"""


class LoginRows(msgspec.Struct, kw_only=True):
    """What a batch of logins writes. Each list is sorted by its key, so that two nodes lock in one order."""

    users: list[Row]
    """id, created_at"""
    unions: list[Row]
    """open_platform, unionid, user_id, created_at"""
    identities: list[Row]
    """appid, openid, user_id, unionid, created_at"""
    notes: list[Row]
    """unionid, appid, openid: identities whose first unionid arrived"""
    attempts: list[Row]
    """appid, code_digest, session_id, sealed_result, is_new, created_at"""
    sessions: list[Row]
    """id, user_id, appid, openid, created_at, expires_at, user_agent"""
    tokens: list[Row]
    """digest, session_id, created_at"""
    keys: list[Row]
    """appid, openid, fingerprint, sealed, received_at, position: written over what is there"""
    gone: list[Row]
    """appid, openid, fingerprint: pushed off their ring"""
    events: list[Row]
    """id, at, appid, result, request_id, duration_ms, user_id, session_id, is_new, errcode, rid, note, kind, notable"""


class Token(msgspec.Struct, kw_only=True):
    """A refresh token on record."""

    session_id: str
    used_at: int | None = None
    successor: bytes | None = None
    successor_digest: bytes | None = None
    successor_used: bool = False
    client_tag: bytes | None = None


class FoundTokens(msgspec.Struct, kw_only=True):
    """Refresh tokens and the sessions they belong to."""

    tokens: dict[bytes, Token]
    sessions: dict[str, SignedIn]


class TokenRows(msgspec.Struct, kw_only=True):
    """What a batch of rotations writes."""

    uses: list[Row]
    """digest, used_at, successor, successor_digest, client_tag: tokens of the database, now used"""
    successors: list[Row]
    """digest, session_id, created_at, used_at, successor, successor_digest, client_tag"""
    ended: list[Row]
    """id, ended_at, end_reason"""


def signed_in(row: Any) -> SignedIn:
    """From the columns of `SIGNED_IN`, in their order."""
    session_id, user_id, appid, openid, created_at, expires_at, user_agent, ended_at, end_reason = row[:9]
    user_created_at, nickname, avatar_url, unionid = row[9:]
    return SignedIn(
        session=Session(
            id=session_id,
            user_id=user_id,
            appid=appid,
            openid=openid,
            created_at=created_at,
            expires_at=expires_at,
            user_agent=user_agent,
            ended_at=ended_at,
            end_reason=end_reason,
        ),
        user=User(id=user_id, created_at=user_created_at, nickname=nickname, avatar_url=avatar_url),
        unionid=unionid,
    )


SIGNED_IN = (
    "s.id, s.user_id, s.appid, s.openid, s.created_at, s.expires_at, s.user_agent, s.ended_at, s.end_reason, "
    "u.created_at, u.nickname, u.avatar_url, i.unionid"
)
"""A session, its user, its identity's unionid: what `signed_in` reads."""
OF_SESSION = (
    "JOIN users u ON u.id = s.user_id LEFT JOIN identities i ON i.appid = s.appid AND i.openid = s.openid"
)
