"""AppSecrets: 32 hex digits that are named a secret, stand beside an AppID, or are put together from parts.

32 hex digits alone are nothing: they are as often an MD5 sum, a trace id or a file name. So a name or a neighbour has
to say what they are, and a name that says it only half (`secret`) needs WeChat close by.
"""

import base64
import binascii
import re
from collections.abc import Iterator
from itertools import pairwise
from typing import Final

from lingpai.scan.findings import Hit
from lingpai.scan.places import bound_names, neighbours
from lingpai.scan.rules import APPSECRET_IN_CLIENT, APPSECRET_IN_SOURCE
from lingpai.scan.source import Source
from lingpai.scan.values import Value

_HEX: Final = re.compile(r"[0-9a-f]{32}")
_BASE64: Final = re.compile(r"[A-Za-z0-9+/]{43}=")
_IN_TEXT: Final = re.compile(
    r"(?P<name>[\w.]{0,40}secret)[\"']?\s{0,3}(?:=>|[:=])\s{0,3}[\"']?(?P<secret>[0-9a-f]{32})(?![0-9a-f])",
    re.IGNORECASE,
)
_APPID: Final = re.compile(r"wx[0-9a-f]{16}")
_NEARBY_APPID: Final = re.compile(r"(?<![0-9a-z])wx[0-9a-f]{16}(?![0-9a-f])")
_WECHAT: Final = re.compile(
    r"weixin|wechat|jscode2session|code2session|miniprogram|mini_program|(?<![a-z])wxa?(?![a-z0-9])",
    re.IGNORECASE,
)
_WORD: Final = r"(?:secret|secreat|screct|sercet)"
"""People misspell it."""
_SURE: Final = re.compile(
    rf"(?:wx|wxa|wechat|weixin|mp|mini\w*|gzh|oa|xcx)_?(?:app|mp|client)?_?{_WORD}(?:_?key)?$|app_?{_WORD}(?:_?key)?$"
)
_HALF: Final = re.compile(
    rf"(?:^|[._-])(?:app|client|my|the|default|prod|dev|test)?_?-?{_WORD}(?:_?key)?$|{_WORD}id$"
)
_OTHERS_SECRET: Final = re.compile(
    r"jwt|cookie|session|csrf|mch|pay|aes|hmac|webhook|refresh|access|totp|salt|captcha|oss|cos|sms|signing"
)
_OTHER_PLATFORM: Final = re.compile(
    r"ding_?talk|dingding|feishu|lark|alipay|aliyun|baidu|qiniu|tencentcloud|umeng|jpush|getui|douyin|toutiao|"
    r"byte_?dance|huawei|xiaomi|oppo|github|google|facebook|weibo|stripe|paypal|twilio|agora|apple|qq_?connect",
    re.IGNORECASE,
)
_WELL_KNOWN: Final = frozenset((
    "d41d8cd98f00b204e9800998ecf8427e", "e10adc3949ba59abbe56e057f20f883e", "5d41402abc4b2a76b9719d911017c592",
    "098f6bcd4621d373cade4e832627b4f6", "21232f297a57a5a743894a0e4a801fc3", "5f4dcc3b5aa765d61d8327deb882cf99",
))  # fmt: skip
"""MD5 sums of nothing, 123456, hello, test, admin, password."""
_ABOUT_SECRETS: Final = re.compile(r"secre|screct|sercet|wx[0-9a-f]{16}", re.IGNORECASE)
_HAS_DIGITS: Final = re.compile(r"[0-9a-f]{32}|[\"'`][0-9a-f]{4,31}[\"'`]|[A-Za-z0-9+/]{43}=|\\[ux]")
_FEW_DIGITS: Final = 8
_GRAM: Final = 6
"""Six digits that come twice: of 100,000 random secrets two have such."""
_PARTS: Final = range(2, 9)
_NEAR: Final = 15
_BESIDE: Final = 3


def appsecrets(source: Source) -> Iterator[Hit]:
    """Every AppSecret in code, settings and comments."""
    if not (_ABOUT_SECRETS.search(source.text) and _HAS_DIGITS.search(source.text)):
        return
    rule = APPSECRET_IN_CLIENT if source.side == "client" else APPSECRET_IN_SOURCE
    told = set()
    for value in source.values:
        at = source.tokens[value.first].at
        for secret in _secrets(source, value):
            pieces = _pieces(source, value, secret)
            # A constant is told where it stands, not wherever its name is used.
            if pieces not in told:
                told.add(pieces)
                yield Hit(rule, at, secret, pieces)
    yield from (Hit(rule, at, secret, pieces) for at, secret, pieces in _lists(source))
    for start, end in source.parsed.comments:
        for match in _IN_TEXT.finditer(source.text, start, end):
            if looks_random(match["secret"]) and _is_wechats(source, match["name"], match.start("secret")):
                yield Hit(rule, match.start("secret"), match["secret"], (match.span("secret"),))


