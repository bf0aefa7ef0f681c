"""The statements that every login, refresh and session check pays for.

Arrays go in, one a column (see `arrays`), and are unnested to rows: one statement has one text and one plan for any number
of logins. What a batch writes is a single statement, so the server commits it in the same round trip.
"""

from functools import lru_cache
from typing import Final, NamedTuple

from lingpai.storage.sql.servers.rows import OF_SESSION, SIGNED_IN

FIND: Final = """
    SELECT w.appid, w.openid, w.open_platform, w.unionid, w.code_digest, i.user_id, i.unionid, n.user_id,
        u.created_at, u.nickname, u.avatar_url, a.code_digest IS NOT NULL, k.positions, k.fingerprints
    FROM unnest($1::text::text[], $2::text::text[], $3::text::text[], $4::text::text[], $5::text::bytea[])
        w(appid, openid, open_platform, unionid, code_digest)
    LEFT JOIN identities i ON i.appid = w.appid AND i.openid = w.openid
    LEFT JOIN unions n ON n.open_platform = w.open_platform AND n.unionid = w.unionid
    LEFT JOIN users u ON u.id = coalesce(i.user_id, n.user_id)
    LEFT JOIN login_attempts a ON a.appid = w.appid AND a.code_digest = w.code_digest
    LEFT JOIN LATERAL (
        SELECT array_agg(position) AS positions, array_agg(fingerprint) AS fingerprints
        FROM session_keys WHERE appid = w.appid AND openid = w.openid
    ) k ON true
"""
LOCK: Final = "SELECT FROM refresh_tokens WHERE digest = ANY($1::text::bytea[]) ORDER BY digest FOR UPDATE"
TOKENS: Final = f"""
    SELECT t.digest, t.used_at, t.successor, t.successor_digest, t.client_tag, n.used_at IS NOT NULL,
        {SIGNED_IN}
    FROM refresh_tokens t JOIN sessions s ON s.id = t.session_id {OF_SESSION}
    LEFT JOIN refresh_tokens n ON n.digest = t.successor_digest
    WHERE t.digest = ANY($1::text::bytea[])
"""  # noqa: S608 - constants only
END: Final = """
    UPDATE sessions s SET ended_at = w.ended_at, end_reason = w.reason
    FROM unnest($1::text::text[], $2::text::text[], $3::text::bigint[]) w(id, reason, ended_at)
    WHERE s.id = w.id AND s.ended_at IS NULL AND s.expires_at > w.ended_at RETURNING s.id
"""
GET: Final = f"SELECT {SIGNED_IN} FROM sessions s {OF_SESSION} WHERE s.id = ANY($1::text::text[])"  # noqa: S608
BY_REFRESH: Final = f"""
    SELECT t.digest, {SIGNED_IN} FROM refresh_tokens t JOIN sessions s ON s.id = t.session_id {OF_SESSION}
    WHERE t.digest = ANY($1::text::bytea[]) AND t.used_at IS NULL
"""  # noqa: S608 - constants only
ATTEMPTS: Final = """
    SELECT a.appid, a.code_digest, a.session_id, a.sealed_result, a.is_new, a.created_at
    FROM unnest($1::text::text[], $2::text::bytea[]) w(appid, code_digest)
    JOIN login_attempts a ON a.appid = w.appid AND a.code_digest = w.code_digest
"""
KEYS: Final = """
    SELECT k.appid, k.openid, k.fingerprint, k.sealed, k.received_at
    FROM unnest($1::text::text[], $2::text::text[]) w(appid, openid)
    JOIN session_keys k ON k.appid = w.appid AND k.openid = w.openid ORDER BY k.position DESC
"""
PROBE: Final = """
    INSERT INTO probes (id, at, filler) VALUES (1, $1, $2)
    ON CONFLICT (id) DO UPDATE SET at = excluded.at, filler = excluded.filler
"""


class Part(NamedTuple):
    """One table's share of a statement that writes many."""

    sql: str
    """`{rows}` stands for the unnested arrays, which are named `w`."""
    columns: tuple[tuple[str, str], ...]
    """Names and types of the arrays."""


def _insert(table: str, *columns: tuple[str, str], conflict: str = "") -> Part:
    names = ", ".join(name for name, _ in columns)
    return Part(f"INSERT INTO {table} ({names}) SELECT w.* FROM {{rows}}{conflict}", columns)  # noqa: S608


