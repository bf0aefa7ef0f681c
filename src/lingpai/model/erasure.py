"""Forgetting a person, and the pictures that people leave outside the database."""

import hashlib

import msgspec


class Erasure(msgspec.Struct, frozen=True, kw_only=True):
    """All that stays of a person who was erased: that it happened, and by what to do it again.

    A restored backup brings the person back; whoever knows the user's id can tell by the digest that it must go,
    and nobody can tell the id by the digest.
    """

    id: str
    """The pseudonymous audit id, `era_…`; nothing else leads to it."""
    user_digest: bytes
    """SHA-256 of the user's id."""
    at: int


class Erased(msgspec.Struct, frozen=True, kw_only=True):
    """What the erasure found."""

    erasure: Erasure
    """The one on record: of an earlier time, when a backup brought the person back."""
    sessions: tuple[str, ...]
    """Ids of sessions whose access tokens must be refused from now on."""
    avatar_url: str | None


class Avatar(msgspec.Struct, frozen=True, kw_only=True):
    """A picture kept by us. It is on record before it is stored, so that none is ever lost from sight."""

    url: str
    """As it will stand in `User.avatar_url`; unguessable, at most 64 characters."""
    user_id: str
    at: int


class Adopted(msgspec.Struct, frozen=True, kw_only=True):
    """A picture became somebody's avatar."""

    replaced: str | None
    """The URL it took the place of: a picture of ours, WeChat's, or none."""


def user_digest(user_id: str) -> bytes:
    """What stays of a user's id. The ids are random, so that trying them all is no way back."""
    return hashlib.sha256(b"lingpai erasure\0" + user_id.encode()).digest()


def ledger_of(erasure: Erasure, user_id: str, user_ids: list[str]) -> list[Erasure]:
    """The lines of an erasure: `erasure` for `user_id`, and one for every other id that means the same person.

    A backup may be older than a merge. The further lines have the audit id with a number behind it.
    """
    others = [other for other in user_ids if other != user_id]
    return [
        erasure,
        *(
            msgspec.structs.replace(erasure, id=f"{erasure.id}.{number}", user_digest=user_digest(other))
            for number, other in enumerate(others, start=1)
        ),
    ]
