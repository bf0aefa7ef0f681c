"""Which database a URL names, checked before anything is opened. No complaint repeats the URL: it may hold a
password.
"""

from typing import Final
from urllib.parse import SplitResult, parse_qsl, unquote, urlsplit

SCHEMES: Final = ("sqlite", "memory", "postgresql", "mysql")
"""What a URL may start with. The contract suite runs against each."""
_OPTIONS: Final[dict[str, frozenset[str]]] = {
    "postgresql": frozenset({"host", "port", "sslmode", "sslrootcert", "sslcert", "sslkey"}),
    "mysql": frozenset({"unix_socket", "ssl_mode", "ssl_ca", "ssl_cert", "ssl_key"}),
}
_SSL_MODES: Final = frozenset({"DISABLED", "REQUIRED", "VERIFY_CA", "VERIFY_IDENTITY"})
_ELSEWHERE: Final = {"postgres": "postgresql", "mariadb": "mysql", "sqlite3": "sqlite"}


def complaint(url: str) -> str | None:
    """What is wrong with a database URL, in words for an operator; None when it can be tried."""
    scheme = url.partition(":")[0]
    if scheme not in SCHEMES:
        meant = f"; write {_ELSEWHERE[scheme]}://" if scheme in _ELSEWHERE else ""
        return f"no storage for {scheme[:20]!r}; known are: {', '.join(SCHEMES)}{meant}"
    return _complaint_of_server(scheme, url) if scheme in _OPTIONS else None


def _complaint_of_server(scheme: str, url: str) -> str | None:
    try:
        parts = urlsplit(url)
        whole = "," in parts.netloc or parts.port != 0
    except ValueError:
        whole = False
    if not whole or not url.startswith(f"{scheme}://") or not database_of(parts) or parts.fragment:
        return f"expected {scheme}://user:password@host:port/database; escape special characters as %XX"
    given = options_of(parts)
    unknown = sorted(set(given) - _OPTIONS[scheme])
    if unknown:
        return f"no option {unknown[0][:30]!r} for {scheme}; known are: {', '.join(sorted(_OPTIONS[scheme]))}"
    if given.get("ssl_mode", "DISABLED").upper() not in _SSL_MODES:
        return f"ssl_mode is one of {', '.join(sorted(_SSL_MODES))}"
    return None


def checked(url: str) -> SplitResult:
    """The parts of a server's URL. Raises ValueError."""
    words = complaint(url)
    if words is not None:
        raise ValueError(words)
    return urlsplit(url)


def database_of(parts: SplitResult) -> str:
    """The name of the database, empty when there is none."""
    return unquote(parts.path.removeprefix("/"))


def options_of(parts: SplitResult) -> dict[str, str]:
    """What stands behind the question mark."""
    return dict(parse_qsl(parts.query, keep_blank_values=True))
