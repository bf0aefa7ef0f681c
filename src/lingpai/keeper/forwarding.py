"""Calls that backends make to WeChat through us: only to paths an operator listed, with the kept access_token."""

import re
from typing import Final
from urllib.parse import unquote_plus

import msgspec

from lingpai.errors import Problem, Words
from lingpai.errors.catalogue import INVALID_REQUEST, PATH_NOT_FORWARDED
from lingpai.keeper.access_tokens import AccessTokens
from lingpai.keeper.calls import translated
from lingpai.keeper.checking import TOKEN_IS_BAD
from lingpai.keeper.directory import HeldApp
from lingpai.wechat import RawReply, RawRequest, WeChatClient, WeChatError

_PATH: Final = re.compile(r"(?:/[A-Za-z0-9_-]{1,64}){1,8}")
_QUERY: Final = re.compile(r"[!-~]{0,4096}")
_TYPE: Final = re.compile(r"[ -~]{1,200}")
_NEVER: Final = ("/cgi-bin/token", "/cgi-bin/stable_token", "/cgi-bin/component", "/cgi-bin/ticket", "/sns")
"""They give credentials, which is what nobody should need any more."""
_LARGEST_REFUSAL: Final = 4_096
_NOT_A_PATH: Final = Words(
    "The path, the query or the content type has characters that WeChat's interfaces do not have.",
    "路径、查询串或 content-type 含有微信接口不会出现的字符。",
)


class _Verdict(msgspec.Struct):
    errcode: int = 0


class Forwarding:
    """Forwards calls, and renews the token once when WeChat refuses it."""

    def __init__(self, client: WeChatClient, tokens: AccessTokens) -> None:
        self._client: Final = client
        self._tokens: Final = tokens

    async def forward(self, app: HeldApp, request: RawRequest, *, by: str) -> RawReply:
        """What WeChat answers, as it is; `by` names the caller.

        The caller's own access_token is removed. No header of the caller goes along but the content type.
        Raises Problem path_not_forwarded, invalid_request, wechat_*; StorageUnavailableError.
        """
        path, query = request.path, request.query
        if not (_PATH.fullmatch(path) and _QUERY.fullmatch(query) and _TYPE.fullmatch(request.content_type)):
            raise Problem(INVALID_REQUEST, facts={"what": _NOT_A_PATH})
        if not allowed(path, app.app.settings.forward_paths):
            raise Problem(PATH_NOT_FORWARDED, facts={"path": path, "app": app.app.slug})
        request = msgspec.structs.replace(request, query=without_token(query))
        token = await self._tokens.get(app)
        reply = await self._ask(app, request, token.value.reveal())
        errcode = _errcode(reply)
        if errcode in TOKEN_IS_BAD:
            report = await self._tokens.report(app, token.generation, errcode, by=by)
            if report.token.value != token.value:
                reply = await self._ask(app, request, report.token.value.reveal())
        return reply

    async def _ask(self, app: HeldApp, request: RawRequest, access_token: str) -> RawReply:
        try:
            return await self._client.forward(request, access_token, app=app.app.appid)
        except WeChatError as error:
            raise translated(error, app.app.appid) from None


def allowed(path: str, listed: tuple[str, ...]) -> bool:
    """Whether an operator listed the path: itself, or all below it with `/*` at the end."""
    if any(path == never or path.startswith(never + "/") for never in _NEVER):
        return False
    return any(path == entry or (entry.endswith("/*") and path.startswith(entry[:-1])) for entry in listed)


def without_token(query: str) -> str:
    """The query string without any access_token, however it is spelt."""
    kept = [pair for pair in query.split("&") if pair and not _names_a_token(pair)]
    return "&".join(kept)


def _names_a_token(pair: str) -> bool:
    return unquote_plus(pair.partition("=")[0]).strip().lower() == "access_token"


def _errcode(reply: RawReply) -> int:
    """The errcode of a refusal; 0 for anything else, a picture for one."""
    if len(reply.body) > _LARGEST_REFUSAL or not reply.body.lstrip().startswith(b"{"):
        return 0
    try:
        return msgspec.json.decode(reply.body, type=_Verdict).errcode
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError):
        return 0
