"""How the page gets the mini program it runs: its files, and whether they have changed."""

import asyncio
from mimetypes import MimeTypes
from typing import Final

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from lingpai_emulator.mistakes import MistakeError
from lingpai_emulator.phone.project import Project
from lingpai_emulator.phone.reading import reply

_TYPES: Final = MimeTypes()  # the language's own table, not the system's


def routes(project: Project | None) -> list[Route]:
    """`/phone/api/program`, its `/version` and its `/asset?name=`; 404 when the phone has none."""

    def held() -> Project:
        if project is None:
            raise MistakeError("This phone has no mini program of yours; start it with --miniprogram.", 404)
        return project

    async def whole(_request: Request) -> Response:
        return reply(await asyncio.to_thread(held().read))

    async def version(_request: Request) -> Response:
        return reply({"version": await asyncio.to_thread(held().version)})

    async def asset(request: Request) -> Response:
        name = request.query_params.get("name", "")
        body = await asyncio.to_thread(held().asset, name)
        # Never a page of the phone's own origin, whatever the project calls its files.
        kind = _TYPES.guess_type(name)[0] or ""
        headers = {"cache-control": "no-store", "content-security-policy": "sandbox"}
        shown = kind if kind.startswith(("image/", "font/", "audio/")) else "application/octet-stream"
        return Response(body, headers=headers, media_type=shown)

    return [
        Route("/phone/api/program", whole),
        Route("/phone/api/program/version", version),
        Route("/phone/api/program/asset", asset),
    ]
