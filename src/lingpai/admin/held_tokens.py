"""How the access_tokens and tickets of an app are doing; never the tokens themselves."""

from typing import Final

import msgspec

from lingpai.clock import DAY, HOUR
from lingpai.model import TokenKind, TokenRow, TokenState
from lingpai.storage.leasing import FORCED_A_DAY
from lingpai.storage.port import Store


class ShownToken(msgspec.Struct, frozen=True, kw_only=True):
    """One token as people may see it. Times are milliseconds since 1970, on the database's clock."""

    kind: TokenKind
    state: TokenState
    generation: int
    fetched_at: int | None
    expires_at: int | None
    next_attempt_at: int
    errcode: int | None
    """Why the last attempt brought nothing; WeChat's words beside it."""
    errmsg: str | None
    calls_today: int
    forced_today: int
    forced_limit: int
    replaced_lately: tuple[int, ...]
    """When tokens were found dead before their time, within a day: somebody else holds the AppSecret."""


class HeldTokensAdmin:
    """Reads the rows that all nodes share."""

    def __init__(self, store: Store) -> None:
        self._store: Final = store

    async def of_app(self, name: str) -> list[ShownToken] | None:
        """Every token that was ever asked for; None: no app has this slug or AppID."""
        for app, _ in await self._store.apps.all():
            if name in (app.appid, app.slug):
                return await self._of_appid(app.appid)
        return None

    async def every(self) -> dict[str, list[ShownToken]]:
        """The tokens of all apps, by AppID."""
        rows, now = await self._store.access_tokens.all()
        found: dict[str, list[ShownToken]] = {}
        for row in rows:
            found.setdefault(row.appid, []).append(_shown(row, now))
        return found

    async def _of_appid(self, appid: str) -> list[ShownToken]:
        return (await self.every()).get(appid, [])


def _shown(row: TokenRow, now: int) -> ShownToken:
    """A row, at an instant of the database's clock."""
    return ShownToken(
        kind=row.kind,
        state=row.state,
        generation=row.generation,
        fetched_at=row.fetched_at or None,
        expires_at=row.good_until() or None,
        next_attempt_at=row.next_attempt_at,
        errcode=row.trouble.errcode if row.trouble else None,
        errmsg=row.trouble.errmsg or row.trouble.outcome if row.trouble else None,
        calls_today=row.calls if row.day == (now + 8 * HOUR) // DAY else 0,
        forced_today=sum(1 for at in row.forced_at if now - at < DAY),
        forced_limit=FORCED_A_DAY,
        replaced_lately=tuple(at for at in row.replaced_at if now - at < DAY),
    )
