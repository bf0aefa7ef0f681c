"""A WeChat app we hold keys for."""

from typing import Literal

import msgspec

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
    """One version of an app's AppSecret; the newest is in force."""

    appid: str
    version: int
    sealed: bytes
    last4: str
    created_at: int


def app_secret_identity(appid: str, version: int) -> str:
    """What an AppSecret is sealed for."""
    return f"app_secrets|sealed|{appid}|{version}"
