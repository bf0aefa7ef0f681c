"""A WeChat app we hold keys for."""

from typing import Literal

import msgspec

from lingpai.model.held_token import TokenTrouble

AppSecretState = Literal["candidate", "current", "previous", "refused"]
"""`candidate`: stored, and WeChat was not asked yet, or did not say. `current`: in force. `previous`: was in force until
a moment ago, and may come back. `refused`: WeChat does not take it.
"""
AppKind = Literal["miniprogram", "official_account", "website"]


class AppSettings(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """What an operator may choose for one app; the words stand in `admin/app_settings.py`.

    Stored as JSON. A name that this release does not know is ignored, so that two releases
    can serve one database.
    """

    phone_by_encrypted_data: bool = False
    token_kind: Literal["stable", "legacy"] = "stable"  # noqa: S105 - a kind of token, not a password
    origins: tuple[str, ...] = ()
    profile_days: int = 30
    compat: bool = False
    look_alike: bool = False
    push_mode: Literal["safe", "plain"] = "safe"
    on_cancellation: Literal["erase", "mark"] = "erase"
    logins_per_minute: int = 0
    forward_paths: tuple[str, ...] = (
        "/wxa/getwxacode",
        "/wxa/getwxacodeunlimit",
        "/wxa/generatescheme",
        "/wxa/generate_urllink",
        "/wxa/msg_sec_check",
        "/wxa/media_check_async",
        "/cgi-bin/wxaapp/createwxaqrcode",
        "/cgi-bin/message/subscribe/send",
        "/cgi-bin/message/template/send",
        "/cgi-bin/message/custom/send",
        "/cgi-bin/user/info",
        "/cgi-bin/qrcode/create",
    )


class App(msgspec.Struct, frozen=True, kw_only=True):
    """An app as the operator registered it; its AppSecret is kept apart, sealed."""

    appid: str
    """`wx` and 16 lower-case hex digits."""
    slug: str
    """The operator's short name for it, used in URLs."""
    kind: AppKind
    name: str
    open_platform: str | None
    """The open-platform account the app is bound to; unionids are compared within it only."""
    created_at: int
    settings: AppSettings = AppSettings()


class AppSecretVersion(msgspec.Struct, frozen=True, kw_only=True):
    """One version of an app's AppSecret. At every moment one is `current`; its rules stand in `keeper/secret_rules.py`."""

    appid: str
    version: int
    sealed: bytes
    last4: str
    created_at: int
    state: AppSecretState
    changed_at: int
    """When it came to this state."""
    probed_at: int | None = None
    """When WeChat was asked about it last; a probe is claimed by setting it."""
    trouble: TokenTrouble | None = None
    """What WeChat said the last time, unless it accepted it."""


def app_secret_identity(appid: str, version: int) -> str:
    """What an AppSecret is sealed for."""
    return f"app_secrets|sealed|{appid}|{version}"
