"""Which address a request comes from, when proxies stand in front."""

from functools import lru_cache
from ipaddress import IPv4Address, IPv6Address, IPv6Network, ip_address, ip_network
from typing import Final

from lingpai.web.call import Call

_MOST_HOPS: Final = 20
_SITE_BITS: Final = 64
_KEPT_BITS: Final = {4: 24, 6: 48}
_UNKNOWN: Final = "unknown"
_REMEMBERED: Final = 8_192


class TrustedProxies:
    """The proxies whose X-Forwarded-For is believed."""

    def __init__(self, networks: str) -> None:
        """`networks`: addresses and networks with commas, as in the setting."""
        self._networks: Final = [ip_network(part.strip()) for part in networks.split(",") if part.strip()]
        # The same clients come again and again, and parsing an address costs more than a step of a login.
        self._client: Final = lru_cache(_REMEMBERED)(self._counted)
        self._network: Final = lru_cache(_REMEMBERED)(self._shortened)

    def client_of(self, call: Call) -> str:
        """The address of the client; of an IPv6 one its /64, which one household or phone has to itself.

        The header is read from its end, where the nearest proxy wrote: the first address that is not
        a trusted proxy's is the client's. What stands before it, anybody may have invented.
        """
        return self._client(*self._said(call))

    def network_of(self, call: Call) -> str:
        """The address without its end, as it may be kept: of IPv4 a /24, of IPv6 a /48; empty when unknown."""
        return self._network(*self._said(call))

    def overlooks(self, call: Call) -> bool:
        """Whether a proxy seems to stand in front that nobody has told this server of."""
        peer = call.scope.get("client")
        address = _parsed(peer[0]) if peer else None
        said = call.header(b"x-forwarded-for")
        return (
            address is not None and said is not None and not address.is_global and not self._trusts(address)
        )

    def _said(self, call: Call) -> tuple[str, bytes]:
        """The peer, and what it says of others, as far as that counts."""
        peer = call.scope.get("client")
        header = (call.header(b"x-forwarded-for") or b"") if self._networks else b""
        return (peer[0] if peer else ""), header

    def _counted(self, peer: str, forwarded: bytes) -> str:
        address = self._told(peer, forwarded)
        if address is None:
            return _UNKNOWN
        if isinstance(address, IPv6Address):
            return str(IPv6Network((address, _SITE_BITS), strict=False))
        return str(address)

    def _shortened(self, peer: str, forwarded: bytes) -> str:
        address = self._told(peer, forwarded)
        if address is None:
            return ""
        kept = _KEPT_BITS[address.version]
        return str(ip_network((address, kept), strict=False))

    def _told(self, peer: str, header: bytes) -> IPv4Address | IPv6Address | None:
        address = _parsed(peer)
        if address is None:
            return None
        forwarded = header.decode("latin-1").split(",")
        for hop in reversed(forwarded[-_MOST_HOPS:]):
            if not self._trusts(address):
                break
            said = _parsed(hop.strip())
            if said is None:
                break
            address = said
        return address

    def _trusts(self, address: IPv4Address | IPv6Address) -> bool:
        return any(address.version == network.version and address in network for network in self._networks)


def _parsed(text: str) -> IPv4Address | IPv6Address | None:
    try:
        address = ip_address(text)
    except ValueError:
        return None
    mapped = address.ipv4_mapped if isinstance(address, IPv6Address) else None
    return mapped or address
