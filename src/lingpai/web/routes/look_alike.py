"""WeChat's own token endpoints, for SDKs that cannot ask otherwise: a new base URL, and a service key as secret.

Answers and refusals have WeChat's shape: HTTP 200 and an errcode, whatever happens. The AppSecret is never
taken: a program that sends it here is told to stop.
"""

from typing import Final
from urllib.parse import parse_qsl

import msgspec

from lingpai.errors import Problem, Words
from lingpai.errors.catalogue import CLIENT_INVALID, RATE_LIMITED
from lingpai.errors.catalogue_wechat import WECHAT_TOKEN_REFUSED
from lingpai.keeper import HeldApp, HeldToken, may
from lingpai.model import ServiceKey
from lingpai.storage.port import StorageUnavailableError
from lingpai.web.answering import NO_STORE, Answer, encode_json
from lingpai.web.call import Call
from lingpai.web.endpoint import Endpoint, QueryParameter
from lingpai.web.rooms import Rooms
from lingpai.web.strangers import Strangers

_LIMIT: Final = 4_096
_HEADERS: Final = (
    (b"content-type", b"application/json; encoding=utf-8"),
    NO_STORE,
    (b"x-content-type-options", b"nosniff"),
)
_GRANT: Final = "client_credential"
_REFUSED: Final = 40001


class _RefusedError(Exception):
    """A refusal in WeChat's words."""

    def __init__(self, errcode: int, errmsg: str) -> None:
        super().__init__(errcode)
        self.errcode = errcode
        self.errmsg = errmsg


class _Ask(msgspec.Struct, frozen=True):
    """The body of stable_token. Unknown fields are ignored, as WeChat does."""

    grant_type: str = ""
    appid: str = ""
    secret: str = ""
    force_refresh: bool = False

    def __repr__(self) -> str:
        return f"_Ask({self.appid})"


def endpoints(rooms: Rooms) -> list[Endpoint]:
    """The endpoints of this file."""
    routes = _LookAlike(rooms)
    string = {"type": "string"}
    return [
        Endpoint(
            method="GET",
            path="/cgi-bin/token",
            handle=routes.token,
            summary=Words(
                "WeChat's `cgi-bin/token`, answered from the kept token",
                "与微信 `cgi-bin/token` 同形的接口，返回统一维护的 token",
            ),
            query=(
                QueryParameter("grant_type", string, Words("`client_credential`", "`client_credential`")),
                QueryParameter("appid", string, Words("the AppID", "AppID")),
                QueryParameter(
                    "secret", string, Words("a service key, not the AppSecret", "服务密钥，不是 AppSecret")
                ),
            ),
        ),
        Endpoint(
            method="POST",
            path="/cgi-bin/stable_token",
            handle=routes.stable_token,
            summary=Words(
                "WeChat's `cgi-bin/stable_token`, answered from the kept token",
                "与微信 `cgi-bin/stable_token` 同形的接口，返回统一维护的 token",
            ),
        ),
    ]


class _LookAlike:
    def __init__(self, rooms: Rooms) -> None:
        self._rooms: Final = rooms
        self._strangers: Final = Strangers(rooms.gate, rooms.proxies)
        self._decode: Final = msgspec.json.Decoder(_Ask).decode

    async def token(self, call: Call) -> Answer:
        given = dict(parse_qsl(call.query.decode("latin-1")))
        ask = _Ask(given.get("grant_type", ""), given.get("appid", ""), given.get("secret", ""))
        return await self._answer(call, ask)

    async def stable_token(self, call: Call) -> Answer:
        body = await call.body(_LIMIT)
        try:
            ask = self._decode(body)
        except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError):
            said = "data format error" if body else "empty post data"
            return self._refusal(call, _RefusedError(47001 if body else 44002, said))
        return await self._answer(call, ask)

    async def _answer(self, call: Call, ask: _Ask) -> Answer:
        try:
            app, key = await self._admitted(call, ask)
            self._rooms.gate.backend(key.id)
            token = await self._token(app, key, force=ask.force_refresh)
        except _RefusedError as refusal:
            return self._refusal(call, refusal)
        except StorageUnavailableError:
            return self._refusal(
                call, _RefusedError(-1, "system error: the database of lingpai does not answer")
            )
        except Problem as problem:
            return self._refusal(call, _in_wechats_words(problem))
        self._rooms.service_keys.use(key, "access_token", app.app.appid, token.generation)
        told = {"access_token": token.value.reveal(), "expires_in": token.expires_in}
        return Answer(200, encode_json(told), _HEADERS)

    async def _admitted(self, call: Call, ask: _Ask) -> tuple[HeldApp, ServiceKey]:
        """The app and the key, looked at in WeChat's order: appid, secret, grant_type."""
        rooms = self._rooms
        if not ask.appid:
            raise _RefusedError(41002, "appid missing")
        app = rooms.directory.known(ask.appid)
        if app is None or app.app.appid != ask.appid or not app.app.settings.look_alike:
            raise _RefusedError(
                40013, "invalid appid: not registered at lingpai, or its setting look_alike is off"
            )
        if not ask.secret:
            raise _RefusedError(41004, "appsecret missing: send a service key of lingpai")
        try:
            key = rooms.service_keys.known(ask.secret) or await rooms.service_keys.key(ask.secret)
        except Problem as problem:
            if problem.kind is not CLIENT_INVALID:
                raise
            refusal = self._strangers.unknown(call, problem)
            if refusal is not problem:
                raise refusal from None
            said = "invalid appsecret: lingpai takes a service key here, never the AppSecret"
            raise _RefusedError(40125, said) from None
        if not may(key, "access_token", app.app.appid):
            raise _RefusedError(
                48001, f"api unauthorized: the service key needs the scope access_token:{ask.appid}"
            )
        if ask.grant_type != _GRANT:
            raise _RefusedError(40002, "invalid grant_type")
        return app, key

    async def _token(self, app: HeldApp, key: ServiceKey, *, force: bool) -> HeldToken:
        """The kept token. Who wants to force has seen it fail: that is a report, and nothing more."""
        tokens = self._rooms.tokens
        token = tokens.known(app) or await tokens.get(app)
        if force:
            token = (await tokens.report(app, token.generation, _REFUSED, by=key.id)).token
        return token

    def _refusal(self, call: Call, refusal: _RefusedError) -> Answer:
        seconds = self._rooms.clock.now() // 1_000
        trace = call.request_id.encode().hex().ljust(16, "0")
        told = {
            "errcode": refusal.errcode,
            "errmsg": f"{refusal.errmsg} rid: {seconds:08x}-{trace[:8]}-{trace[8:16]}",
        }
        return Answer(200, encode_json(told), _HEADERS)


def _in_wechats_words(problem: Problem) -> _RefusedError:
    if problem.kind is RATE_LIMITED:
        return _RefusedError(45011, "api minute-quota reach limit  must slower  retry next minute")
    fault = problem.wechat
    if fault is None or problem.kind is WECHAT_TOKEN_REFUSED:
        return _RefusedError(-1, "system error: WeChat gives no access_token now, try again")
    return _RefusedError(fault.errcode, fault.errmsg)
