"""Which address a request comes from, when proxies stand in front."""

from functools import lru_cache
from ipaddress import IPv4Address, IPv6Address, IPv6Network, ip_address, ip_network
from typing import Final

from lingpai.web.call import Call

_MOST_HOPS: Final = 20
_SITE_BITS: Final = 64
_UNKNOWN: Final = "unknown"


class TrustedProxies:
    """The proxies whose X-Forwarded-For is believed."""

    def __init__(self, networks: str) -> None:
        """`networks`: addresses and networks with commas, as in the setting."""
        self._networks: Final = [ip_network(part.strip()) for part in networks.split(",") if part.strip()]

    def client_of(self, call: Call) -> str:
        """The address of the client; of an IPv6 one its /64, which one household or phone has to itself.

        The header is read from its end, where the nearest proxy wrote: the first address that is not
        a trusted proxy's is the client's. What stands before it, anybody may have invented.
        """
        peer = call.scope.get("client")
        if not peer:
            return _UNKNOWN
        if not self._networks:
            return _alone(peer[0])
        address = _parsed(peer[0])
        if address is None:
            return _UNKNOWN
        if not self._trusts(address):
            return _counted(address)
        forwarded = (call.header(b"x-forwarded-for") or b"").decode("latin-1").split(",")
        for hop in reversed(forwarded[-_MOST_HOPS:]):
            if not self._trusts(address):
                break
            said = _parsed(hop.strip())
            if said is None:
                break
            address = said
        return _counted(address)

    def overlooks(self, call: Call) -> bool:
        """Whether a proxy seems to stand in front that nobody has told this server of."""
        peer = call.scope.get("client")
        address = _parsed(peer[0]) if peer else None
        said = call.header(b"x-forwarded-for")
        return (
            address is not None and said is not None and not address.is_global and not self._trusts(address)
        )

    def _trusts(self, address: IPv4Address | IPv6Address) -> bool:
        return any(address.version == network.version and address in network for network in self._networks)


def _parsed(text: str) -> IPv4Address | IPv6Address | None:
    try:
        address = ip_address(text)
    except ValueError:
        return None
    mapped = address.ipv4_mapped if isinstance(address, IPv6Address) else None
    return mapped or address


@lru_cache(maxsize=8_192)
def _alone(peer: str) -> str:
    address = _parsed(peer)
    return _UNKNOWN if address is None else _counted(address)


def _counted(address: IPv4Address | IPv6Address) -> str:
    if isinstance(address, IPv6Address):
        return str(IPv6Network((address, _SITE_BITS), strict=False))
    return str(address)
