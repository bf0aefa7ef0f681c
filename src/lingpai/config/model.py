"""The settings in force, as the composition root reads them."""

from typing import Literal

import msgspec

from lingpai.observe import LogFormat, LogLevel
from lingpai.secret import Secret

Source = Literal["default", "file", "environment", "command"]
"""Where a setting comes from."""


class Config(msgspec.Struct, frozen=True, kw_only=True):
    """One field a setting; `config/settings.py` has the words."""

    host: str
    port: int
    public_url: str
    """Empty until the port is known; see `at_port`."""
    database_url: str
    master_key: Secret
    master_key_file: str
    master_key_command: str
    master_key_previous: Secret
    """Empty unless the master key changes just now."""
    master_key_previous_file: str
    master_key_previous_command: str
    wechat_base_url: str
    wechat_open_url: str
    wechat_fallback_urls: str
    wechat_connect_timeout: float
    wechat_read_timeout: float
    wechat_total_timeout: float
    wechat_in_flight_per_app: int
    access_token_lifetime: int
    session_lifetime: int
    refresh_grace: int
    keep_logins_days: int
    keep_logins_rows: int
    record_logins: bool
    ledger_file: str
    avatar_dir: str
    avatar_s3_bucket: str
    avatar_s3_endpoint: str
    avatar_s3_region: str
    watermark_max_age: int
    phone_per_user_daily: int
    phone_per_address_daily: int
    phone_per_app_daily: int
    trusted_proxies: str
    webhook_networks: str
    redis_url: str
    rate_limits: bool
    rate_limit_address: int
    rate_limit_address_burst: int
    rate_limit_failed_codes: int
    rate_limit_openid: int
    rate_limit_service_key: int
    shutdown_grace: float
    shutdown_drain: float
    otel_endpoint: str
    otel_sample: float
    log_level: LogLevel
    log_format: LogFormat
    sources: dict[str, Source]
    """Where each setting comes from, by its name."""

    def __repr__(self) -> str:
        """Without the URLs of the database and of Redis, which may hold a password."""
        shown = (
            name for name in self.__struct_fields__ if name not in ("database_url", "redis_url", "sources")
        )
        return f"Config({', '.join(f'{name}={getattr(self, name)!r}' for name in shown)})"
