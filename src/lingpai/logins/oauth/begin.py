"""Sending a browser to WeChat: a state that works once, for this browser, app and page."""

import hashlib
from typing import Final

import msgspec

from lingpai.clock import MINUTE, Clock
from lingpai.keeper import HeldApp
from lingpai.logins.oauth.addresses import wechat_address
from lingpai.logins.oauth.browser import browser_digest
from lingpai.model import Delivery, OAuthScope, OAuthState
from lingpai.secret import random_letters
from lingpai.storage.port import Store

STATE_LIFE: Final = 10 * MINUTE


class Wish(msgspec.Struct, frozen=True, kw_only=True):
    """What a page wants: how much to know, where to come back, how to get the session."""

    scope: OAuthScope
    return_to: str
    deliver: Delivery = "cookie"
    challenge: str | None = None


class Beginning:
    """Writes states and names the address at WeChat."""

    def __init__(self, store: Store, clock: Clock, *, public_url: str, open_url: str) -> None:
        """`open_url` is where WeChat asks people."""
        self._store: Final = store
        self._clock: Final = clock
        self._public_url: Final = public_url
        self._open_url: Final = open_url

    async def begin(
        self,
        app: HeldApp,
        wish: Wish,
        secret: str,
        *,
        scope: OAuthScope | None = None,
        round_number: int = 1,
        fallback: bytes | None = None,
        callback: str | None = None,
    ) -> str:
        """The address at WeChat for one round. Raises StorageUnavailableError.

        `secret` is the browser's. `scope` is what this round asks for: by default base first, because it
        asks nobody, and only who has no profile yet is asked for one. `callback` is where WeChat sends the
        browser back to, an address of this server; by default the app's own.
        """
        now = self._clock.now()
        state = random_letters()
        asked = scope or ("snsapi_base" if wish.scope == "snsapi_userinfo" else wish.scope)
        appid = app.app.appid
        await self._store.browser_logins.put_state(
            OAuthState(
                digest=state_digest(state),
                appid=appid,
                browser=browser_digest(secret),
                scope=asked,
                wanted=wish.scope,
                return_to=wish.return_to,
                deliver=wish.deliver,
                challenge=wish.challenge,
                round=round_number,
                fallback=fallback,
                created_at=now,
                expires_at=now + STATE_LIFE,
            )
        )
        return wechat_address(
            self._open_url,
            appid=appid,
            redirect_uri=callback or f"{self._public_url}/v1/{appid}/oauth/callback",
            scope=asked,
            state=state,
        )


def state_digest(state: str) -> bytes:
    """What is stored of a state."""
    return hashlib.sha256(state.encode("utf-8", "surrogatepass")).digest()


def wish_of(state: OAuthState) -> Wish:
    """What the page wanted that this state was made for."""
    return Wish(
        scope=state.wanted, return_to=state.return_to, deliver=state.deliver, challenge=state.challenge
    )
