"""Which encryptedData of phone numbers WeChat remembers having made (page api_checkencryptedmsg)."""

import base64
import hashlib
from typing import Final, Literal

import msgspec

_REMEMBERED: Final = 3 * 86_400.0  # seconds


class Message(msgspec.Struct, frozen=True):
    """One encryptedData: where, when, and the two hashes it may be asked for by."""

    appid: str
    made_at: float
    of_text: str
    of_bytes: str


class EncryptedMessages:
    """The messages of the last three days, oldest first."""

    def __init__(self) -> None:
        self._messages: list[Message] = []

    def add(self, appid: str, encrypted_data: str, now: float) -> None:
        self._messages = [message for message in self._messages if now - message.made_at <= _REMEMBERED]
        of_text = hashlib.sha256(encrypted_data.encode()).hexdigest()
        of_bytes = hashlib.sha256(base64.b64decode(encrypted_data)).hexdigest()
        self._messages.append(Message(appid, now, of_text, of_bytes))

    def find(
        self, appid: str, digest: str, now: float, hashed: Literal["either", "text", "bytes"]
    ) -> Message | None:
        """The message with this sha256, if the app may still ask for it."""
        for message in self._messages:
            known = {"either": (message.of_text, message.of_bytes), "text": (message.of_text,)}
            fits = digest in known.get(hashed, (message.of_bytes,))
            if fits and message.appid == appid and now - message.made_at <= _REMEMBERED:
                return message
        return None
