"""The tutorial of `/getCode` and `/getopenid`: the openid of a visitor of an official account's page, silently.

Its state was a constant, and a code that was missing or used sent the browser round and round. A variant had one
route for both and told by `code` which way it was; here either route may be that one.
"""

from lingpai.errors import Words
from lingpai.web.answering import Answer
from lingpai.web.call import Call
from lingpai.web.compat.asked import read_asked
from lingpai.web.compat.silently import Silently
from lingpai.web.endpoint import Endpoint


def endpoints(silently: Silently) -> list[Endpoint]:
    """The endpoints of this file."""

    async def get_code(call: Call) -> Answer:
        asked = await read_asked(call)
        if silently.comes_back(asked):
            return await silently.arrive(call, asked)
        return await silently.leave(call, asked)

    async def get_openid(call: Call) -> Answer:
        asked = await read_asked(call)
        if silently.comes_back(asked):
            return await silently.arrive(call, asked)
        return await silently.known(call, asked) or await silently.leave(call, asked)

    return [
        Endpoint(
            method="GET",
            path="/getCode",
            records="browser",
            handle=get_code,
            refusal=silently.refused,
            status=302,
            summary=Words("Off to WeChat, as a tutorial has it", "教程接口：跳转微信获取 code"),
        ),
        Endpoint(
            method="GET",
            path="/getopenid",
            records="browser",
            handle=get_openid,
            refusal=silently.refused,
            media_type="text/plain",
            summary=Words(
                "Back from WeChat, for the openid alone, as a tutorial has it", "教程接口：回跳后返回 openid"
            ),
        ),
    ]
