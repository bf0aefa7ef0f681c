"""Being signed in: the tokens a client holds, going on, ending, and whether a session still runs."""

from lingpai.sessions.ending import Ending
from lingpai.sessions.refresh import Refreshing
from lingpai.sessions.running import RunningSessions
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
    "Ending",
    "Refreshing",
    "RunningSessions",
    "TokenSet",
    "new_refresh_token",
    "require_fresh",
    "token_digest",
    "token_set",
]
