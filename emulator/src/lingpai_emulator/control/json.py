"""How the control API reads its bodies and writes its answers."""

from typing import TypeVar

import msgspec
from starlette.requests import Request
from starlette.responses import Response

from lingpai_emulator.mistakes import MistakeError

_LONGEST_BODY = 1024 * 1024
_Shape = TypeVar("_Shape")


async def read(request: Request, shape: type[_Shape]) -> _Shape:
    """The body as the given struct; an empty body is an empty object. Raises MistakeError."""
    body = await read_bytes(request)
    try:
        return msgspec.json.decode(body, type=shape)
    except msgspec.MsgspecError as error:
        raise does_not_fit(error) from error


async def read_bytes(request: Request) -> bytes:
    """The body, `{}` if there is none. Raises MistakeError (413) above 1 MiB."""
    body = b""
    async for chunk in request.stream():
        body += chunk
        if len(body) > _LONGEST_BODY:
            raise MistakeError("The body is longer than 1 MiB.", 413)
    return body or b"{}"


def does_not_fit(error: msgspec.MsgspecError) -> MistakeError:
    return MistakeError(f"The body does not fit: {error}.")


def reply(value: object, status: int = 200) -> Response:
    return Response(msgspec.json.encode(value), status, media_type="application/json")
