"""What a tutorial's client asks: by query, form or JSON, encoded once, twice, or by hand."""

from collections.abc import Callable, Iterator
from typing import Final
from urllib.parse import quote, unquote, unquote_plus

import msgspec

from lingpai.errors import Problem, Words
from lingpai.errors.catalogue import INVALID_REQUEST
from lingpai.sessions import Encrypted, read_encrypted
from lingpai.web.call import Call
from lingpai.web.reading import invalid

_LONGEST_QUERY: Final = 32_768
_LONGEST_BODY: Final = 65_536
_LONGEST_CODE: Final = 256
_DEEPEST: Final = 2
"""How often a value may have been encoded beyond what its transport needs."""

_NOT_YET: Final = ("", "undefined", "null", "[object Object]")
"""What JavaScript writes where there is no value."""
_NO_CODE: Final = Words("The request brings no code.", "请求没有带 code。")
_WAIT: Final = Words(
    "Call only after wx.login has succeeded, with the code it gave.",
    "请等 wx.login 成功之后再发请求，并带上它给出的 code。",
)
_MISSING: Final = Words("The request brings no {name}.", "请求没有带 {name}。")
_ASK_THE_USER: Final = Words(
    "It is there only after the user has agreed; after a refusal, call nothing.",
    "用户同意之后才有这些数据；用户拒绝时，请不要发起请求。",
)
_QUOTES: Final = " \"'"
"""What `JSON.stringify` of a text leaves around it."""
_object = msgspec.json.Decoder(dict[str, str | int | None]).decode


class Asked:
    """The parameters of one request, as they came. Names that nobody asks for are nobody's: an openid among them."""

    def __init__(self, raw: list[tuple[str, str]]) -> None:
        """`raw` values are percent-encoded."""
        self._raw: Final = raw

    def __repr__(self) -> str:
        return "Asked(…)"

    def has(self, name: str) -> bool:
        """Whether it stands there with a value."""
        return unquote_plus(self._value(name)).strip() not in _NOT_YET

    def text(self, name: str) -> str:
        """A value with its `+` kept; nothing when it is missing. Raises Problem invalid_request."""
        return _decoded(self._value(name))

    def base64(self, name: str) -> str:
        """A value in base64: what encoding once or twice more, or blanks for its plus signs, did to it is undone.

        Base64 knows neither `%` nor blanks, so nothing is guessed. Raises Problem invalid_request.
        """
        text = _decoded(_peeled(self._value(name), until=lambda text: "%" not in text))
        return text.strip(_QUOTES).replace(" ", "+")

    def encrypted(self) -> Encrypted:
        """`encryptedData` and `iv`. Raises Problem invalid_request; decrypt_failed, which names what is damaged."""
        return read_encrypted(self.base64("encryptedData"), self.base64("iv"))

    def json_text(self, name: str) -> Iterator[str]:
        """What a JSON text may have been: a `+` is a plus sign, or a blank where a form wrote it.

        Whoever signed it decides between them. Raises Problem invalid_request.
        """
        value = _peeled(self._value(name), until=lambda text: text.startswith(("{", '"{')))
        yield _unquoted(_decoded(value))
        if "+" in value:
            yield _unquoted(unquote_plus(value))

    def code(self, name: str = "code") -> str:
        """A code of WeChat. Raises Problem invalid_request, which tells a client that asks too early to wait."""
        return checked_code(self.text(name).strip(_QUOTES) if self.has(name) else "")

    def require(self, *names: str) -> None:
        """Raises Problem invalid_request for the first that is missing."""
        for name in names:
            if not self.has(name):
                raise Problem(INVALID_REQUEST, facts={"what": _MISSING, "name": name}, hint=_ASK_THE_USER)

    def beside(self, name: str) -> list[tuple[str, str]]:
        """All parameters but this one, as they came."""
        return [(known, value) for known, value in self._raw if known != name]

    def _value(self, name: str) -> str:
        values = [value for known, value in self._raw if known == name]
        if len(values) > 1:
            raise invalid(f"{name} stands twice")
        return values[0] if values else ""


def checked_code(code: str) -> str:
    """A code that may be shown to WeChat. Raises Problem invalid_request."""
    if code.strip() in _NOT_YET:
        raise Problem(INVALID_REQUEST, facts={"what": _NO_CODE}, hint=_WAIT)
    if len(code) > _LONGEST_CODE or not code.isascii() or not code.isprintable():
        raise invalid("a code has at most 256 printable ASCII characters")
    return code


async def read_asked(call: Call) -> Asked:
    """The parameters, wherever they are. Raises Problem invalid_request, body_too_large."""
    asked = _pairs(call.query, _LONGEST_QUERY)
    if call.method == "POST":
        body = await call.body(_LONGEST_BODY)
        kind = (call.header(b"content-type") or b"").partition(b";")[0].strip().lower()
        # wx.request sends JSON unless it is told otherwise, and the tutorials do not always tell it.
        asked += _members(body) if kind == b"application/json" else _pairs(body, _LONGEST_BODY)
    return Asked(asked)


def _pairs(text: bytes, longest: int) -> list[tuple[str, str]]:
    if len(text) > longest or not text.isascii():
        raise invalid("the parameters are too long, or not ASCII")
    parts = (part.partition("=") for part in text.decode("ascii").split("&") if part)
    return [(unquote_plus(name), value) for name, _, value in parts]


def _members(body: bytes) -> list[tuple[str, str]]:
    try:
        found = _object(body or b"{}")
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        raise invalid("the body is not a JSON object of texts") from None
    return [(name, quote(str(value), safe="")) for name, value in found.items() if value is not None]


def _peeled(value: str, *, until: Callable[[str], bool]) -> str:
    """`value` without the encodings beyond one; still percent-encoded once."""
    for _ in range(_DEEPEST):
        inner = _decoded(value)
        if until(inner) or "%" not in inner:
            return value
        value = inner
    return value


def _unquoted(text: str) -> str:
    """A JSON text that was made into a JSON text once more is taken out of it."""
    if not text.startswith('"'):
        return text
    try:
        return msgspec.json.decode(text, type=str)
    except (msgspec.DecodeError, UnicodeEncodeError):
        return text


def _decoded(value: str) -> str:
    try:
        return unquote(value, errors="strict")
    except UnicodeDecodeError:
        raise invalid("a value is not UTF-8 once decoded") from None
