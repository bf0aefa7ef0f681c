"""What goes back: status, headers, bytes."""

from typing import Any, Final

import msgspec
from starlette.types import Send

from lingpai.web.call import Call

encode_json: Final = msgspec.json.Encoder().encode

NO_STORE: Final = (b"cache-control", b"no-store")
_JSON: Final = (b"content-type", b"application/json")
_NO_SNIFF: Final = (b"x-content-type-options", b"nosniff")
_JSON_HEADERS: Final = (_JSON, NO_STORE, _NO_SNIFF)


class Answer(msgspec.Struct, frozen=True):
    """An answer, complete."""

    status: int
    body: bytes = b""
    headers: tuple[tuple[bytes, bytes], ...] = ()

    async def send(self, call: Call, send: Send) -> None:
        """Send it, with its length and the request's id."""
        await send(
            {
                "type": "http.response.start",
                "status": self.status,
                "headers": [
                    *self.headers,
                    (b"content-length", str(len(self.body)).encode()),
                    (b"x-request-id", call.request_id.encode()),
                ],
            }
        )
        await send({"type": "http.response.body", "body": self.body})


def json_answer(value: Any, *, status: int = 200) -> Answer:
    """`value` as JSON that nobody may cache."""
    return Answer(status, encode_json(value), _JSON_HEADERS)


def no_content() -> Answer:
    """204."""
    return Answer(204, b"", (NO_STORE, _NO_SNIFF))


def with_headers(answer: Answer, *headers: tuple[bytes, bytes]) -> Answer:
    """The answer with further headers."""
    return msgspec.structs.replace(answer, headers=(*answer.headers, *headers))
