"""The nouns: frozen structs without behaviour of their own. Times are milliseconds since 1970, UTC."""

from lingpai.model.app import App, AppKind, AppSecretVersion, AppSettings, app_secret_identity
from lingpai.model.keys import SealingKey, ServiceKey, SigningKey, signing_key_identity
from lingpai.model.login import (
    Attempt,
    CommittedLogin,
    LoginEvent,
    NewLogin,
    NewSessionKey,
    ProvenIdentity,
    SessionKey,
    session_key_identity,
)
from lingpai.model.resolution import Conflict, Resolution, resolve
from lingpai.model.session import (
    EndReason,
    NotRotated,
    Rotated,
    Rotation,
    RotationRefusal,
    Session,
    SignedIn,
)
from lingpai.model.user import Identity, User

__all__ = [
    "App",
    "AppKind",
    "AppSecretVersion",
    "AppSettings",
    "Attempt",
    "CommittedLogin",
    "Conflict",
    "EndReason",
    "Identity",
    "LoginEvent",
    "NewLogin",
    "NewSessionKey",
    "NotRotated",
    "ProvenIdentity",
    "Resolution",
    "Rotated",
    "Rotation",
    "RotationRefusal",
    "SealingKey",
    "ServiceKey",
    "Session",
    "SessionKey",
    "SignedIn",
    "SigningKey",
    "User",
    "app_secret_identity",
    "resolve",
    "session_key_identity",
    "signing_key_identity",
]
