"""Which OAuth codes have been given out, to whom, for which scope, and what became of them."""

from typing import Literal

import msgspec

from lingpai_emulator.apps import App
from lingpai_emulator.chance import Chance
from lingpai_emulator.switches import Switches

Scope = Literal["snsapi_base", "snsapi_userinfo", "snsapi_login"]

_KEPT_AT_LEAST = 3600.0


class OAuthCode(msgspec.Struct):
    """One code. Times are Unix seconds; `burnt` tells a failed exchange from a successful one.

    `snapshot` marks the code of a snapshot page, which stands for a virtual account.
    """

    code: str
    appid: str
    person: str
    scope: Scope
    snapshot: bool
    minted_at: float
    used_at: float | None = None
    burnt: bool = False


class OAuthCodes:
    """All OAuth codes young enough to matter, oldest first. A wx.login code is not among them."""

    def __init__(self, chance: Chance) -> None:
        self._chance = chance
        self._codes: dict[str, OAuthCode] = {}

    def mint(
        self, app: App, person: str, scope: Scope, now: float, switches: Switches, *, snapshot: bool = False
    ) -> str:
        """A new code; an older one of the same person stays valid."""
        longest = max(switches.oauth_code_life, switches.website_code_life, switches.reuse_memory)
        self._forget_old(now, longest)
        code = self._chance.oauth_code()
        self._codes[code] = OAuthCode(code, app.appid, person, scope, snapshot, now)
        return code

    def find(self, code: str) -> OAuthCode | None:
        return self._codes.get(code)

    def all(self) -> list[OAuthCode]:
        return list(self._codes.values())

    def _forget_old(self, now: float, life: float) -> None:
        limit = now - max(life, _KEPT_AT_LEAST)
        while self._codes:
            oldest = next(iter(self._codes.values()))
            if oldest.minted_at > limit:
                return
            del self._codes[oldest.code]


def life(app: App, switches: Switches) -> float:
    """Seconds a code of this app can be exchanged: websites get longer (page Wechat_Login)."""
    return switches.website_code_life if app.kind == "website" else switches.oauth_code_life
