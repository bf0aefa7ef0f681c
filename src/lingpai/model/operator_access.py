"""Operators and what lets them in: passwords, passkeys, codes, sessions, keys. Of every secret only a digest or a seal."""

from typing import Literal

import msgspec

from lingpai.model.operator import ROLES, Permission, Role


class Operator(msgspec.Struct, frozen=True, kw_only=True):
    """A person who works at the console. Until the set-up link is used there is no way in at all."""

    id: str
    name: str
    roles: tuple[Role, ...]
    created_at: int
    password_hash: str | None = None
    """argon2id, in PHC's form."""
    totp_sealed: bytes | None = None
    """The seed of RFC 6238, 20 bytes, sealed; there whenever a password is."""
    totp_step: int = 0
    """The last step a code was accepted for: that one and earlier ones are refused."""
    disabled_at: int | None = None

    @property
    def permissions(self) -> frozenset[Permission]:
        """What the roles allow together; nothing when disabled."""
        if self.disabled_at is not None:
            return frozenset()
        return frozenset().union(*(ROLES[role] for role in self.roles))


class Passkey(msgspec.Struct, frozen=True, kw_only=True):
    """A public-key credential (WebAuthn level 3)."""

    id: bytes
    """The credential id, at most 255 bytes here."""
    operator_id: str
    name: str
    public_key: bytes
    """COSE."""
    sign_count: int
    created_at: int
    last_used_at: int | None = None


StepPurpose = Literal["link", "set_up", "second_factor", "register", "assert"]


class OperatorStep(msgspec.Struct, frozen=True, kw_only=True):
    """A one-time thing between two requests: a set-up link, a password that was right, a ceremony of WebAuthn."""

    digest: bytes
    """SHA-256 of what the browser holds."""
    purpose: StepPurpose
    operator_id: str | None
    """None: a passkey will say who it is."""
    challenge: bytes | None = None
    """WebAuthn's challenge; the TOTP seed that is offered, sealed."""
    expires_at: int
    used_at: int | None = None


class OperatorSession(msgspec.Struct, frozen=True, kw_only=True):
    """A browser in which an operator is signed in."""

    digest: bytes
    """SHA-256 of the token in the cookie."""
    id: str
    operator_id: str
    created_at: int
    """Kept when the token changes: the absolute limit counts from here."""
    seen_at: int
    proven_at: int
    """When the last factor was shown."""
    user_agent: str
    address: str


class OperatorKey(msgspec.Struct, frozen=True, kw_only=True):
    """A key with which a program acts for an operator; only its SHA-256 is stored."""

    id: str
    operator_id: str
    name: str
    digest: bytes
    last4: str
    permissions: tuple[Permission, ...]
    """At most those of the operator; what the operator loses the key loses, too."""
    created_at: int
    expires_at: int
    revoked_at: int | None = None
    last_used_at: int | None = None


class Tries(msgspec.Struct, frozen=True):
    """How often something was tried without success since an instant."""

    failures: int
    since: int


def totp_identity(operator_id: str) -> str:
    """What a TOTP seed is sealed for."""
    return f"operators|totp|{operator_id}"
