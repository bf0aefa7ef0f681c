"""Letting an endpoint answer; whatever it raises becomes an answer, too."""

import asyncio
from collections.abc import Sequence
from typing import Final

from starlette.types import Receive, Scope, Send

from lingpai.clock import Clock
from lingpai.errors import Problem
from lingpai.errors.catalogue import SHUTTING_DOWN
from lingpai.model import AttemptKind
from lingpai.web.answering import Answer
from lingpai.web.call import Call, ClientGoneError
from lingpai.web.cross_origin import CrossOrigin
from lingpai.web.endpoint import Endpoint
from lingpai.web.problem import as_problem, problem_answer
from lingpai.web.recording import Recording
from lingpai.web.strangers import Strangers


class Handling:
    """Runs endpoints for the front door and for the router. Both methods give the status answered."""

    def __init__(
        self,
        *,
        clock: Clock,
        public_url: str,
        cross_origin: CrossOrigin,
        recording: Recording,
        strangers: Strangers,
    ) -> None:
        self._clock: Final = clock
        self._public_url: Final = public_url
        self._cross_origin: Final = cross_origin
        self._recording: Final = recording
        self._strangers: Final = strangers

    async def answer(self, endpoint: Endpoint, scope: Scope, receive: Receive, send: Send) -> int:
        """Let `endpoint` answer. 0: the client went away before its request was complete."""
        call = Call(scope, receive, self._clock.monotonic())
        if endpoint.records is not None:
            return await self._recorded(endpoint, endpoint.records, call, send)
        answer = await self._answer(endpoint, call)
        if answer is None:
            return 0
        await answer.send(call, send)
        return answer.status

    async def _recorded(self, endpoint: Endpoint, kind: AttemptKind, call: Call, send: Send) -> int:
        token = self._recording.begin(kind, call)
        status, sending = 0, 0.0
        try:
            answer = await self._answer(endpoint, call)
            sending = self._clock.monotonic()
            if answer is not None:
                await answer.send(call, send)
                status = answer.status
        finally:
            self._recording.end(call, status, sending or self._clock.monotonic(), token)
        return status

    async def _answer(self, endpoint: Endpoint, call: Call) -> Answer | None:
        """None: the client went away."""
        try:
            if endpoint.counted:
                self._strangers.admit(call)
            answer = await endpoint.handle(call)
        except ClientGoneError:
            return None
        except asyncio.CancelledError:
            # The drain is over. The client gets a word before its connection ends.
            answer = self._refusal(endpoint, call, Problem(SHUTTING_DOWN, retry_after=1.0))
        except Exception as error:  # noqa: BLE001  the one place where every error becomes an answer
            problem = as_problem(error, call)
            if not endpoint.counted:
                problem = self._strangers.unknown(call, problem)
            answer = self._refusal(endpoint, call, problem)
        return self._cross_origin.readable(call, answer) if endpoint.cross_origin else answer

    def preflight(self, endpoints: Sequence[Endpoint], scope: Scope, receive: Receive) -> Answer | None:
        """The answer to a browser that asks before it asks (Fetch, CORS preflight); None: not from here."""
        methods = [endpoint.method for endpoint in endpoints if endpoint.cross_origin]
        call = Call(scope, receive, self._clock.monotonic())
        return self._cross_origin.preflight(call, methods) if methods else None

    def _refusal(self, endpoint: Endpoint, call: Call, problem: Problem) -> Answer:
        self._recording.refused(call, problem)
        if endpoint.refusal is not None:
            return endpoint.refusal(call, problem)
        return problem_answer(call, problem, self._public_url)

    async def refuse(self, error: Exception, scope: Scope, receive: Receive, send: Send) -> int:
        """The problem answer for a request that reached no endpoint."""
        call = Call(scope, receive, self._clock.monotonic())
        answer = problem_answer(call, as_problem(error, call), self._public_url)
        await answer.send(call, send)
        return answer.status
