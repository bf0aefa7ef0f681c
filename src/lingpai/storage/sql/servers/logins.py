"""What a batch of logins writes, decided in memory: as if they came one after the other.

The database is asked once what it knows of all of them; what each login adds is known to the next. Should
another node write one of the same keys in between, its unique constraint refuses the batch, and the batch
is decided anew.
"""

from typing import Final

from lingpai.model import CommittedLogin, NewLogin, NewSessionKey, Resolution, Session, Share, User, resolve
from lingpai.storage.port import CodeSpentError
from lingpai.storage.sql.servers.rows import FoundLogins, Known, LoginRows

CONTESTED: Final = frozenset({"unions", "identities", "login_attempts"})
"""Tables whose keys two nodes may rightly want at once: who comes second decides anew."""
_RING: Final = 3

Answer = CommittedLogin | CodeSpentError
_Key = tuple[str, str]


def decide(
    logins: list[NewLogin], found: FoundLogins, taken_at: float | None = None
) -> tuple[list[Answer], LoginRows]:
    """The answer to each login, and what has to be written for all. Changes `found`."""
    batch = _Batch(found, Share(len(logins), taken_at))
    answers = [batch.add(login) for login in logins]
    return answers, batch.rows()


class _Batch:
    """What the logins so far have found and written."""

    def __init__(self, found: FoundLogins, share: Share) -> None:
        self._found: Final = found
        self._share: Final = share
        self._rings: Final[dict[_Key, _Ring]] = {}
        self._identities: Final[dict[_Key, tuple[NewLogin, Known]]] = {}
        self._notes: Final[dict[_Key, str]] = {}
        self._rows: Final = LoginRows(
            users=[],
            unions=[],
            identities=[],
            notes=[],
            attempts=[],
            sessions=[],
            tokens=[],
            keys=[],
            gone=[],
            events=[],
        )

    def add(self, login: NewLogin) -> Answer:
        found = self._found
        code = (login.appid, login.code_digest)
        if code in found.spent:
            return CodeSpentError("this code has started a session")
        found.spent.add(code)
        key = (login.appid, login.openid)
        known = found.identities.get(key)
        resolution = _resolve(login, known, found)
        user = _user(login, resolution, found, self._rows)
        unionid = None if known is None else known.unionid
        if resolution.add_identity or resolution.note_unionid:
            unionid = login.unionid
            self._identify(login, resolution, Known(user.id, unionid))
        if resolution.add_union and login.open_platform is not None and login.unionid is not None:
            found.unions[login.open_platform, login.unionid] = user.id
            self._rows.unions.append((login.open_platform, login.unionid, user.id, login.at))
        _sign_in(login, resolution, user.id, self._rows)
        if login.session_key is not None:
            if key not in self._rings:
                self._rings[key] = _Ring(found.rings.get(key, []))
            self._rings[key].push(login, login.session_key)
        return CommittedLogin(
            user=user,
            is_new=resolution.user_id is None,
            unionid=unionid,
            session=_session(login, user.id),
            conflict=resolution.conflict,
            share=self._share,
        )

    def rows(self) -> LoginRows:
        rows = self._rows
        rows.identities = [
            (*key, known.user_id, known.unionid, first.at)
            for key, (first, known) in sorted(self._identities.items(), key=lambda item: item[0])
        ]
        rows.notes = [(unionid, *key) for key, unionid in sorted(self._notes.items())]
        for key, ring in sorted(self._rings.items(), key=lambda item: item[0]):
            ring.write(key, rows)
        rows.unions.sort(key=lambda row: row[:2])
        rows.attempts.sort(key=lambda row: row[:2])
        return rows

    def _identify(self, login: NewLogin, resolution: Resolution, known: Known) -> None:
        """Remember what the login taught about the person, for the database and for the logins behind it."""
        key = (login.appid, login.openid)
        self._found.identities[key] = known
        if resolution.add_identity:
            self._identities[key] = (login, known)
        elif key in self._identities:
            self._identities[key] = (self._identities[key][0], known)
        elif known.unionid is not None:
            self._notes[key] = known.unionid


class _Ring:
    """The session_keys of one (app, openid), newest last."""

    def __init__(self, on_record: list[tuple[int, bytes]]) -> None:
        self._order: Final = [fingerprint for _, fingerprint in sorted(on_record)]
        self._stored: Final = frozenset(self._order)
        self._position: Final = max((position for position, _ in on_record), default=0)
        self._new: Final[dict[bytes, tuple[bytes, int, int]]] = {}
        self._pushes = 0

    def push(self, login: NewLogin, key: NewSessionKey) -> None:
        if key.fingerprint in self._order:
            self._order.remove(key.fingerprint)
        self._order.append(key.fingerprint)
        self._pushes += 1
        self._new[key.fingerprint] = (key.sealed, login.at, self._position + self._pushes)

    def write(self, key: _Key, rows: LoginRows) -> None:
        kept = self._order[-_RING:]
        for fingerprint in sorted(kept):
            if fingerprint in self._new:
                rows.keys.append((*key, fingerprint, *self._new[fingerprint]))
        pushed_off = sorted(self._stored.intersection(self._order[:-_RING]))
        rows.gone.extend((*key, fingerprint) for fingerprint in pushed_off)


def _resolve(login: NewLogin, known: Known | None, found: FoundLogins) -> Resolution:
    joins = login.open_platform is not None
    union = (login.open_platform or "", login.unionid or "")
    return resolve(
        user_by_openid=None if known is None else known.user_id,
        unionid_on_record=None if known is None else known.unionid,
        user_by_unionid=found.unions.get(union) if joins and login.unionid is not None else None,
        unionid=login.unionid,
        joins=joins,
    )


def _user(login: NewLogin, resolution: Resolution, found: FoundLogins, rows: LoginRows) -> User:
    if resolution.user_id is not None:
        return found.users[resolution.user_id]
    user = found.users[login.new_user_id] = User(id=login.new_user_id, created_at=login.at)
    rows.users.append((user.id, user.created_at))
    return user


def _sign_in(login: NewLogin, resolution: Resolution, user_id: str, rows: LoginRows) -> None:
    is_new = resolution.user_id is None
    appid, session_id, at = login.appid, login.session_id, login.at
    rows.attempts.append((appid, login.code_digest, session_id, login.sealed_result, is_new, at))
    rows.sessions.append(
        (session_id, user_id, appid, login.openid, at, login.session_expires_at, login.user_agent)
    )
    rows.tokens.append((login.refresh_digest, session_id, at))
    rows.events.append(
        (
            login.event_id,
            at,
            appid,
            "signed_in",
            login.request_id,
            login.duration_ms,
            user_id,
            session_id,
            is_new,
            None,
            None,
            resolution.conflict,
            login.kind,
            None if resolution.conflict is None else True,
        )
    )


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
