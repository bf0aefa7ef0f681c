"""The nouns: frozen structs without behaviour of their own. Times are milliseconds since 1970, UTC."""

from lingpai.model.app import App, AppKind, AppSecretVersion, AppSettings, app_secret_identity
from lingpai.model.budget import Draw
from lingpai.model.erasure import Adopted, Avatar, Erased, Erasure, user_digest
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
from lingpai.model.profile import (
    Phone,
    PhoneNumber,
    Profile,
    ProfileChange,
    ProfileDetails,
    ProfileSource,
    phone_identity,
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
    "Adopted",
    "App",
    "AppKind",
    "AppSecretVersion",
    "AppSettings",
    "Attempt",
    "Avatar",
    "CommittedLogin",
    "Conflict",
    "Draw",
    "EndReason",
    "Erased",
    "Erasure",
    "Identity",
    "LoginEvent",
    "NewLogin",
    "NewSessionKey",
    "NotRotated",
    "Phone",
    "PhoneNumber",
    "Profile",
    "ProfileChange",
    "ProfileDetails",
    "ProfileSource",
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
    "phone_identity",
    "resolve",
    "session_key_identity",
    "signing_key_identity",
    "user_digest",
]
