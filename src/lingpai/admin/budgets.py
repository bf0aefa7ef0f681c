"""What is used up of what costs money or ends: phone numbers of today."""

from typing import Final

import msgspec

from lingpai.accounts import PhoneBudgets
from lingpai.storage.port import Store


class Used(msgspec.Struct, frozen=True, kw_only=True):
    """A budget of one app."""

    used: int
    limit: int


class BudgetsAdmin:
    """Reads budgets; draws nothing."""

    def __init__(self, store: Store, phones: PhoneBudgets) -> None:
        self._store: Final = store
        self._phones: Final = phones

    async def phones(self, appids: list[str]) -> dict[str, Used]:
        """Phone numbers that each app has asked for since midnight in Shanghai."""
        names = {self._phones.of_app(appid): appid for appid in appids}
        used = await self._store.budgets.used(list(names), self._phones.today())
        limit = self._phones.per_app
        return {appid: Used(used=used.get(name, 0), limit=limit) for name, appid in names.items()}
