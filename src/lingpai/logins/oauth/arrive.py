"""A browser comes back from WeChat: one exchange for each state, and the same answer for the same browser."""

import asyncio
import hmac
from typing import Final

import msgspec

from lingpai.clock import SECOND, Clock
from lingpai.errors import Problem, Words
from lingpai.errors.catalogue import CODE_INVALID, CODE_USED, RESTART_LOGIN
from lingpai.errors.catalogue_browser import STATE_INVALID
from lingpai.errors.catalogue_wechat import WECHAT_BUSY
from lingpai.keeper import HeldApp
from lingpai.logins.finish import Visit
from lingpai.logins.oauth.begin import Beginning, state_digest, wish_of
from lingpai.logins.oauth.browser import ROUNDS, browser_digest
from lingpai.logins.oauth.outcome import Outcome, open_outcome, seal_outcome
from lingpai.logins.profile_reading import ProfileReading
from lingpai.logins.sign_in import SignIn
from lingpai.model import AppKind, OAuthState, SignedIn
from lingpai.sessions import TokenSet, token_digest
from lingpai.storage.port import Store

_LEASE: Final = 15 * SECOND
"""Longer than a call to WeChat and a commit may take: then its holder is gone."""
_LOOKS: Final = 80
_PAUSE: Final = 0.1
_KINDS: Final[tuple[AppKind, ...]] = ("official_account", "website")
_BEGIN_AGAIN: Final = (CODE_USED, CODE_INVALID, RESTART_LOGIN)
_ELSEWHERE: Final = Words(
    "Another process is asking WeChat about this visit.", "另一个进程正在向微信核实这次访问。"
)


class Arrival(msgspec.Struct, frozen=True, kw_only=True):
    """What came back: WeChat's parameters, the browser's secret, who is asking."""

    app: HeldApp
    state: str
    code: str | None
    secret: str | None
    proceed: bool = False
    """The visitor refused to show a profile, and goes on without."""
    language: str
    visit: Visit

    def __repr__(self) -> str:
        return f"Arrival({self.app.app.appid})"


class Home(msgspec.Struct, frozen=True, kw_only=True):
    """Signed in; back to the page."""

    state: OAuthState
    refresh_token: str
    signed_in: SignedIn

    def __repr__(self) -> str:
        return f"Home({self.signed_in.session.id})"


class Onward(msgspec.Struct, frozen=True, kw_only=True):
    """To WeChat once more."""

    location: str

    def __repr__(self) -> str:
        return "Onward(…)"


class Declined(msgspec.Struct, frozen=True, kw_only=True):
    """The visitor said no to WeChat's question."""

    state: OAuthState
    can_proceed: bool
    """Who they are is known all the same, from the silent round before."""


Landing = Home | Onward | Declined


