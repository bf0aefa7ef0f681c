"""The interface for readers: tables and examples made from the OpenAPI document and its rows."""

import json
import re
from collections.abc import Iterator, Sequence
from typing import Any, Final

import msgspec

from lingpai.errors import ProblemKind
from lingpai.web.endpoint import Auth, Endpoint
from lingpai.web.language import Language
from lingpai.web.openapi import openapi_document, plain_path
from lingpai.web.pages.field import Field
from lingpai.web.pages.fields import FIELDS, known
from lingpai.web.pages.rendering import texts_in

_BEARERS: Final[dict[Auth, str]] = {
    "access_token": "YOUR_ACCESS_TOKEN",
    "service_key": "lps_YOUR_SERVICE_KEY",
    "operator_key": "lpo_YOUR_OPERATOR_KEY",
}
_DEEPEST: Final = 4

Schema = dict[str, Any]


class FieldRow(msgspec.Struct, frozen=True, kw_only=True):
    """A line of a table of fields."""

    name: str
    """Dotted, where it lies inside another: `user.id`."""
    type: str
    bounds: str
    required: bool
    meaning: str


class Chapter(msgspec.Struct, frozen=True, kw_only=True):
    """One endpoint, ready to be shown."""

    anchor: str
    group: str
    endpoint: Endpoint
    summary: str
    path_fields: list[FieldRow]
    query_fields: list[FieldRow]
    body_fields: list[FieldRow]
    answer_fields: list[FieldRow]
    problems: tuple[ProblemKind, ...]
    request: str
    """A curl command."""
    response: str
    """Its JSON answer, or nothing."""


class Reference:
    """The chapters in one language."""

    def __init__(
        self, endpoints: Sequence[Endpoint], *, version: str, public_url: str, language: Language
    ) -> None:
        document = openapi_document(endpoints, version=version, public_url=public_url, language=language)
        self._paths: Final[Schema] = document["paths"]
        self._schemas: Final[dict[str, Schema]] = document["components"]["schemas"]
        self._public_url: Final = public_url
        self._language: Final[Language] = language
        self.chapters: Final = [self._chapter(endpoint) for endpoint in endpoints]

    def _chapter(self, endpoint: Endpoint) -> Chapter:
        operation: Schema = self._paths[plain_path(endpoint.path)][endpoint.method.lower()]
        parameters = operation.get("parameters", [])
        body = _content(operation.get("requestBody", {}))
        answer = _content(operation["responses"][str(endpoint.status)])
        return Chapter(
            anchor=operation["operationId"],
            group=group_of(endpoint),
            endpoint=endpoint,
            summary=operation["summary"],
            path_fields=[self._parameter(p) for p in parameters if p["in"] == "path"],
            query_fields=[self._parameter(p) for p in parameters if p["in"] == "query"],
            body_fields=list(self._rows(body)),
            answer_fields=list(self._rows(answer)),
            problems=endpoint.refusals,
            request=self._curl(endpoint, body),
            response=self._sample(answer) if endpoint.media_type.endswith("json") else "",
        )

    def _parameter(self, parameter: Schema) -> FieldRow:
        row = self._row("", parameter["name"], parameter["schema"], required=parameter.get("required", False))
        described = parameter.get("description")
        return msgspec.structs.replace(row, meaning=described) if described else row

    def _rows(self, schema: Schema, prefix: str = "", depth: int = 0) -> Iterator[FieldRow]:
        shape = self._resolved(schema)
        for name, field in shape.get("properties", {}).items():
            required = name in shape.get("required", [])
            row = self._row(shape.get("title", ""), name, field, required=required)
            yield msgspec.structs.replace(row, name=prefix + name)
            inner = _present(field)
            if depth < _DEEPEST and "$ref" in inner:
                yield from self._rows(inner, f"{prefix}{name}.", depth + 1)
            elif depth < _DEEPEST and "$ref" in inner.get("items", {}):
                yield from self._rows(inner["items"], f"{prefix}{name}[].", depth + 1)

    def _row(self, schema: str, name: str, field: Schema, *, required: bool) -> FieldRow:
        inner = _present(field)
        told = known(schema, name)
        meaning = told.words.say(self._language) if told else inner.get("description", "")
        return FieldRow(
            name=name, type=_type(inner), bounds=self._bounds(inner), required=required, meaning=meaning
        )

    def _bounds(self, schema: Schema) -> str:
        text = texts_in(self._language)
        least, most = schema.get("minLength"), schema.get("maxLength")
        if least is not None and most is not None:
            return text("docs.length", least=least, most=most)
        if most is not None:
            return text("docs.length.most", most=most)
        return text("docs.length.least", least=least) if least is not None else ""

    def _resolved(self, schema: Schema) -> Schema:
        reference = schema.get("$ref")
        return self._schemas[reference.rpartition("/")[2]] if reference else schema

    def _example(self, schema: Schema, *, only_required: bool = False, told: Field | None = None) -> Any:
        shape = self._resolved(_present(schema))
        if told is not None and told.example is not None:
            return told.example
        if "properties" in shape:
            title, required = shape.get("title", ""), shape.get("required", [])
            return {
                name: self._example(field, told=known(title, name))
                for name, field in shape["properties"].items()
                if name in required or not only_required
            }
        if "enum" in shape:
            return shape["enum"][0]
        if shape.get("type") == "array":
            return [self._example(shape.get("items", {}))]
        plain: dict[str, Any] = {"integer": 1, "number": 1.0, "boolean": True, "object": {}}
        return plain.get(shape.get("type", ""), "example")

    def _sample(self, schema: Schema) -> str:
        example = self._example(schema)
        return json.dumps(example, ensure_ascii=False, indent=2) if isinstance(example, dict) else ""

    def _curl(self, endpoint: Endpoint, body: Schema) -> str:
        method = "" if endpoint.method == "GET" else f" -X {endpoint.method}"
        url = self._public_url + _filled(endpoint.path)
        lines = [f"curl -sS{method}", _quoted(url)]
        bearer = _BEARERS.get(endpoint.auth)
        if bearer:
            lines.append(f"-H 'Authorization: Bearer {bearer}'")
        if endpoint.upload:
            lines += _uploading(endpoint.upload[0])
        elif body:
            required = self._example(body, only_required=True)
            lines += _form(required) if endpoint.form else _json(required)
        return " \\\n  ".join(lines)


