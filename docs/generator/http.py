"""The page of the HTTP interface, from the endpoints of web/."""

import asyncio
from collections.abc import Sequence
from functools import cache
from importlib.metadata import version
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final

from docs.generator.markdown import code, page, pick, table
from lingpai.app import open_server
from lingpai.errors import Words
from lingpai.testing.server import server_config
from lingpai.web.build import all_endpoints
from lingpai.web.endpoint import Auth, Endpoint
from lingpai.web.language import Language
from lingpai.web.pages.reference import Chapter, FieldRow, Reference

_URL: Final = "https://login.example.com"
_NOWHERE: Final = "http://127.0.0.1:1"
_TITLE: Final = Words("HTTP interface", "HTTP 接口")
_INTRO: Final = Words(
    "JSON in and out, UTF-8. Unknown fields of a JSON body are refused (422). A running server describes itself at "
    "`/openapi.json` and, for people, at `/docs`. Every answer has an `X-Request-Id`; a request may bring its own "
    "(8 to 64 letters, digits, `_`, `-`). Whatever is refused is one of the [problems](problems.md). "
    "`not_found`, `method_not_allowed` and `internal` may come from anywhere.",
    "请求和响应均为 UTF-8 JSON。JSON 请求体中未定义的字段会被拒绝（422）。运行中的服务器在 `/openapi.json` 描述自身，"
    "`/docs` 供人阅读。每个响应都带 `X-Request-Id`，请求也可以自带（8 到 64 个字母、数字、`_`、`-`）。"
    "所有拒绝都列在[错误码](problems.md)中，其中 `not_found`、`method_not_allowed`、`internal` 可能出现在任何接口。",
)
_AUTH: Final[dict[Auth, Words]] = {
    "none": Words("Authorization: none.", "认证：无。"),
    "access_token": Words("Authorization: `Bearer` and an access token.", "认证：`Bearer` 加访问令牌。"),
    "service_key": Words(
        "Authorization: `Bearer` and a service key, or `Basic` with the key as password.",
        "认证：`Bearer` 加服务密钥，或以密钥为密码的 `Basic`。",
    ),
    "operator_key": Words("Authorization: `Bearer` and an operator's key.", "认证：`Bearer` 加管理员密钥。"),
}
_FIELDS: Final = Words("field|type|required|meaning", "字段|类型|必填|含义")
_BODY: Final = Words("Request body", "请求体")
_FORM: Final = Words("Request body (a form)", "请求体（表单）")
_QUERY: Final = Words("Query", "查询参数")
_ANSWER: Final = Words("Answer", "响应")
_PROBLEMS: Final = Words("Problems", "错误码")
_YES: Final = Words("yes", "是")


def write(language: Language) -> str:
    """The page."""
    reference = Reference(endpoints(), version=version("lingpai"), public_url=_URL, language=language)
    return page(language, _TITLE, _INTRO, *(_section(chapter, language) for chapter in reference.chapters))


@cache
def endpoints() -> list[Endpoint]:
    """Every endpoint, as a server that was just composed has them."""

    async def compose(folder: Path) -> list[Endpoint]:
        config = server_config(folder, _NOWHERE, database_url="memory:", public_url=_URL)
        async with open_server(config) as server:
            return all_endpoints(server.rooms, version("lingpai"))

    with TemporaryDirectory() as folder:
        return asyncio.run(compose(Path(folder)))


def _section(chapter: Chapter, language: Language) -> str:
    endpoint = chapter.endpoint
    body = pick(_FORM if endpoint.form else _BODY, language)
    answer = f"{pick(_ANSWER, language)} {endpoint.status}"
    parts = [
        f"## `{endpoint.method} {endpoint.path}`",
        chapter.summary + ("。" if language == "zh" else "."),
        pick(_AUTH[endpoint.auth], language),
        _fields(pick(_QUERY, language), chapter.query_fields, language),
        "" if endpoint.upload else _fields(body, chapter.body_fields, language),
        _upload(body, endpoint),
        _fields(answer, chapter.answer_fields, language) or f"**{answer}** `{_media(endpoint)}`",
        _problems(endpoint, language),
        code(chapter.request, "sh"),
        code(chapter.response, "json"),
    ]
    return "\n\n".join(part for part in parts if part)


def _upload(label: str, endpoint: Endpoint) -> str:
    return f"**{label}** {' · '.join(f'`{media}`' for media in endpoint.upload)}" if endpoint.upload else ""


def _fields(label: str, rows: Sequence[FieldRow], language: Language) -> str:
    cells = [
        (
            f"`{row.name}`",
            f"{row.type} {row.bounds}".strip(),
            pick(_YES, language) if row.required else "",
            row.meaning,
        )
        for row in rows
    ]
    return f"**{label}**\n\n{table(pick(_FIELDS, language).split('|'), cells)}" if cells else ""


def _problems(endpoint: Endpoint, language: Language) -> str:
    links = [f"[`{kind.code}`](problems.md#{kind.code}) {kind.status}" for kind in endpoint.refusals]
    return f"**{pick(_PROBLEMS, language)}** {' · '.join(links)}" if links else ""


def _media(endpoint: Endpoint) -> str:
    return "204" if endpoint.status == 204 else endpoint.media_type  # noqa: PLR2004  No Content
