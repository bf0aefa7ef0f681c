"""Which WeChat apps exist: mini programs, official accounts and websites with their secrets."""

from ipaddress import ip_network
from typing import Annotated, Literal

import msgspec

from lingpai_emulator.identities import demo_secret
from lingpai_emulator.mistakes import MistakeError

Kind = Literal["miniprogram", "official_account", "website"]
Standing = Literal["verified", "unverified", "test"]
Appid = Annotated[str, msgspec.Meta(pattern=r"^wx[0-9a-f]{16}\Z")]
Slug = Annotated[str, msgspec.Meta(pattern=r"^[a-z0-9][a-z0-9_-]{0,63}\Z")]
Domain = Annotated[str, msgspec.Meta(pattern=r"^[A-Za-z0-9.-]{1,253}(:[0-9]{1,5})?\Z")]
Secret = Annotated[str, msgspec.Meta(pattern=r"^[\x21-\x7e]{1,128}\Z")]
Restriction = Literal["limited", "punished", "frozen"]
IpErrcode = Literal[40164, 61004, 89501, 89503, 89506, 89507]
Times = Annotated[int, msgspec.Meta(ge=0)]
PushMode = Literal["plain", "compatible", "safe"]
PushFormat = Literal["xml", "json"]
Url = Annotated[str, msgspec.Meta(pattern=r"^https?://[\x21-\x7e]{1,500}\Z")]
PushToken = Annotated[str, msgspec.Meta(pattern=r"^[A-Za-z0-9]{3,32}\Z")]
AesKey = Annotated[str, msgspec.Meta(pattern=r"^[A-Za-z0-9]{43}\Z")]


class App(msgspec.Struct, frozen=True):
    """An app as WeChat knows it, plus the `slug` and `name` people call it by.

    `open_platform` names the open-platform account the app is bound to; None means unbound,
    and then nobody has a unionid in it.

    `redirect_domain` is the host OAuth may send people back to: `h5.example.com`, and beyond what
    WeChat accepts also `127.0.0.1:8000`. `standing` decides what OAuth gives the app: nothing when
    unverified, only its followers when it is a test account.

    `ip_allow_list` holds addresses and networks that may fetch tokens, None lets everybody;
    `ip_errcode` is what the others are told. `secret_frozen` refuses tokens with 40243, a
    `restriction` with 50002 (limited), 50004 (punished) or 50007 (frozen).
    `quotas` and `minute_quotas` say how often a path may be called. `unauthorized` lists paths that are
    answered 48001. `phone_permission` and `phone_quota` (paid calls left, None without end)
    decide whether the phone-number button works.
    `push_url`, `push_token`, `push_aes_key` (EncodingAESKey), `push_mode` and `push_format` are what the
    console's 消息推送 holds: where events go, and how they are signed, encrypted and written.
    """

    appid: str
    secret: str
    kind: Kind
    open_platform: str | None
    slug: str
    name: str
    redirect_domain: str | None = None
    standing: Standing = "verified"
    ip_allow_list: tuple[str, ...] | None = None
    ip_errcode: IpErrcode = 40164
    secret_frozen: bool = False
    restriction: Restriction | None = None
    quotas: dict[str, int] = {}
    minute_quotas: dict[str, int] = {}
    unauthorized: tuple[str, ...] = ()
    phone_permission: bool = True
    phone_quota: int | None = None
    push_url: str | None = None
    push_token: str | None = None
    push_aes_key: str | None = None
    push_mode: PushMode = "safe"
    push_format: PushFormat = "xml"


class AppChange(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A new app, or new values for an app that exists; what is left out stays or is made up."""

    appid: Appid
    secret: Secret | msgspec.UnsetType = msgspec.UNSET
    kind: Kind | msgspec.UnsetType = msgspec.UNSET
    open_platform: str | msgspec.UnsetType | None = msgspec.UNSET
    slug: Slug | msgspec.UnsetType = msgspec.UNSET
    name: str | msgspec.UnsetType = msgspec.UNSET
    redirect_domain: Domain | msgspec.UnsetType | None = msgspec.UNSET
    standing: Standing | msgspec.UnsetType = msgspec.UNSET
    ip_allow_list: tuple[str, ...] | msgspec.UnsetType | None = msgspec.UNSET
    ip_errcode: IpErrcode | msgspec.UnsetType = msgspec.UNSET
    secret_frozen: bool | msgspec.UnsetType = msgspec.UNSET
    restriction: Restriction | msgspec.UnsetType | None = msgspec.UNSET
    quotas: dict[str, Times] | msgspec.UnsetType = msgspec.UNSET
    minute_quotas: dict[str, Times] | msgspec.UnsetType = msgspec.UNSET
    unauthorized: tuple[str, ...] | msgspec.UnsetType = msgspec.UNSET
    phone_permission: bool | msgspec.UnsetType = msgspec.UNSET
    phone_quota: Times | msgspec.UnsetType | None = msgspec.UNSET
    push_url: Url | msgspec.UnsetType | None = msgspec.UNSET
    push_token: PushToken | msgspec.UnsetType | None = msgspec.UNSET
    push_aes_key: AesKey | msgspec.UnsetType | None = msgspec.UNSET
    push_mode: PushMode | msgspec.UnsetType = msgspec.UNSET
    push_format: PushFormat | msgspec.UnsetType = msgspec.UNSET


class Apps:
    """The apps by AppID; a slug finds them too."""

    def __init__(self) -> None:
        self._apps: dict[str, App] = {}
        self._secrets_ever: set[str] = set()

    def find(self, appid: str) -> App | None:
        return self._apps.get(appid)

    def named(self, name: str) -> App:
        """By AppID or slug. Raises MistakeError (404) when there is none."""
        for app in self._apps.values():
            if name in (app.appid, app.slug):
                return app
        known = ", ".join(f"{app.appid} ({app.slug})" for app in self._apps.values())
        raise MistakeError(f"There is no app {name!r}. There are: {known}.", 404)

    def put(self, change: AppChange) -> App:
        """Add or change. Raises MistakeError: 409 when another app has the slug, 400 for no address."""
        before = self._apps.get(change.appid) or App(
            appid=change.appid,
            secret=demo_secret(change.appid),
            kind="miniprogram",
            open_platform=None,
            slug=change.appid,
            name=change.appid,
        )
        given = {
            field: value
            for field, value in msgspec.structs.asdict(change).items()
            if value is not msgspec.UNSET
        }
        app = msgspec.structs.replace(before, **given)
        for address in app.ip_allow_list or ():
            _must_be_network(address)
        for other in self._apps.values():
            if other.appid != app.appid and other.slug == app.slug:
                raise MistakeError(f"The slug {app.slug!r} belongs to {other.appid}.", 409)
        self._apps[app.appid] = app
        self._secrets_ever.add(app.secret)
        return app

    def all(self) -> list[App]:
        return list(self._apps.values())

    @property
    def secrets_ever(self) -> frozenset[str]:
        """Every secret an app has or had, so that the ledger can hide them all."""
        return frozenset(self._secrets_ever)


def _must_be_network(text: str) -> None:
    try:
        ip_network(text, strict=False)
    except ValueError as error:
        raise MistakeError(f"{text!r} in ip_allow_list is no address and no network.") from error
