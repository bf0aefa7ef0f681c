"""The files of the page and of the frame inside it, read once: HTML, CSS, JavaScript modules, icons."""

import hashlib
from importlib.resources import files
from importlib.resources.abc import Traversable
from typing import Final

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

# Spelt out: the types a system registers for .js are not always JavaScript.
_TYPES: Final = {
    "html": "text/html; charset=utf-8",
    "css": "text/css; charset=utf-8",
    "js": "text/javascript; charset=utf-8",
    "json": "application/json",
    "svg": "image/svg+xml",
    "wasm": "application/wasm",
}
_FRAME_PAGE: Final = "frame.html"


def routes() -> list[Route]:
    """`/` is the page, `/static/…` what it consists of; `/frame/` and below is the program's frame."""
    folder = files(__package__)
    page_files = _read(folder / "static")
    frame_files = _read(folder / "frame") | {
        f"vendor/{name}": body for name, body in _read(folder / "vendor").items()
    }

    async def page(request: Request) -> Response:
        return _answer(request, "phone.html", page_files["phone.html"])

    async def file(request: Request) -> Response:
        name = request.path_params["name"]
        body = page_files.get(name)
        return Response("Not found", 404) if body is None else _answer(request, name, body)

    async def frame(request: Request) -> Response:
        name = request.path_params["name"] or _FRAME_PAGE
        body = frame_files.get(name)
        return Response("Not found", 404) if body is None else _answer(request, name, body)

    return [
        Route("/", page),
        Route("/static/{name:path}", file),
        Route("/frame/{name:path}", frame),
    ]


def _read(folder: Traversable, prefix: str = "") -> dict[str, bytes]:
    """Every file below, by its path."""
    found: dict[str, bytes] = {}
    for entry in folder.iterdir():
        if entry.is_dir():
            found |= _read(entry, f"{prefix}{entry.name}/")
        elif entry.name.rpartition(".")[2] in _TYPES:
            found[prefix + entry.name] = entry.read_bytes()
    return found


def _answer(request: Request, name: str, body: bytes) -> Response:
    # Modules name one another, so their names cannot change with their content; they are asked for again.
    etag = f'"{hashlib.sha256(body).hexdigest()[:16]}"'
    headers = {"etag": etag, "cache-control": "no-cache"}
    if request.headers.get("if-none-match") == etag:
        return Response(status_code=304, headers=headers)
    return Response(body, headers=headers, media_type=_TYPES[name.rpartition(".")[2]])
