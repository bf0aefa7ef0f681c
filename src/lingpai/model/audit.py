"""What people and programs did here: entries of the audit log, and the chain that holds them together.

Each row's hash covers the hash before it, the row's position and its entry; so no row can be changed, taken out,
put in or moved without every later hash being another. Who can write to the database can make a whole new chain:
against that, and against a tail cut off, stands a head that was written down elsewhere.
"""

import hashlib
from typing import Final, Literal

import msgspec

ActorKind = Literal["cli", "operator", "service_key", "server", "dev"]

GENESIS: Final = bytes(32)
"""What the first row follows."""


class Actor(msgspec.Struct, frozen=True):
    """Who did it."""

    kind: ActorKind
    id: str
    """`opr_…` of an operator, the user of the machine for the command line."""
    name: str


class AuditEntry(msgspec.Struct, frozen=True, kw_only=True):
    """What was done, by whom, when. Holds no secret."""

    at: int
    actor: Actor
    action: str
    """A dotted verb in the past tense, such as `app.added`."""
    about: str | None
    """What it was done to: an AppID, a user's id, a name."""
    details: dict[str, str]


class AuditRow(msgspec.Struct, frozen=True, kw_only=True):
    """An entry in its place."""

    position: int
    """From 1, without a gap."""
    entry: AuditEntry
    previous: bytes
    """The hash of the row before, 32 bytes."""
    hash: bytes


class AuditHead(msgspec.Struct, frozen=True):
    """Where a chain ends, or what is left of it begins: a position and the hash there."""

    position: int
    hash: bytes


class AuditChain(msgspec.Struct, frozen=True, kw_only=True):
    """Both ends of the chain on record."""

    anchor: AuditHead
    """The last row that was removed after its export; `AuditHead(0, GENESIS)` when none was."""
    head: AuditHead


def chain_hash(previous: bytes, position: int, entry: AuditEntry) -> bytes:
    """SHA-256 over a label, the hash before, the position (8 bytes, big-endian) and the entry as JSON with sorted keys.

    Raises UnicodeEncodeError for a text that is not Unicode.
    """
    canonical = msgspec.json.encode(entry, order="sorted")
    return hashlib.sha256(b"lingpai audit\0" + previous + position.to_bytes(8, "big") + canonical).digest()


def chained(head: AuditHead, entry: AuditEntry) -> AuditRow:
    """The row that follows `head`."""
    position = head.position + 1
    return AuditRow(
        position=position, entry=entry, previous=head.hash, hash=chain_hash(head.hash, position, entry)
    )
