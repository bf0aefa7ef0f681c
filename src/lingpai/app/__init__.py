"""The composition root: settings in, a server out. The only room that knows every other.

`ground` is what everything stands on, `outward` speaks to WeChat, `entrances` let people in, `people` is what
they may do with what we know of them. Each is made from those before it.
"""

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from importlib.metadata import version
from typing import Final

from lingpai.admin.apps import AppsAdmin
from lingpai.admin.attempts import AttemptsAdmin
from lingpai.admin.doctor import Doctor
from lingpai.admin.people import PeopleAdmin
from lingpai.admin.pushes import PushesAdmin
from lingpai.admin.webhooks import WebhooksAdmin
from lingpai.app.desk import make_desk
from lingpai.app.entrances import Entrances, open_entrances
from lingpai.app.gate import Limits, open_limits
from lingpai.app.ground import Ground, blob_settings, ledger_of, open_ground
from lingpai.app.operators import operator_rooms
from lingpai.app.outward import Outward, doctor_settings, open_outward, this_node, wechat_settings
from lingpai.app.people import People, open_people
from lingpai.app.telling import Telling, open_telling
from lingpai.clock import Clock, SystemClock
from lingpai.config import Config, environment
from lingpai.jobs import Job, Timers, telling_jobs, upkeep_jobs
from lingpai.keeper import SecretWatch, Vault
from lingpai.logins import Recorder
from lingpai.secret import Sealer
from lingpai.sessions import Ending, Refreshing
from lingpai.storage.port import Store
from lingpai.web.build import build_web
from lingpai.web.client_address import TrustedProxies
from lingpai.web.front import Front
from lingpai.web.leaked_secrets import LeakedSecrets
from lingpai.web.rooms import Mood, Rooms

__all__ = [
    "VERSION",
    "Server",
    "blob_settings",
    "doctor_settings",
    "ledger_of",
    "open_server",
    "this_node",
    "wechat_settings",
]

VERSION: Final = version("lingpai")


@dataclass(frozen=True, slots=True, kw_only=True)
class Server:
    """A composed server: the ASGI application, and what its owner may want to reach."""

    front: Front
    rooms: Rooms
    store: Store
    sealer: Sealer
    vault: Vault
    secrets: SecretWatch


@asynccontextmanager
async def open_server(
    config: Config, *, clock: Clock | None = None, open_console: bool = False
) -> AsyncIterator[Server]:
    """A server that is ready to answer, with its jobs running; closed in order at the end.

    Raises SchemaMismatchError, StorageUnavailableError, MasterKeyWrongError, SealBrokenError, BlobSettingsError,
    DatabaseOlderError, TracingMissingError.
    """
    async with AsyncExitStack() as stack:
        ground = await open_ground(config, clock or SystemClock(), stack)
        outward = await open_outward(ground, stack)
        limits = open_limits(ground, stack)
        entrances = await open_entrances(ground, outward, limits, stack)
        people = await open_people(ground, outward, stack)
        telling = await open_telling(ground, outward, people)
        rooms = _rooms(ground, outward, limits, entrances, people, telling=telling, open_console=open_console)
        timers = _timers(rooms, outward, ground, telling, entrances.recorder)
        timers.start()
        stack.push_async_callback(timers.aclose)
        yield Server(
            front=build_web(rooms, version=VERSION),
            rooms=rooms,
            store=ground.store,
            sealer=ground.sealer,
            vault=ground.vault,
            secrets=outward.secrets,
        )


def _rooms(
    ground: Ground,
    outward: Outward,
    limits: Limits,
    entrances: Entrances,
    people: People,
    *,
    telling: Telling,
    open_console: bool,
) -> Rooms:
    store, clock, metrics = ground.store, ground.clock, ground.metrics
    running = entrances.running
    grace = ground.config.refresh_grace
    ending = Ending(store, running, clock, metrics)
    return Rooms(
        clock=clock,
        store=store,
        directory=outward.directory,
        tokens=outward.keeper.tokens,
        token_calls=outward.keeper.token_calls,
        tickets=outward.keeper.tickets,
        forwarding=outward.keeper.forwarding,
        service_keys=outward.service_keys,
        sign_in=entrances.sign_in,
        browsers=entrances.browsers,
        history=entrances.history,
        attempts=AttemptsAdmin(store, entrances.recorder.flush),
        running=running,
        refreshing=Refreshing(store, ground.issuer, running, clock, metrics, grace=grace),
        ending=ending,
        issuer=ground.issuer,
        session_keys=people.session_keys,
        open_data=people.open_data,
        profiles=people.profiles,
        phones=people.phones,
        portraits=people.portraits,
        naming=people.naming,
        avatars=people.avatars,
        exports=people.exports,
        erasing=people.erasing,
        receiving=telling.receiving,
        apps=AppsAdmin(store, ground.sealer, clock),
        people=PeopleAdmin(store, clock),
        operators=operator_rooms(ground),
        doctor=_doctor(ground, outward),
        desk=make_desk(ground, people, ending),
        gate=limits.gate,
        guesses=limits.guesses,
        pushes=PushesAdmin(store, ground.sealer, clock, ground.config.public_url),
        webhooks=WebhooksAdmin(store, ground.sealer, clock, telling.reachable),
        proxies=TrustedProxies(ground.config.trusted_proxies),
        metrics=metrics,
        tracing=ground.tracing,
        leaked=LeakedSecrets(clock, metrics),
        mood=Mood(),
        public_url=ground.config.public_url,
        open_console=open_console,
    )


def _doctor(ground: Ground, outward: Outward) -> Doctor:
    settings = doctor_settings(ground.config, environment())
    return Doctor(
        store=ground.store,
        sealer=ground.sealer,
        directory=outward.directory,
        calls=outward.calls,
        clock=ground.clock,
        settings=settings,
    )


def _timers(rooms: Rooms, outward: Outward, ground: Ground, telling: Telling, recorder: Recorder) -> Timers:
    upkeep = upkeep_jobs(
        relay=ground.relay,
        store=rooms.store,
        sealer=ground.sealer,
        vault=ground.vault,
        issuer=rooms.issuer,
        running=rooms.running,
        directory=rooms.directory,
        avatars=rooms.avatars,
        ledger=ground.ledger,
        keeper=outward.keeper,
        service_keys=outward.service_keys,
        secrets=outward.secrets,
        clock=rooms.clock,
        keep_logins_days=ground.config.keep_logins_days,
        keep_logins_rows=ground.config.keep_logins_rows,
        recorder=recorder,
    )
    return Timers([*upkeep, *_telling_jobs(ground, telling)])


def _telling_jobs(ground: Ground, telling: Telling) -> list[Job]:
    return telling_jobs(
        store=ground.store,
        keys=telling.keys,
        acting=telling.acting,
        announcing=telling.announcing,
        delivering=telling.delivering,
        clock=ground.clock,
        keep_days=ground.config.keep_logins_days,
    )
