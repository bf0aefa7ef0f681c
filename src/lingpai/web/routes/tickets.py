"""Tickets: a session handed to a page, so that no token ever stands in a URL."""

from typing import Annotated, Final

import msgspec

from lingpai.errors import Words
from lingpai.errors.catalogue import (
    APP_UNKNOWN,
    BODY_TOO_LARGE,
    INVALID_REQUEST,
    SESSION_INVALID,
    STORAGE_UNAVAILABLE,
)
from lingpai.errors.catalogue_browser import ORIGIN_NOT_ALLOWED, RETURN_TO_NOT_ALLOWED, TICKET_INVALID
from lingpai.logins.oauth import target_of
from lingpai.web.answering import Answer, json_answer
from lingpai.web.call import Call
from lingpai.web.endpoint import Endpoint
from lingpai.web.reading import JsonReader
from lingpai.web.rooms import Rooms
from lingpai.web.shapes import THE_END, TokensAnswer, Unprinted, tokens_answer
from lingpai.web.signed_in import signed_in_at
from lingpai.web.visiting import visit_of


class TicketRequest(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Which page the session is for."""

    return_to: Annotated[
        str, msgspec.Meta(max_length=2_000, description="the page; its origin is on the app's list")
    ]
    challenge: (
        Annotated[
            str,
            msgspec.Meta(
                pattern=f"^[A-Za-z0-9_-]{{43}}{THE_END}",
                description="base64url(SHA-256(verifier)); then only who knows the verifier can use it",
            ),
        ]
        | None
    ) = None


class TicketAnswer(Unprinted, frozen=True, kw_only=True):
    """A ticket, and the address to open with it."""

    ticket: str
    expires_in: int
    url: str
    """Signs the browser in by a cookie and goes on to the page; with a challenge, the page itself."""


class ExchangeRequest(Unprinted, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A ticket that came in by the page's address."""

    ticket: Annotated[str, msgspec.Meta(max_length=128)]
    verifier: Annotated[str, msgspec.Meta(min_length=43, max_length=128)] | None = None


class _TicketRoutes:
    def __init__(self, rooms: Rooms) -> None:
        self._rooms: Final = rooms
        self._read_request: Final = JsonReader(TicketRequest).read
        self._read_exchange: Final = JsonReader(ExchangeRequest).read

    async def mint(self, call: Call) -> Answer:
        app, signed_in = await signed_in_at(self._rooms, call)
        body = await self._read_request(call)
        target = target_of(body.return_to, app.app.settings.origins)
        minted = await self._rooms.browsers.tickets.mint(
            signed_in, origin=target.origin, return_to=target.address, challenge=body.challenge
        )
        enter = f"{self._rooms.public_url}/v1/{app.app.appid}/oauth/enter?ticket={minted.ticket}"
        url = enter if body.challenge is None else target.with_parameter("ticket", minted.ticket)
        return json_answer(TicketAnswer(ticket=minted.ticket, expires_in=minted.expires_in, url=url))

    async def exchange(self, call: Call) -> Answer:
        name = call.params["app"]
        app = self._rooms.directory.known(name) or await self._rooms.directory.get(name)
        body = await self._read_exchange(call)
        origin = call.header(b"origin")
        tokens = await self._rooms.browsers.tickets.exchange(
            app,
            body.ticket,
            origin=None if origin is None else origin.decode("latin-1"),
            verifier=body.verifier,
            visit=visit_of(self._rooms, call),
        )
        return json_answer(tokens_answer(tokens))


def endpoints(rooms: Rooms) -> list[Endpoint]:
    """The endpoints of this file."""
    routes = _TicketRoutes(rooms)
    return [
        Endpoint(
            method="POST",
            path="/v1/{app}/tickets",
            handle=routes.mint,
            auth="access_token",
            summary=Words(
                "A ticket that takes this session into a web-view", "签发把当前会话带入 web-view 的票据"
            ),
            body=TicketRequest,
            answer=TicketAnswer,
            problems=(
                INVALID_REQUEST,
                RETURN_TO_NOT_ALLOWED,
                SESSION_INVALID,
                ORIGIN_NOT_ALLOWED,
                APP_UNKNOWN,
                BODY_TOO_LARGE,
                STORAGE_UNAVAILABLE,
            ),
        ),
        Endpoint(
            method="POST",
            path="/v1/{app}/tickets/exchange",
            records="ticket",
            counted=True,
            handle=routes.exchange,
            pages=True,
            summary=Words("Tokens for a ticket, asked by the page itself", "页面用票据换取令牌"),
            body=ExchangeRequest,
            answer=TokensAnswer,
            problems=(
                INVALID_REQUEST,
                TICKET_INVALID,
                ORIGIN_NOT_ALLOWED,
                APP_UNKNOWN,
                BODY_TOO_LARGE,
                STORAGE_UNAVAILABLE,
            ),
        ),
    ]
