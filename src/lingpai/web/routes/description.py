"""The interface describes itself: `GET /openapi.json`."""

from collections.abc import Sequence
from typing import Any

from lingpai.errors import Words
from lingpai.web.answering import Answer, encode_json
from lingpai.web.call import Call
from lingpai.web.endpoint import Endpoint
from lingpai.web.language import Language
from lingpai.web.openapi import openapi_document
from lingpai.web.rooms import Rooms


def endpoints(rooms: Rooms, described: Sequence[Endpoint], version: str) -> list[Endpoint]:
    """The endpoints of this file; `described` are all the others."""
    rows: list[Endpoint] = []

    def document(language: Language) -> dict[str, Any]:
        return openapi_document(rows, version=version, public_url=rooms.public_url, language=language)

    async def openapi(call: Call) -> Answer:
        return Answer(200, encode_json(document(call.language)), ((b"content-type", b"application/json"),))

    rows.extend(described)
    rows.append(
        Endpoint(
            method="GET",
            path="/openapi.json",
            handle=openapi,
            summary=Words("This interface as an OpenAPI document", "本接口的 OpenAPI 文档"),
        )
    )
    return rows[-1:]
