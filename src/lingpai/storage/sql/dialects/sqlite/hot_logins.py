"""The statements that every login pays for.

A known person at a known app costs seven: find, attempt, session_key, its ring, session, refresh token,
event. A new openid costs one to three more (user, identity, union) and leaves the ring alone. The tables
that nothing in the batch looks at are written for the whole batch at once.
"""

from typing import Any, Final

from lingpai.model import CommittedLogin, LoginEvent, NewLogin, Resolution, Session, Share, User, resolve
from lingpai.storage.port import CodeSpentError
from lingpai.storage.sql.dialects.sqlite.connections import Connections

_FIND: Final = """
    SELECT i.user_id, i.unionid, n.user_id, u.created_at, u.nickname, u.avatar_url
    FROM (SELECT 1)
    LEFT JOIN identities i ON i.appid = ? AND i.openid = ?
    LEFT JOIN unions n ON n.open_platform = ? AND n.unionid = ?
    LEFT JOIN users u ON u.id = coalesce(i.user_id, n.user_id)
"""
_ATTEMPT: Final = """
    INSERT INTO login_attempts (appid, code_digest, session_id, sealed_result, is_new, created_at)
    VALUES (?, ?, ?, ?, ?, ?) ON CONFLICT (appid, code_digest) DO NOTHING
"""
_USER: Final = "INSERT INTO users (id, created_at) VALUES (?, ?)"
_IDENTITY: Final = """
    INSERT INTO identities (appid, openid, user_id, unionid, created_at) VALUES (?, ?, ?, ?, ?)
"""
_UNION: Final = "INSERT INTO unions (open_platform, unionid, user_id, created_at) VALUES (?, ?, ?, ?)"
_NOTE: Final = "UPDATE identities SET unionid = ? WHERE appid = ? AND openid = ?"
_SESSION: Final = """
    INSERT INTO sessions (id, user_id, appid, openid, created_at, expires_at, user_agent)
    VALUES (?, ?, ?, ?, ?, ?, ?)
"""
_TOKEN: Final = "INSERT INTO refresh_tokens (digest, session_id, created_at) VALUES (?, ?, ?)"  # noqa: S105 - SQL
_KEY: Final = """
    INSERT INTO session_keys (appid, openid, fingerprint, sealed, received_at, position)
    VALUES (?1, ?2, ?3, ?4, ?5, 1 + coalesce(
        (SELECT max(position) FROM session_keys WHERE appid = ?1 AND openid = ?2), 0))
    ON CONFLICT (appid, openid, fingerprint) DO UPDATE
    SET sealed = excluded.sealed, received_at = excluded.received_at, position = excluded.position
"""
_TRIM: Final = """
    DELETE FROM session_keys WHERE appid = ?1 AND openid = ?2 AND position <= (
        SELECT position FROM session_keys WHERE appid = ?1 AND openid = ?2
        ORDER BY position DESC LIMIT 1 OFFSET 3)
"""
_EVENT: Final = """
    INSERT INTO login_events (id, at, appid, result, request_id, duration_ms, user_id, session_id, is_new,
                              errcode, rid, note, kind, notable)
    VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
"""


def commit(to: Connections, logins: list[NewLogin]) -> list[CommittedLogin | CodeSpentError]:
    """Write the logins; what is refused is an answer, not an exception, so that the batch goes on."""
    execute = to.cursor.execute
    answers: list[CommittedLogin | CodeSpentError] = []
    share = Share(len(logins), to.taken_at)
    rows = _Rows()
    for login in logins:
        found = execute(_FIND, (login.appid, login.openid, login.open_platform, login.unionid)).fetchone()
        resolution = resolve(
            user_by_openid=found[0],
            unionid_on_record=found[1],
            user_by_unionid=found[2],
            unionid=login.unionid,
            joins=login.open_platform is not None,
        )
        is_new = resolution.user_id is None
        fresh = execute(
            _ATTEMPT,
            (login.appid, login.code_digest, login.session_id, login.sealed_result, is_new, login.at),
        ).rowcount
        if not fresh:
            answers.append(CodeSpentError("this code has started a session"))
            continue
        if resolution.user_id is None:
            user = User(id=login.new_user_id, created_at=login.at)
            execute(_USER, (user.id, user.created_at))
        else:
            user = User(id=resolution.user_id, created_at=found[3], nickname=found[4], avatar_url=found[5])
        known_unionid = _identify(execute, login, resolution, user.id, found[1])
        rows.add(login, resolution, user.id)
        answers.append(
            CommittedLogin(
                user=user,
                is_new=is_new,
                unionid=known_unionid,
                session=_session(login, user.id),
                conflict=resolution.conflict,
                share=share,
            )
        )
    rows.write(to)
    return answers


def record(to: Connections, events: list[LoginEvent]) -> list[None]:
    to.cursor.executemany(
        _EVENT,
        [
            (
                event.id,
                event.at,
                event.appid,
                event.result,
                event.request_id,
                event.duration_ms,
                event.user_id,
                event.session_id,
                event.is_new,
                event.errcode,
                event.rid,
                event.note,
                event.kind,
                event.notable,
            )
            for event in events
        ],
    )
    return [None] * len(events)


class _Rows:
    """What nothing in the batch reads back: one statement a table, run for all logins together."""

    __slots__ = ("events", "keys", "rings", "sessions", "tokens")

    def __init__(self) -> None:
        self.sessions: list[tuple[Any, ...]] = []
        self.tokens: list[tuple[Any, ...]] = []
        self.keys: list[tuple[Any, ...]] = []
        self.rings: list[tuple[Any, ...]] = []
        self.events: list[tuple[Any, ...]] = []

    def add(self, login: NewLogin, resolution: Resolution, user_id: str) -> None:
        appid, openid, at = login.appid, login.openid, login.at
        session_id = login.session_id
        self.sessions.append(
            (session_id, user_id, appid, openid, at, login.session_expires_at, login.user_agent)
        )
        self.tokens.append((login.refresh_digest, session_id, at))
        key = login.session_key
        if key is not None:
            self.keys.append((appid, openid, key.fingerprint, key.sealed, at))
            if not resolution.add_identity:
                self.rings.append((appid, openid))
        self.events.append(
            (
                login.event_id,
                at,
                appid,
                "signed_in",
                login.request_id,
                login.duration_ms,
                user_id,
                session_id,
                resolution.user_id is None,
                None,
                None,
                resolution.conflict,
                login.kind,
                None if resolution.conflict is None else True,
            )
        )

    def write(self, to: Connections) -> None:
        executemany = to.cursor.executemany
        executemany(_SESSION, self.sessions)
        executemany(_TOKEN, self.tokens)
        executemany(_KEY, self.keys)
        executemany(_TRIM, self.rings)
        executemany(_EVENT, self.events)


def _identify(
    execute: Any, login: NewLogin, resolution: Resolution, user_id: str, known: str | None
) -> str | None:
    """Write what the login taught us about the person; the unionid on record after it."""
    if resolution.add_identity:
        execute(_IDENTITY, (login.appid, login.openid, user_id, login.unionid, login.at))
        known = login.unionid
    elif resolution.note_unionid:
        execute(_NOTE, (login.unionid, login.appid, login.openid))
        known = login.unionid
    if resolution.add_union:
        execute(_UNION, (login.open_platform, login.unionid, user_id, login.at))
    return known


def _session(login: NewLogin, user_id: str) -> Session:
    return Session(
        id=login.session_id,
        user_id=user_id,
        appid=login.appid,
        openid=login.openid,
        created_at=login.at,
        expires_at=login.session_expires_at,
        user_agent=login.user_agent,
    )
