"""How the page shows what nobody should read off a screen: `…` and the last four characters."""

import re
from typing import Final

from lingpai_emulator.masking import masked

# By the end of the name: `access_token` and `refreshToken`, but not `token_type`. A nonce is
# among them: with the code it is all one needs to be given the same session once more. A phone
# number is nobody's business but its owner's.
_SECRET_NAME: Final = re.compile(
    r"(token|secret|session_?key|sessionid|skey|nonce|password|ticket|jwt|authorization|cookie"
    r"|phone_?number|mobile)\Z",
    re.IGNORECASE,
)
_JWT: Final = re.compile(r"eyJ[A-Za-z0-9_-]+\.[A-Za-z0-9_-]+\.[A-Za-z0-9_-]+")


def hidden(value: object, name: str = "") -> object:
    """A JSON value with every secret masked: by the name it has, and a JWT wherever it stands."""
    if isinstance(value, dict):
        return {key: hidden(item, str(key)) for key, item in value.items()}
    if isinstance(value, list):
        return [hidden(item, name) for item in value]
    if isinstance(value, str):
        if _SECRET_NAME.search(name) and value:
            return value if value.startswith("…") else masked(value)  # the ledger has masked its own
        return _JWT.sub(lambda found: masked(found.group()), value)
    return value


def hidden_headers(headers: dict[str, str]) -> dict[str, str]:
    """Headers by the same rule; of `Authorization: Bearer …` the scheme stays."""
    return {name: _header(name, text) for name, text in headers.items()}


def _header(name: str, text: str) -> str:
    if not _SECRET_NAME.search(name):
        return text
    scheme, space, credentials = text.rpartition(" ")
    return scheme + space + masked(credentials)
