"""The files of the page, read once: HTML, CSS, JavaScript modules, the icon."""

import hashlib
from importlib.resources import files
from typing import Final

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

# Spelt out: the types a system registers for .js are not always JavaScript.
_TYPES: Final = {
    "html": "text/html; charset=utf-8",
    "css": "text/css; charset=utf-8",
    "js": "text/javascript; charset=utf-8",
    "svg": "image/svg+xml",
}


def routes() -> list[Route]:
    """`/` is the page; `/static/{name}` is everything beside it."""
    folder = files(__package__) / "static"
    bodies = {entry.name: entry.read_bytes() for entry in folder.iterdir() if entry.is_file()}

    async def page(request: Request) -> Response:
        return _answer(request, "phone.html", bodies["phone.html"])

    async def file(request: Request) -> Response:
        name = request.path_params["name"]
        body = bodies.get(name)
        return Response("Not found", 404) if body is None else _answer(request, name, body)

    return [Route("/", page), Route("/static/{name}", file)]


def _answer(request: Request, name: str, body: bytes) -> Response:
    # Modules name one another, so their names cannot change with their content; they are asked for again.
    etag = f'"{hashlib.sha256(body).hexdigest()[:16]}"'
    headers = {"etag": etag, "cache-control": "no-cache"}
    if request.headers.get("if-none-match") == etag:
        return Response(status_code=304, headers=headers)
    return Response(body, headers=headers, media_type=_TYPES[name.rpartition(".")[2]])
