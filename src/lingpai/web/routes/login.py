"""Signing in: `POST /v1/{app}/login`."""

from typing import Annotated, Final

import msgspec

from lingpai.errors import Words
from lingpai.errors.catalogue import (
    APP_KIND_WRONG,
    APP_MISMATCH,
    APP_UNKNOWN,
    BODY_TOO_LARGE,
    CODE_INVALID,
    CODE_USED,
    DEVTOOLS_MOCK_CODE,
    INVALID_REQUEST,
    RESTART_LOGIN,
    STORAGE_UNAVAILABLE,
    USER_BLOCKED,
)
from lingpai.errors.catalogue_wechat import (
    WECHAT_API_UNAUTHORIZED,
    WECHAT_BUSY,
    WECHAT_CREDENTIALS,
    WECHAT_IP_NOT_ALLOWED,
    WECHAT_QUOTA,
    WECHAT_RATE_LIMITED,
)
from lingpai.web.answering import Answer, json_answer
from lingpai.web.call import Call
from lingpai.web.endpoint import Endpoint
from lingpai.web.reading import JsonReader
from lingpai.web.rooms import Rooms
from lingpai.web.shapes import THE_END, Nonce, TokensAnswer, Unprinted, tokens_answer
from lingpai.web.visiting import visit_of


class LoginRequest(Unprinted, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A code of `wx.login`."""

    code: Annotated[
        str,
        msgspec.Meta(
            min_length=1,
            max_length=256,
            pattern=f"^[ -~]+{THE_END}",
            description="what wx.login gave, unchanged; five minutes, once",
        ),
    ]
    nonce: Nonce | None = None
    """Makes a retry of this very request safe: the same code and nonce get the same session."""
    appid: (
        Annotated[
            str,
            msgspec.Meta(
                max_length=64,
                pattern=f"^[A-Za-z0-9_-]+{THE_END}",
                description="the AppID the client believes it has (wx.getAccountInfoSync)",
            ),
        ]
        | None
    ) = None


_PROBLEMS: Final = (
    INVALID_REQUEST,
    BODY_TOO_LARGE,
    APP_UNKNOWN,
    APP_MISMATCH,
    APP_KIND_WRONG,
    CODE_INVALID,
    CODE_USED,
    RESTART_LOGIN,
    USER_BLOCKED,
    DEVTOOLS_MOCK_CODE,
    WECHAT_BUSY,
    WECHAT_RATE_LIMITED,
    WECHAT_QUOTA,
    WECHAT_CREDENTIALS,
    WECHAT_IP_NOT_ALLOWED,
    WECHAT_API_UNAUTHORIZED,
    STORAGE_UNAVAILABLE,
)


def endpoints(rooms: Rooms) -> list[Endpoint]:
    """The endpoints of this file."""
    read = JsonReader(LoginRequest).read

    async def login(call: Call) -> Answer:
        name = call.params["app"]
        app = rooms.directory.known(name) or await rooms.directory.get(name)
        body = await read(call)
        visit = visit_of(rooms, call)
        tokens = await rooms.sign_in.sign_in(app, body.code, body.nonce, body.appid, visit)
        return json_answer(tokens_answer(tokens))

    return [
        Endpoint(
            method="POST",
            path="/v1/{app}/login",
            records="login",
            counted=True,
            handle=login,
            hot=True,
            summary=Words("Sign in with a code of wx.login", "用 wx.login 的 code 登录"),
            body=LoginRequest,
            answer=TokensAnswer,
            problems=_PROBLEMS,
        )
    ]
