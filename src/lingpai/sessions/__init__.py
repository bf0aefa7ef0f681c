"""Being signed in: the tokens a client holds, going on, ending, whether a session still runs, its session_keys."""

from lingpai.sessions.cookies import CookieSessions
from lingpai.sessions.ending import Ending
from lingpai.sessions.open_data import Encrypted, OpenData, Payload, Signed, read_encrypted
from lingpai.sessions.refresh import Refreshing
from lingpai.sessions.running import RunningSessions
from lingpai.sessions.session_keys import SessionKeys
from lingpai.sessions.step_up import require_fresh
from lingpai.sessions.tokens import (
    REFRESH_PREFIX,
    TokenSet,
    new_refresh_token,
    token_digest,
    token_set,
)

__all__ = [
    "REFRESH_PREFIX",
    "CookieSessions",
    "Encrypted",
    "Ending",
    "OpenData",
    "Payload",
    "Refreshing",
    "RunningSessions",
    "SessionKeys",
    "Signed",
    "TokenSet",
    "new_refresh_token",
    "read_encrypted",
    "require_fresh",
    "token_digest",
    "token_set",
]
