"""Trying a token that somebody reported: is it dead, or is the call wrong that carried it?"""

from typing import Final, Protocol

from lingpai.keeper.directory import HeldApp
from lingpai.keeper.held import Held
from lingpai.keeper.node import Node
from lingpai.keeper.renewal import LEASE, Renewal, shared
from lingpai.model import Checked, Claim, Claimed, Forcing, NotClaimed
from lingpai.observe import logger
from lingpai.secret import Secret
from lingpai.wechat import Errcode, WeChatClient, WeChatError, WeChatRefused
from lingpai.wechat.endpoints.cgi_bin import CGI_BIN_GET_API_DOMAIN_IP, ApiDomainIpRequest

TOKEN_IS_BAD: Final = frozenset(
    {Errcode.INVALID_CREDENTIAL, Errcode.INVALID_ACCESS_TOKEN, Errcode.ACCESS_TOKEN_EXPIRED}
)
"""What WeChat says when it is the token that is wrong. 41001 says that a call carried none."""


class Probe(Protocol):
    """Finds out whether WeChat takes a token."""

    async def good(self, appid: str, token: Secret) -> bool | None:
        """None: WeChat did not say."""
        ...


class DomainIpProbe:
    """Asks for the addresses of WeChat's hosts: every app with a good token may."""

    def __init__(self, client: WeChatClient) -> None:
        self._client: Final = client

    async def good(self, appid: str, token: Secret) -> bool | None:
        request = ApiDomainIpRequest(token.reveal())
        try:
            await self._client.call(CGI_BIN_GET_API_DOMAIN_IP, request, app=appid)
        except WeChatRefused as refusal:
            return False if refusal.errcode in TOKEN_IS_BAD else None
        except WeChatError:
            return None
        return True


class Checking:
    """Checks tokens of one kind, under the same claims as renewals."""

    def __init__(self, node: Node, renewal: Renewal, probe: Probe) -> None:
        self._renewal: Final = renewal
        self._probe: Final = probe
        self._tokens: Final = node.store.access_tokens
        self._clock: Final = node.clock
        self._node: Final = node

    async def check(self, app: HeldApp, held: Held) -> None:
        """Try the present token, and replace it when it is dead. Does nothing when it was tried just now.

        Raises StorageUnavailableError, Problem.
        """
        asked_at = self._clock.monotonic()
        claim = Claim(
            appid=app.app.appid,
            kind=self._renewal.source.kind,
            generation=held.row.generation if held.row else 0,
            owner=self._node.owner,
            lease=LEASE,
            secret_version=app.secret_version,
            why="check",
        )
        answer = await shared(self._tokens.claim(claim))
        await self._node.sealer.prepare(answer.row.sealed)
        held.adopt(answer.row, answer.now, asked_at)
        if isinstance(answer, NotClaimed) or held.value is None:
            return
        self._renewal.mind_budget(answer.row)
        if self._renewal.source.breaking:
            await self._check_legacy(app, held, answer, held.value)
        else:
            await self._check_stable(app, held, answer, held.value)

    async def _check_stable(self, app: HeldApp, held: Held, claimed: Claimed, token: Secret) -> None:
        """Ask again: another token means that somebody ended ours. The same one is tried, and forced if dead."""
        asked_at = self._clock.monotonic()
        try:
            fresh = await self._renewal.ask(app)
        except WeChatError as error:
            await self._renewal.set_back(held, claimed, error, asked_at)
            return
        if not self._renewal.is_on_record(claimed.row, fresh):
            await self._renewal.keep(held, claimed, fresh, asked_at, replaced=True)
            return
        good = await self._probe.good(app.app.appid, token)
        if good is False and await self._may_force(claimed):
            await self._renewal.fetch(app, held, claimed, replaced=True, force=True)
            return
        await self._told(held, claimed, good=good)

    async def _check_legacy(self, app: HeldApp, held: Held, claimed: Claimed, token: Secret) -> None:
        """Asking again would end the present token, so it is tried first."""
        good = await self._probe.good(app.app.appid, token)
        await self._told(held, claimed, good=good)
        if good is False:
            await self._renewal.renew(app, held, urgent=True, replaced=True)

    async def _may_force(self, claimed: Claimed) -> bool:
        row = claimed.row
        wish = Forcing(appid=row.appid, kind=row.kind, fence=row.fence, lease=LEASE)
        allowed = await shared(self._tokens.force(wish))
        if not allowed:
            logger().error("token_force_budget_spent", app=row.appid, kind=row.kind)
        return allowed

    async def _told(self, held: Held, claimed: Claimed, *, good: bool | None) -> None:
        row = claimed.row
        await shared(
            self._tokens.checked(Checked(appid=row.appid, kind=row.kind, fence=row.fence, good=good))
        )
        await self._renewal.look(row.appid, held)
