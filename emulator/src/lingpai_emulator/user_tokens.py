"""Which tokens apps hold for people: one access_token and one refresh_token per authorization."""

import msgspec

from lingpai_emulator.chance import Chance
from lingpai_emulator.oauth_codes import OAuthCode, Scope
from lingpai_emulator.switches import Switches

_KEPT_AFTER_THE_END = 86_400.0


class UserToken(msgspec.Struct):
    """One authorization. Times are Unix seconds.

    A renewal after expiry puts a new `access_token` in place; the refresh_token and its end never
    change (page api_snsrefreshtoken). `revoked`: the person changed the password.
    """

    access_token: str
    refresh_token: str
    appid: str
    person: str
    openid: str
    scope: Scope
    snapshot: bool
    minted_at: float
    access_expires_at: float
    refresh_expires_at: float
    revoked: bool = False


class UserTokens:
    """All authorizations young enough to matter, oldest first, found by either token."""

    def __init__(self, chance: Chance) -> None:
        self._chance = chance
        self._by_refresh: dict[str, UserToken] = {}
        self._by_access: dict[str, UserToken] = {}

    def issue(self, code: OAuthCode, openid: str, now: float, switches: Switches) -> UserToken:
        self._forget_old(now)
        token = UserToken(
            access_token=self._chance.user_token(),
            refresh_token=self._chance.user_token(),
            appid=code.appid,
            person=code.person,
            openid=openid,
            scope=code.scope,
            snapshot=code.snapshot,
            minted_at=now,
            access_expires_at=now + switches.user_token_life,
            refresh_expires_at=now + switches.refresh_token_life,
        )
        self._by_refresh[token.refresh_token] = token
        self._by_access[token.access_token] = token
        return token

    def with_access(self, access_token: str) -> UserToken | None:
        """The authorization this access_token belongs or once belonged to."""
        return self._by_access.get(access_token)

    def with_refresh(self, refresh_token: str) -> UserToken | None:
        return self._by_refresh.get(refresh_token)

    def renew(self, token: UserToken, now: float, switches: Switches) -> None:
        """A living access_token gets its whole life again; an expired one is replaced."""
        if now >= token.access_expires_at:
            token.access_token = self._chance.user_token()
            self._by_access[token.access_token] = token
        token.access_expires_at = now + switches.user_token_life

    def revoke(self, appid: str, person: str) -> int:
        """End all this app holds for this person; how many authorizations that were."""
        ended = [
            token
            for token in self._by_refresh.values()
            if (token.appid, token.person, token.revoked) == (appid, person, False)
        ]
        for token in ended:
            token.revoked = True
        return len(ended)

    def was_issued(self, text: str) -> bool:
        return text in self._by_access or text in self._by_refresh

    def all(self) -> list[UserToken]:
        return list(self._by_refresh.values())

    def _forget_old(self, now: float) -> None:
        """Drop from the old end what has been over for a day, with every access_token it had."""
        before = len(self._by_refresh)
        while self._by_refresh:
            oldest = next(iter(self._by_refresh.values()))
            over = max(oldest.refresh_expires_at, oldest.access_expires_at)
            if over + _KEPT_AFTER_THE_END > now:
                break
            del self._by_refresh[oldest.refresh_token]
        if len(self._by_refresh) < before:
            self._by_access = {
                access: token
                for access, token in self._by_access.items()
                if token.refresh_token in self._by_refresh
            }
