"""How the phone reads what its page sends, and answers it."""

from typing import TypeVar

import msgspec
from starlette.requests import Request
from starlette.responses import Response

from lingpai_emulator.mistakes import MistakeError

_LONGEST_BODY = 16 * 1024 * 1024
_Shape = TypeVar("_Shape")


async def read(request: Request, shape: type[_Shape]) -> _Shape:
    """The body as the given struct. Raises MistakeError: 400 when it does not fit, 413 above 16 MiB."""
    body = b""
    async for chunk in request.stream():
        body += chunk
        if len(body) > _LONGEST_BODY:
            raise MistakeError("The body is longer than 16 MiB.", 413)
    try:
        return msgspec.json.decode(body, type=shape)
    except msgspec.MsgspecError as error:
        raise MistakeError(f"The body does not fit: {error}.") from error


def reply(value: object, status: int = 200) -> Response:
    headers = {"cache-control": "no-store"}
    return Response(msgspec.json.encode(value), status, headers, media_type="application/json")
