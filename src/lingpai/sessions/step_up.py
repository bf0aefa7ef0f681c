"""Whether a session is fresh enough for what cannot be undone (OWASP ASVS 7.5.3)."""

from typing import Final

from lingpai.clock import MINUTE
from lingpai.errors import Problem
from lingpai.errors.catalogue_accounts import LOGIN_TOO_OLD
from lingpai.model import Session

FRESH: Final = 5 * MINUTE


def require_fresh(session: Session, now: int) -> None:
    """Raises Problem login_too_old unless WeChat has vouched for the person within the last five minutes.

    A session begins with WeChat's word; a refresh is only the word of whoever holds the token.
    """
    if now - session.created_at > FRESH:
        raise Problem(LOGIN_TOO_OLD)
