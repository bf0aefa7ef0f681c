"""How secrets are shown to people: `…` and the last four characters."""

import re
from typing import Final

from lingpai_emulator.world import World

_SECRET_NAMES: Final = frozenset(
    {
        "access_token",
        "appsecret",
        "app_secret",
        "authorizer_access_token",
        "authorizer_refresh_token",
        "component_access_token",
        "component_appsecret",
        "component_secret",
        "encrypt_key",
        "push_aes_key",
        "push_token",
        "refresh_token",
        "secret",
        "session_key",
        "sessionkey",
        "ticket",
    }
)
_SESSION_KEY: Final = re.compile(r"[A-Za-z0-9+/]{22}==")
_TOKEN: Final = re.compile(r"[A-Za-z0-9_-]{80,}")
_SHOWN = 4
_LONG_ENOUGH_TO_SHOW_AN_END = 12
_LONG_ENOUGH_TO_FIND = 8  # a shorter secret is an ordinary word; it is hidden where it stands alone


def masked(secret: str) -> str:
    """`…9f3a`; a short secret shows nothing of itself."""
    return "…" + (secret[-_SHOWN:] if len(secret) >= _LONG_ENOUGH_TO_SHOW_AN_END else "")


class Masker:
    """Hides by name, and hides every secret, session_key and token of this world wherever it stands.

    The second matters when somebody swaps appid and secret, or puts a key where none belongs.
    """

    def __init__(self, world: World) -> None:
        self._world = world
        self._secrets = world.apps.secrets_ever
        # Longest first, or a secret that contains another would be left half hidden.
        self._long = sorted(
            (s for s in self._secrets if len(s) >= _LONG_ENOUGH_TO_FIND), key=len, reverse=True
        )

    def value(self, value: object, name: str = "") -> object:
        """A JSON value with everything secret in it masked."""
        if isinstance(value, dict):
            return {self.text(str(key)): self.value(item, str(key)) for key, item in value.items()}
        if isinstance(value, list):
            return [self.value(item, name) for item in value]
        if isinstance(value, str):
            return masked(value) if name.lower() in _SECRET_NAMES and value else self.text(value)
        return value

    def text(self, text: str) -> str:
        """A text with the world's own secrets masked."""
        if text in self._secrets:
            return masked(text)
        for secret in self._long:
            if secret in text:
                text = text.replace(secret, masked(secret))
        text = _TOKEN.sub(self._token, text)
        # An answer cut short by a fault is no JSON any more, so its slashes are still escaped.
        return _SESSION_KEY.sub(self._key, text.replace("\\/", "/")) if "==" in text else text

    def _token(self, found: re.Match[str]) -> str:
        token = found.group()
        world = self._world
        issued = world.tokens.find(token) or world.tickets.was_issued(token)
        return masked(token) if issued or world.user_tokens.was_issued(token) else token

    def _key(self, found: re.Match[str]) -> str:
        key = found.group()
        return masked(key) if self._world.sessions.was_issued(key) else key
