"""Which wx.login codes have been given out, to whom, and what became of them."""

import msgspec

_KEPT_AT_LEAST = 3600.0


class Code(msgspec.Struct):
    """One code. Times are Unix seconds; `burnt` tells a failed exchange from a successful one."""

    code: str
    appid: str
    person: str
    minted_at: float
    used_at: float | None = None
    burnt: bool = False


class Codes:
    """All codes young enough to matter, oldest first."""

    def __init__(self) -> None:
        self._codes: dict[str, Code] = {}

    def mint(self, code: str, appid: str, person: str, now: float) -> Code:
        record = Code(code, appid, person, now)
        self._codes[code] = record
        return record

    def find(self, code: str) -> Code | None:
        return self._codes.get(code)

    def forget_old(self, now: float, life: float) -> None:
        """Drop from the old end what nobody can tell from an unknown code any more.

        Forgotten after an hour, or the longest life a switch gives, whichever is later.
        """
        limit = now - max(life, _KEPT_AT_LEAST)
        while self._codes:
            oldest = next(iter(self._codes.values()))
            if oldest.minted_at > limit:
                return
            del self._codes[oldest.code]

    def all(self) -> list[Code]:
        return list(self._codes.values())
