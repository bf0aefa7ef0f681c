"""What is left to chance: codes, session keys and request ids, all repeatable from a seed."""

import base64
import hashlib
import random
import secrets
from typing import Final

_ALPHANUMERIC: Final = b"0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
_LETTERS: Final = bytes(_ALPHANUMERIC[byte % len(_ALPHANUMERIC)] for byte in range(256))


class Chance:
    """One stream per purpose, so that drawing one more rid never changes the next code.

    Without a seed every start draws anew. This matters: a server that remembers the codes
    it has seen would refuse the codes of an emulator that repeats itself after a restart.
    """

    def __init__(self, seed: int | str | None) -> None:
        self._root = secrets.token_hex(16) if seed is None else f"seed {seed}"
        self._codes = random.Random(f"{self._root}/codes")
        self._oauth = random.Random(f"{self._root}/oauth")
        self._consents = random.Random(f"{self._root}/consents")
        self._rids = random.Random(f"{self._root}/rids")
        self._phone_codes = random.Random(f"{self._root}/phone codes")
        self._payments = random.Random(f"{self._root}/payments")
        self._ivs = random.Random(f"{self._root}/ivs")

    def code(self) -> str:
        """A wx.login code: 32 characters of `[0-9A-Za-z]`."""
        return self._codes.randbytes(32).translate(_LETTERS).decode()

    def oauth_code(self) -> str:
        """An OAuth code: the same shape as a wx.login code."""
        return self._oauth.randbytes(32).translate(_LETTERS).decode()

    def user_token(self) -> str:
        """An access_token or refresh_token of a person: `98_` and 107 characters of `[A-Za-z0-9_-]`."""
        return "98_" + base64.urlsafe_b64encode(self._oauth.randbytes(80)).decode().rstrip("=")

    def consent_ticket(self) -> str:
        """What names an open question in a page or a QR code: 22 characters of `[0-9A-Za-z]`."""
        return self._consents.randbytes(22).translate(_LETTERS).decode()

    def session_key(self, appid: str, person: str, generation: int) -> str:
        """Base64 of 16 bytes: 24 characters. The same seed gives the n-th key of a person again."""
        name = f"{self._root}/session_key/{appid}/{person}/{generation}"
        return base64.b64encode(hashlib.sha256(name.encode()).digest()[:16]).decode()

    def access_token(self, appid: str, kind: str, generation: int) -> str:
        """`98_` and 136 characters of base64url. The same seed gives the n-th token of an app again."""
        name = f"{self._root}/access_token/{appid}/{kind}/{generation}"
        return "98_" + base64.urlsafe_b64encode(hashlib.shake_256(name.encode()).digest(102)).decode()

    def ticket(self, appid: str, kind: str, generation: int) -> str:
        """A ticket for the JS-SDK or cards: 86 characters of base64url."""
        name = f"{self._root}/ticket/{appid}/{kind}/{generation}"
        return base64.urlsafe_b64encode(hashlib.sha512(name.encode()).digest()).decode().rstrip("=")

    def phone_code(self) -> str:
        """A code of the phone-number button: 64 hex digits."""
        return self._phone_codes.randbytes(32).hex()

    def digits(self, count: int) -> str:
        """So many decimal digits, for a payment's numbers."""
        return "".join(self._payments.choices("0123456789", k=count))

    def hint(self) -> str:
        """What stands between some errmsg and its rid: `qKhDWV0sf-0s77ta`."""
        letters = self._rids.randbytes(15).translate(_LETTERS).decode()
        return f"{letters[:9]}-{letters[9:]}"

    def iv(self) -> bytes:
        """16 bytes to begin an encryption with."""
        return self._ivs.randbytes(16)

    def rid(self, now: float) -> str:
        """`6aac005a-01bfdbee-79769285`: Unix seconds in hex, then twice 8 hex digits."""
        tail = self._rids.getrandbits(64)
        return f"{int(now) & 0xFFFFFFFF:08x}-{tail >> 32:08x}-{tail & 0xFFFFFFFF:08x}"

    def req_id(self) -> str:
        """What stood in place of the rid until about 2021: `AijFoqaLRa-pTFm4`."""
        letters = self._rids.randbytes(14).translate(_LETTERS).decode()
        return f"{letters[:8]}Ra-{letters[8:13]}"
