"""One login, from a code to tokens: prove, then finish; and what happens to a code that comes twice."""

import asyncio
import hashlib
from collections.abc import Collection, Mapping
from typing import Final

import msgspec

from lingpai.errors import Problem
from lingpai.errors.catalogue import (
    APP_KIND_WRONG,
    APP_MISMATCH,
    CODE_INVALID,
    CODE_USED,
    DEVTOOLS_MOCK_CODE,
    RESTART_LOGIN,
)
from lingpai.keeper import HeldApp
from lingpai.limits import Gate
from lingpai.logins.codes import Codes
from lingpai.logins.finish import Finish, Visit
from lingpai.logins.history import History
from lingpai.logins.port import Flow
from lingpai.logins.retry import Retrying, retry_key
from lingpai.model import AppKind
from lingpai.observe import flight
from lingpai.sessions import TokenSet
from lingpai.storage.port import CodeSpentError


class Presented(msgspec.Struct, frozen=True):
    """A code as it was presented at an app."""

    app: HeldApp
    code: str
    digest: bytes
    """SHA-256 of the code."""
    retry_key: bytes | None
    """From the code and the client's nonce; None: this client cannot prove that it is the same one."""
    visit: Visit

    def __repr__(self) -> str:
        return f"Presented({self.app.app.appid})"

    @property
    def name(self) -> tuple[str, bytes]:
        """What is unique of it."""
        return self.app.app.appid, self.digest


_OF_NO_USE: Final = (CODE_INVALID, CODE_USED, DEVTOOLS_MOCK_CODE)
_BY_CODE_ALONE: Final[tuple[AppKind, ...]] = ("miniprogram",)


class SignIn:
    """Signs people in with one-time codes."""

    def __init__(
        self,
        flows: Mapping[AppKind, Flow],
        finish: Finish,
        retrying: Retrying,
        history: History,
        gate: Gate,
    ) -> None:
        self._flows: Final = flows
        self._finish: Final = finish
        self._retrying: Final = retrying
        self._history: Final = history
        self._gate: Final = gate
        self._codes: Final = Codes()

    async def sign_in(
        self,
        app: HeldApp,
        code: str,
        nonce: str | None,
        client_appid: str | None,
        visit: Visit,
        *,
        kinds: Collection[AppKind] = _BY_CODE_ALONE,
    ) -> TokenSet:
        """Tokens of a new session, or of the same one for a retry by the same client.

        `client_appid` is what the client believes it is. `kinds` of app may come this way: a code of an
        authorization page counts only behind its one-time state. Raises Problem; StorageUnavailableError.
        Every outcome is written to the history of logins, once.
        """
        own = flight()
        if own is not None:
            own.nonce = nonce is not None
        try:
            flow = self._flow(app, client_appid, kinds)
            self._gate.login(app.app, visit.address)
            key = None if nonce is None else retry_key(code, nonce)
            digest = hashlib.sha256(code.encode()).digest()
            tokens = await self._alone(flow, Presented(app, code, digest, key, visit))
        except Exception as error:
            if isinstance(error, Problem) and error.kind in _OF_NO_USE:
                self._gate.code_failed(visit.address)
            self._history.refused(app.app.appid, error, visit)
            raise
        self._history.signed_in(tokens, visit)
        return tokens

    def _flow(self, app: HeldApp, client_appid: str | None, kinds: Collection[AppKind]) -> Flow:
        appid, kind = app.app.appid, app.app.kind
        if client_appid is not None and client_appid != appid:
            raise Problem(APP_MISMATCH, facts={"client": client_appid, "server": appid})
        flow = self._flows.get(kind) if kind in kinds else None
        if flow is None:
            raise Problem(APP_KIND_WRONG, facts={"app": appid, "kind": kind})
        return flow

    async def _alone(self, flow: Flow, presented: Presented) -> TokenSet:
        under_way = self._codes.in_flight(presented.name)
        if under_way is not None:
            if not under_way.is_of(presented.retry_key):
                raise Problem(CODE_USED)
            return await asyncio.shield(under_way.outcome)
        self._codes.begin(presented.name, presented.retry_key)
        try:
            tokens = await self._exchange(flow, presented)
        except BaseException as error:
            lost = Problem(RESTART_LOGIN) if isinstance(error, asyncio.CancelledError) else error
            self._codes.failed(presented.name, lost)
            raise
        self._codes.succeeded(presented.name, tokens)
        return tokens

    async def _exchange(self, flow: Flow, presented: Presented) -> TokenSet:
        if self._codes.was_spent(presented.name):
            return await self._spent(presented, Problem(CODE_USED))
        try:
            proven = await flow.prove(presented.app, presented.code)
        except Problem as refusal:
            if refusal.kind not in (CODE_USED, CODE_INVALID):
                raise
            return await self._spent(presented, refusal)
        self._gate.person(presented.app.app.appid, proven.openid)
        try:
            return await self._finish.finish(
                presented.app, proven, presented.digest, presented.visit, presented.retry_key
            )
        except CodeSpentError:
            return await self._spent(presented, Problem(CODE_USED))

    async def _spent(self, presented: Presented, refusal: Problem) -> TokenSet:
        attempt = await self._retrying.attempt(*presented.name)
        if attempt is not None:
            return await self._retrying.again(attempt, presented.retry_key)
        if refusal.kind is CODE_USED and presented.retry_key is not None:
            # Consumed at WeChat, and no session of ours came of it: a crash or a lost answer in
            # between. A client with a nonce knows how to begin again without asking its user.
            raise Problem(RESTART_LOGIN, wechat=refusal.wechat) from None
        raise refusal
