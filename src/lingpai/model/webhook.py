"""Telling the operator's own backends what happened: whom to tell, what, and how far that has come."""

from typing import Literal

import msgspec

DeliveryState = Literal["waiting", "delivered", "dead"]


class Webhook(msgspec.Struct, frozen=True, kw_only=True):
    """A backend that wants to be told."""

    id: str
    url: str
    events: tuple[str, ...]
    """Names of events; `*` for all."""
    sealed: bytes
    """`WebhookSecrets` as JSON, sealed."""
    created_at: int


class NewNotice(msgspec.Struct, frozen=True, kw_only=True):
    """Something to tell. Written in the unit of work of its cause, once for each id."""

    id: str
    """`msg_…`, the same for the same cause: the receiver's way to know it again."""
    event: str
    subject: bytes
    """16 bytes that stand for whom it is about: notices about one are told in their order."""
    sealed: bytes
    """The payload, sealed."""
    at: int


class WebhookDelivery(msgspec.Struct, frozen=True, kw_only=True):
    """One notice on its way to one webhook."""

    webhook_id: str
    notice_id: str
    event: str
    state: DeliveryState
    attempts: int
    next_at: int
    """When it is tried next, while it waits."""
    told: str | None
    """What the last attempt came to: `200`, `timeout`, …"""
    created_at: int
    settled_at: int | None


class ClaimedDelivery(msgspec.Struct, frozen=True, kw_only=True):
    """A delivery that is ours to attempt, until the claim runs out."""

    delivery: WebhookDelivery
    webhook: Webhook
    sealed: bytes
    fence: int


class Attempted(msgspec.Struct, frozen=True, kw_only=True):
    """What an attempt came to."""

    webhook_id: str
    notice_id: str
    fence: int
    at: int
    state: DeliveryState
    told: str
    retry_in: int = 0
    """Milliseconds, while it waits."""


class SignedUp(msgspec.Struct, frozen=True, kw_only=True):
    """Somebody new."""

    user_id: str
    created_at: int
    appids: tuple[str, ...]


def webhook_identity(webhook_id: str) -> str:
    """What the secrets of a webhook are sealed for."""
    return f"webhooks|sealed|{webhook_id}"


def notice_identity(notice_id: str) -> str:
    """What a payload is sealed for."""
    return f"notices|sealed|{notice_id}"
