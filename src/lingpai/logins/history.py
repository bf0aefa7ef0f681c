"""What is remembered of each login: a log line, a count, and for a refusal a line (a success writes its own)."""

from functools import lru_cache
from typing import Final

from lingpai.clock import Clock
from lingpai.errors import Problem
from lingpai.errors.catalogue import INTERNAL, STORAGE_UNAVAILABLE
from lingpai.ids import new_id
from lingpai.logins.finish import Visit
from lingpai.logins.recorder import Recorder
from lingpai.model import LOGIN_KINDS, LoginEvent
from lingpai.observe import Flight, Metrics, flight, logger
from lingpai.secret import random_bytes
from lingpai.sessions import TokenSet
from lingpai.storage.port import StorageUnavailableError


class History:
    """The history of logins. Writing it never delays an answer and never changes one."""

    def __init__(self, recorder: Recorder, clock: Clock, metrics: Metrics) -> None:
        self._recorder: Final = recorder
        self._clock: Final = clock
        self._logins: Final = lru_cache(metrics.logins.labels)

    async def drain(self) -> None:
        """Write what waits, if the store takes it."""
        await self._recorder.drain()

    def signed_in(self, tokens: TokenSet, visit: Visit) -> None:
        """A login gave tokens."""
        session = tokens.signed_in.session
        result = "given_again" if tokens.again else "signed_in"
        ms = self._took_ms(visit.began)
        self._logins(session.appid, result).inc()
        logger().info(
            "login",
            app=session.appid,
            result=result,
            user_id=session.user_id,
            session_id=session.id,
            is_new=tokens.is_new,
            request_id=visit.request_id,
            ms=ms,
        )
        own = flight()
        kind = _settled(own)
        now = self._clock.now()
        if not tokens.again:
            self._recorder.granted(now, own, (session.appid, kind, result))
            return
        self._recorder.line(
            LoginEvent(
                id=new_id("evt", now, random_bytes(10)),
                at=now,
                appid=session.appid,
                result=result,
                request_id=visit.request_id,
                duration_ms=ms,
                user_id=session.user_id,
                session_id=session.id,
                kind=kind,
            ),
            own,
        )

    def refused(self, appid: str, error: Exception, visit: Visit) -> None:
        """A login was refused."""
        self._refused(appid, error, visit.request_id, visit.began)

    def turned_away(self, appid: str, error: Exception, own: Flight) -> None:
        """A recorded request was refused, whatever it was for; unless its outcome is on record already."""
        if not own.settled:
            self._refused(appid, error, own.request_id, own.began)

    def _refused(self, appid: str, error: Exception, request_id: str, began: float) -> None:
        own = flight()
        now = self._clock.now()
        fault = error.wechat if isinstance(error, Problem) else None
        event = LoginEvent(
            id=new_id("evt", now, random_bytes(10)),
            at=now,
            appid=appid,
            result=_code(error),
            request_id=request_id,
            duration_ms=self._took_ms(began),
            errcode=fault.errcode if fault else None,
            rid=fault.rid if fault else None,
            user_id=own.user_id if own else None,
            session_id=own.session_id if own else None,
            kind=_settled(own),
        )
        private = error.private if isinstance(error, Problem) else type(error).__name__
        if event.kind in LOGIN_KINDS:
            self._logins(appid, event.result).inc()
            self._log_refused(event, private)
        else:
            self._log_other(event, private)
        self._recorder.line(event, own)

    def _log_refused(self, event: LoginEvent, private: str) -> None:
        logger().info(
            "login",
            app=event.appid,
            result=event.result,
            errcode=event.errcode,
            rid=event.rid,
            request_id=event.request_id,
            ms=event.duration_ms,
            private=private,
        )

    def _log_other(self, event: LoginEvent, private: str) -> None:
        logger().info(
            "attempt_refused",
            kind=event.kind,
            app=event.appid,
            result=event.result,
            errcode=event.errcode,
            rid=event.rid,
            user_id=event.user_id,
            request_id=event.request_id,
            ms=event.duration_ms,
            private=private,
        )

    def _took_ms(self, began: float) -> int:
        return round((self._clock.monotonic() - began) * 1000)


def _code(error: Exception) -> str:
    if isinstance(error, Problem):
        return error.code
    return (STORAGE_UNAVAILABLE if isinstance(error, StorageUnavailableError) else INTERNAL).code


def _settled(own: Flight | None) -> str:
    """What kind of attempt it was, whose outcome is on record from now on."""
    if own is None:
        return "login"
    own.settled = True
    return own.kind
