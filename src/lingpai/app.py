"""The composition root: settings in, a server out. The only file that knows every room."""

from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from functools import lru_cache
from importlib.metadata import version
from typing import Final

from lingpai.admin.apps import AppsAdmin
from lingpai.admin.keys import SigningKeysAdmin
from lingpai.admin.people import PeopleAdmin
from lingpai.clock import Clock, SystemClock
from lingpai.config import Config, master_key_bytes
from lingpai.jobs import Timers, upkeep_jobs
from lingpai.keeper import Directory, Keeper, Node, ServiceKeys, WeChatCalls, open_vault
from lingpai.logins import Finish, History, Retrying, SignIn, flows
from lingpai.observe import Metrics
from lingpai.secret import Sealer, random_bytes, random_fraction
from lingpai.sessions import Ending, Refreshing, RunningSessions
from lingpai.storage.open import open_store
from lingpai.storage.port import Store
from lingpai.tokens import Issuer, KeyRing
from lingpai.web.build import build_web
from lingpai.web.front import Front
from lingpai.web.rooms import Mood, Rooms
from lingpai.wechat import CallRecord, WeChatClient, WeChatSettings

_WECHATS_OWN: Final = tuple(
    f"https://{name}.weixin.qq.com" for name in ("api2", "sh.api", "sz.api", "hk.api")
)
VERSION: Final = version("lingpai")


@dataclass(frozen=True, slots=True, kw_only=True)
class Server:
    """A composed server: the ASGI application, and what its owner may want to reach."""

    front: Front
    rooms: Rooms
    store: Store
    sealer: Sealer


@asynccontextmanager
async def open_server(
    config: Config, *, clock: Clock | None = None, open_console: bool = False
) -> AsyncIterator[Server]:
    """A server that is ready to answer, with its jobs running; closed in order at the end.

    Raises SchemaMismatchError, StorageUnavailableError, MasterKeyWrongError, SealBrokenError.
    """
    clock = clock or SystemClock()
    metrics = Metrics()
    async with AsyncExitStack() as stack:
        store = await open_store(config.database_url, clock=clock)
        stack.push_async_callback(store.aclose)
        sealer = await open_vault(store, master_key_bytes(config), clock)
        await SigningKeysAdmin(store, sealer, clock).ensure_one()
        ring = KeyRing.opened(await store.keys.signing(), sealer)
        issuer = Issuer(
            issuer=config.public_url, lifetime=config.access_token_lifetime, ring=ring, clock=clock
        )
        client = WeChatClient(wechat_settings(config), monotonic=clock.monotonic, on_call=_counter(metrics))
        stack.push_async_callback(client.aclose)
        directory = Directory(store, sealer, clock)
        await directory.reload()
        keeper = Keeper(this_node(store, sealer, clock, metrics), directory, client)
        stack.push_async_callback(keeper.aclose)
        service_keys = ServiceKeys(store, clock)
        await service_keys.follow()
        stack.push_async_callback(service_keys.aclose)
        running = RunningSessions(store, issuer, clock)
        await running.follow()
        history = History(store, clock, metrics)
        stack.push_async_callback(history.drain)
        finish = Finish(store, sealer, issuer, running, clock, lifetime=config.session_lifetime)
        retrying = Retrying(store, issuer, running, clock)
        rooms = Rooms(
            clock=clock,
            store=store,
            directory=directory,
            sign_in=SignIn(flows(WeChatCalls(client)), finish, retrying, history),
            tokens=keeper.tokens,
            token_calls=keeper.token_calls,
            tickets=keeper.tickets,
            forwarding=keeper.forwarding,
            service_keys=service_keys,
            running=running,
            refreshing=Refreshing(store, issuer, running, clock, metrics, grace=config.refresh_grace),
            ending=Ending(store, running, clock, metrics),
            issuer=issuer,
            apps=AppsAdmin(store, sealer, clock),
            people=PeopleAdmin(store, clock),
            metrics=metrics,
            mood=Mood(),
            public_url=config.public_url,
            open_console=open_console,
        )
        timers = _timers(rooms, keeper, sealer, keep_logins_days=config.keep_logins_days)
        timers.start()
        stack.push_async_callback(timers.aclose)
        yield Server(front=build_web(rooms, version=VERSION), rooms=rooms, store=store, sealer=sealer)


def this_node(store: Store, sealer: Sealer, clock: Clock, metrics: Metrics) -> Node:
    """This process among those that keep tokens on one database."""
    return Node(
        owner=random_bytes(8).hex(),
        store=store,
        sealer=sealer,
        clock=clock,
        metrics=metrics,
        fraction=random_fraction,
    )


def _timers(rooms: Rooms, keeper: Keeper, sealer: Sealer, *, keep_logins_days: int) -> Timers:
    return Timers(
        upkeep_jobs(
            store=rooms.store,
            sealer=sealer,
            issuer=rooms.issuer,
            running=rooms.running,
            directory=rooms.directory,
            keeper=keeper,
            service_keys=rooms.service_keys,
            clock=rooms.clock,
            keep_logins_days=keep_logins_days,
        )
    )


def wechat_settings(config: Config) -> WeChatSettings:
    """How WeChat is called."""
    return WeChatSettings(
        base_url=config.wechat_base_url,
        fallback_urls=_fallback_urls(config),
        connect_timeout=config.wechat_connect_timeout,
        read_timeout=config.wechat_read_timeout,
        total_timeout=config.wechat_total_timeout,
        in_flight_per_app=config.wechat_in_flight_per_app,
        queue_per_app=config.wechat_in_flight_per_app,
    )


def _fallback_urls(config: Config) -> tuple[str, ...]:
    match config.wechat_fallback_urls:
        case "none":
            return ()
        case "auto":
            return _WECHATS_OWN if config.wechat_base_url == "https://api.weixin.qq.com" else ()
        case listed:
            return tuple(url.strip() for url in listed.split(","))


def _counter(metrics: Metrics) -> Callable[[CallRecord], None]:
    calls = lru_cache(metrics.wechat_calls.labels)
    seconds = lru_cache(metrics.wechat_seconds.labels)

    def count(call: CallRecord) -> None:
        calls(call.endpoint, call.outcome).inc()
        seconds(call.endpoint).observe(call.seconds)

    return count