_APPID: Final = ("appid", "text")
_OPENID: Final = ("openid", "text")
_USER: Final = ("user_id", "text")
_SESSION: Final = ("session_id", "text")
_AT: Final = ("created_at", "bigint")

PARTS: Final = {
    "users": _insert("users", ("id", "text"), _AT),
    "unions": _insert("unions", ("open_platform", "text"), ("unionid", "text"), _USER, _AT),
    "identities": _insert("identities", _APPID, _OPENID, _USER, ("unionid", "text"), _AT),
    "notes": Part(
        "UPDATE identities o SET unionid = w.unionid FROM {rows}"
        " WHERE o.appid = w.appid AND o.openid = w.openid AND o.unionid IS NULL",
        (("unionid", "text"), _APPID, _OPENID),
    ),
    "attempts": _insert(
        "login_attempts",
        _APPID,
        ("code_digest", "bytea"),
        _SESSION,
        ("sealed_result", "bytea"),
        ("is_new", "boolean"),
        _AT,
    ),
    "sessions": _insert(
        "sessions",
        ("id", "text"),
        _USER,
        _APPID,
        _OPENID,
        _AT,
        ("expires_at", "bigint"),
        ("user_agent", "text"),
    ),
    "tokens": _insert("refresh_tokens", ("digest", "bytea"), _SESSION, _AT),
    "keys": _insert(
        "session_keys",
        _APPID,
        _OPENID,
        ("fingerprint", "bytea"),
        ("sealed", "bytea"),
        ("received_at", "bigint"),
        ("position", "bigint"),
        conflict=" ON CONFLICT (appid, openid, fingerprint) DO UPDATE SET sealed = excluded.sealed,"
        " received_at = excluded.received_at, position = excluded.position",
    ),
    "gone": Part(
        "DELETE FROM session_keys o USING {rows}"
        " WHERE o.appid = w.appid AND o.openid = w.openid AND o.fingerprint = w.fingerprint",
        (_APPID, _OPENID, ("fingerprint", "bytea")),
    ),
    "events": _insert(
        "login_events",
        ("id", "text"),
        ("at", "bigint"),
        _APPID,
        ("result", "text"),
        ("request_id", "text"),
        ("duration_ms", "bigint"),
        _USER,
        _SESSION,
        ("is_new", "boolean"),
        ("errcode", "bigint"),
        ("rid", "text"),
        ("note", "text"),
        ("kind", "text"),
        ("notable", "boolean"),
    ),
    "uses": Part(
        "UPDATE refresh_tokens o SET used_at = w.used_at, successor = w.successor,"
        " successor_digest = w.successor_digest, client_tag = w.client_tag FROM {rows}"
        " WHERE o.digest = w.digest",
        (
            ("digest", "bytea"),
            ("used_at", "bigint"),
            ("successor", "bytea"),
            ("successor_digest", "bytea"),
            ("client_tag", "bytea"),
        ),
    ),
    "successors": _insert(
        "refresh_tokens",
        ("digest", "bytea"),
        _SESSION,
        _AT,
        ("used_at", "bigint"),
        ("successor", "bytea"),
        ("successor_digest", "bytea"),
        ("client_tag", "bytea"),
    ),
    "ended": Part(
        "UPDATE sessions o SET ended_at = w.ended_at, end_reason = w.end_reason FROM {rows}"
        " WHERE o.id = w.id AND o.ended_at IS NULL",
        (("id", "text"), ("ended_at", "bigint"), ("end_reason", "text")),
    ),
}


@lru_cache
def together(names: tuple[str, ...]) -> str:
    """One statement that does all these parts; PostgreSQL runs every one of them, read or not."""
    texts: list[str] = []
    taken = 0
    for name in names:
        part = PARTS[name]
        arrays = ", ".join(f"${taken + at}::text::{kind}[]" for at, (_, kind) in enumerate(part.columns, 1))
        taken += len(part.columns)
        texts.append(part.sql.format(rows=f"unnest({arrays}) w({', '.join(n for n, _ in part.columns)})"))
    *before, last = texts
    if not before:
        return last
    named = ", ".join(f"p{at} AS ({sql})" for at, sql in enumerate(before))
    return f"WITH {named} {last}"


@lru_cache
def kinds(name: str) -> tuple[str, ...]:
    """The types of the arrays of a part."""
    return tuple(kind for _, kind in PARTS[name].columns)
