"""Whether a mini program sends, and which: by the Referer that WeChat writes and no page can forge."""

import re
from typing import Final

from lingpai.web.call import Call

# https://developers.weixin.qq.com/miniprogram/dev/framework/ability/network.html: the Referer cannot be set.
_REFERER: Final = re.compile(
    rb"https://servicewechat\.com/(wx[0-9a-f]{16})/[A-Za-z0-9_.-]{1,40}/page-frame\.html"
)


def mini_program(call: Call) -> str | None:
    """The AppID of the mini program that sends; None for everybody else.

    A program without a browser may write what it likes here. It says who asks, never who somebody is.
    """
    match = _REFERER.fullmatch(call.header(b"referer") or b"")
    return None if match is None else match[1].decode()
