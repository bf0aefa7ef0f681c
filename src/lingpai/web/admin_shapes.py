"""What `/v1/admin` takes and gives."""

from typing import Annotated, Any

import msgspec

from lingpai.admin.apps import ShownApp
from lingpai.admin.audit import ShownEntry
from lingpai.admin.clients import ShownClient
from lingpai.admin.keys import ShownKey
from lingpai.admin.people import Person
from lingpai.model import AppKind, User
from lingpai.web.shapes import Unprinted

Text = Annotated[str, msgspec.Meta(min_length=1, max_length=200)]


class AddAppRequest(Unprinted, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """An app to register."""

    appid: Text
    app_secret: Text
    slug: Text
    kind: AppKind
    name: Text | None = None
    open_platform: Annotated[str, msgspec.Meta(min_length=1, max_length=64)] | None = None


class ChangeAppRequest(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Settings of an app to change."""

    settings: dict[str, str]


class AppSecretRequest(Unprinted, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A new AppSecret."""

    app_secret: Text


class MergeRequest(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The other user of the same person."""

    other: Text


class AddServiceKeyRequest(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A service key to make."""

    name: Text
    scopes: list[str]


class RotateKeysRequest(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """How to rotate the signing keys."""

    at_once: bool = False


class AdminApp(msgspec.Struct, frozen=True, kw_only=True):
    """An app; of its AppSecret the last four characters."""

    appid: str
    slug: str
    kind: AppKind
    name: str
    open_platform: str | None
    secret_version: int
    secret_last4: str
    created_at: int
    settings: dict[str, Any]


class AppsAnswer(msgspec.Struct, frozen=True):
    """Every app."""

    apps: list[AdminApp]


class AdminUser(msgspec.Struct, frozen=True, kw_only=True):
    """A user in a list."""

    id: str
    created_at: int
    nickname: str | None
    avatar_url: str | None


class UsersAnswer(msgspec.Struct, frozen=True):
    """A page of users."""

    users: list[AdminUser]


class AdminIdentity(msgspec.Struct, frozen=True, kw_only=True):
    """What WeChat calls the person at one app."""

    appid: str
    openid: str
    unionid: str | None


class AdminSession(msgspec.Struct, frozen=True, kw_only=True):
    """One sign-in of a user."""

    id: str
    appid: str
    created_at: int
    expires_at: int
    ended_at: int | None


class PersonAnswer(msgspec.Struct, frozen=True, kw_only=True):
    """One person."""

    user: AdminUser
    identities: list[AdminIdentity]
    sessions: list[AdminSession]


class MergeAnswer(msgspec.Struct, frozen=True, kw_only=True):
    """Two users who became one, or two again."""

    winner: str
    loser: str


class ErasedUserAnswer(msgspec.Struct, frozen=True, kw_only=True):
    """What stays of an erased person."""

    audit_id: str
    erased_at: int


class EndedAnswer(msgspec.Struct, frozen=True):
    """How many sessions were ended."""

    ended: int


class ServiceKeysAnswer(msgspec.Struct, frozen=True):
    """Every service key."""

    service_keys: list[ShownClient]


class NewServiceKeyAnswer(Unprinted, frozen=True, kw_only=True):
    """A key that was made."""

    name: str
    scopes: list[str]
    service_key: str


class SigningKeysAnswer(msgspec.Struct, frozen=True):
    """Every signing key."""

    signing_keys: list[ShownKey]


class AuditAnswer(msgspec.Struct, frozen=True):
    """A page of the audit log."""

    entries: list[ShownEntry]


def admin_app(app: ShownApp) -> AdminApp:
    """An app as programs of operators see it."""
    return AdminApp(
        appid=app.appid,
        slug=app.slug,
        kind=app.kind,
        name=app.name,
        open_platform=app.open_platform,
        secret_version=app.secret_version,
        secret_last4=app.secret_last4,
        created_at=app.created_at,
        settings=app.settings,
    )


def admin_user(user: User) -> AdminUser:
    """A user as a list has them."""
    return AdminUser(
        id=user.id, created_at=user.created_at, nickname=user.nickname, avatar_url=user.avatar_url
    )


def person_answer(person: Person) -> PersonAnswer:
    """One person with identities and sessions."""
    return PersonAnswer(
        user=admin_user(person.user),
        identities=[
            AdminIdentity(appid=each.appid, openid=each.openid, unionid=each.unionid)
            for each in person.identities
        ],
        sessions=[
            AdminSession(
                id=each.id,
                appid=each.appid,
                created_at=each.created_at,
                expires_at=each.expires_at,
                ended_at=each.ended_at,
            )
            for each in person.sessions
        ],
    )
