"""For those who run it: alive, ready, measured."""

import msgspec
from prometheus_client import CONTENT_TYPE_LATEST

from lingpai.errors import Words
from lingpai.storage.port import SchemaMismatchError, StorageError
from lingpai.web.answering import Answer, json_answer
from lingpai.web.call import Call
from lingpai.web.endpoint import Endpoint
from lingpai.web.rooms import Rooms


class AliveAnswer(msgspec.Struct, frozen=True):
    """The process answers."""

    alive: bool


class ReadyAnswer(msgspec.Struct, frozen=True, kw_only=True):
    """Whether to send requests here; each check says `ok` or what is wrong."""

    ready: bool
    database: str
    keys: str
    stopping: bool


def endpoints(rooms: Rooms) -> list[Endpoint]:
    """The endpoints of this file."""

    async def healthz(_call: Call) -> Answer:
        return json_answer(AliveAnswer(alive=True))

    async def readyz(_call: Call) -> Answer:
        answer = ReadyAnswer(
            database=(database := await _database(rooms)),
            keys=(keys := _keys(rooms)),
            stopping=rooms.mood.draining,
            ready=database == keys == "ok" and not rooms.mood.draining,
        )
        rooms.metrics.ready.set(answer.ready)
        return json_answer(answer, status=200 if answer.ready else 503)

    async def metrics(_call: Call) -> Answer:
        return Answer(200, rooms.metrics.page(), ((b"content-type", CONTENT_TYPE_LATEST.encode()),))

    return [
        Endpoint(
            method="GET",
            path="/healthz",
            handle=healthz,
            summary=Words("Whether the process lives", "进程是否存活"),
            answer=AliveAnswer,
        ),
        Endpoint(
            method="GET",
            path="/readyz",
            handle=readyz,
            summary=Words("Whether it is ready for requests", "是否可以接收请求"),
            answer=ReadyAnswer,
        ),
        Endpoint(
            method="GET",
            path="/metrics",
            handle=metrics,
            summary=Words("Metrics for Prometheus", "Prometheus 指标"),
            media_type="text/plain",
        ),
    ]


async def _database(rooms: Rooms) -> str:
    try:
        await rooms.store.check()
    except SchemaMismatchError as error:
        return f"SchemaMismatch: {error}; {error.remedy}"
    except StorageError as error:
        return type(error).__name__.removesuffix("Error")
    return "ok"


def _keys(rooms: Rooms) -> str:
    try:
        rooms.issuer.ring.signer(rooms.clock.now())
    except LookupError as error:
        return str(error)
    return "ok"
