"""The session_key of the person who is signed in: whether it is in force, and replacing it. It is never shown."""

from typing import Final

import msgspec

from lingpai.errors import Words
from lingpai.errors.catalogue import APP_UNKNOWN, SESSION_INVALID, STORAGE_UNAVAILABLE
from lingpai.errors.catalogue_open_data import SESSION_KEY_STALE
from lingpai.errors.catalogue_wechat import (
    WECHAT_BUSY,
    WECHAT_CREDENTIALS,
    WECHAT_IP_NOT_ALLOWED,
    WECHAT_QUOTA,
    WECHAT_RATE_LIMITED,
)
from lingpai.web.answering import Answer, json_answer
from lingpai.web.call import Call
from lingpai.web.endpoint import Endpoint
from lingpai.web.rooms import Rooms
from lingpai.web.signed_in import signed_in_at


class ValidAnswer(msgspec.Struct, frozen=True):
    """Whether the key this server holds is the one WeChat has: then fresh encrypted data can be read."""

    valid: bool


class DoneAnswer(msgspec.Struct, frozen=True):
    """Done; there is nothing to tell."""


_PROBLEMS: Final = (
    APP_UNKNOWN,
    SESSION_INVALID,
    STORAGE_UNAVAILABLE,
    WECHAT_BUSY,
    WECHAT_RATE_LIMITED,
    WECHAT_QUOTA,
    WECHAT_CREDENTIALS,
    WECHAT_IP_NOT_ALLOWED,
)


def endpoints(rooms: Rooms) -> list[Endpoint]:
    """The endpoints of this file."""

    async def check(call: Call) -> Answer:
        app, who = await signed_in_at(rooms, call)
        rooms.gate.person(app.app.appid, who.session.openid)
        return json_answer(ValidAnswer(await rooms.session_keys.valid(app, who)))

    async def reset(call: Call) -> Answer:
        app, who = await signed_in_at(rooms, call)
        rooms.gate.person(app.app.appid, who.session.openid)
        await rooms.session_keys.reset(app, who)
        return json_answer(DoneAnswer())

    return [
        Endpoint(
            method="GET",
            path="/v1/{app}/session-key",
            handle=check,
            auth="access_token",
            summary=Words("Whether our session_key is WeChat's", "服务器持有的 session_key 是否仍然有效"),
            answer=ValidAnswer,
            problems=_PROBLEMS,
        ),
        Endpoint(
            method="POST",
            path="/v1/{app}/session-key/reset",
            handle=reset,
            auth="access_token",
            summary=Words("Have WeChat replace the session_key", "让微信更换 session_key"),
            answer=DoneAnswer,
            problems=(*_PROBLEMS, SESSION_KEY_STALE),
        ),
    ]
