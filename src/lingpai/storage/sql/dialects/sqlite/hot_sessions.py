"""The statements that every refresh and session check pays for."""

from typing import Any, Final, NamedTuple

from lingpai.model import (
    Attempt,
    EndReason,
    NotRotated,
    Rotated,
    Rotation,
    Session,
    SessionKey,
    SignedIn,
    User,
)
from lingpai.storage.rotation import UsedToken, judge
from lingpai.storage.sql.dialects.sqlite.connections import Connections

_SESSION: Final = (
    "s.id, s.user_id, s.appid, s.openid, s.created_at, s.expires_at, s.user_agent, s.ended_at, s.end_reason"
)
_SIGNED_IN: Final = f"{_SESSION}, u.created_at, u.nickname, u.avatar_url, i.unionid"
_JOINS: Final = (
    "JOIN users u ON u.id = s.user_id LEFT JOIN identities i ON i.appid = s.appid AND i.openid = s.openid"
)
_GET: Final = f"SELECT {_SIGNED_IN} FROM sessions s {_JOINS} WHERE s.id = ?"  # noqa: S608 - constants only
_BY_REFRESH: Final = f"""
    SELECT {_SIGNED_IN} FROM refresh_tokens t JOIN sessions s ON s.id = t.session_id {_JOINS}
    WHERE t.digest = ? AND t.used_at IS NULL
"""  # noqa: S608 - constants only
_TOKEN: Final = f"""
    SELECT t.used_at, t.successor, t.client_tag, n.used_at, {_SIGNED_IN}
    FROM refresh_tokens t JOIN sessions s ON s.id = t.session_id {_JOINS}
    LEFT JOIN refresh_tokens n ON n.digest = t.successor_digest
    WHERE t.digest = ?
"""  # noqa: S608 - constants only
_SUCCESSOR: Final = "INSERT INTO refresh_tokens (digest, session_id, created_at) VALUES (?, ?, ?)"
_USE: Final = """
    UPDATE refresh_tokens SET used_at = ?, successor = ?, successor_digest = ?, client_tag = ?
    WHERE digest = ?
"""
_END: Final = """
    UPDATE sessions SET ended_at = ?, end_reason = ?
    WHERE id = ? AND ended_at IS NULL AND expires_at > ?
"""
_KEYS: Final = """
    SELECT fingerprint, sealed, received_at FROM session_keys
    WHERE appid = ? AND openid = ? ORDER BY position DESC LIMIT 3
"""
_ATTEMPT: Final = """
    SELECT session_id, sealed_result, is_new, created_at FROM login_attempts
    WHERE appid = ? AND code_digest = ?
"""


class Ending(NamedTuple):
    """The wish to end a session."""

    session_id: str
    reason: EndReason
    at: int


class Ring(NamedTuple):
    """Whose session_keys."""

    appid: str
    openid: str


class Code(NamedTuple):
    """Which login attempt."""

    appid: str
    digest: bytes


def rotate(to: Connections, rotations: list[Rotation]) -> list[Rotated | NotRotated]:
    return [_rotate(to, rotation) for rotation in rotations]


def end(to: Connections, endings: list[Ending]) -> list[bool]:
    execute = to.cursor.execute
    return [
        execute(_END, (ending.at, ending.reason, ending.session_id, ending.at)).rowcount > 0
        for ending in endings
    ]


def get(to: Connections, session_ids: list[str]) -> list[SignedIn | None]:
    rows = (to.cursor.execute(_GET, (session_id,)).fetchone() for session_id in session_ids)
    return [None if row is None else _signed_in(row) for row in rows]


def by_refresh(to: Connections, digests: list[bytes]) -> list[SignedIn | None]:
    rows = (to.cursor.execute(_BY_REFRESH, (digest,)).fetchone() for digest in digests)
    return [None if row is None else _signed_in(row) for row in rows]


def session_keys(to: Connections, rings: list[Ring]) -> list[list[SessionKey]]:
    return [
        [
            SessionKey(fingerprint=fingerprint, sealed=sealed, received_at=received_at)
            for fingerprint, sealed, received_at in to.cursor.execute(_KEYS, ring).fetchall()
        ]
        for ring in rings
    ]


def attempt(to: Connections, codes: list[Code]) -> list[Attempt | None]:
    rows = (to.cursor.execute(_ATTEMPT, code).fetchone() for code in codes)
    return [
        None
        if row is None
        else Attempt(session_id=row[0], sealed_result=row[1], is_new=bool(row[2]), at=row[3])
        for row in rows
    ]


def _rotate(to: Connections, rotation: Rotation) -> Rotated | NotRotated:
    execute = to.cursor.execute
    row = execute(_TOKEN, (rotation.old_digest,)).fetchone()
    if row is None:
        return NotRotated(why="unknown")
    used_at, successor, client_tag, successor_used_at, *rest = row
    signed_in = _signed_in(rest)
    session = signed_in.session
    used = None if used_at is None else UsedToken(used_at, client_tag, successor_used_at is not None)
    verdict = judge(rotation, session, used)
    if verdict == "rotate":
        execute(_SUCCESSOR, (rotation.new_digest, session.id, rotation.at))
        execute(
            _USE,
            (
                rotation.at,
                rotation.successor,
                rotation.new_digest,
                rotation.client_tag,
                rotation.old_digest,
            ),
        )
        return Rotated(signed_in=signed_in, successor=rotation.successor, retried=False)
    if verdict == "repeat":
        return Rotated(signed_in=signed_in, successor=successor, retried=True)
    if verdict == "reused":
        execute(_END, (rotation.at, "refresh_reuse", session.id, rotation.at))
    return NotRotated(why=verdict, session_id=session.id, user_id=session.user_id, appid=session.appid)


def _signed_in(row: Any) -> SignedIn:
    """From the columns of `_SIGNED_IN`."""
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
