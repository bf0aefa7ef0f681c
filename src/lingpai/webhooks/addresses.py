"""Where a webhook may lead: to public addresses over https, or into networks that the operator has named.

The name is resolved here, every address it has is judged, and the one that is used is pinned for the connection: a
name that answers otherwise a moment later (DNS rebinding) leads nowhere else.
"""

import asyncio
import socket
from ipaddress import IPv4Address, IPv6Address, IPv6Network, ip_address, ip_network
from typing import Final
from urllib.parse import urlsplit

import msgspec

_LONGEST: Final = 2_000
_HTTPS: Final = 443
_HTTP: Final = 80
_NAT64: Final = IPv6Network("64:ff9b::/96")
_RESOLVE_SECONDS: Final = 5.0

Address = IPv4Address | IPv6Address


class AddressRefusedError(Exception):
    """No message is sent there; the text says why."""


class Target(msgspec.Struct, frozen=True):
    """A URL and the address it is to be reached at."""

    host: str
    port: int
    address: str


class Reachable:
    """What may be reached."""

    def __init__(self, networks: str) -> None:
        """`networks`: those that may be reached although they are not public, with commas."""
        self._networks: Final = [ip_network(part.strip()) for part in networks.split(",") if part.strip()]

    async def target(self, url: str) -> Target:
        """Raises AddressRefusedError."""
        host, port = self.judged(url)
        loop = asyncio.get_running_loop()
        try:
            async with asyncio.timeout(_RESOLVE_SECONDS):
                found = await loop.getaddrinfo(host, port, type=socket.SOCK_STREAM)
        except (OSError, UnicodeError, TimeoutError):
            raise AddressRefusedError("the name is not found") from None
        addresses = [ip_address(str(each[4][0]).partition("%")[0]) for each in found]
        secure = urlsplit(url).scheme == "https"
        for address in addresses:
            if not self._may(address, secure=secure):
                raise AddressRefusedError(
                    "the address is not public" if secure else "http leads off this machine"
                )
        return Target(host, port, str(addresses[0]))

    def judged(self, url: str) -> tuple[str, int]:
        """Host and port of a URL that is fit to be a webhook's. Raises AddressRefusedError."""
        try:
            parts = urlsplit(url)
            port = parts.port
        except ValueError:
            raise AddressRefusedError("it is no URL") from None
        host = parts.hostname or ""
        if parts.scheme not in ("https", "http") or not host or len(url) > _LONGEST or not url.isascii():
            raise AddressRefusedError("it is no https URL of at most 2000 ASCII characters")
        if parts.username is not None or parts.password is not None or parts.fragment:
            raise AddressRefusedError("it holds a user, a password or a fragment")
        if not url.isprintable() or " " in url:
            raise AddressRefusedError("it holds a blank or a control character")
        if parts.scheme == "http" and not any(network.is_loopback for network in self._networks):
            raise AddressRefusedError("it is not https")
        return host, port or (_HTTPS if parts.scheme == "https" else _HTTP)

    def _may(self, address: Address, *, secure: bool) -> bool:
        inner = _inner(address)
        if not secure:
            return inner.is_loopback and self._named(inner)
        public = inner.is_global and not inner.is_multicast and not inner.is_reserved
        return public or self._named(inner)

    def _named(self, address: Address) -> bool:
        return any(address in network for network in self._networks)


def _inner(address: Address) -> Address:
    """The address that is meant: IPv4 comes wrapped in several ways, each of which leads to the same machine."""
    if isinstance(address, IPv4Address):
        return address
    if address in _NAT64:
        return IPv4Address(int(address) & 0xFFFFFFFF)
    return address.ipv4_mapped or address.sixtofour or address
