"""Who sent this request? A FastAPI dependency that trusts lingpai's tokens, offline."""

import os
from typing import Annotated

from fastapi import Depends, HTTPException
from fastapi.security import HTTPAuthorizationCredentials, HTTPBearer

from lingpai.verify import TokenInvalidError, Verifier

# One for the life of the process: it keeps the public keys.
verifier = Verifier(
    os.environ.get("LINGPAI_URL", "http://127.0.0.1:8000"),
    audience=os.environ.get("LINGPAI_APPID", "wx00000000000000a1"),
)
bearer = HTTPBearer(auto_error=False, description="an access token of lingpai")


# Not async: the keys are fetched now and then, and that may wait in a thread of its own.
def user_id(credentials: Annotated[HTTPAuthorizationCredentials | None, Depends(bearer)]) -> str:
    """The id of the signed-in user; 401 when there is none, 503 while the keys cannot be fetched."""
    try:
        return verifier.verify(credentials.credentials if credentials else "").sub
    except TokenInvalidError as refusal:
        raise HTTPException(401, str(refusal), {"WWW-Authenticate": "Bearer"}) from None
    except OSError:
        raise HTTPException(503, "lingpai cannot be reached", {"Retry-After": "5"}) from None


UserId = Annotated[str, Depends(user_id)]
