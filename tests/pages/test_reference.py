"""The browsable documentation tells all of the interface, in both languages, with examples that work."""

import json
import re
import shlex
from html import unescape
from urllib.parse import urlsplit

import httpx
import msgspec
import pytest

from lingpai.testing.server import RunningServer
from lingpai.web.build import all_endpoints
from lingpai.web.openapi import openapi_document
from lingpai.web.pages.fields import FIELDS, known
from lingpai.web.pages.reference import Chapter, Reference


@pytest.fixture
def chapters(serving: RunningServer) -> list[Chapter]:
    endpoints = all_endpoints(serving.server.rooms, "0")
    return Reference(endpoints, version="0", public_url=serving.url, language="en").chapters


@pytest.mark.parametrize("language", ["en", "zh"])
async def test_every_endpoint_is_told(serving: RunningServer, http: httpx.AsyncClient, language: str):
    page = unescape((await http.get(f"{serving.url}/docs", headers={"accept-language": language})).text)
    for endpoint in all_endpoints(serving.server.rooms, "0"):
        assert endpoint.summary.say(language) in page
        assert f"<code>{endpoint.path}</code>" in page
        for kind in endpoint.problems:
            assert f'href="/docs/problems/{kind.code}"' in page


def test_every_field_has_words_in_both_languages_and_no_words_are_left_over(serving: RunningServer):
    endpoints = all_endpoints(serving.server.rooms, "0")
    document = openapi_document(endpoints, version="0", public_url=serving.url)
    schemas = document["components"]["schemas"]
    answers = {"ProblemAnswer", "WeChatSaid"}
    fields = {
        (schema, name) for schema in set(schemas) - answers for name in schemas[schema].get("properties", {})
    }
    parameters = {
        ("", parameter["name"])
        for path in document["paths"].values()
        for operation in path.values()
        for parameter in operation.get("parameters", [])
    }
    told_in_its_row = {
        ("", parameter.name) for endpoint in endpoints for parameter in endpoint.query if parameter.words.zh
    }
    wanted = fields | (parameters - told_in_its_row)
    unknown = sorted(f"{schema}.{name}" for schema, name in wanted if not known(schema, name))
    assert unknown == []
    used = {key for schema, name in fields | parameters for key in (f"{schema}.{name}", name)}
    assert set(FIELDS) <= used
    for key, field in FIELDS.items():
        assert field.words.en != field.words.zh or field.words.en.startswith("`"), key


def test_the_example_answers_have_the_shape_they_illustrate(chapters: list[Chapter]):
    told = [chapter for chapter in chapters if chapter.response]
    assert told
    for chapter in told:
        assert chapter.endpoint.answer
        msgspec.convert(json.loads(chapter.response), chapter.endpoint.answer)


def test_every_example_is_a_shell_command(chapters: list[Chapter]):
    for chapter in chapters:
        words = shlex.split(chapter.request.replace("\\\n", " "))
        assert words[0] == "curl"
        assert "{" not in urlsplit(next(word for word in words if word.startswith("http"))).path


async def test_the_example_of_login_is_understood(
    serving: RunningServer, http: httpx.AsyncClient, chapters: list[Chapter]
):
    chapter = next(chapter for chapter in chapters if chapter.endpoint.path == "/v1/{app}/login")
    words = shlex.split(chapter.request.replace("\\\n", " "))
    url = next(word for word in words if word.startswith("http"))
    body = words[words.index("-d") + 1]
    answer = await http.post(url, content=body, headers={"content-type": "application/json"})
    # No WeChat is there to ask: everything before that was in order.
    assert answer.json()["code"] == "wechat_busy"


async def test_the_contents_lead_to_every_chapter(serving: RunningServer, http: httpx.AsyncClient):
    page = (await http.get(f"{serving.url}/docs")).text
    targets = re.findall(r'href="#(\w+)"', page)
    ids = re.findall(r'id="([\w-]+)"', page)
    assert set(targets) <= set(ids)
    assert len(ids) == len(set(ids))
