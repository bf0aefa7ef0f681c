"""What becomes of a batch of people from another table: decided in memory, the same on every backend."""

from collections.abc import Iterable
from typing import Final

import msgspec

from lingpai.model import ImportBatch, ImportedPerson, ImportOutcome, ImportRun, Resolution, resolve


class Known(msgspec.Struct, frozen=True):
    """An identity on record."""

    user_id: str
    unionid: str | None


class Placed(msgspec.Struct, frozen=True, kw_only=True):
    """A person of the batch, whose user it is, and what has to be written."""

    person: ImportedPerson
    user_id: str
    resolution: Resolution
    outcome: ImportOutcome


class Placing:
    """Places people one after the other, each among those before it."""

    def __init__(self, identities: dict[str, Known], unions: dict[str, str], *, joins: bool) -> None:
        """`identities` by openid and `unions` by unionid, as on record at the app of the batch."""
        self._identities: Final = identities
        self._unions: Final = unions
        self._joins: Final = joins

    def all(self, people: Iterable[ImportedPerson]) -> list[Placed]:
        return [self._one(person) for person in people]

    def _one(self, person: ImportedPerson) -> Placed:
        known = self._identities.get(person.openid)
        resolution = resolve(
            user_by_openid=None if known is None else known.user_id,
            unionid_on_record=None if known is None else known.unionid,
            user_by_unionid=None if person.unionid is None else self._unions.get(person.unionid),
            unionid=person.unionid,
            joins=self._joins,
        )
        user_id = resolution.user_id or person.user_id
        if resolution.add_identity or resolution.note_unionid:
            self._identities[person.openid] = Known(user_id, person.unionid)
        if resolution.add_union and person.unionid is not None:
            self._unions[person.unionid] = user_id
        return Placed(person=person, user_id=user_id, resolution=resolution, outcome=_outcome(resolution))


def counted(batch: ImportBatch, placed: list[Placed]) -> ImportRun:
    """The run of the batch with its people in the tally."""
    tally = dict(batch.run.tally)
    for each in placed:
        tally[each.outcome] = tally.get(each.outcome, 0) + 1
    return msgspec.structs.replace(batch.run, tally=tally)


def _outcome(resolution: Resolution) -> ImportOutcome:
    if resolution.conflict is not None:
        return resolution.conflict
    if resolution.user_id is None:
        return "new"
    return "joined" if resolution.add_identity else "known"
