"""The tutorial of `/getOpenid?url=`: a client hands over the whole address at WeChat, AppSecret included.

It fetched whatever address it was given. Here nothing is fetched: the address is read, letter by letter, for its code.
"""

import re
from typing import Any, Final

from lingpai.errors import Problem, Words
from lingpai.errors.catalogue import INVALID_REQUEST
from lingpai.web.answering import Answer
from lingpai.web.call import Call
from lingpai.web.compat.asked import Asked, read_asked
from lingpai.web.compat.entrance import Entrance
from lingpai.web.compat.shapes import refusal, told
from lingpai.web.endpoint import Endpoint

_BEFORE_QUERY: Final = "https://api.weixin.qq.com/sns/jscode2session"
_ENCODED_AGAIN: Final = re.compile(r"https%3A", re.IGNORECASE)
_NOT_THERE: Final = Words(
    "`url` is not WeChat's address for exchanging a code.",
    "`url` 不是微信换取登录凭证的地址。",
)
_WRITE: Final = Words(
    "It begins with https://api.weixin.qq.com/sns/jscode2session? and names js_code. Nothing is fetched from it; better, send "
    "the code alone to POST /v1/APP/login.",
    "它必须以 https://api.weixin.qq.com/sns/jscode2session? 开头并带有 js_code。服务器不会访问该地址；更好的做法是只把 code 发到 "
    "POST /v1/APP/login。",
)
_ERRCODES: Final = {"code_used": 40163, "code_invalid": 40029, "app_mismatch": 40013, "app_unknown": 40013}
"""WeChat's numbers for what is refused here without asking it; whatever has none shows its HTTP status."""


def endpoints(entrance: Entrance) -> list[Endpoint]:
    """The endpoints of this file."""

    async def get_openid(call: Call) -> Answer:
        asked = await read_asked(call)
        entrance.app(asked)  # where the routes are closed, nothing of the address is anybody's business
        inner = _inside(asked)
        believed = inner.text("appid")
        app = entrance.app(asked, believed=believed)
        if inner.has("secret"):
            entrance.leaked(call, app, inner.text("secret"))
        entered = await entrance.sign_in(call, app, inner.code("js_code"), believed=believed or None)
        return told({"openid": entered.openid, **entered.unionid}, entered.cookie)

    return [
        Endpoint(
            method="GET",
            path="/getOpenid",
            records="login",
            handle=get_openid,
            refusal=refusal(entrance.public_url, _as_wechat),
            summary=Words(
                "The openid for WeChat's own address, as a tutorial has it",
                "教程接口：传入微信地址换取 openid",
            ),
        )
    ]


def _inside(asked: Asked) -> Asked:
    """The parameters of the address in `url`. Raises Problem invalid_request for any other address.

    A client that glued the address on without encoding it has all but the first parameter beside `url`.
    """
    url = asked.text("url")
    if _ENCODED_AGAIN.match(url):
        url = Asked([("url", url)]).text("url")
    before, mark, query = url.partition("?")
    if before != _BEFORE_QUERY or not mark or not url.isascii() or not url.isprintable() or "#" in url:
        raise Problem(INVALID_REQUEST, facts={"what": _NOT_THERE}, hint=_WRITE)
    inner = [(name, value) for name, _, value in (part.partition("=") for part in query.split("&"))]
    return Asked([*inner, *asked.beside("url")])


def _as_wechat(problem: Problem, words: str) -> dict[str, Any]:
    """`{errcode, errmsg}`, as the tutorial passed WeChat's on."""
    number = problem.wechat.errcode if problem.wechat else _ERRCODES.get(problem.code, problem.status)
    return {"errcode": number, "errmsg": words}
