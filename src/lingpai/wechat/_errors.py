"""What can go wrong with a call, sorted by what the caller may do next?

    WeChatError
    ├── WeChatRefused         WeChat answered with an errcode        decide by errcode
    ├── WeChatOverloaded      nothing was sent, we shed the call     come back after retry_after
    ├── WeChatUnreachable     nothing was sent, no connection        the request may be made again
    ├── WeChatAnswerLost      bytes were sent, no whole answer came  a one-time code may be spent
    └── WeChatAnswerInvalid   an answer came, but not WeChat's kind  a one-time code may be spent

No error holds a URL, a request or a body: AppSecret and codes travel in the query string.
"""

# ruff: noqa: N818 - each name says what happened, "Error" five times over says nothing

from typing import ClassVar, Literal

UnreachableReason = Literal["connect", "closed", "request"]
LostReason = Literal["timeout", "connection"]
InvalidReason = Literal["http", "status", "length", "json", "shape"]
OverloadReason = Literal["bulkhead", "queue", "breaker"]


class WeChatError(Exception):
    """A call without an answer to use. ``outcome`` is the word for logs and metrics."""

    outcome: ClassVar[str] = "error"


class WeChatRefused(WeChatError):
    """WeChat said no: HTTP 200 with a non-zero errcode.

    ``errcode`` decides; ``errmsg`` is for people (printable, at most 256 characters, its trace
    suffix removed); ``rid`` is the trace id WeChat keeps for seven days, when there was one.
    """

    outcome = "refused"

    def __init__(self, errcode: int, errmsg: str = "", rid: str | None = None) -> None:
        super().__init__(errcode, errmsg, rid)
        self.errcode = errcode
        self.errmsg = errmsg
        self.rid = rid

    def __str__(self) -> str:
        return f"errcode {self.errcode}: {self.errmsg}" + (f" (rid {self.rid})" if self.rid else "")


class WeChatOverloaded(WeChatError):
    """Nothing was sent, because this app has enough calls waiting already.

    ``retry_after`` is in seconds. ``reason``: ``bulkhead``, no slot free and no queue to wait in;
    ``queue``, waited too long or pushed out by newer calls; ``breaker``, WeChat has just been failing.
    """

    outcome = "overloaded"

    def __init__(self, retry_after: float, reason: OverloadReason) -> None:
        super().__init__(retry_after, reason)
        self.retry_after = retry_after
        self.reason = reason

    def __str__(self) -> str:
        return f"not sent ({self.reason}), retry after {self.retry_after:.1f} s"


class WeChatUnreachable(WeChatError):
    """Nothing was sent.

    ``reason``: ``connect``, no connection (name, TCP, TLS or connect timeout); ``closed``, the
    client was closed; ``request``, the request holds text that no URL or JSON can carry.
    """

    outcome = "unreachable"

    def __init__(self, reason: UnreachableReason = "connect") -> None:
        super().__init__(reason)
        self.reason = reason

    def __str__(self) -> str:
        return f"nothing was sent ({self.reason})"


class WeChatAnswerLost(WeChatError):
    """The request may have reached WeChat, and no whole answer came back.

    ``reason``: ``timeout`` or ``connection`` (closed or reset). Never sent again by this room:
    a second use of a one-time code is refused with 40163.
    """

    outcome = "answer_lost"

    def __init__(self, reason: LostReason = "connection") -> None:
        super().__init__(reason)
        self.reason = reason

    def __str__(self) -> str:
        return f"sent, but the answer was lost ({self.reason})"


class WeChatAnswerInvalid(WeChatError):
    """Something answered, but not as WeChat does.

    ``reason``: ``http``, not readable as HTTP; ``status``, not HTTP 200 (``status`` says which, a
    redirect is never followed); ``length``, longer than allowed; ``json``, not UTF-8 JSON;
    ``shape``, JSON with fields missing, of the wrong type or outside their alphabet.
    """

    outcome = "answer_invalid"

    def __init__(self, reason: InvalidReason = "shape", status: int | None = None) -> None:
        super().__init__(reason, status)
        self.reason = reason
        self.status = status

    def __str__(self) -> str:
        return f"not an answer of WeChat ({self.reason}" + (f" {self.status})" if self.status else ")")
