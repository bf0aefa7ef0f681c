"""The OpenAPI 3.1 document, made from the same rows as the router."""

import re
from collections.abc import Sequence
from http import HTTPStatus
from typing import Any

import msgspec

from lingpai.errors import ProblemKind
from lingpai.web.endpoint import Endpoint
from lingpai.web.language import Language
from lingpai.web.problem import ProblemAnswer

_REFS = "#/components/schemas/{name}"
_UNPROCESSABLE = 422
_FILE: dict[str, Any] = {"type": "string", "format": "binary"}
_FILE_FORM: dict[str, Any] = {"type": "object", "properties": {"file": _FILE}, "required": ["file"]}
_SCHEMES: dict[str, Any] = {
    "access_token": {"type": "http", "scheme": "bearer", "bearerFormat": "JWT"},
    "service_key": {"type": "http", "scheme": "bearer", "bearerFormat": "lps_…"},
    "operator_key": {"type": "http", "scheme": "bearer", "bearerFormat": "lpo_…"},
}


def openapi_document(
    endpoints: Sequence[Endpoint], *, version: str, public_url: str, language: Language = "en"
) -> dict[str, Any]:
    """The document as plain JSON values, its words in `language`."""
    shapes = {shape for e in endpoints for shape in (e.body, e.answer) if shape is not None}
    ordered = sorted({*shapes, ProblemAnswer}, key=lambda shape: shape.__name__)
    schemas, components = msgspec.json.schema_components(ordered, ref_template=_REFS)
    refs = dict(zip(ordered, schemas, strict=True))
    paths: dict[str, dict[str, Any]] = {}
    for endpoint in endpoints:
        operation = _operation(endpoint, refs, language)
        paths.setdefault(plain_path(endpoint.path), {})[endpoint.method.lower()] = operation
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "lingpai 令牌",
            "version": version,
            "summary": "A self-hosted identity server for WeChat apps",
            "license": {"name": "Apache-2.0", "identifier": "Apache-2.0"},
        },
        "servers": [{"url": public_url}],
        "paths": paths,
        "components": {"schemas": components, "securitySchemes": _SCHEMES},
    }


def _operation(endpoint: Endpoint, refs: dict[type, Any], language: Language) -> dict[str, Any]:
    operation: dict[str, Any] = {
        "operationId": _operation_id(endpoint),
        "summary": endpoint.summary.say(language),
        "responses": _responses(endpoint, refs, language),
    }
    parameters = [
        {"name": name, "in": "path", "required": True, "schema": {"type": "string"}}
        for name in re.findall(r"\{(\w+)\}", plain_path(endpoint.path))
    ] + [
        {
            "name": parameter.name,
            "in": "query",
            "schema": parameter.schema,
            "description": parameter.words.say(language),
        }
        for parameter in endpoint.query
    ]
    if parameters:
        operation["parameters"] = parameters
    if endpoint.body is not None:
        media = "application/x-www-form-urlencoded" if endpoint.form else "application/json"
        operation["requestBody"] = {
            "required": True,
            "content": {media: {"schema": refs[endpoint.body]}},
        }
    if endpoint.upload:
        content = {media: {"schema": _FILE_FORM if "form" in media else _FILE} for media in endpoint.upload}
        operation["requestBody"] = {"required": True, "content": content}
    if endpoint.auth != "none":
        operation["security"] = [{endpoint.auth: []}]
    return operation


def _responses(endpoint: Endpoint, refs: dict[type, Any], language: Language) -> dict[str, Any]:
    success: dict[str, Any] = {"description": HTTPStatus(endpoint.status).phrase}
    if endpoint.answer is not None:
        success["content"] = {endpoint.media_type: {"schema": refs[endpoint.answer]}}
    elif endpoint.status == HTTPStatus.OK:
        binary = endpoint.media_type.startswith("image/")
        success["content"] = {endpoint.media_type: {"schema": _FILE if binary else {"type": "string"}}}
    responses: dict[str, Any] = {str(endpoint.status): success}
    for status, kinds in _by_status(endpoint.refusals).items():
        lines = [f"`{kind.code}`: {kind.title.say(language)}" for kind in kinds]
        responses[str(status)] = {
            "description": "\n\n".join(lines),
            "content": {"application/problem+json": {"schema": refs[ProblemAnswer]}},
        }
    return responses


def _by_status(kinds: Sequence[ProblemKind]) -> dict[int, list[ProblemKind]]:
    found: dict[int, list[ProblemKind]] = {}
    for kind in kinds:
        found.setdefault(kind.status, []).append(kind)
        if kind.code == "invalid_request":
            found.setdefault(_UNPROCESSABLE, []).append(kind)
    return dict(sorted(found.items()))


def plain_path(path: str) -> str:
    """The router's `{path:path}` takes slashes, too; OpenAPI knows no such thing."""
    return re.sub(r"\{(\w+):\w+\}", r"{\1}", path)


def _operation_id(endpoint: Endpoint) -> str:
    words = re.findall(r"[A-Za-z0-9]+", plain_path(endpoint.path))
    return "_".join([endpoint.method.lower(), *words])
