"""A body becomes a struct, or a problem that says what is wrong with it."""

from typing import Final, Generic, TypeVar

import msgspec

from lingpai.errors import Facts, Problem, Words
from lingpai.errors.catalogue import INVALID_REQUEST
from lingpai.web.call import Call

Body = TypeVar("Body")

_NOT_JSON: Final = Words("The body is not JSON.", "请求体不是 JSON。")
_OTHER_SHAPE: Final = Words("The request has another shape: {reason}", "请求与接口约定的结构不符：{reason}")
_UNPROCESSABLE: Final = 422
_LONGEST_REASON: Final = 200


class JsonReader(Generic[Body]):
    """Reads JSON bodies of one shape."""

    def __init__(self, shape: type[Body], *, limit: int = 16_384) -> None:
        """`limit` in bytes."""
        self._decode: Final = msgspec.json.Decoder(shape).decode
        self.limit: Final = limit

    async def read(self, call: Call) -> Body:
        """The body. Raises Problem invalid_request: 400 when it is no JSON, 422 when of another shape."""
        return self.parse(await call.body(self.limit))

    def parse(self, body: bytes) -> Body:
        """A body that was read. Raises as `read` does."""
        try:
            return self._decode(body)
        except msgspec.ValidationError as error:
            raise invalid(str(error)) from None
        except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
            raise Problem(INVALID_REQUEST, facts={"what": _NOT_JSON}) from None


def invalid(reason: str) -> Problem:
    """A 422 that says in which way the request has another shape than documented."""
    facts: Facts = {"what": _OTHER_SHAPE, "reason": reason[:_LONGEST_REASON]}
    return Problem(INVALID_REQUEST, status=_UNPROCESSABLE, facts=facts)
