"""The signature by which a receiver knows that a message is ours: Standard Webhooks, symmetric (`v1`).

https://github.com/standard-webhooks/standard-webhooks/blob/main/spec/standard-webhooks.md
"""

import base64
import hmac
from typing import Final

import msgspec

from lingpai.model import Webhook, webhook_identity
from lingpai.secret import Sealer, random_bytes

PREFIX: Final = "whsec_"
_SECRET_BYTES: Final = 32


class WebhookSecrets(msgspec.Struct, frozen=True):
    """What is sealed of a webhook: the secret in force, and the one before while receivers change over."""

    current: str
    previous: str | None = None

    def __repr__(self) -> str:
        return "WebhookSecrets(…)"


def new_secret() -> str:
    """`whsec_` and 256 random bits in base64."""
    return PREFIX + base64.b64encode(random_bytes(_SECRET_BYTES)).decode()


def sealed_secrets(sealer: Sealer, webhook_id: str, secrets: WebhookSecrets) -> bytes:
    """The secrets as they are stored."""
    return sealer.seal(msgspec.json.encode(secrets), webhook_identity(webhook_id))


def opened_secrets(sealer: Sealer, webhook: Webhook) -> WebhookSecrets:
    """The secrets of a webhook. Raises SealBrokenError."""
    opened = sealer.open(webhook.sealed, webhook_identity(webhook.id))
    return msgspec.json.decode(opened, type=WebhookSecrets)


def signed_headers(secrets: WebhookSecrets, message_id: str, timestamp: int, body: bytes) -> dict[str, str]:
    """The three headers; `timestamp` in seconds. With two live secrets there are two signatures."""
    content = b".".join((message_id.encode(), str(timestamp).encode(), body))
    live = [secret for secret in (secrets.current, secrets.previous) if secret is not None]
    made = [hmac.digest(base64.b64decode(secret.removeprefix(PREFIX)), content, "sha256") for secret in live]
    return {
        "webhook-id": message_id,
        "webhook-timestamp": str(timestamp),
        "webhook-signature": " ".join(f"v1,{base64.b64encode(each).decode()}" for each in made),
    }
