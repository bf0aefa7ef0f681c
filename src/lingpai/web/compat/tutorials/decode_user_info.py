"""The tutorial of `/index/decodeUserInfo`: a code and encrypted data for `{code, msg, data}`.

It gave the session_key away and never decrypted. Here the data is decrypted, and the key stays.
"""

from typing import Any

from lingpai.errors import Problem, Words
from lingpai.errors.catalogue_open_data import SESSION_KEY_STALE
from lingpai.web.answering import Answer
from lingpai.web.call import Call
from lingpai.web.compat.asked import read_asked
from lingpai.web.compat.entrance import Entrance
from lingpai.web.compat.handed import Handed
from lingpai.web.compat.shapes import envelope, in_envelope, problem_member, refusal, told
from lingpai.web.endpoint import Endpoint

_PATH = "/index/decodeUserInfo"
_SUMMARY = Words("A code and encrypted user info, as a tutorial has it", "教程接口：code 与加密的用户信息")


def endpoints(entrance: Entrance, handed: Handed) -> list[Endpoint]:
    """The endpoints of this file."""

    async def decode(call: Call) -> Answer:
        asked = await read_asked(call)
        app = entrance.app(asked)
        code, encrypted = asked.code(), None
        if asked.has("encryptedData") or asked.has("iv"):
            encrypted = asked.encrypted()
        entered = await entrance.sign_in(call, app, code)
        told_of: dict[str, Any] = {"openid": entered.openid, **entered.unionid}
        if encrypted is not None:
            try:
                told_of["userInfo"] = await handed.object(entered, encrypted)
            except Problem as problem:
                if problem.kind is not SESSION_KEY_STALE:
                    raise
                # The tutorial's client calls wx.login after the data was made. Who it is, is known all the same.
                told_of |= {
                    "userInfo": None,
                    "problem": problem_member(call, problem, entrance.public_url),
                }
        # Its client reads `res.openid`, its server wrote `data.openid`.
        return told(envelope(told_of, openid=entered.openid), entered.cookie)

    refused = refusal(entrance.public_url, in_envelope)
    return [
        Endpoint(method="GET", path=_PATH, records="login", handle=decode, refusal=refused, summary=_SUMMARY),
        Endpoint(
            method="POST", path=_PATH, records="login", handle=decode, refusal=refused, summary=_SUMMARY
        ),
    ]
