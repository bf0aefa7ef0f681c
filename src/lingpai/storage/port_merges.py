"""What remembering promises of two users who are one person: joining, telling apart, old ids."""

from typing import Protocol

from lingpai.model import Merge, MergeRefusal, NewMerge, SplitRefusal


class Merges(Protocol):
    """Each method that writes is one unit of work; of any number of concurrent calls, one joins."""

    async def join(self, new: NewMerge) -> Merge | MergeRefusal:
        """Make one user of two: the older id wins, the other becomes its alias.

        Identities, unions and sessions go over; a nickname or an avatar that the winner lacks is taken
        over. Every look-up by the old id finds the winner from then on, also after further merges.
        Refused for two different verified phone numbers, and (unless an operator asks) for users that
        were told apart before. Joining twice is `same`. A late unionid is noted on its identity
        unless the join is refused for another reason than `same`.
        """
        ...

    async def split(self, user_id: str, at: int, window: int) -> Merge | SplitRefusal:
        """Undo the merge in which `user_id` lost, if it is no older than `window` milliseconds.

        What went over goes back; sessions of those identities end, because somebody else may hold them.
        What came later stays with the winner. `unknown`: it is nobody's alias.
        """
        ...

    async def of_user(self, user_id: str) -> list[Merge]:
        """Every merge this user, or an alias of it, took part in; newest first, with the undone ones."""
        ...

    async def resolved(self, user_id: str) -> str:
        """The user an id means now; the id itself when it is no alias."""
        ...
