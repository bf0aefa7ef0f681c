"""What a doctor has to know of this server's settings."""

import msgspec


class DoctorSettings(msgspec.Struct, frozen=True, kw_only=True):
    """Values of settings, and of the environment they came from."""

    public_url: str
    host: str
    wechat_base_url: str
    fallback_urls: tuple[str, ...]
    trusted_proxies: str
    proxy_variables: tuple[str, ...] = ()
    """Names of those variables of the environment that name a proxy."""
