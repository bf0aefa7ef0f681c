"""How do we talk to WeChat, and what can come back?

One client, many endpoints. An endpoint is data: see ``endpoints/``, one file per first path segment.

    client = WeChatClient(WeChatSettings())
    session = await client.call(SNS_JSCODE2SESSION, JsCode2SessionRequest(...), app="wx00000000000000a1")

A call answers with the endpoint's struct or raises one of the five errors below ``WeChatError``.
This room knows nothing about accounts, sessions or storage, and keeps no token: it carries one
question to WeChat and says what became of it.
"""

from lingpai.wechat._client import WeChatClient
from lingpai.wechat._endpoint import Endpoint, Wire
from lingpai.wechat._errors import (
    WeChatAnswerInvalid,
    WeChatAnswerLost,
    WeChatError,
    WeChatOverloaded,
    WeChatRefused,
    WeChatUnreachable,
)
from lingpai.wechat._raw import RawReply, RawRequest
from lingpai.wechat._reach import NotReached, Reached, reach
from lingpai.wechat._record import CallRecord
from lingpai.wechat._settings import WeChatSettings
from lingpai.wechat.errcodes import Errcode

__all__ = [
    "CallRecord",
    "Endpoint",
    "Errcode",
    "NotReached",
    "RawReply",
    "RawRequest",
    "Reached",
    "WeChatAnswerInvalid",
    "WeChatAnswerLost",
    "WeChatClient",
    "WeChatError",
    "WeChatOverloaded",
    "WeChatRefused",
    "WeChatSettings",
    "WeChatUnreachable",
    "Wire",
    "reach",
]
