"""Making a notice: the payload, sealed until it is sent, under an id that its cause always has."""

import hashlib
from collections.abc import Mapping
from typing import Any, Final

import msgspec

from lingpai.clock import rfc3339
from lingpai.model import NewNotice, notice_identity
from lingpai.secret import Sealer
from lingpai.webhooks.events import WebhookEvent

_ID_HEX: Final = 32
_SUBJECT_BYTES: Final = 16


class Notices:
    """Makes notices."""

    def __init__(self, sealer: Sealer) -> None:
        self._sealer: Final = sealer

    def make(
        self, event: WebhookEvent, *, cause: str, about: str, at: int, data: Mapping[str, Any]
    ) -> NewNotice:
        """`cause` names what happened, so that telling it twice tells it once; `about` names whom it concerns.

        `data` holds ids and words, never a token, a key or a phone number.
        """
        notice_id = f"msg_{hashlib.sha256(f'{event}|{cause}'.encode()).hexdigest()[:_ID_HEX]}"
        payload = msgspec.json.encode({"type": event, "timestamp": rfc3339(at), "data": data})
        return NewNotice(
            id=notice_id,
            event=event,
            # Whom it is about has to be told apart, not told: the id itself stands in the sealed payload only.
            subject=self._sealer.fingerprint(f"webhook subject|{about}".encode())[:_SUBJECT_BYTES],
            sealed=self._sealer.seal(payload, notice_identity(notice_id)),
            at=at,
        )
