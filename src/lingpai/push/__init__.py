"""What WeChat pushes to us: taken in (`receiving`), understood (`meaning`), acted on (`acting`).

An event is on record before WeChat hears "success"; some node acts on it afterwards, once. What is not for this server
to act on is passed on to webhooks.
"""

from lingpai.push.acting import Acting
from lingpai.push.keys import (
    PREVIOUS_LIVES,
    PushKey,
    PushKeyring,
    PushKeys,
    new_push_key,
    opened_keyring,
    sealed_keyring,
)
from lingpai.push.meaning import FORGET
from lingpai.push.receiving import WINDOW, Receiving, Signed

__all__ = [
    "FORGET",
    "PREVIOUS_LIVES",
    "WINDOW",
    "Acting",
    "PushKey",
    "PushKeyring",
    "PushKeys",
    "Receiving",
    "Signed",
    "new_push_key",
    "opened_keyring",
    "sealed_keyring",
]
