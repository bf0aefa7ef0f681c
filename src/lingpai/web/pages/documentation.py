"""`/docs`: the interface, and the catalogue of problems that every problem answer points at."""

import json
from collections.abc import Sequence
from functools import cache
from http import HTTPStatus
from itertools import groupby
from typing import Final

from lingpai.errors import CATALOGUE, Problem, ProblemKind
from lingpai.errors.catalogue import NOT_FOUND
from lingpai.web.answering import Answer
from lingpai.web.call import Call
from lingpai.web.endpoint import Endpoint
from lingpai.web.language import Language
from lingpai.web.pages.page import Site
from lingpai.web.pages.reader import language_of
from lingpai.web.pages.reference import Reference, group_of
from lingpai.web.problem import ProblemAnswer

_GROUPS: Final = ("login", "session", "open_data", "me", "oauth2", "admin", "operation")


class Documentation:
    """The pages under `/docs`."""

    def __init__(self, site: Site, endpoints: Sequence[Endpoint], version: str) -> None:
        ordered = sorted(endpoints, key=lambda endpoint: _GROUPS.index(group_of(endpoint)))
        self._site: Final = site
        self._endpoints: Final = ordered

        @cache
        def reference(language: Language) -> Reference:
            return Reference(ordered, version=version, public_url=site.public_url, language=language)

        self._reference: Final = reference

    async def interface(self, call: Call) -> Answer:
        """`GET /docs`."""
        chapters = self._reference(language_of(call)).chapters
        groups = [(name, list(rows)) for name, rows in groupby(chapters, key=lambda row: row.group)]
        return self._site.page(call, "docs.html", here="docs", groups=groups)

    async def problems(self, call: Call) -> Answer:
        """`GET /docs/problems`."""
        kinds = sorted(CATALOGUE.values(), key=lambda kind: kind.status)
        groups = [
            (status, HTTPStatus(status).phrase, list(same))
            for status, same in groupby(kinds, key=lambda kind: kind.status)
        ]
        return self._site.page(call, "problems.html", here="problems", groups=groups)

    async def problem(self, call: Call) -> Answer:
        """`GET /docs/problems/{code}`. Raises Problem not_found."""
        kind = CATALOGUE.get(call.params["code"])
        if kind is None:
            raise Problem(NOT_FOUND)
        chapters = self._reference(language_of(call)).chapters
        return self._site.page(
            call,
            "problem.html",
            here="problems",
            kind=kind,
            chapters=[chapter for chapter in chapters if kind in chapter.problems],
            sample=self._sample(kind, language_of(call)),
        )

    def _sample(self, kind: ProblemKind, language: Language) -> str:
        answer = ProblemAnswer(
            type=f"{self._site.public_url}/docs/problems/{kind.code}",
            title=kind.title.say(language),
            status=kind.status,
            code=kind.code,
            detail=kind.detail.say(language).replace("{what}", "…"),
            hint=kind.hint.say(language),
            request_id="0123456789abcdef",
        )
        shown = {name: getattr(answer, name) for name in answer.__struct_fields__ if name != "wechat"}
        return json.dumps(shown, ensure_ascii=False, indent=2)
