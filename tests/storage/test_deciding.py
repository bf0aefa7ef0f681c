"""A batch that is decided in memory ends as if its members had come one after the other."""

import asyncio
import copy
from typing import Any

import msgspec
from hypothesis import given, settings
from hypothesis import strategies as st

from lingpai.clock import SystemClock
from lingpai.storage import CodeSpentError, open_store
from lingpai.storage.sql.servers import logins as deciding_logins
from lingpai.storage.sql.servers import rotations as deciding_rotations
from lingpai.storage.sql.servers.rows import FoundLogins, FoundTokens, Known, Token
from lingpai.testing.storage_contract_samples import (
    APPID,
    OTHER_APPID,
    START,
    digest,
    login,
    rotation,
    session_key,
)

WISHES = st.lists(
    st.tuples(
        st.sampled_from([APPID, OTHER_APPID]),
        st.sampled_from(["oA", "oB"]),
        st.sampled_from([None, "uA", "uB"]),
        st.sampled_from([None, "op_1", "op_2"]),
        st.integers(0, 30),
        st.none() | st.integers(0, 5),
    ),
    max_size=25,
)
ROTATIONS = st.lists(
    st.tuples(st.integers(0, 14), st.integers(0, 2), st.integers(0, 80), st.integers(0, 60)), max_size=25
)


class Tables:
    """What a database would hold, and the keys it would refuse twice."""

    def __init__(self):
        self.found = FoundLogins(identities={}, unions={}, users={}, spent=set(), rings={})
        self.keys = {}

    def commit(self, batch):
        answers, rows = deciding_logins.decide(batch, copy.deepcopy(self.found))
        for user_id, created_at in rows.users:
            assert user_id not in self.found.users
            self.found.users[user_id] = msgspec.structs.replace(answers_user(answers, user_id), id=user_id)
            assert self.found.users[user_id].created_at == created_at
        for platform, unionid, user_id, _at in rows.unions:
            assert (platform, unionid) not in self.found.unions
            self.found.unions[platform, unionid] = user_id
        for appid, openid, user_id, unionid, _at in rows.identities:
            assert (appid, openid) not in self.found.identities
            self.found.identities[appid, openid] = Known(user_id, unionid)
        for unionid, appid, openid in rows.notes:
            known = self.found.identities[appid, openid]
            assert known.unionid is None
            self.found.identities[appid, openid] = known._replace(unionid=unionid)
        for appid, code_digest, *_ in rows.attempts:
            assert (appid, code_digest) not in self.found.spent
            self.found.spent.add((appid, code_digest))
        self._keys(rows)
        return answers

    def _keys(self, rows):
        touched = [row[:3] for row in rows.keys] + [row[:3] for row in rows.gone]
        assert len(set(touched)) == len(touched)
        for appid, openid, fingerprint, sealed, at, position in rows.keys:
            self.keys.setdefault((appid, openid), {})[fingerprint] = (position, sealed, at)
        for appid, openid, fingerprint in rows.gone:
            del self.keys[appid, openid][fingerprint]
        self.found.rings = {
            key: [(position, fingerprint) for fingerprint, (position, *_) in ring.items()]
            for key, ring in self.keys.items()
        }

    def ring(self, key):
        newest = sorted(self.keys.get(key, {}).items(), key=lambda item: -item[1][0])
        return [(fingerprint, sealed, at) for fingerprint, (_, sealed, at) in newest]


def answers_user(answers, user_id):
    return next(a.user for a in answers if not isinstance(a, CodeSpentError) and a.user.id == user_id)


def batches(values, sizes):
    rest = list(values)
    for size in sizes:
        yield rest[:size]
        rest = rest[size:]
    yield rest


@given(WISHES, st.lists(st.integers(1, 8), max_size=4))
@settings(deadline=None)
def test_logins_of_one_batch_answer_as_if_they_came_one_by_one(wishes, sizes):
    async def compare():
        reference, tables = await open_store("memory:", clock=SystemClock()), Tables()
        wanted = [
            login(
                n,
                appid=appid,
                openid=openid,
                unionid=unionid,
                open_platform=platform,
                code_digest=digest(f"code {code}"),
                session_key=None if key is None else session_key(key),
            )
            for n, (appid, openid, unionid, platform, code, key) in enumerate(wishes)
        ]
        for batch in batches(wanted, sizes):
            for new, answer in zip(batch, tables.commit(batch), strict=True):
                try:
                    expected = await reference.logins.commit(new)
                except CodeSpentError:
                    assert isinstance(answer, CodeSpentError)
                else:
                    assert answer == expected
            for key in {(new.appid, new.openid) for new in batch}:
                ring = await reference.sessions.session_keys(*key)
                assert tables.ring(key) == [(one.fingerprint, one.sealed, one.received_at) for one in ring]

    asyncio.run(compare())


@given(ROTATIONS, st.lists(st.integers(1, 8), max_size=4))
@settings(deadline=None)
def test_rotations_of_one_batch_answer_as_if_they_came_one_by_one(wishes, sizes):
    async def compare():
        reference = await open_store("memory:", clock=SystemClock())
        tokens: dict[bytes, Token] = {}
        sessions: dict[str, Any] = {}
        for n in (0, 1):
            await reference.logins.commit(login(n, session_expires_at=START + 70))
            sessions[f"ses_{n:08}"] = await reference.sessions.get(f"ses_{n:08}")
            tokens[digest(f"refresh {n}")] = Token(session_id=f"ses_{n:08}")
        wanted = [
            rotation(n, named(old), client_tag=digest(str(tag))[:16], at=START + at, grace=grace)
            for n, (old, tag, at, grace) in enumerate(wishes)
        ]
        for batch in batches(wanted, sizes):
            asked = {wish.old_digest for wish in batch}
            found = FoundTokens(
                tokens={key: read(key, tokens) for key in asked.intersection(tokens)}, sessions=dict(sessions)
            )
            answers, rows = deciding_rotations.decide(batch, found)
            assert answers == [await reference.sessions.rotate(wish) for wish in batch]
            apply(rows, tokens, sessions)

    asyncio.run(compare())


def named(n):
    """Two tokens of the logins, one of nobody, and the successors of the first wishes."""
    return digest(f"refresh {n}") if n < 3 else digest(f"successor {n - 3}")


def read(key, tokens):
    """A token as the database gives it: with a look at its successor."""
    token = copy.copy(tokens[key])
    successor = tokens.get(token.successor_digest)
    token.successor_used = successor is not None and successor.used_at is not None
    return token


def apply(rows, tokens, sessions):
    for key, used_at, successor, successor_digest, tag in rows.uses:
        assert tokens[key].used_at is None
        tokens[key] = Token(
            session_id=tokens[key].session_id,
            used_at=used_at,
            successor=successor,
            successor_digest=successor_digest,
            client_tag=tag,
        )
    for key, session_id, _at, used_at, successor, successor_digest, tag in rows.successors:
        assert key not in tokens
        tokens[key] = Token(
            session_id=session_id,
            used_at=used_at,
            successor=successor,
            successor_digest=successor_digest,
            client_tag=tag,
        )
    for session_id, at, reason in rows.ended:
        signed_in = sessions[session_id]
        over = msgspec.structs.replace(signed_in.session, ended_at=at, end_reason=reason)
        sessions[session_id] = msgspec.structs.replace(signed_in, session=over)
