"""The tutorial of `/external/code_2_wx_openid` and `/onLogin`: a code for `{code, openId}`.

The openId was the identity from then on, whoever sent it. Here a token comes with it, and only the token counts.
"""

from lingpai.errors import Words
from lingpai.web.answering import Answer
from lingpai.web.call import Call
from lingpai.web.compat.asked import checked_code, read_asked
from lingpai.web.compat.entrance import Entrance
from lingpai.web.compat.shapes import refusal, told, without_data
from lingpai.web.endpoint import Endpoint


def endpoints(entrance: Entrance) -> list[Endpoint]:
    """The endpoints of this file."""

    async def answer(call: Call) -> Answer:
        asked = await read_asked(call)
        app = entrance.app(asked)
        code = checked_code(call.params["code"]) if "code" in call.params else asked.code()
        entered = await entrance.sign_in(call, app, code)
        token = entered.tokens.access_token
        return told({"code": 0, "openId": entered.openid, "token": token}, entered.cookie)

    refused = refusal(entrance.public_url, without_data)
    summary = Words(
        "A code for an openid and a token, as a tutorial has it", "教程接口：用 code 换取 openid 和令牌"
    )
    paths = ("/external/code_2_wx_openid", "/external/code_2_wx_openid/{code}", "/onLogin")
    return [
        Endpoint(method="GET", path=path, records="login", handle=answer, refusal=refused, summary=summary)
        for path in paths
    ]
