"""What remembering promises of browser logins: states, tickets, WeChat's tokens of a person."""

from typing import Protocol

from lingpai.model import OAuthState, Ticket, UserToken


class BrowserLogins(Protocol):
    """One-time things are used by one conditional write each: of any number of callers, one gets it."""

    async def put_state(self, state: OAuthState) -> None:
        """Raises TakenError (`digest`)."""
        ...

    async def state(self, digest: bytes) -> OAuthState | None:
        """The state, also one that was used or has expired."""
        ...

    async def take_state(self, digest: bytes, at: int, lease: int) -> bool:
        """Claim the one exchange with WeChat. False: somebody has it, or it has been made.

        A claim whose holder did not settle within `lease` milliseconds may be taken over.
        """
        ...

    async def settle_state(self, digest: bytes, taken_at: int, outcome: bytes) -> bool:
        """Write what came of the exchange. False when it was settled before, or the claim was lost."""
        ...

    async def release_state(self, digest: bytes, taken_at: int) -> bool:
        """Give the claim back: nothing came of it. False when it is no longer this one's."""
        ...

    async def put_ticket(self, ticket: Ticket) -> None:
        """Raises TakenError (`digest`)."""
        ...

    async def ticket(self, digest: bytes) -> Ticket | None:
        """The ticket, also one that was used or has expired."""
        ...

    async def use_ticket(self, digest: bytes, at: int) -> bool:
        """Use it up. False: used before, expired at `at`, or never there."""
        ...

    async def user_token(self, appid: str, openid: str) -> UserToken | None: ...

    async def put_user_token(self, token: UserToken) -> None:
        """Replace the tokens of this person at this app."""
        ...

    async def sweep(self, before: int) -> int:
        """Remove what expired before this instant; how many rows went."""
        ...
