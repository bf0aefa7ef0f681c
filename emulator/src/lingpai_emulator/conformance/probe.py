"""What one question is: a call, why it is asked, and the values that all questions share."""

from typing import Final

import msgspec

from lingpai_emulator.apps import Kind

Pairs = tuple[tuple[str, str], ...]
MINI: Final[frozenset[Kind]] = frozenset({"miniprogram"})
ACCOUNT: Final[frozenset[Kind]] = frozenset({"official_account"})
OAUTH: Final[frozenset[Kind]] = frozenset({"official_account", "website"})
_TOKENS: Final = MINI | ACCOUNT


class Probe(msgspec.Struct, frozen=True):
    """One call. `<appid>`, `<secret>`, `<code>` and what earlier answers held are filled in when it is made.

    `asks` completes "asked …"; `row` is the behaviour of FAITHFULNESS.md that the answer shows, `switch`
    the one that changes it. `keeps` names the fields of the answer that later probes fill in.
    """

    path: str
    asks: str
    row: str
    query: Pairs = ()
    method: str = "GET"
    json: dict[str, str] | None = None
    form: Pairs | None = None
    body: str | None = None
    content_type: str | None = None
    kinds: frozenset[Kind] = _TOKENS
    switch: str | None = None
    keeps: tuple[str, ...] = ()

    @property
    def name(self) -> str:
        return f"{self.method} {self.path} {self.asks}"


UNKNOWN_APPID: Final = "wx" + "0" * 16
WRONG_SECRET: Final = "0" * 32
NO_CODE: Final = "0" * 32
NO_TOKEN: Final = "0" * 136
NO_OPENID: Final = "o" + "0" * 27

APPID: Final = ("appid", "<appid>")
SECRET: Final = ("secret", "<secret>")
UNKNOWN: Final = ("appid", UNKNOWN_APPID)
WRONG: Final = ("secret", WRONG_SECRET)
BAD_GRANT: Final = ("grant_type", "no_such_grant")
CODE_GRANT: Final = ("grant_type", "authorization_code")
TOKEN: Final = ("access_token", "<access_token>")
