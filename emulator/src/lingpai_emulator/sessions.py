"""Which session_key is valid for a person in an app: one at any time, kept, rotated or expired."""

import msgspec

from lingpai_emulator.chance import Chance
from lingpai_emulator.switches import Switches

_KEYS_REMEMBERED = 100_000


class Session(msgspec.Struct):
    """The newest session_key of a person in an app. Times are Unix seconds."""

    appid: str
    person: str
    session_key: str
    minted_at: float
    expires_at: float
    generation: int


class Sessions:
    """Rules: pages wx.login and wx.checkSession; where they are silent, the switches decide."""

    def __init__(self, chance: Chance) -> None:
        self._chance = chance
        self._sessions: dict[tuple[str, str], Session] = {}
        self._issued: dict[str, None] = {}

    def current(self, appid: str, person: str, now: float) -> Session | None:
        """The living session, or None when there was no login or its key has expired."""
        session = self._sessions.get((appid, person))
        return session if session is not None and now < session.expires_at else None

    def log_in(self, appid: str, person: str, now: float, switches: Switches) -> Session:
        """wx.login: keeps a young living key, otherwise the old one dies for a new one."""
        session = self.current(appid, person, now)
        young = session is not None and now - session.minted_at < switches.key_keep_window
        if session is None or not young or switches.key_rotation == "always":
            return self.rotate(appid, person, now, switches)
        return _used(session, now, switches)

    def exchange(self, appid: str, person: str, now: float, switches: Switches) -> Session:
        """The key a code is exchanged for: the newest one, a new one if that has expired meanwhile."""
        session = self.current(appid, person, now)
        if session is None:
            return self.rotate(appid, person, now, switches)
        return _used(session, now, switches)

    def rotate(self, appid: str, person: str, now: float, switches: Switches) -> Session:
        before = self._sessions.get((appid, person))
        generation = before.generation + 1 if before else 1
        key = self._chance.session_key(appid, person, generation)
        session = Session(appid, person, key, now, now + switches.session_life, generation)
        self._sessions[appid, person] = session
        self._issued[key] = None
        if len(self._issued) > _KEYS_REMEMBERED:
            del self._issued[next(iter(self._issued))]
        return session

    def reset(self, session: Session, now: float, switches: Switches) -> Session:
        """A new key in place of a living one, with the old one's end (page api_resetusersessionkey)."""
        fresh = self.rotate(session.appid, session.person, now, switches)
        fresh.expires_at = session.expires_at
        return fresh

    def expire(self, appid: str, person: str, now: float) -> None:
        """End the session now; nothing happens when there is none."""
        session = self._sessions.get((appid, person))
        if session is not None:
            session.expires_at = min(session.expires_at, now)

    def was_issued(self, text: str) -> bool:
        """Whether this text is one of the last 100 000 session_keys given out."""
        return text in self._issued

    def all(self) -> list[Session]:
        return list(self._sessions.values())


def _used(session: Session, now: float, switches: Switches) -> Session:
    if switches.session_expiry == "sliding":
        session.expires_at = now + switches.session_life
    return session
