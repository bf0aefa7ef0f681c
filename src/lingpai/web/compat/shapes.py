"""How a tutorial's answer looks: its own shape, and in a refusal the whole problem beside it."""

from collections.abc import Callable
from typing import Any

import msgspec

from lingpai.errors import Problem
from lingpai.web.answering import Answer, encode_json, json_answer
from lingpai.web.call import Call
from lingpai.web.problem import problem_answer

Header = tuple[bytes, bytes]
Shape = Callable[[Problem, str], dict[str, Any]]
"""A problem and its words → the members that the tutorial's client knows."""


def told(value: Any, *cookies: Header) -> Answer:
    """An answer with a cookie."""
    answer = json_answer(value)
    return msgspec.structs.replace(answer, headers=(*answer.headers, *cookies))


def envelope(data: Any, **beside: Any) -> dict[str, Any]:
    """`{code, msg, data}`; 0 is success."""
    return {"code": 0, "msg": "ok", "data": data, **beside}


def in_envelope(problem: Problem, words: str) -> dict[str, Any]:
    """`{code, msg, data}` of a refusal: the HTTP status as `code`, and no data."""
    return {"code": problem.status, "msg": words, "data": None}


def without_data(problem: Problem, words: str) -> dict[str, Any]:
    """The same where the tutorial's answer has no `data`."""
    return {"code": problem.status, "msg": words}


def problem_member(call: Call, problem: Problem, public_url: str) -> msgspec.Raw:
    """The problem answer as it would have been, to stand inside of another answer."""
    return msgspec.Raw(problem_answer(call, problem, public_url).body)


def refusal(public_url: str, shape: Shape) -> Callable[[Call, Problem], Answer]:
    """How a tutorial's client is told: status and headers of the problem answer, the tutorial's members in front."""

    def answer(call: Call, problem: Problem) -> Answer:
        plain = problem_answer(call, problem, public_url)
        facts = problem.facts
        said = [w.say(call.language, facts) for w in (problem.kind.title, problem.kind.detail, problem.hint)]
        members = {**shape(problem, " ".join(said)), "problem": msgspec.Raw(plain.body)}
        headers = [(name, value) for name, value in plain.headers if name != b"content-type"]
        return Answer(plain.status, encode_json(members), ((b"content-type", b"application/json"), *headers))

    return answer
