"""What a batch of rotations writes, decided in memory under the locks of their tokens.

A token may come many times in one batch, and its successor too: each is judged by what those before it did.
"""

import msgspec

from lingpai.model import NotRotated, Rotated, Rotation
from lingpai.storage.rotation import UsedToken, judge
from lingpai.storage.sql.servers.rows import FoundTokens, Row, Token, TokenRows


def decide(rotations: list[Rotation], found: FoundTokens) -> tuple[list[Rotated | NotRotated], TokenRows]:
    """The answer to each, and what has to be written for all. Changes `found`."""
    on_record = frozenset(found.tokens)
    born: list[tuple[bytes, int]] = []
    used: list[bytes] = []
    ended: dict[str, Row] = {}
    answers = [_rotate(rotation, found, born, used, ended) for rotation in rotations]
    rows = TokenRows(
        uses=[_use(digest, found.tokens[digest]) for digest in sorted(on_record.intersection(used))],
        successors=[
            (digest, found.tokens[digest].session_id, at, *_use(digest, found.tokens[digest])[1:])
            for digest, at in sorted(born)
        ],
        ended=[ended[session_id] for session_id in sorted(ended)],
    )
    return answers, rows


def _rotate(
    rotation: Rotation,
    found: FoundTokens,
    born: list[tuple[bytes, int]],
    used: list[bytes],
    ended: dict[str, Row],
) -> Rotated | NotRotated:
    token = found.tokens.get(rotation.old_digest)
    if token is None:
        return NotRotated(why="unknown")
    signed_in = found.sessions[token.session_id]
    session = signed_in.session
    verdict = judge(rotation, session, _on_record(token, found))
    if verdict == "rotate":
        token.used_at = rotation.at
        token.successor = rotation.successor
        token.successor_digest = rotation.new_digest
        token.client_tag = rotation.client_tag
        used.append(rotation.old_digest)
        born.append((rotation.new_digest, rotation.at))
        # A digest that is taken is left as it is: the unique key refuses the row.
        found.tokens.setdefault(rotation.new_digest, Token(session_id=session.id))
        return Rotated(signed_in=signed_in, successor=rotation.successor, retried=False)
    if verdict == "repeat":
        return Rotated(signed_in=signed_in, successor=token.successor or b"", retried=True)
    if verdict == "reused":
        ended[session.id] = (session.id, rotation.at, "refresh_reuse")
        over = msgspec.structs.replace(session, ended_at=rotation.at, end_reason="refresh_reuse")
        found.sessions[session.id] = msgspec.structs.replace(signed_in, session=over)
    return NotRotated(why=verdict, session_id=session.id, user_id=session.user_id, appid=session.appid)


def _on_record(token: Token, found: FoundTokens) -> UsedToken | None:
    if token.used_at is None:
        return None
    successor = found.tokens.get(token.successor_digest or b"")
    successor_used = token.successor_used if successor is None else successor.used_at is not None
    return UsedToken(token.used_at, token.client_tag or b"", successor_used)


def _use(digest: bytes, token: Token) -> Row:
    return (digest, token.used_at, token.successor, token.successor_digest, token.client_tag)
