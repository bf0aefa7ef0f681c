"""Everything that is sealed under a data key: which column, and for whom a value is sealed.

Whoever seals a further column names it here; then a rotation of the data key reaches it.
"""

from collections.abc import Callable
from typing import Any, Final

import msgspec

from lingpai.model.app import app_secret_identity
from lingpai.model.held_token import held_token_identity
from lingpai.model.keys import SealedValue, signing_key_identity
from lingpai.model.login import session_key_identity
from lingpai.model.oauth import user_token_identity
from lingpai.model.operator_access import totp_identity
from lingpai.model.profile import phone_identity
from lingpai.model.push import push_event_identity, push_settings_identity
from lingpai.model.webhook import notice_identity, webhook_identity


class SealedColumn(msgspec.Struct, frozen=True):
    """A column of sealed values."""

    column: str
    identity: Callable[..., str]
    """Takes the parts of the primary key, in their order."""


def _of_ring(appid: str, openid: str, _fingerprint: bytes) -> str:
    return session_key_identity(appid, openid)


SEALED: Final[dict[str, SealedColumn]] = {
    "operators": SealedColumn("totp_sealed", totp_identity),
    "signing_keys": SealedColumn("sealed_private", signing_key_identity),
    "app_secrets": SealedColumn("sealed", app_secret_identity),
    "access_tokens": SealedColumn("sealed", held_token_identity),
    "push_settings": SealedColumn("sealed", push_settings_identity),
    "webhooks": SealedColumn("sealed", webhook_identity),
    "push_events": SealedColumn("sealed", push_event_identity),
    "notices": SealedColumn("sealed", notice_identity),
    "user_tokens": SealedColumn("sealed", user_token_identity),
    "phones": SealedColumn("sealed", phone_identity),
    "session_keys": SealedColumn("sealed", _of_ring),
}
"""By table, the small ones first."""


def sealed_identity(value: SealedValue) -> str:
    """What a value is sealed for."""
    key: tuple[Any, ...] = value.key
    return SEALED[value.noun].identity(*key)