_GROUP_OF: Final = (
    ("/v1/admin/", "admin"),
    *((f"/v1/{{app}}/{name}", "open_data") for name in ("profile", "phone", "decrypt", "session-key")),
    *((start, "oauth2") for start in ("/v1/{app}/access-token", "/cgi-bin/", "/wechat/", "/oauth2/")),
    ("/v1/{app}/", "login"),
    ("/v1/session", "session"),
    *((start, "me") for start in ("/v1/me", "/avatars/")),
)
"""By what a path starts with; the first that fits counts."""


def group_of(endpoint: Endpoint) -> str:
    """The heading an endpoint stands under."""
    of_path = (group for start, group in _GROUP_OF if endpoint.path.startswith(start))
    return next(of_path, "operation")


def _content(message: Schema) -> Schema:
    for media in message.get("content", {}).values():
        schema: Schema = media["schema"]
        return schema
    return {}


def _present(schema: Schema) -> Schema:
    """The schema of a value that is there: `anyOf [X, null]` is X."""
    choices = [choice for choice in schema.get("anyOf", []) if choice.get("type") != "null"]
    return choices[0] if len(choices) == 1 else schema


def _type(schema: Schema) -> str:
    if "$ref" in schema:
        return "object"
    if schema.get("type") == "array":
        return f"{_type(schema.get('items', {}))}[]"
    return str(schema.get("type", "any"))


def _filled(path: str) -> str:
    def example(match: re.Match[str]) -> str:
        field = FIELDS.get(match[1])
        return str(field.example) if field else match[0]

    return re.sub(r"\{(\w+)(?::\w+)?\}", example, path)


def _json(value: Any) -> list[str]:
    return ["-H 'Content-Type: application/json'", f"-d {_quoted(json.dumps(value, ensure_ascii=False))}"]


def _form(value: dict[str, Any]) -> list[str]:
    return [f"--data-urlencode {_quoted(f'{name}={field}')}" for name, field in value.items()]


def _uploading(media: str) -> list[str]:
    if "form" in media:
        return ["-F 'file=@avatar.jpg'"]
    return [f"-H 'Content-Type: {media}'", "--data-binary @avatar.jpg"]


def _quoted(text: str) -> str:
    """For a POSIX shell."""
    return "'" + text.replace("'", "'\\''") + "'"
