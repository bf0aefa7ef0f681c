"""Errors become problem answers (RFC 9457): the only place that does it."""

import math
from typing import Final

import msgspec
from starlette.exceptions import HTTPException

from lingpai.errors import Problem
from lingpai.errors.catalogue import INTERNAL, METHOD_NOT_ALLOWED, STORAGE_UNAVAILABLE
from lingpai.observe import logger
from lingpai.storage.port import StorageError, StorageUnavailableError
from lingpai.web.answering import NO_STORE, Answer, encode_json
from lingpai.web.call import Call

_SERVER_FAULT: Final = 500
_UNAUTHORIZED: Final = 401
_HEADERS: Final = (
    (b"content-type", b"application/problem+json"),
    NO_STORE,
    (b"x-content-type-options", b"nosniff"),
)


class WeChatSaid(msgspec.Struct, frozen=True, omit_defaults=True):
    """WeChat's own words, for whoever looks them up."""

    errcode: int
    errmsg: str
    rid: str | None = None


class ProblemAnswer(msgspec.Struct, frozen=True, omit_defaults=True, kw_only=True):
    """A problem as it is answered."""

    type: str
    """Its documentation page."""
    title: str
    status: int
    code: str
    """What programs decide by."""
    detail: str
    hint: str
    """What to do next."""
    request_id: str
    wechat: WeChatSaid | None = None


def problem_answer(call: Call, problem: Problem, public_url: str) -> Answer:
    """The answer to a refused request, in the caller's language."""
    kind, facts, language = problem.kind, problem.facts, call.language
    fault = problem.wechat
    body = ProblemAnswer(
        type=f"{public_url}/docs/problems/{kind.code}",
        title=kind.title.say(language, facts),
        status=problem.status,
        code=kind.code,
        detail=kind.detail.say(language, facts),
        hint=problem.hint.say(language, facts),
        request_id=call.request_id,
        wechat=WeChatSaid(fault.errcode, fault.errmsg, fault.rid) if fault else None,
    )
    headers = [*_HEADERS, (b"content-language", b"zh-CN" if language == "zh" else b"en")]
    headers += waiting_headers(problem)
    if problem.status == _UNAUTHORIZED:
        headers.append((b"www-authenticate", b"Bearer"))
    if "allowed" in facts:
        headers.append((b"allow", str(facts["allowed"]).encode()))
    return Answer(problem.status, encode_json(body), tuple(headers))


def waiting_headers(problem: Problem) -> list[tuple[bytes, bytes]]:
    """When to come again; of a limit, which one it was: RateLimit-Policy and RateLimit, as
    draft-ietf-httpapi-ratelimit-headers-10 has them.
    """
    if problem.retry_after is None:
        return []
    seconds, quota = max(1, math.ceil(problem.retry_after)), problem.quota
    headers = [(b"retry-after", str(seconds).encode())]
    if quota is not None:
        headers += [
            (b"ratelimit-policy", f'"{quota.name}";q={quota.units};w={quota.seconds}'.encode()),
            (b"ratelimit", f'"{quota.name}";r=0;t={seconds}'.encode()),
        ]
    return headers


def as_problem(error: Exception, call: Call) -> Problem:
    """Any error as a problem; what is our own fault is logged with its trace and told without it."""
    if isinstance(error, Problem):
        if error.status >= _SERVER_FAULT:
            logger().warning("refused", code=error.code, request_id=call.request_id, private=error.private)
        return error
    if isinstance(error, HTTPException) and error.status_code == METHOD_NOT_ALLOWED.status:
        allowed = (error.headers or {}).get("Allow", "GET")
        return Problem(METHOD_NOT_ALLOWED, facts={"method": call.method, "allowed": allowed})
    if isinstance(error, StorageUnavailableError):
        logger().warning("storage_unavailable", request_id=call.request_id, reason=str(error))
        return Problem(STORAGE_UNAVAILABLE, retry_after=error.retry_after)
    if isinstance(error, StorageError):
        logger().error("storage_error", request_id=call.request_id, reason=str(error))
        return Problem(STORAGE_UNAVAILABLE, retry_after=1.0)
    logger().error("internal", request_id=call.request_id, exc_info=error)
    return Problem(INTERNAL)
