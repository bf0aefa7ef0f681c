"""What did WeChat say? Bytes in; the endpoint's struct or the error they mean out.

Rules, in this order: only HTTP 200 is an answer. The content type is ignored, WeChat labels JSON
``text/plain``. A byte order mark is skipped and raw control characters, which nicknames have
contained, count as spaces. Then the errcode alone decides: absent, null or 0 is a success (many
successes have none), a numeric string counts as its number. Unknown fields are ignored.
"""

import re
from http import HTTPStatus
from typing import Any, Final, TypeVar

from msgspec import DecodeError, Struct, ValidationError
from msgspec.json import Decoder

from lingpai.wechat._endpoint import AnswerT, Endpoint, RequestT, Wire
from lingpai.wechat._errors import WeChatAnswerInvalid, WeChatError, WeChatRefused

_ERRMSG_LIMIT: Final = 256
_ERRMSG_READ: Final = 1024
_ERRCODE_LIMIT: Final = 2**31
_NUMBER: Final = re.compile(r"-?[0-9]{1,10}", re.ASCII)
_CONTROLS: Final = dict.fromkeys(range(0x20), " ")
# Current: ", rid: 6aac005a-…" or " rid: …". Until 2021: " hint: [x]" and ", hints: [ req_id: x ]".
_TRACE: Final = re.compile(
    r",? (?:rid: ?|hint: ?\[ ?|hints: ?\[ ?req_id: ?)([A-Za-z0-9_.!~-]{1,64})(?: ?\])?\s*\Z"
)


class _Verdict(Struct):
    errcode: Any = None
    errmsg: Any = ""


_VERDICT: Final = Decoder(_Verdict)
_T = TypeVar("_T")


def understand(
    endpoint: Endpoint[RequestT, AnswerT], request: RequestT, status: int, body: bytes
) -> AnswerT | WeChatError:
    """Errors are returned, not raised: a traceback from here would hold the body."""
    if status != HTTPStatus.OK:
        return WeChatAnswerInvalid("status", status)
    try:
        text = str(body, "utf-8")
    except UnicodeDecodeError:
        return WeChatAnswerInvalid("json")
    verdict = _decoded(_VERDICT, text)
    if isinstance(verdict, WeChatAnswerInvalid):
        return verdict
    errcode = _number(verdict.errcode)
    if errcode is None:
        return WeChatAnswerInvalid("shape")
    if errcode:
        return _refusal(errcode, verdict.errmsg, request)
    return _decoded(endpoint.decoder, text)


def _decoded(decoder: Decoder[_T], text: str) -> _T | WeChatAnswerInvalid:
    try:
        try:
            return decoder.decode(text)
        except ValidationError:
            raise
        except DecodeError:
            return decoder.decode(text.removeprefix("\ufeff").translate(_CONTROLS))
    except ValidationError:
        return WeChatAnswerInvalid("shape")
    except (DecodeError, RecursionError):
        return WeChatAnswerInvalid("json")


def _number(errcode: object) -> int | None:
    """0 for a success, None for what is no errcode at all."""
    if errcode is None:
        return 0
    if isinstance(errcode, str) and _NUMBER.fullmatch(errcode):
        errcode = int(errcode)
    if isinstance(errcode, int) and not isinstance(errcode, bool) and abs(errcode) < _ERRCODE_LIMIT:
        return errcode
    return None


def _refusal(errcode: int, errmsg: object, request: Wire) -> WeChatRefused:
    """The errmsg is a stranger's text on its way to logs and people."""
    text = "".join(filter(str.isprintable, errmsg)) if isinstance(errmsg, str) else ""
    for name in request.hidden:
        # Whatever answers might echo the query back.
        secret = getattr(request, name)
        if isinstance(secret, str) and secret:
            text = text.replace(secret, "***")
    text = text[:_ERRMSG_READ]
    trace = _TRACE.search(text)
    if trace is None:
        return WeChatRefused(errcode, text[:_ERRMSG_LIMIT])
    return WeChatRefused(errcode, text[: trace.start()][:_ERRMSG_LIMIT], trace[1])
