"""Finding what nobody tells as it happens: new users and merges, so that a login costs no commit more.

Ids sort by the time they were made, but a commit may come a little later than its id, from another node with another
clock. So each search begins five minutes before the last one ended, and finds again what it has told; the id of the
notice is that of its cause, and a second one is not written.
"""

from collections.abc import Awaitable, Callable
from typing import Final

from lingpai.clock import MINUTE, Clock
from lingpai.ids import new_id
from lingpai.model import Merge, NewNotice, SignedUp
from lingpai.storage.port import Store
from lingpai.webhooks.events import ALL, WebhookEvent
from lingpai.webhooks.notices import Notices

OVERLAP: Final = 5 * MINUTE
_PAGE: Final = 500
_NOTHING: Final = bytes(10)

Search = Callable[[str], Awaitable[tuple[list[NewNotice], str | None]]]


class Announcing:
    """Looks for news."""

    def __init__(self, store: Store, notices: Notices, clock: Clock) -> None:
        self._store: Final = store
        self._notices: Final = notices
        self._clock: Final = clock

    async def run(self) -> None:
        """Tell what is new, if somebody wants to be told. Raises StorageUnavailableError."""
        wanted = {event for webhook in await self._store.webhooks.all() for event in webhook.events}
        searches: tuple[tuple[WebhookEvent, str, Search], ...] = (
            ("user.signed_up", "usr", self._signed_up),
            ("user.merged", "mrg", self._merged),
        )
        for event, prefix, search in searches:
            if wanted & {event, ALL}:
                await self._follow(event, prefix, search)

    async def _follow(self, event: WebhookEvent, prefix: str, search: Search) -> None:
        now = self._clock.now()
        since = await self._store.webhooks.cursor(event)
        if since is None:
            await self._store.webhooks.advance(event, now, [])
            since = now
        last: str | None = new_id(prefix, max(0, since - OVERLAP), _NOTHING)
        while last is not None:
            news, last = await search(last)
            # The cursor moves with the last page only: whoever is killed in between begins anew.
            await self._store.webhooks.advance(event, now if last is None else since, news)

    async def _signed_up(self, after: str) -> tuple[list[NewNotice], str | None]:
        users = await self._store.webhooks.signed_up(after, _PAGE)
        return [self._new_user(each) for each in users], users[-1].user_id if len(users) == _PAGE else None

    async def _merged(self, after: str) -> tuple[list[NewNotice], str | None]:
        merges = await self._store.webhooks.merged(after, _PAGE)
        return [self._one_user(each) for each in merges], merges[-1].id if len(merges) == _PAGE else None

    def _new_user(self, user: SignedUp) -> NewNotice:
        return self._notices.make(
            "user.signed_up",
            cause=user.user_id,
            about=user.user_id,
            at=user.created_at,
            data={"user_id": user.user_id, "apps": user.appids},
        )

    def _one_user(self, merge: Merge) -> NewNotice:
        return self._notices.make(
            "user.merged",
            cause=merge.id,
            about=merge.winner,
            at=merge.at,
            data={"user_id": merge.winner, "merged_user_id": merge.loser, "reason": merge.reason},
        )
