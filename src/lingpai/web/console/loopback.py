"""Whether a request comes from this very machine, typed into a browser on it."""

import ipaddress
import re
from typing import Final

from lingpai.web.call import Call

_PROXIED: Final = (b"forwarded", b"x-forwarded-for", b"x-forwarded-host", b"x-real-ip", b"via")
_HOST: Final = re.compile(r"(?:\[([0-9a-f:.]+)\]|([a-z0-9.-]+))(?::[0-9]{1,5})?")


def from_this_machine(call: Call) -> bool:
    """A loopback client, a loopback Host, and no proxy between.

    The Host is asked because any web page may let its own name resolve to 127.0.0.1 (DNS rebinding);
    the proxy headers, because a tunnel to this machine arrives from loopback too.
    """
    client = call.scope.get("client")
    if client is None or not _is_loopback(client[0]):
        return False
    if any(call.header(name) is not None for name in _PROXIED):
        return False
    host = _hostname((call.header(b"host") or b"").decode("latin-1"))
    return host == "localhost" or _is_loopback(host)


def _hostname(host: str) -> str:
    """The name without its port; nothing, when it is no Host at all (RFC 9110 §7.2)."""
    match = _HOST.fullmatch(host.lower())
    return (match[1] or match[2]) if match else ""


def _is_loopback(address: str) -> bool:
    try:
        parsed = ipaddress.ip_address(address)
    except ValueError:
        return False
    mapped = getattr(parsed, "ipv4_mapped", None)
    return parsed.is_loopback or (mapped is not None and mapped.is_loopback)
