"""Which codes the phone-number button has given out, to whom, and what became of them."""

import msgspec

_KEPT = 3600.0  # seconds; much longer than any code lives


class PhoneCode(msgspec.Struct):
    """One code for getuserphonenumber. Times are Unix seconds; `phone` is the number as it was then."""

    code: str
    appid: str
    person: str
    phone: str
    minted_at: float
    used_at: float | None = None


class PhoneCodes:
    """All codes young enough to matter, oldest first."""

    def __init__(self) -> None:
        self._codes: dict[str, PhoneCode] = {}

    def mint(self, code: str, appid: str, person: str, phone: str, now: float) -> PhoneCode:
        record = PhoneCode(code, appid, person, phone, now)
        self._codes[code] = record
        return record

    def find(self, code: str) -> PhoneCode | None:
        return self._codes.get(code)

    def forget_old(self, now: float, life: float) -> None:
        """Drop from the old end what nobody can tell from an unknown code any more."""
        limit = now - max(life, _KEPT)
        while self._codes:
            oldest = next(iter(self._codes.values()))
            if oldest.minted_at > limit:
                return
            del self._codes[oldest.code]

    def all(self) -> list[PhoneCode]:
        return list(self._codes.values())
