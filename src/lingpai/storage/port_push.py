"""What remembering promises of events that WeChat pushed, and of telling others; part of `port.py`.

`now` is always the database's: nodes disagree about the hour. A claim names a lease in milliseconds; it counts until
then, and its fence tells a node that has slept through it from the one that came after.
"""

from typing import Protocol

from lingpai.model import (
    Attempted,
    ClaimedDelivery,
    ClaimedPushEvent,
    Deed,
    Done,
    Merge,
    NewNotice,
    NewPushEvent,
    PushEvent,
    PushPutting,
    PushSettings,
    SignedUp,
    Webhook,
    WebhookDelivery,
)


class Pushes(Protocol):
    """Events of WeChat, and what they are signed with."""

    async def settings(self) -> list[PushSettings]:
        """Those of every app that has some, by AppID."""
        ...

    async def put_settings(self, settings: PushSettings) -> None:
        """Replace those of one app."""
        ...

    async def remove_settings(self, appid: str) -> bool:
        """False when the app has none."""
        ...

    async def put(self, event: NewPushEvent) -> PushPutting:
        """Put an event on record, once for each key and each nonce."""
        ...

    async def claim(self, limit: int, lease: int) -> list[ClaimedPushEvent]:
        """Events that nobody has acted on, oldest first. Of any number of claims at one time, one gets an event."""
        ...

    async def settle(self, deed: Deed) -> Done | None:
        """Do what the event asks for, and close it, in one unit of work. The event itself is forgotten.

        None, nothing done: the claim is not the last one, or the event is closed. A person who is not known at the
        event's app makes it `nobody`; then no notice is written.
        """
        ...

    async def set_back(self, key: bytes, fence: int, retry_in: int) -> None:
        """Let it be claimed again in so many milliseconds."""
        ...

    async def page(
        self, limit: int, *, appid: str | None = None, before: tuple[int, bytes] | None = None
    ) -> list[PushEvent]:
        """Newest first; `before` is (received_at, key) of the last one of the page before."""
        ...

    async def sweep(self, before: int) -> int:
        """Remove events that were closed before this instant; how many."""
        ...


class Webhooks(Protocol):
    """Whom to tell, and what is still to be told."""

    async def all(self) -> list[Webhook]:
        """Oldest first."""
        ...

    async def add(self, webhook: Webhook) -> None:
        """Raises TakenError for `id`."""
        ...

    async def put_sealed(self, webhook_id: str, sealed: bytes) -> bool:
        """Replace the secrets. False when there is no such webhook."""
        ...

    async def remove(self, webhook_id: str) -> bool:
        """Forget it with all that was on its way to it. False when there is none."""
        ...

    async def tell(self, notices: list[NewNotice]) -> None:
        """Put notices on their way to every webhook that wants them and was there before them.

        A notice whose id is on record stays as it is.
        """
        ...

    async def send_to(self, webhook_id: str, notice: NewNotice) -> bool:
        """Put one notice on its way to one webhook, whatever it wants. False when there is none."""
        ...

    async def claim(self, limit: int, lease: int) -> list[ClaimedDelivery]:
        """Deliveries that are due. One waits while an earlier one to the same webhook about the same subject does."""
        ...

    async def attempted(self, attempt: Attempted) -> bool:
        """Note what an attempt came to. False: the claim is not the last one."""
        ...

    async def deliveries(
        self, limit: int, *, webhook_id: str | None = None, state: str | None = None
    ) -> list[WebhookDelivery]:
        """Newest first."""
        ...

    async def again(self, webhook_id: str, notice_id: str) -> bool:
        """Let a delivery be tried again now, whatever became of it. False: there is none, or its content is gone."""
        ...

    async def waiting(self) -> tuple[int, int]:
        """How many deliveries wait, and how many were given up."""
        ...

    async def cursor(self, name: str) -> int | None:
        """How far a search for news has come: an instant."""
        ...

    async def advance(self, name: str, at: int, notices: list[NewNotice]) -> None:
        """Tell notices as `tell` does, and move the cursor there, in one unit of work. It never goes back."""
        ...

    async def signed_up(self, after: str, limit: int) -> list[SignedUp]:
        """Users whose id is greater than this, in the order of their ids."""
        ...

    async def merged(self, after: str, limit: int) -> list[Merge]:
        """Merges whose id is greater than this, in the order of their ids."""
        ...

    async def sweep(self, before: int) -> int:
        """Remove notices of before this instant with their deliveries; how many."""
        ...
