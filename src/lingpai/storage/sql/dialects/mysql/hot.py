"""The statements that every login, refresh and session check pays for, written out with their values.

One INSERT takes all rows of a table. Values are written into the text here, strictly: bytes as hexadecimal,
text escaped for the mode that every connection of ours is set to, nothing else but numbers and NULL.
"""

from collections.abc import Callable, Iterable, Sequence
from typing import Any, Final

from lingpai.storage.sql.servers.rows import OF_SESSION, SIGNED_IN, Row

Escape = Callable[[str], str]

IDENTITIES: Final = """
    SELECT i.appid, i.openid, i.user_id, i.unionid, u.created_at, u.nickname, u.avatar_url
    FROM identities i JOIN users u ON u.id = i.user_id WHERE """
UNIONS: Final = """
    SELECT n.open_platform, n.unionid, n.user_id, u.created_at, u.nickname, u.avatar_url
    FROM unions n JOIN users u ON u.id = n.user_id WHERE """
SPENT: Final = "SELECT a.appid, a.code_digest FROM login_attempts a WHERE "
RINGS: Final = "SELECT k.appid, k.openid, k.`position`, k.fingerprint FROM session_keys k WHERE "
LOCK: Final = "SELECT digest FROM refresh_tokens WHERE digest IN ({}) ORDER BY digest FOR UPDATE"
TOKENS: Final = f"""
    SELECT t.digest, t.used_at, t.successor, t.successor_digest, t.client_tag, n.used_at IS NOT NULL,
        {SIGNED_IN}
    FROM refresh_tokens t JOIN sessions s ON s.id = t.session_id {OF_SESSION}
    LEFT JOIN refresh_tokens n ON n.digest = t.successor_digest
    WHERE t.digest IN ({{}})
"""  # noqa: S608 - constants only
RUNNING: Final = (
    "SELECT id, expires_at FROM sessions WHERE id IN ({}) AND ended_at IS NULL ORDER BY id FOR UPDATE"
)
GET: Final = f"SELECT {SIGNED_IN} FROM sessions s {OF_SESSION} WHERE s.id IN ({{}})"  # noqa: S608
BY_REFRESH: Final = f"""
    SELECT t.digest, {SIGNED_IN} FROM refresh_tokens t JOIN sessions s ON s.id = t.session_id {OF_SESSION}
    WHERE t.digest IN ({{}}) AND t.used_at IS NULL
"""  # noqa: S608 - constants only
ATTEMPTS: Final = """
    SELECT a.appid, a.code_digest, a.session_id, a.sealed_result, a.is_new, a.created_at
    FROM login_attempts a WHERE """
KEYS: Final = """
    SELECT k.appid, k.openid, k.fingerprint, k.sealed, k.received_at FROM session_keys k WHERE """
PROBE: Final = (
    "INSERT INTO probes (id, at, filler) VALUES {} ON DUPLICATE KEY UPDATE at = VALUES(at),"
    " filler = VALUES(filler)"
)

_INSERTS: Final = {
    "users": "users (id, created_at)",
    "unions": "unions (open_platform, unionid, user_id, created_at)",
    "identities": "identities (appid, openid, user_id, unionid, created_at)",
    "attempts": "login_attempts (appid, code_digest, session_id, sealed_result, is_new, created_at)",
    "sessions": "sessions (id, user_id, appid, openid, created_at, expires_at, user_agent)",
    "tokens": "refresh_tokens (digest, session_id, created_at)",
    "keys": "session_keys (appid, openid, fingerprint, sealed, received_at, `position`)",
    "events": "login_events (id, at, appid, result, request_id, duration_ms, user_id, session_id, is_new,"
    " errcode, rid, note, kind, notable)",
    "successors": "refresh_tokens (digest, session_id, created_at, used_at, successor, successor_digest,"
    " client_tag)",
}
_OVER: Final = {
    "keys": " ON DUPLICATE KEY UPDATE sealed = VALUES(sealed), received_at = VALUES(received_at),"
    " `position` = VALUES(`position`)",
}
_EACH: Final = {
    "notes": "UPDATE identities SET unionid = {} WHERE appid = {} AND openid = {} AND unionid IS NULL",
    "uses": "UPDATE refresh_tokens SET used_at = {1}, successor = {2}, successor_digest = {3},"
    " client_tag = {4} WHERE digest = {0}",
    "ended": "UPDATE sessions SET ended_at = {1}, end_reason = {2} WHERE id = {0} AND ended_at IS NULL",
}


def literal(value: Any, escape: Escape) -> str:
    """A value as SQL. Raises UnicodeEncodeError for a text that is not Unicode."""
    if value is None:
        return "NULL"
    if isinstance(value, str):
        if not value.isascii():
            value.encode()
        return f"'{escape(value)}'"
    if isinstance(value, bytes):
        return f"x'{value.hex()}'"
    if isinstance(value, int):
        return str(int(value))
    raise TypeError(f"no literal for a {type(value).__name__}")


def listed(values: Iterable[Any], escape: Escape) -> str:
    return ", ".join([literal(value, escape) for value in values])


def pairs(columns: tuple[str, str], wanted: Iterable[Sequence[Any]], escape: Escape) -> str:
    """A condition for keys of two columns, grouped by the first, which few values share: both MySQL and
    MariaDB read it as ranges of the primary key, which they do not both for a list of pairs.
    """
    groups: dict[Any, set[Any]] = {}
    for first, second in wanted:
        groups.setdefault(first, set()).add(second)
    head, tail = columns
    return " OR ".join(
        f"({head} = {literal(first, escape)} AND {tail} IN ({listed(sorted(seconds), escape)}))"
        for first, seconds in groups.items()
    )


def writing(name: str, rows: Sequence[Row], escape: Escape) -> list[str]:
    """The statements that write these rows of a part of `LoginRows` or `TokenRows`."""
    if name in _INSERTS:
        values = ", ".join([f"({listed(row, escape)})" for row in rows])
        return [f"INSERT INTO {_INSERTS[name]} VALUES {values}{_OVER.get(name, '')}"]  # noqa: S608 - escaped
    if name == "gone":
        return [f"DELETE FROM session_keys WHERE {_rings(rows, escape)}"]  # noqa: S608 - escaped
    return [_EACH[name].format(*[literal(value, escape) for value in row]) for row in rows]


def _rings(rows: Sequence[Row], escape: Escape) -> str:
    return " OR ".join(
        f"(appid = {literal(appid, escape)} AND openid = {literal(openid, escape)}"
        f" AND fingerprint = {literal(fingerprint, escape)})"
        for appid, openid, fingerprint in rows
    )
