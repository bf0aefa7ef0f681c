"""Which host names can only mean this machine."""

from ipaddress import ip_address


def is_loopback(name: str) -> bool:
    """For a name or an address without port and brackets."""
    if name == "localhost" or name.endswith(".localhost"):
        return True
    try:
        return ip_address(name).is_loopback
    except ValueError:
        return False
