"""The standard endpoints: the keys to check our tokens with (RFC 7517), asking about one (RFC 7662)."""

from typing import Final
from urllib.parse import parse_qs

import msgspec

from lingpai.errors import Problem, Words
from lingpai.errors.catalogue import (
    BODY_TOO_LARGE,
    CLIENT_INVALID,
    INVALID_REQUEST,
    SESSION_INVALID,
    STORAGE_UNAVAILABLE,
)
from lingpai.keeper import may
from lingpai.sessions import REFRESH_PREFIX, token_digest
from lingpai.tokens import AccessClaims
from lingpai.web.answering import Answer, encode_json, json_answer
from lingpai.web.call import Call
from lingpai.web.endpoint import Endpoint
from lingpai.web.reading import invalid
from lingpai.web.rooms import Rooms
from lingpai.web.service_caller import service_caller
from lingpai.web.shapes import Unprinted

_LIMIT: Final = 16_384
_SECOND: Final = 1_000


class JwksAnswer(msgspec.Struct, frozen=True):
    """A JWK Set."""

    keys: list[dict[str, str]]


class IntrospectRequest(Unprinted, frozen=True):
    """The form of an introspection request."""

    token: str
    token_type_hint: str | None = None


class IntrospectAnswer(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """What a token is good for; for one that is good for nothing, `active` alone."""

    active: bool
    token_type: str | None = None
    iss: str | None = None
    sub: str | None = None
    aud: str | None = None
    client_id: str | None = None
    sid: str | None = None
    jti: str | None = None
    iat: int | None = None
    exp: int | None = None


_INACTIVE: Final = IntrospectAnswer(active=False)


def endpoints(rooms: Rooms) -> list[Endpoint]:
    """The endpoints of this file."""

    async def jwks(_call: Call) -> Answer:
        body = encode_json(rooms.issuer.ring.jwks(rooms.clock.now()))
        headers = (
            (b"content-type", b"application/jwk-set+json"),
            (b"cache-control", b"public, max-age=300"),
            (b"access-control-allow-origin", b"*"),
        )
        return Answer(200, body, headers)

    async def introspect(call: Call) -> Answer:
        key = await service_caller(rooms, call)
        token = _form_token(await call.body(_LIMIT))
        found = (
            await _refresh_token(rooms, token)
            if token.startswith(REFRESH_PREFIX)
            else _access_token(rooms, token)
        )
        allowed = found.active and may(key, "introspect", found.aud or "")
        rooms.service_keys.use(key, "introspect", found.aud or "" if allowed else "")
        return json_answer(found if allowed else _INACTIVE)

    return [
        Endpoint(
            method="GET",
            path="/oauth2/jwks",
            handle=jwks,
            summary=Words("The keys that check our tokens", "用于验证令牌的公钥"),
            answer=JwksAnswer,
            media_type="application/jwk-set+json",
        ),
        Endpoint(
            method="POST",
            path="/oauth2/introspect",
            handle=introspect,
            auth="service_key",
            summary=Words("Ask whether a token is good", "查询令牌是否有效"),
            body=IntrospectRequest,
            form=True,
            answer=IntrospectAnswer,
            problems=(INVALID_REQUEST, BODY_TOO_LARGE, CLIENT_INVALID, STORAGE_UNAVAILABLE),
        ),
    ]


def _form_token(body: bytes) -> str:
    try:
        fields = parse_qs(body.decode(), keep_blank_values=True, max_num_fields=20)
    except (UnicodeDecodeError, ValueError):
        raise invalid("the body is not a form") from None
    if any(len(values) > 1 for values in fields.values()):
        raise invalid("no field of the form may stand twice")
    token = fields.get("token", [""])[0]
    if not token:
        raise invalid("the form needs the field token")
    return token


def _access_token(rooms: Rooms, token: str) -> IntrospectAnswer:
    try:
        claims: AccessClaims = rooms.running.check(token)
    except Problem as refusal:
        if refusal.kind is not SESSION_INVALID:
            raise
        return _INACTIVE
    return IntrospectAnswer(
        active=True,
        token_type="access_token",  # noqa: S106  a kind of token, not a password
        iss=claims.iss,
        sub=claims.sub,
        aud=claims.aud,
        client_id=claims.client_id,
        sid=claims.sid,
        jti=claims.jti,
        iat=claims.iat,
        exp=claims.exp,
    )


async def _refresh_token(rooms: Rooms, token: str) -> IntrospectAnswer:
    signed_in = await rooms.store.sessions.by_refresh(token_digest(token))
    now = rooms.clock.now()
    if signed_in is None or signed_in.session.ended_at or signed_in.session.expires_at <= now:
        return _INACTIVE
    session = signed_in.session
    return IntrospectAnswer(
        active=True,
        token_type="refresh_token",  # noqa: S106  a kind of token, not a password
        iss=rooms.issuer.issuer,
        sub=session.user_id,
        aud=session.appid,
        client_id=session.appid,
        sid=session.id,
        exp=session.expires_at // _SECOND,
    )
