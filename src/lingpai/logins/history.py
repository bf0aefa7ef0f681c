"""What is remembered of each login: a log line, a count, and for a refusal a row (a success writes its own)."""

import asyncio
from functools import lru_cache
from typing import Final

from lingpai.clock import Clock
from lingpai.errors import Problem
from lingpai.errors.catalogue import INTERNAL, STORAGE_UNAVAILABLE
from lingpai.ids import new_id
from lingpai.logins.finish import Visit
from lingpai.model import LoginEvent
from lingpai.observe import Metrics, logger
from lingpai.secret import random_bytes
from lingpai.sessions import TokenSet
from lingpai.storage.port import StorageError, StorageUnavailableError, Store

_WAITING: Final = 1_000


class History:
    """The history of logins. Writing it never delays an answer and never changes one."""

    def __init__(self, store: Store, clock: Clock, metrics: Metrics) -> None:
        self._store: Final = store
        self._clock: Final = clock
        self._logins: Final = lru_cache(metrics.logins.labels)
        self._writing: set[asyncio.Task[None]] = set()

    def signed_in(self, tokens: TokenSet, visit: Visit) -> None:
        """A login gave tokens."""
        session = tokens.signed_in.session
        result = "given_again" if tokens.again else "signed_in"
        self._logins(session.appid, result).inc()
        logger().info(
            "login",
            app=session.appid,
            result=result,
            user_id=session.user_id,
            session_id=session.id,
            is_new=tokens.is_new,
            request_id=visit.request_id,
            ms=self._took_ms(visit),
        )

    def refused(self, appid: str, error: Exception, visit: Visit) -> None:
        """A login was refused."""
        now = self._clock.now()
        fault = error.wechat if isinstance(error, Problem) else None
        event = LoginEvent(
            id=new_id("evt", now, random_bytes(10)),
            at=now,
            appid=appid,
            result=_code(error),
            request_id=visit.request_id,
            duration_ms=self._took_ms(visit),
            errcode=fault.errcode if fault else None,
            rid=fault.rid if fault else None,
        )
        self._logins(appid, event.result).inc()
        logger().info(
            "login",
            app=appid,
            result=event.result,
            errcode=event.errcode,
            rid=event.rid,
            request_id=event.request_id,
            ms=event.duration_ms,
            private=error.private if isinstance(error, Problem) else type(error).__name__,
        )
        if len(self._writing) < _WAITING:
            task = asyncio.get_running_loop().create_task(self._write(event))
            self._writing.add(task)
            task.add_done_callback(self._writing.discard)

    async def drain(self) -> None:
        """Wait for what is being written."""
        await asyncio.gather(*self._writing)

    async def _write(self, event: LoginEvent) -> None:
        try:
            await self._store.logins.record(event)
        except StorageError as error:
            logger().warning("login_event_lost", request_id=event.request_id, reason=str(error))

    def _took_ms(self, visit: Visit) -> int:
        return round((self._clock.monotonic() - visit.began) * 1000)


def _code(error: Exception) -> str:
    if isinstance(error, Problem):
        return error.code
    return (STORAGE_UNAVAILABLE if isinstance(error, StorageUnavailableError) else INTERNAL).code
