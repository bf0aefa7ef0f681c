"""What an access token says (RFC 9068)."""

import msgspec


class AccessClaims(msgspec.Struct, frozen=True, kw_only=True):
    """The claims of an access token. Times are whole seconds since 1970, as RFC 7519 wants them."""

    iss: str
    aud: str
    """The AppID the session belongs to."""
    sub: str
    """The user's id; never an openid."""
    client_id: str
    sid: str
    """The session's id."""
    jti: str
    iat: int
    exp: int
