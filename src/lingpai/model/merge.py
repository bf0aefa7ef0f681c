"""Two users who turn out to be one person."""

from typing import Literal

import msgspec

MergeReason = Literal["unionid", "operator"]
MergeRefusal = Literal["unknown", "same", "phones_conflict", "were_split"]
"""Why two users stay two: there is no such user; they are one already; two different verified phone numbers;
an operator has told them apart."""
SplitRefusal = Literal["unknown", "too_late"]


class LateUnionid(msgspec.Struct, frozen=True, kw_only=True):
    """A known openid that came with a unionid which belongs to somebody else."""

    appid: str
    openid: str
    open_platform: str
    unionid: str


class NewMerge(msgspec.Struct, frozen=True, kw_only=True):
    """The wish to make one user of two."""

    id: str
    user_id: str
    other_id: str | None
    """Either may be the older one. None: whoever the late unionid belongs to."""
    reason: MergeReason
    at: int
    late: LateUnionid | None = None
    """The unionid that says so; it is noted on the identity in the same unit of work."""


class Merge(msgspec.Struct, frozen=True, kw_only=True):
    """One user became an alias of another."""

    id: str
    winner: str
    """The older id."""
    loser: str
    reason: MergeReason
    at: int
    undone_at: int | None = None
