"""Being signed in: asking, going on, ending."""

from typing import Annotated, Final
from urllib.parse import parse_qs

import msgspec

from lingpai.clock import SECOND
from lingpai.errors import Words
from lingpai.errors.catalogue import BODY_TOO_LARGE, INVALID_REQUEST, SESSION_INVALID, STORAGE_UNAVAILABLE
from lingpai.web.answering import Answer, json_answer, no_content
from lingpai.web.call import Call
from lingpai.web.cookies import without_session_cookie
from lingpai.web.endpoint import Endpoint, QueryParameter
from lingpai.web.reading import JsonReader, invalid
from lingpai.web.rooms import Rooms
from lingpai.web.shapes import Nonce, TokensAnswer, Unprinted, UserAnswer, tokens_answer, user_answer
from lingpai.web.signed_in import whose

_EVERYWHERE: Final = QueryParameter(
    "everywhere",
    {"type": "boolean"},
    Words("end every session of this user", "结束该用户的全部会话"),
)


class SessionAnswer(msgspec.Struct, frozen=True, kw_only=True):
    """A running session."""

    active: bool
    user: UserAnswer
    app: str
    """The AppID it belongs to."""
    expires_in: int
    """Seconds the access token still lives."""


class RefreshRequest(Unprinted, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A refresh token to be replaced."""

    refresh_token: Annotated[str, msgspec.Meta(min_length=1, max_length=256)]
    nonce: Nonce | None = None
    """Sent again with a retry, it proves the same client; without it the User-Agent has to do."""


def endpoints(rooms: Rooms) -> list[Endpoint]:
    """The endpoints of this file."""
    routes = _SessionRoutes(rooms)
    return [
        Endpoint(
            method="GET",
            path="/v1/session",
            handle=routes.show,
            hot=True,
            auth="access_token",
            summary=Words("Who is signed in", "查询当前登录状态"),
            answer=SessionAnswer,
            problems=(SESSION_INVALID, STORAGE_UNAVAILABLE),
        ),
        Endpoint(
            method="POST",
            path="/v1/session/refresh",
            records="refresh",
            counted=True,
            handle=routes.refresh,
            pages=True,
            hot=True,
            summary=Words("Replace a refresh token", "用 refresh token 换取新令牌"),
            body=RefreshRequest,
            answer=TokensAnswer,
            problems=(INVALID_REQUEST, BODY_TOO_LARGE, SESSION_INVALID, STORAGE_UNAVAILABLE),
        ),
        Endpoint(
            method="DELETE",
            path="/v1/session",
            handle=routes.end,
            auth="access_token",
            summary=Words("Sign out, here or everywhere", "退出登录（当前会话或全部会话）"),
            query=(_EVERYWHERE,),
            status=204,
            problems=(INVALID_REQUEST, SESSION_INVALID, STORAGE_UNAVAILABLE),
        ),
    ]


class _SessionRoutes:
    def __init__(self, rooms: Rooms) -> None:
        self._rooms: Final = rooms
        self._read_refresh: Final = JsonReader(RefreshRequest).read

    async def show(self, call: Call) -> Answer:
        claims = await whose(self._rooms, call)
        signed_in = await self._rooms.running.view(claims)
        return json_answer(
            SessionAnswer(
                active=True,
                user=user_answer(signed_in),
                app=claims.aud,
                expires_in=max(0, claims.exp - self._rooms.clock.now() // SECOND),
            )
        )

    async def refresh(self, call: Call) -> Answer:
        body = await self._read_refresh(call)
        client = f"nonce {body.nonce}" if body.nonce else f"agent {call.user_agent}"
        return json_answer(tokens_answer(await self._rooms.refreshing.refresh(body.refresh_token, client)))

    async def end(self, call: Call) -> Answer:
        everywhere = _everywhere(call.query)
        claims = await whose(self._rooms, call)
        if everywhere:
            await self._rooms.ending.end_all(claims.sub)
        else:
            await self._rooms.ending.end(claims.sid)
        return without_session_cookie(call, no_content(), self._rooms.public_url)


def _everywhere(query: bytes) -> bool:
    """Whether `?everywhere=true`. A misspelt wish to end everything must not end less in silence."""
    if not query:
        return False
    values = parse_qs(query.decode("latin-1"), keep_blank_values=True)
    if set(values) != {"everywhere"} or values["everywhere"] not in (["true"], ["false"]):
        raise invalid("the only query parameter is everywhere=true or everywhere=false")
    return values["everywhere"] == ["true"]
