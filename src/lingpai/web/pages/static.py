"""The stylesheet, the scripts, the seal: served under names that change with their content."""

import hashlib
from collections.abc import Sequence
from importlib.resources import files
from typing import Final

import msgspec

from lingpai.errors import Problem
from lingpai.errors.catalogue import NOT_FOUND
from lingpai.web.answering import Answer
from lingpai.web.call import Call

_TYPES: Final = {
    "css": b"text/css; charset=utf-8",
    "js": b"text/javascript; charset=utf-8",
    "svg": b"image/svg+xml",
}
_NAMES: Final = (
    "style.css",
    "copy.js",
    "seal.svg",
    "sign_in.css",
    "vendor/weui/base.min.css",
    "vendor/weui/weui-msg.min.css",
    "vendor/weui/weui-button.min.css",
    "vendor/weui/weui-icon.min.css",
)


class _File(msgspec.Struct, frozen=True):
    path: str
    body: bytes
    media_type: bytes


class Static:
    """The files beside the templates, and those of another package."""

    def __init__(self, package: str = __package__, names: Sequence[str] = ()) -> None:
        wanted = dict.fromkeys(_NAMES, __package__) | dict.fromkeys(names, package)
        self._by_name: Final = {
            name: _file(name, (files(home) / "static" / name).read_bytes()) for name, home in wanted.items()
        }
        self._by_path: Final = {file.path: file for file in self._by_name.values()}

    def url(self, name: str) -> str:
        """Where `style.css` is found; another content gets another address."""
        return f"/static/{self._by_name[name].path}"

    async def answer(self, call: Call) -> Answer:
        """`GET /static/{file}`. Raises Problem not_found, also for a file of another release."""
        file = self._by_path.get(call.params["file"])
        if file is None:
            raise Problem(NOT_FOUND)
        headers = (
            (b"content-type", file.media_type),
            (b"cache-control", b"public, max-age=31536000, immutable"),
            (b"x-content-type-options", b"nosniff"),
            (b"cross-origin-resource-policy", b"same-origin"),
        )
        return Answer(200, file.body, headers)


def _file(name: str, body: bytes) -> _File:
    stem, _, kind = name.rpartition("/")[2].rpartition(".")
    digest = hashlib.sha256(body).hexdigest()[:12]
    return _File(path=f"{stem}.{digest}.{kind}", body=body, media_type=_TYPES[kind])
