"""Browser logins in memory."""

from typing import Final

from msgspec.structs import replace

from lingpai.model import OAuthState, Ticket, UserToken
from lingpai.storage.memory.fitting import fit
from lingpai.storage.memory.tables import Tables
from lingpai.storage.port import TakenError


class MemoryBrowserLogins:
    def __init__(self, tables: Tables) -> None:
        self._tables: Final = tables

    async def put_state(self, state: OAuthState) -> None:
        fit(state)
        if state.digest in self._tables.oauth_states:
            raise TakenError("digest")
        self._tables.oauth_states[state.digest] = state

    async def state(self, digest: bytes) -> OAuthState | None:
        return self._tables.oauth_states.get(digest)

    async def take_state(self, digest: bytes, at: int, lease: int) -> bool:
        state = self._tables.oauth_states.get(digest)
        if state is None or state.outcome is not None:
            return False
        if state.taken_at is not None and state.taken_at > at - lease:
            return False
        self._tables.oauth_states[digest] = replace(state, taken_at=at)
        return True

    async def settle_state(self, digest: bytes, taken_at: int, outcome: bytes) -> bool:
        return self._change(digest, taken_at, outcome=outcome)

    async def release_state(self, digest: bytes, taken_at: int) -> bool:
        return self._change(digest, taken_at, taken_at=None)

    async def put_ticket(self, ticket: Ticket) -> None:
        fit(ticket)
        if ticket.digest in self._tables.tickets:
            raise TakenError("digest")
        self._tables.tickets[ticket.digest] = ticket

    async def ticket(self, digest: bytes) -> Ticket | None:
        return self._tables.tickets.get(digest)

    async def use_ticket(self, digest: bytes, at: int) -> bool:
        ticket = self._tables.tickets.get(digest)
        if ticket is None or ticket.used_at is not None or ticket.expires_at <= at:
            return False
        self._tables.tickets[digest] = replace(ticket, used_at=at)
        return True

    async def user_token(self, appid: str, openid: str) -> UserToken | None:
        return self._tables.user_tokens.get((appid, openid))

    async def put_user_token(self, token: UserToken) -> None:
        fit(token)
        self._tables.user_tokens[token.appid, token.openid] = token

    async def sweep(self, before: int) -> int:
        tables = self._tables
        states = {key: row for key, row in tables.oauth_states.items() if row.expires_at >= before}
        tickets = {key: row for key, row in tables.tickets.items() if row.expires_at >= before}
        tokens = {key: row for key, row in tables.user_tokens.items() if row.refresh_expires_at >= before}
        held = len(tables.oauth_states) + len(tables.tickets) + len(tables.user_tokens)
        tables.oauth_states, tables.tickets, tables.user_tokens = states, tickets, tokens
        return held - len(states) - len(tickets) - len(tokens)

    def _change(self, digest: bytes, claimed_at: int, **changes: object) -> bool:
        state = self._tables.oauth_states.get(digest)
        if state is None or state.outcome is not None or state.taken_at != claimed_at:
            return False
        self._tables.oauth_states[digest] = replace(state, **changes)
        return True
