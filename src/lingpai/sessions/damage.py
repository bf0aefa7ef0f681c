"""What happened to encrypted data on its way here, as far as it shows without any key."""

import re
from typing import Final

from lingpai.errors import Facts, Problem, Words
from lingpai.errors.catalogue_open_data import DECRYPT_FAILED
from lingpai.wechat.crypto import BLOCK, decoded

_URL_ENCODED: Final = re.compile(r"%(?:2B|2F|3D|25)", re.IGNORECASE)
_TWICE: Final = re.compile(r"%25(?:2B|2F|3D)", re.IGNORECASE)

_BLANKS: Final = (
    Words(
        "{field} has blanks where base64 has plus signs.",
        "{field} 里出现了空格，那里原本应是 base64 的加号。",
    ),
    Words(
        "Send JSON, not a form or a query string: there `+` means a blank.",
        "请用 JSON 发送，不要用表单或查询串：在那里 `+` 会变成空格。",
    ),
)
_ENCODED: Final = (
    Words("{field} is URL-encoded.", "{field} 被 URL 编码了一次。"),
    Words(
        "Send it as JSON, just as WeChat gave it, without encodeURIComponent.",
        "请以 JSON 原样发送微信给出的值，不要再调用 encodeURIComponent。",
    ),
)
_ENCODED_TWICE: Final = (
    Words("{field} is URL-encoded twice.", "{field} 被 URL 编码了两次。"),
    _ENCODED[1],
)
_NOT_BASE64: Final = (
    Words("{field} is not base64.", "{field} 不是 base64。"),
    Words(
        "Send it just as WeChat gave it; it may have been cut off or re-coded.",
        "请原样发送微信给出的值；它可能被截断或转码了。",
    ),
)
_COMPARE: Final = Words(
    "Compare both fields with what WeChat gave: they may be swapped, cut off, or of another call.",
    "请与微信给出的值对照：两个字段可能写反、被截断，或来自另一次调用。",
)
_NO_BLOCK: Final = Words(
    "{field} has {bytes} bytes after base64; an iv has 16.",
    "{field} 经 base64 解码后为 {bytes} 字节，应为 16 字节。",
)
_NO_BLOCKS: Final = Words(
    "{field} has {bytes} bytes after base64; that is no multiple of 16.",
    "{field} 经 base64 解码后为 {bytes} 字节，不是 16 的倍数。",
)


def read_base64(field: str, text: str, *, one_block: bool) -> bytes:
    """The bytes of a field that must be base64 of one AES block, or of some blocks.

    Raises Problem decrypt_failed, which names the damage: it is plain to see for everybody.
    """
    data = decoded(text)
    if data is None:
        raise _damaged(field, text)
    if len(data) != BLOCK if one_block else not data or len(data) % BLOCK:
        what = _NO_BLOCK if one_block else _NO_BLOCKS
        facts: Facts = {"what": what, "field": field, "bytes": str(len(data))}
        raise Problem(DECRYPT_FAILED, facts=facts, hint=_COMPARE)
    return data


def _damaged(field: str, text: str) -> Problem:
    if _URL_ENCODED.search(text):
        what, hint = _ENCODED_TWICE if _TWICE.search(text) else _ENCODED
    elif " " in text and decoded(text.replace(" ", "+")) is not None:
        what, hint = _BLANKS
    else:
        what, hint = _NOT_BASE64
    return Problem(DECRYPT_FAILED, facts={"what": what, "field": field}, hint=hint)
