"""An endpoint as data: what it is called, what goes in, what comes out, what can be refused.

The router, the OpenAPI document and the documentation pages are made from the same rows.
"""

from collections.abc import Awaitable, Callable
from typing import Literal

import msgspec

from lingpai.errors import Problem, ProblemKind, Words
from lingpai.errors.catalogue import RATE_LIMITED
from lingpai.model import AttemptKind, Permission
from lingpai.web.answering import Answer
from lingpai.web.call import Call

Handler = Callable[[Call], Awaitable[Answer]]
Auth = Literal["none", "access_token", "service_key", "operator_key"]


class QueryParameter(msgspec.Struct, frozen=True):
    """A parameter in the query string."""

    name: str
    schema: dict[str, str]
    words: Words


class Endpoint(msgspec.Struct, frozen=True, kw_only=True):
    """One method of one path."""

    method: Literal["GET", "POST", "PUT", "PATCH", "DELETE"]
    path: str
    """`/v1/{app}/login`; a name in braces is one segment."""
    handle: Handler
    summary: Words
    auth: Auth = "none"
    needs: Permission | None = None
    """With `operator_key`: what the key must allow."""
    body: type | None = None
    form: bool = False
    """The body is a form (RFC 6749), not JSON."""
    upload: tuple[str, ...] = ()
    """The body is a file of one of these media types, or a form with a file; see `web/uploads.py`."""
    query: tuple[QueryParameter, ...] = ()
    answer: type | None = None
    """The struct of a 200; None: the answer has no JSON body."""
    status: int = 200
    media_type: str = "application/json"
    problems: tuple[ProblemKind, ...] = ()
    pages: bool = False
    """Scripts of the apps' own origins may call it, whoever is signed in; see `web/cross_origin.py`."""
    refusal: Callable[[Call, Problem], Answer] | None = None
    """How a browser is told of a refusal; None: as a problem answer."""
    records: AttemptKind | None = None
    """What the flight recorder calls a request of this kind; None: it is not recorded."""
    counted: bool = False
    """Anybody may call it, as often as an address may; see `web/strangers.py`."""
    hot: bool = False
    """Answered before the router is asked; see `web/front.py`."""

    @property
    def refusals(self) -> tuple[ProblemKind, ...]:
        """What it may be refused with: a stranger, a person and a backend alike may ask too often."""
        limited = self.counted or self.auth != "none"
        return (
            (*self.problems, RATE_LIMITED) if limited and RATE_LIMITED not in self.problems else self.problems
        )

    @property
    def cross_origin(self) -> bool:
        """Whether a page of another origin may read the answer: all that a signed-in person may ask."""
        return self.pages or self.auth == "access_token"
