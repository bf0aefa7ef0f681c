"""People who come from another table: what is taken over of each, and how far a run of it has come."""

from typing import Literal

import msgspec

from lingpai.model.profile import ProfileDetails
from lingpai.model.resolution import Conflict

ImportOutcome = Literal["new", "known", "joined"] | Conflict
"""What became of a row: a new user, an identity that was on record, one more identity of a user whom the
unionid found. A conflict leaves what is on record as it is; the next login joins the two, if they are one."""


class ImportedPerson(msgspec.Struct, frozen=True, kw_only=True):
    """A row of another table, in our words."""

    openid: str
    unionid: str | None
    user_id: str
    """The id of the user, should this be somebody new."""
    created_at: int
    nickname: str | None
    avatar_url: str | None
    details: ProfileDetails


class ImportRun(msgspec.Struct, frozen=True, kw_only=True):
    """How far an import has come. It is written with the rows that it counts, so that a kill loses nothing."""

    name: str
    """64 hex digits: what is imported from where into which app."""
    appid: str
    cursor: str | None
    """JSON: the key of the last row done."""
    tally: dict[str, int]
    """Rows by what became of them."""
    started_at: int
    updated_at: int
    finished_at: int | None = None


class ImportBatch(msgspec.Struct, frozen=True, kw_only=True):
    """Some people, and where the run stands once they are in."""

    run: ImportRun
    """Its tally is without these people: the store adds what became of them."""
    open_platform: str | None
    people: tuple[ImportedPerson, ...]
