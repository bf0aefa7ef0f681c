"""Passwords of operators: argon2id, twelve characters at least, none that everybody tries first.

The rules are those of NIST SP 800-63B §3.1.1: length and a list, no rules about which characters.
"""

import asyncio
import unicodedata
from typing import Final

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from lingpai.errors import Problem, Words
from lingpai.errors.catalogue_operators import PASSWORD_WEAK
from lingpai.secret import Secret

SHORTEST: Final = 12
LONGEST: Final = 200
_AT_ONCE: Final = 2
"""Hashes computed at a time: each takes 46 MiB and a core."""
_SHORT: Final = Words("A password has 12 to 200 characters.", "密码长度须为 12 到 200 个字符。")
_COMMON: Final = Words(
    "This password is among those that are tried first.", "这个密码属于最先会被猜到的那一类。"
)
_COMMON_ONES: Final = frozenset(
    {
        *("123456789012", "1234567890123", "12345678901234", "123123123123", "123456123456", "121212121212"),
        *("112233445566", "987654321098", "098765432109", "1q2w3e4r5t6y", "qwertyuiop12", "qwertyuiop[]"),
        *("qwertyuiop123", "qwerty123456", "qwerty1234567", "asdfghjkl123", "zxcvbnm12345", "1qaz2wsx3edc"),
        *("qazwsxedcrfv", "abcdefghijkl", "abcd12345678", "abc123456789", "a1234567890a", "aa1234567890"),
        *("password1234", "password12345", "password123456", "passwordpassword", "p@ssw0rd1234"),
        *(
            "administrator",
            "administrator1",
            "adminadminadmin",
            "admin1234567",
            "admin12345678",
            "rootrootroot",
        ),
        *(
            "letmeinletmein",
            "welcome12345",
            "changemeplease",
            "changeme1234",
            "iloveyou1234",
            "iloveyouiloveyou",
        ),
        *("woaini123456", "woaini1314520", "woaini5201314", "wodemima1234", "mima12345678", "zhangsan1234"),
        *("weixin123456", "wechat123456", "lingpai12345", "lingpailingpai", "superman1234", "football1234"),
        *("trustno1trustno1", "correcthorsebatterystaple", "monkeymonkey", "dragondragon", "sunshine1234"),
    }
)


class Passwords:
    """Makes and compares hashes, a few at a time and beside the event loop."""

    def __init__(self) -> None:
        # OWASP's second choice of parameters, twice the passes.
        self._hasher: Final = PasswordHasher(time_cost=2, memory_cost=47_104, parallelism=1)
        self._places: Final = asyncio.Semaphore(_AT_ONCE)
        self._nobodys: str | None = None

    async def hashed(self, password: Secret, name: str) -> str:
        """The hash of a new password of the operator called `name`. Raises Problem password_weak."""
        text = _normal(password)
        if not SHORTEST <= len(text) <= LONGEST:
            raise Problem(PASSWORD_WEAK, facts={"what": _SHORT})
        folded = text.casefold()
        plain = "".join(folded.split()).replace(name.casefold(), "").replace("lingpai", "")
        if folded in _COMMON_ONES or len(set(folded)) < 5 or len(plain) < SHORTEST // 2:  # noqa: PLR2004
            raise Problem(PASSWORD_WEAK, facts={"what": _COMMON})
        async with self._places:
            return await asyncio.to_thread(self._hasher.hash, text)

    async def right(self, password: Secret, password_hash: str | None) -> bool:
        """Whether the password is the one. Without a hash as much work is done, and the answer is no."""
        text = _normal(password)[:LONGEST]
        async with self._places:
            return await asyncio.to_thread(self._compare, text, password_hash)

    def _compare(self, text: str, password_hash: str | None) -> bool:
        if password_hash is None:
            if self._nobodys is None:
                self._nobodys = self._hasher.hash("nobody has this password")
            password_hash, text = self._nobodys, text + "\0"
        try:
            return self._hasher.verify(password_hash, text)
        except (VerificationError, InvalidHashError):
            return False


def _normal(password: Secret) -> str:
    """One form of what may be typed in several (NIST SP 800-63B: Unicode is normalised)."""
    return unicodedata.normalize("NFKC", password.reveal())