def _pieces(source: Source, value: Value, secret: str) -> tuple[tuple[int, int], ...]:
    """The span of the secret alone where it stands as it is; all parts of the text where it is put together."""
    for start, end in value.pieces:
        found = source.text.find(secret, start, end)
        if found >= 0:
            return ((found, found + len(secret)),)
    return value.pieces


def looks_random(secret: str) -> bool:
    """False for what people type to fill a gap: `0000…`, `abcabc…`, `0123456789abcdef…`, famous sums."""
    if secret in _WELL_KNOWN or len(set(secret)) < _FEW_DIGITS:
        return False
    grams = [secret[at : at + _GRAM] for at in range(len(secret) - _GRAM + 1)]
    if len(set(grams)) < len(grams):
        return False
    small_steps = sum(abs(int(a, 16) - int(b, 16)) <= 1 for a, b in pairwise(secret))
    return small_steps < len(secret) * 0.6


def _secrets(source: Source, value: Value) -> Iterator[str]:
    text = value.text
    if _HEX.fullmatch(text):
        if looks_random(text) and (_named(source, value) or _beside_an_appid(source, value)):
            yield text
        return
    if _BASE64.fullmatch(text):
        inner = _decoded(text)
        if inner and looks_random(inner) and (_named(source, value) or _beside_an_appid(source, value)):
            yield inner
        return
    for match in _IN_TEXT.finditer(text):
        at = source.tokens[value.first].at
        if looks_random(match["secret"]) and (
            "appid=" in text.lower() or _is_wechats(source, match["name"], at)
        ):
            yield match["secret"]


def _decoded(text: str) -> str:
    try:
        inner = base64.b64decode(text, validate=True).decode("ascii")
    except (binascii.Error, UnicodeDecodeError):
        return ""
    return inner if _HEX.fullmatch(inner) else ""


def _named(source: Source, value: Value) -> bool:
    at = source.tokens[value.first].at
    return any(_is_wechats(source, name, at) for name in bound_names(source, value.first))


def _is_wechats(source: Source, name: str, at: int) -> bool:
    """Whether a name says AppSecret: by itself, or with WeChat close by and nobody else's platform closer."""
    plain = re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "_", name).lower().replace("-", "_").rstrip("0123456789_")
    words = re.split(r"[.\]\[]", plain.strip("]["))
    last = words[-1]
    sure = bool(_SURE.search(last))
    if _OTHERS_SECRET.search(".".join(words[-2:])) or not (sure or _HALF.search(last)):
        return False
    beside = source.lines_around(at, _BESIDE)
    if _OTHER_PLATFORM.search(plain) or (_OTHER_PLATFORM.search(beside) and not _NEARBY_APPID.search(beside)):
        return False
    if sure or _WECHAT.search(plain):
        return True
    near = source.lines_around(at, _NEAR)
    return bool(_NEARBY_APPID.search(near) or _WECHAT.search(near) or _WECHAT.search(source.path))


def _beside_an_appid(source: Source, value: Value) -> bool:
    """`new WechatAPI("wx…", "…")`: the argument after or before an AppID."""
    return any(
        token.kind == "text" and _APPID.fullmatch(token.text)
        for token in neighbours(source, value.first, value.last)
    )


def _lists(source: Source) -> Iterator[tuple[int, str, tuple[tuple[int, int], ...]]]:
    """`["0a…", "9f…"].join("")`: a list of hex texts that have 32 digits together."""
    tokens, partner = source.tokens, source.parsed.partner
    for index, token in enumerate(tokens):
        if token.kind != "mark" or token.text not in "([{" or index not in partner:
            continue
        inner = tokens[index + 1 : min(partner[index], index + 18)]
        parts = [t for t in inner if t.kind == "text" and t.text]
        if len(parts) not in _PARTS or any(t.kind != "text" and t.text != "," for t in inner):
            continue
        secret = "".join(t.text for t in parts)
        if not _HEX.fullmatch(secret) or not looks_random(secret):
            continue
        if any(_is_wechats(source, name, parts[0].at) for name in bound_names(source, index)):
            yield parts[0].at, secret, tuple((t.at, t.end) for t in parts)
