"""Keys of ours: for signing tokens, for sealing rows, for backends that call us."""

import msgspec


class SigningKey(msgspec.Struct, frozen=True, kw_only=True):
    """An ES256 key pair. It is published from `created_at`, signs from `active_at`."""

    kid: str
    sealed_private: bytes
    """PKCS#8 in PEM, sealed."""
    public_jwk: str
    """The public half as JSON (RFC 7517)."""
    created_at: int
    active_at: int
    retired_at: int | None = None
    """From here on it is no longer published."""


class SealingKey(msgspec.Struct, frozen=True, kw_only=True):
    """A data key. The key itself stands in `KeyWrap`, once for each master key."""

    id: bytes
    """4 bytes; stands in front of every value sealed with it."""
    wrapped: bytes
    """The key as the first releases wrapped it; empty since the master key was rotated, and for later keys."""
    created_at: int
    active_at: int | None = None
    """The key that became active last seals. None: published only, so that every node has it before it seals."""
    canary: bytes | None = None
    """A known text sealed under this key, opened at every start."""


class KeyWrap(msgspec.Struct, frozen=True, kw_only=True):
    """A key of ours, sealed under one master key."""

    name: str
    """The id of a data key in hex, or `fingerprint`."""
    master: str
    """The id of the master key: 16 hex digits that say nothing about it."""
    wrapped: bytes


class VaultNode(msgspec.Struct, frozen=True, kw_only=True):
    """What a process on the database said of its keys when it was last seen."""

    node: str
    master: str
    sealing: str
    """The id of the data key it seals with, in hex."""
    known: tuple[str, ...]
    """The ids of the data keys it opens with."""
    seen_at: int


class SealedValue(msgspec.Struct, frozen=True):
    """A sealed value where it stands."""

    noun: str
    """A key of `SEALED`."""
    key: tuple[str | int | bytes, ...]
    """The primary key of its row."""
    sealed: bytes


class ServiceKey(msgspec.Struct, frozen=True, kw_only=True):
    """A static key of a backend; only its SHA-256 is stored."""

    id: str
    name: str
    digest: bytes
    last4: str
    scopes: tuple[str, ...]
    created_at: int
    revoked_at: int | None = None
    last_used_at: int | None = None
    """Give or take a second."""


class KeyUse(msgspec.Struct, frozen=True, kw_only=True):
    """How often one service key did one thing, and when first and last: a line of the audit."""

    key_id: str
    appid: str
    """Empty when the action concerns no app in particular."""
    action: str
    generation: int
    """Of the token that was handed out; 0 where none was."""
    uses: int
    first_at: int
    last_at: int


def signing_key_identity(kid: str) -> str:
    """What a private signing key is sealed for."""
    return f"signing_keys|sealed_private|{kid}"
