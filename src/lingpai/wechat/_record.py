"""What may an observer know about one call?"""

from msgspec import Struct


class CallRecord(Struct, frozen=True):
    """One finished call: no URL, no parameter, nothing personal.

    ``outcome``: ``ok``, ``cancelled``, or the ``outcome`` of the error raised. ``errcode`` and
    ``rid`` are set when WeChat refused. ``seconds`` includes the time spent queueing.
    """

    endpoint: str
    app: str
    seconds: float
    outcome: str
    errcode: int | None = None
    rid: str | None = None
