"""The tutorial of `/wx/getLoginCertificate` and `/wx/wxLogin`: is a profile on record, and a profile with its proof.

It kept the session_key in the clear, answered with it, and inserted a user twice when two calls came at once.
"""

from typing import Any

from lingpai.errors import Words
from lingpai.web.answering import Answer
from lingpai.web.call import Call
from lingpai.web.compat.asked import read_asked
from lingpai.web.compat.entrance import Entered, Entrance
from lingpai.web.compat.handed import Handed, ProfileTold
from lingpai.web.compat.shapes import in_envelope, refusal, told
from lingpai.web.endpoint import Endpoint


def endpoints(entrance: Entrance, handed: Handed) -> list[Endpoint]:
    """The endpoints of this file."""

    async def certificate(call: Call) -> Answer:
        asked = await read_asked(call)
        entered = await entrance.sign_in(call, entrance.app(asked), asked.code())
        return told(int(entered.who.user.profile_complete), entered.cookie)

    async def wx_login(call: Call) -> Answer:
        asked = await read_asked(call)
        app = entrance.app(asked)
        asked.require("rawData", "signature", "encryptedData", "iv")
        code, encrypted = asked.code(), asked.encrypted()
        raw_data, signature = list(asked.json_text("rawData")), asked.base64("signature")
        entered = await entrance.sign_in(call, app, code)
        profile = await handed.profile(entered, raw_data, signature, encrypted)
        return told(_row(entered, profile), entered.cookie)

    refused = refusal(entrance.public_url, in_envelope)
    return [
        Endpoint(
            method="GET",
            path="/wx/getLoginCertificate",
            records="login",
            handle=certificate,
            refusal=refused,
            summary=Words(
                "1 when the user's profile is on record, else 0, as a tutorial has it",
                "教程接口：已有用户资料为 1，否则为 0",
            ),
        ),
        Endpoint(
            method="GET",
            path="/wx/wxLogin",
            records="login",
            handle=wx_login,
            refusal=refused,
            summary=Words(
                "A signed profile for the user's row, as a tutorial has it",
                "教程接口：提交签名资料，返回用户记录",
            ),
        ),
    ]


def _row(entered: Entered, profile: ProfileTold) -> dict[str, Any]:
    """The row of the tutorial's table, in the table's spelling and in that of its Java class; no session_key."""
    return {
        "open_id": entered.openid,
        "openId": entered.openid,
        "nick_name": profile.nickname,
        "nickName": profile.nickname,
        "avatar_url": profile.avatar_url,
        "avatarUrl": profile.avatar_url,
        "gender": profile.gender,
        "city": profile.city,
        "province": profile.province,
        "country": profile.country,
        "language": profile.language,
    }
