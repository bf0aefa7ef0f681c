"""Who paid in which mini program a moment ago: what wxa/getpaidunionid asks about."""

from typing import Final

import msgspec

_WINDOW: Final = 300.0  # seconds; page api_getpaidunionid


class Payment(msgspec.Struct, frozen=True):
    """One payment, by WeChat's number, and by the merchant's. `paid_at` is in Unix seconds."""

    appid: str
    person: str
    transaction_id: str
    mch_id: str
    out_trade_no: str
    paid_at: float


class Payments:
    """The payments of the last five minutes."""

    def __init__(self) -> None:
        self._payments: list[Payment] = []

    def add(self, payment: Payment) -> None:
        self._payments = [old for old in self._payments if payment.paid_at - old.paid_at <= _WINDOW]
        self._payments.append(payment)

    def recent(self, appid: str, person: str, now: float) -> list[Payment]:
        """What this person paid here in the last five minutes, oldest first."""
        return [
            payment
            for payment in self._payments
            if (payment.appid, payment.person) == (appid, person) and now - payment.paid_at <= _WINDOW
        ]