class Arriving:
    """Meets browsers that come back from WeChat."""

    def __init__(
        self, store: Store, sign_in: SignIn, beginning: Beginning, profiles: ProfileReading, clock: Clock
    ) -> None:
        self._store: Final = store
        self._sign_in: Final = sign_in
        self._beginning: Final = beginning
        self._profiles: Final = profiles
        self._clock: Final = clock
        self._under_way: Final[dict[bytes, asyncio.Future[Outcome]]] = {}

    async def arrive(self, arrival: Arrival) -> Landing:
        """Where the browser goes from here.

        Raises Problem state_invalid (also for the right state in another browser), snapshot_user, wechat_*;
        StorageUnavailableError. After wechat_busy the same address may be opened again.
        """
        secret = arrival.secret
        if secret is None:
            raise Problem(STATE_INVALID, private="no pre-login cookie")
        state = await self._own(arrival, secret)
        if state.outcome is not None:
            return await self._landing(state, self._opened(secret, state.outcome))
        if arrival.proceed and state.fallback is not None:
            return await self._landing(state, self._opened(secret, state.fallback))
        if not arrival.code:
            return Declined(state=state, can_proceed=state.fallback is not None)
        return await self._landing(state, await self._alone(state, arrival, secret, arrival.code))

    async def _own(self, arrival: Arrival, secret: str) -> OAuthState:
        state = await self._store.browser_logins.state(state_digest(arrival.state))
        if state is None or state.expires_at <= self._clock.now():
            raise Problem(STATE_INVALID, private="unknown or expired")
        if not hmac.compare_digest(state.browser, browser_digest(secret)):
            raise Problem(STATE_INVALID, private="of another browser")
        if state.appid != arrival.app.app.appid:
            raise Problem(STATE_INVALID, private="of another app")
        return state

    async def _alone(self, state: OAuthState, arrival: Arrival, secret: str, code: str) -> Outcome:
        """One exchange in this process; the others wait for it. Cancelling one who waits stops nothing."""
        under_way = self._under_way.get(state.digest)
        if under_way is None:
            task = asyncio.get_running_loop().create_task(self._claimed(state, arrival, secret, code))
            under_way = self._under_way[state.digest] = task
            task.add_done_callback(lambda done: self._over(state.digest, done))
        return await asyncio.shield(under_way)

    def _over(self, digest: bytes, done: "asyncio.Future[Outcome]") -> None:
        del self._under_way[digest]
        if not done.cancelled():
            done.exception()  # whoever still waits has it; nobody else has to

    async def _claimed(self, state: OAuthState, arrival: Arrival, secret: str, code: str) -> Outcome:
        """One exchange among all processes: the claim is one conditional write."""
        store = self._store.browser_logins
        for _ in range(_LOOKS):
            at = self._clock.now()
            if await store.take_state(state.digest, at, _LEASE):
                return await self._exchanged(state, arrival, secret, code, at)
            found = await store.state(state.digest)
            if found is None:
                raise Problem(STATE_INVALID, private="swept")
            if found.outcome is not None:
                return self._opened(secret, found.outcome)
            await asyncio.sleep(_PAUSE)
        raise Problem(WECHAT_BUSY, facts={"what": _ELSEWHERE}, retry_after=1.0)

    async def _exchanged(
        self, state: OAuthState, arrival: Arrival, secret: str, code: str, at: int
    ) -> Outcome:
        store = self._store.browser_logins
        try:
            outcome = await self._outcome(state, arrival, secret, code)
        except BaseException:
            await asyncio.shield(store.release_state(state.digest, at))
            raise
        if await store.settle_state(state.digest, at, seal_outcome(secret, outcome)):
            return outcome
        found = await store.state(state.digest)
        if found is None or found.outcome is None:
            return outcome
        return self._opened(secret, found.outcome)

    async def _outcome(self, state: OAuthState, arrival: Arrival, secret: str, code: str) -> Outcome:
        app = arrival.app
        try:
            # The secret is the nonce of this login: should the outcome get lost, only this browser gets it again.
            tokens = await self._sign_in.sign_in(app, code, secret, None, arrival.visit, kinds=_KINDS)
        except Problem as refusal:
            if refusal.kind in _BEGIN_AGAIN and state.round < ROUNDS:
                return Outcome(onward=await self._again(state, arrival, secret))
            raise
        outcome = Outcome(refresh_token=tokens.refresh_token)
        if state.wanted == "snsapi_base" or await self._profile_is_there(state, arrival, tokens):
            return outcome
        if state.scope != "snsapi_base" or state.round >= ROUNDS:
            return outcome
        onward = await self._beginning.begin(
            app,
            wish_of(state),
            secret,
            scope="snsapi_userinfo",
            round_number=state.round + 1,
            fallback=seal_outcome(secret, outcome),
        )
        return Outcome(refresh_token=tokens.refresh_token, onward=onward)

    async def _profile_is_there(self, state: OAuthState, arrival: Arrival, tokens: TokenSet) -> bool:
        just_allowed = state.scope == "snsapi_userinfo"
        if not just_allowed and await self._profiles.is_fresh(arrival.app, tokens.signed_in):
            return True
        return await self._profiles.read(tokens.signed_in, arrival.language)

    async def _again(self, state: OAuthState, arrival: Arrival, secret: str) -> str:
        return await self._beginning.begin(
            arrival.app,
            wish_of(state),
            secret,
            scope=state.scope,
            round_number=state.round + 1,
            fallback=state.fallback,
        )

    def _opened(self, secret: str, sealed: bytes) -> Outcome:
        outcome = open_outcome(secret, sealed)
        if outcome is None:
            raise Problem(STATE_INVALID, private="sealed for another browser")
        return outcome

    async def _landing(self, state: OAuthState, outcome: Outcome) -> Landing:
        if outcome.onward is not None:
            return Onward(location=outcome.onward)
        if outcome.refresh_token is None:
            raise Problem(STATE_INVALID, private="an outcome without a session")
        signed_in = await self._store.sessions.by_refresh(token_digest(outcome.refresh_token))
        over = signed_in is None or signed_in.session.ended_at is not None
        if signed_in is None or over or signed_in.session.expires_at <= self._clock.now():
            raise Problem(STATE_INVALID, private="its session is over")
        return Home(state=state, refresh_token=outcome.refresh_token, signed_in=signed_in)
