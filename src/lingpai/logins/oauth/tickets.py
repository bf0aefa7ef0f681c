"""A session on its way to a page of another origin: a ticket that works once, soon, there."""

import hashlib
import hmac
from base64 import urlsafe_b64encode
from typing import Final

import msgspec

from lingpai.clock import MINUTE, SECOND, Clock
from lingpai.errors import Problem
from lingpai.errors.catalogue_browser import ORIGIN_NOT_ALLOWED, TICKET_INVALID
from lingpai.keeper import HeldApp
from lingpai.logins.finish import Finish, Visit
from lingpai.logins.history import History
from lingpai.model import ProvenIdentity, SignedIn, Ticket
from lingpai.secret import open_under, random_token, seal_under
from lingpai.sessions import RunningSessions, TokenSet, token_digest, token_set
from lingpai.storage.port import CodeSpentError, Store
from lingpai.tokens import Issuer

TICKET_PREFIX: Final = "lpt_"
TICKET_LIFE: Final = MINUTE
_PURPOSE: Final = "lingpai ticket"


class MintedTicket(msgspec.Struct, frozen=True, kw_only=True):
    """A ticket in the clear, for whoever carries it."""

    ticket: str
    expires_in: int

    def __repr__(self) -> str:
        return "MintedTicket(…)"


class PageTickets:
    """Mints tickets and takes them in."""

    def __init__(
        self,
        store: Store,
        finish: Finish,
        issuer: Issuer,
        running: RunningSessions,
        clock: Clock,
        *,
        history: History,
    ) -> None:
        self._store: Final = store
        self._finish: Final = finish
        self._history: Final = history
        self._issuer: Final = issuer
        self._running: Final = running
        self._clock: Final = clock

    async def mint(
        self,
        signed_in: SignedIn,
        *,
        origin: str,
        return_to: str,
        challenge: str | None = None,
        refresh_token: str | None = None,
    ) -> MintedTicket:
        """A ticket for a page of `origin`. Raises StorageUnavailableError.

        With `refresh_token` it hands over that very session, sealed under the ticket itself; without one, a new
        session of the same person at the same app begins when the ticket comes in.
        """
        ticket = random_token(TICKET_PREFIX)
        sealed = None
        if refresh_token is not None:
            sealed = seal_under(ticket.encode(), refresh_token.encode(), _PURPOSE)
        session = signed_in.session
        await self._store.browser_logins.put_ticket(
            Ticket(
                digest=_digest(ticket),
                appid=session.appid,
                openid=session.openid,
                session_id=session.id,
                origin=origin,
                return_to=return_to,
                challenge=challenge,
                sealed=sealed,
                expires_at=self._clock.now() + TICKET_LIFE,
            )
        )
        return MintedTicket(ticket=ticket, expires_in=TICKET_LIFE // SECOND)

    async def exchange(
        self, app: HeldApp, ticket: str, *, origin: str | None, verifier: str | None, visit: Visit
    ) -> TokenSet:
        """Tokens for the page the ticket was meant for.

        A wrong page, app or verifier does not use the ticket up. Raises Problem ticket_invalid, origin_not_allowed.
        """
        row = await self._current(app, ticket)
        if origin != row.origin:
            raise Problem(ORIGIN_NOT_ALLOWED, private="the ticket is for another origin")
        if row.challenge is not None and not _proves(verifier, row.challenge):
            raise Problem(TICKET_INVALID, private="the verifier does not match")
        return await self._used(app, row, ticket, visit)

    async def enter(self, app: HeldApp, ticket: str, visit: Visit) -> tuple[TokenSet, str]:
        """Tokens for a browser that was sent here with a ticket, and the page it goes on to.

        Only for tickets that begin a session; one that belongs to a page's own script is not for this way.
        Raises Problem ticket_invalid.
        """
        row = await self._current(app, ticket)
        if row.challenge is not None or row.sealed is not None:
            raise Problem(TICKET_INVALID, private="meant for a page's script")
        return await self._used(app, row, ticket, visit), row.return_to

    async def _current(self, app: HeldApp, ticket: str) -> Ticket:
        row = await self._store.browser_logins.ticket(_digest(ticket))
        if row is None or row.appid != app.app.appid:
            raise Problem(TICKET_INVALID, private="unknown, or of another app")
        if row.used_at is not None or row.expires_at <= self._clock.now():
            raise Problem(TICKET_INVALID, private="used or expired")
        return row

    async def _used(self, app: HeldApp, row: Ticket, ticket: str, visit: Visit) -> TokenSet:
        now = self._clock.now()
        if not await self._store.browser_logins.use_ticket(row.digest, now):
            raise Problem(TICKET_INVALID, private="used meanwhile")
        parent = await self._store.sessions.get(row.session_id)
        if parent is None or parent.session.ended_at is not None or parent.session.expires_at <= now:
            raise Problem(TICKET_INVALID, private="its session is over")
        if row.sealed is not None:
            return await self._same(row.sealed, ticket, now)
        return await self._new(app, row, parent, visit)

    async def _same(self, sealed: bytes, ticket: str, now: int) -> TokenSet:
        opened = open_under(ticket.encode(), sealed, _PURPOSE)
        refresh_token = "" if opened is None else opened.decode()
        signed_in = await self._store.sessions.by_refresh(token_digest(refresh_token))
        if signed_in is None:
            raise Problem(TICKET_INVALID, private="its session has moved on")
        self._running.started(signed_in)
        return token_set(self._issuer, signed_in, refresh_token, now=now)

    async def _new(self, app: HeldApp, row: Ticket, parent: SignedIn, visit: Visit) -> TokenSet:
        proven = ProvenIdentity(openid=row.openid, unionid=parent.unionid, session_key=None)
        try:
            # The ticket stands where a code stands: one session at most comes of it.
            tokens = await self._finish.finish(app, proven, row.digest, visit, None)
        except CodeSpentError:
            raise Problem(TICKET_INVALID, private="used meanwhile") from None
        self._history.signed_in(tokens, visit)
        return tokens


def challenge_of(verifier: str) -> str:
    """base64url(SHA-256(verifier)) (RFC 7636, S256)."""
    return urlsafe_b64encode(hashlib.sha256(verifier.encode()).digest()).rstrip(b"=").decode()


def _proves(verifier: str | None, challenge: str) -> bool:
    return verifier is not None and hmac.compare_digest(challenge_of(verifier), challenge)


def _digest(ticket: str) -> bytes:
    return hashlib.sha256(ticket.encode("utf-8", "surrogatepass")).digest()
