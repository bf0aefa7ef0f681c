"""WeChat's token rules as its pages tell them, for one process and virtual time; nothing of the server's is used."""

import asyncio
import random
from collections import defaultdict
from dataclasses import dataclass, field

from lingpai.wechat import (
    WeChatAnswerInvalid,
    WeChatAnswerLost,
    WeChatError,
    WeChatRefused,
    WeChatUnreachable,
)
from lingpai.wechat.endpoints.cgi_bin import AccessToken, ApiDomainIp

OVERLAP = 300.0
CLIENT_PATIENCE = 4.0


@dataclass
class Token:
    value: str
    promised_until: float
    """What expires_in said: nobody may be given the token later."""
    ends_at: float
    changed_at: float | None = None
    """When WeChat ended it before its time."""


@dataclass
class Account:
    """One app at WeChat."""

    stable: list[Token] = field(default_factory=list)
    legacy: list[Token] = field(default_factory=list)
    secret: str = "secret-1"
    forced_at: float = float("-inf")


@dataclass
class Trouble:
    """What is wrong with WeChat now, for everybody or for one node."""

    errcode: int | None = None
    lose: str | None = None
    """`request`, `answer`, or `connect`."""
    garbage: bool = False
    delay: float = 0.0
    lifetime: int | None = None


class PretendWechat:
    def __init__(self, loop, chance: random.Random, *, lifetime: int) -> None:
        self._loop = loop
        self._chance = chance
        self._lifetime = lifetime
        self.accounts: dict[str, Account] = defaultdict(Account)
        self.tokens: dict[str, Token] = {}
        self.calls: list[tuple[float, str, str]] = []
        self.forced: dict[str, list[float]] = defaultdict(list)
        self.troubles: dict[str, Trouble] = {}
        """By node, or `*`."""
        self._serial = 0

    # The rules

    def good(self, value: str) -> bool:
        token = self.tokens.get(value)
        return token is not None and self._loop.at < token.ends_at

    def ended_for(self, value: str) -> float:
        """Seconds since WeChat ended the token before its time; 0 while it works."""
        token = self.tokens[value]
        return max(0.0, self._loop.at - token.ends_at)

    def fetch_legacy(self, appid: str) -> Token:
        account, now = self.accounts[appid], self._loop.at
        for former in account.legacy:
            if former.ends_at > now + OVERLAP:
                former.ends_at, former.changed_at = now + OVERLAP, now
        return self._mint(account.legacy)

    def fetch_stable(self, appid: str, *, force: bool = False) -> Token:
        account, now = self.accounts[appid], self._loop.at
        newest = account.stable[-1] if account.stable else None
        if force and now - account.forced_at >= 30:
            account.forced_at = now
            for former in account.stable:
                if former.ends_at > now:
                    former.ends_at, former.changed_at = now, now
            return self._mint(account.stable)
        if newest is not None and newest.promised_until - now >= OVERLAP:
            return newest
        return self._mint(account.stable)

    def _mint(self, line: list[Token]) -> Token:
        self._serial += 1
        trouble = self.troubles.get("*") or Trouble()
        life = trouble.lifetime or self._lifetime
        now = self._loop.at
        token = Token(f"{self._serial}_{self._chance.getrandbits(64):016x}", now + life, now + life)
        line.append(token)
        self.tokens[token.value] = token
        return token

    # The wire

    async def serve(self, node: str, path: str, request, app: str):
        """One call of one node, with all that may befall it."""
        trouble = self.troubles.get(node) or self.troubles.get("*") or Trouble()
        if trouble.lose == "connect":
            await asyncio.sleep(0.05)
            raise WeChatUnreachable("connect")
        outward = 0.02 + self._chance.random() * 0.05 + trouble.delay * self._chance.random()
        if trouble.lose == "request":
            await asyncio.sleep(CLIENT_PATIENCE)
            raise WeChatAnswerLost("timeout")
        if outward >= CLIENT_PATIENCE:
            # The request is under way still, and arrives when its caller has long given up.
            self._loop.call_later(outward, self._arrive_unheard, path, request, app)
            await asyncio.sleep(CLIENT_PATIENCE)
            raise WeChatAnswerLost("timeout")
        await asyncio.sleep(outward)
        self.calls.append((self._loop.at, path, app))
        if trouble.errcode is not None and path != "/cgi-bin/get_api_domain_ip":
            raise WeChatRefused(
                trouble.errcode, "invalid ip 203.0.113.7 ipv6 ::ffff:203.0.113.7, not in whitelist"
            )
        answer = self._answer(path, request, app)
        if trouble.lose == "answer":
            await asyncio.sleep(CLIENT_PATIENCE - outward)
            raise WeChatAnswerLost("connection")
        if trouble.garbage:
            raise WeChatAnswerInvalid("json")
        await asyncio.sleep(0.02 + self._chance.random() * 0.05)
        if isinstance(answer, WeChatError):
            raise answer
        return answer

    def _arrive_unheard(self, path: str, request, app: str) -> None:
        self.calls.append((self._loop.at, path, app))
        self._answer(path, request, app)

    def _answer(self, path: str, request, app: str):
        if path == "/cgi-bin/get_api_domain_ip":
            if self.good(request.access_token):
                return ApiDomainIp(["203.0.113.0/24"])
            return WeChatRefused(40001, "invalid credential, access_token is invalid or not latest")
        if request.secret != self.accounts[app].secret:
            return WeChatRefused(40125, "invalid appsecret")
        if path == "/cgi-bin/token":
            token = self.fetch_legacy(app)
        else:
            token = self.fetch_stable(app, force=request.force_refresh)
            if request.force_refresh:
                self.forced[app].append(self._loop.at)
        return AccessToken(token.value, int(token.promised_until - self._loop.at))


class Line:
    """One node's client: what a `WeChatClient` offers to the keeper."""

    def __init__(self, wechat: PretendWechat, node) -> None:
        self._wechat = wechat
        self._node = node

    async def call(self, endpoint, request, *, app: str):
        try:
            return await self._wechat.serve(self._node.name, endpoint.path, request, app)
        finally:
            await self._node.awake()
