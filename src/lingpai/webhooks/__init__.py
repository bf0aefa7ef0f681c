"""Telling the operator's own backends what happened: signed, retried, each cause once.

A notice is written in the unit of work of its cause (`Notices` makes it, the store's `tell` puts it on its way), or
found afterwards (`announcing`). `delivering` carries it out. This room calls out over HTTP, by an address it has
judged itself (`addresses`); nothing of WeChat is known here.
"""

from lingpai.webhooks.addresses import AddressRefusedError, Reachable
from lingpai.webhooks.announcing import Announcing
from lingpai.webhooks.delivering import RETRIES, Delivering
from lingpai.webhooks.events import ALL, EVENTS, WebhookEvent
from lingpai.webhooks.notices import Notices
from lingpai.webhooks.signing import (
    WebhookSecrets,
    new_secret,
    opened_secrets,
    sealed_secrets,
    signed_headers,
)

__all__ = [
    "ALL",
    "EVENTS",
    "RETRIES",
    "AddressRefusedError",
    "Announcing",
    "Delivering",
    "Notices",
    "Reachable",
    "WebhookEvent",
    "WebhookSecrets",
    "new_secret",
    "opened_secrets",
    "sealed_secrets",
    "signed_headers",
]
