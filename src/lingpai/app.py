"""The composition root: settings in, a server out. The only file that knows every room."""

from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from functools import lru_cache
from importlib.metadata import version
from typing import Final

from lingpai.accounts import (
    Avatars,
    Erasing,
    Exports,
    Naming,
    PhoneBudgets,
    PhoneLimits,
    Phones,
    Portraits,
    Profiles,
    Studio,
)
from lingpai.admin.apps import AppsAdmin
from lingpai.admin.keys import SigningKeysAdmin
from lingpai.admin.people import PeopleAdmin
from lingpai.clock import Clock, SystemClock
from lingpai.config import Config, master_key_bytes
from lingpai.jobs import Timers, upkeep_jobs
from lingpai.keeper import AccessTokens, Directory, TokenCalls, WeChatCalls, open_vault
from lingpai.logins import Finish, History, Joining, ProfileReading, Retrying, SignIn, flows
from lingpai.logins.oauth import Arriving, Beginning, PageTickets
from lingpai.observe import Metrics
from lingpai.secret import Sealer, random_bytes, random_fraction
from lingpai.sessions import CookieSessions, Ending, OpenData, Refreshing, RunningSessions, SessionKeys
from lingpai.storage.blobs import BlobSettings, open_blobs
from lingpai.storage.open import open_store
from lingpai.storage.port import Store
from lingpai.tokens import Issuer, KeyRing
from lingpai.web.build import build_web
from lingpai.web.client_address import TrustedProxies
from lingpai.web.front import Front
from lingpai.web.leaked_secrets import LeakedSecrets
from lingpai.web.rooms import Browsers, Mood, Rooms
from lingpai.wechat import CallRecord, WeChatClient, WeChatSettings

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

    Raises SchemaMismatchError, StorageUnavailableError, MasterKeyWrongError, SealBrokenError, BlobSettingsError.
    """
    clock = clock or SystemClock()
    metrics = Metrics()
    async with AsyncExitStack() as stack:
        store = await open_store(config.database_url, clock=clock)
        stack.push_async_callback(store.aclose)
        sealer = await open_vault(store, master_key_bytes(config), clock)
        issuer = await _issuer(config, store, sealer, clock)
        client = WeChatClient(_wechat_settings(config), monotonic=clock.monotonic, on_call=_counter(metrics))
        stack.push_async_callback(client.aclose)
        directory = Directory(store, sealer, clock)
        await directory.reload()
        calls = WeChatCalls(client)
        tokens = AccessTokens(
            store, sealer, directory, client, clock, owner=random_bytes(8).hex(), fraction=random_fraction
        )
        stack.push_async_callback(tokens.aclose)
        token_calls = TokenCalls(calls, tokens)
        session_keys = SessionKeys(store, sealer, token_calls, clock)
        running = RunningSessions(store, issuer, clock)
        await running.follow()
        history = History(store, clock, metrics)
        stack.push_async_callback(history.drain)
        sign_in, browsers = _entrances(
            config, store, sealer, issuer, running, WeChatCalls(client), history, clock
        )
        portraits = Portraits(store, sealer)
        avatars = await _avatars(config, store, clock, stack)
        rooms = Rooms(
            clock=clock,
            store=store,
            directory=directory,
            tokens=tokens,
            token_calls=token_calls,
            sign_in=sign_in,
            browsers=browsers,
            running=running,
            refreshing=Refreshing(store, issuer, running, clock, metrics, grace=config.refresh_grace),
            ending=Ending(store, running, clock, metrics),
            issuer=issuer,
            apps=AppsAdmin(store, sealer, clock),
            people=PeopleAdmin(store, clock),
            profiles=Profiles(store, clock),
            portraits=portraits,
            naming=Naming(store, clock),
            avatars=avatars,
            exports=Exports(store, portraits, avatars, clock),
            erasing=Erasing(store, avatars, clock),
            phones=_phones(config, store, sealer, token_calls, clock, metrics=metrics),
            open_data=OpenData(session_keys, clock, longest_age=config.watermark_max_age),
            session_keys=session_keys,
            proxies=TrustedProxies(config.trusted_proxies),
            metrics=metrics,
            leaked=LeakedSecrets(clock, metrics),
            mood=Mood(),
            public_url=config.public_url,
            open_console=open_console,
        )
        timers = Timers(
            upkeep_jobs(
                store=store,
                sealer=sealer,
                issuer=issuer,
                running=running,
                directory=directory,
                avatars=avatars,
                tokens=tokens,
                clock=clock,
                keep_logins_days=config.keep_logins_days,
            )
        )
        timers.start()
        stack.push_async_callback(timers.aclose)
        yield Server(front=build_web(rooms, version=VERSION), rooms=rooms, store=store, sealer=sealer)


async def _avatars(config: Config, store: Store, clock: Clock, stack: AsyncExitStack) -> Avatars:
    """Where pictures are kept and worked on; both end with `stack`. Raises BlobSettingsError."""
    blobs = open_blobs(blob_settings(config))
    stack.push_async_callback(blobs.aclose)
    studio = Studio()
    stack.push_async_callback(studio.aclose)
    return Avatars(store, blobs, studio, clock)


def blob_settings(config: Config) -> BlobSettings:
    """Where the settings say that pictures lie."""
    return BlobSettings(
        folder=config.avatar_dir,
        s3_bucket=config.avatar_s3_bucket,
        s3_endpoint=config.avatar_s3_endpoint,
        s3_region=config.avatar_s3_region,
    )


def _phones(
    config: Config, store: Store, sealer: Sealer, calls: TokenCalls, clock: Clock, *, metrics: Metrics
) -> Phones:
    limits = PhoneLimits(
        per_user=config.phone_per_user_daily,
        per_address=config.phone_per_address_daily,
        per_app=config.phone_per_app_daily,
    )
    budgets = PhoneBudgets(store, sealer, clock, metrics, limits)
    return Phones(store, sealer, calls, budgets, clock, metrics=metrics)


async def _issuer(config: Config, store: Store, sealer: Sealer, clock: Clock) -> Issuer:
    await SigningKeysAdmin(store, sealer, clock).ensure_one()
    return Issuer(
        issuer=config.public_url,
        lifetime=config.access_token_lifetime,
        ring=KeyRing.opened(await store.keys.signing(), sealer),
        clock=clock,
    )


def _entrances(  # noqa: PLR0917 - composed once, here
    config: Config,
    store: Store,
    sealer: Sealer,
    issuer: Issuer,
    running: RunningSessions,
    calls: WeChatCalls,
    history: History,
    clock: Clock,
) -> tuple[SignIn, Browsers]:
    """The ways in: by a code alone, and by a browser."""
    reading = ProfileReading(store, sealer, calls, Profiles(store, clock), clock)
    finish = Finish(
        store,
        sealer,
        issuer,
        running,
        clock,
        joining=Joining(store, running, clock),
        profiles=reading,
        lifetime=config.session_lifetime,
    )
    sign_in = SignIn(flows(calls), finish, Retrying(store, issuer, running, clock), history)
    beginning = Beginning(store, clock, public_url=config.public_url, open_url=config.wechat_open_url)
    return sign_in, Browsers(
        beginning=beginning,
        arriving=Arriving(store, sign_in, beginning, reading, clock),
        tickets=PageTickets(store, finish, issuer, running, clock, history=history),
        cookies=CookieSessions(store, running, issuer, clock),
    )


def _wechat_settings(config: Config) -> WeChatSettings:
    return WeChatSettings(
        base_url=config.wechat_base_url,
        connect_timeout=config.wechat_connect_timeout,
        read_timeout=config.wechat_read_timeout,
        total_timeout=config.wechat_total_timeout,
        in_flight_per_app=config.wechat_in_flight_per_app,
        queue_per_app=config.wechat_in_flight_per_app,
    )


def _counter(metrics: Metrics) -> Callable[[CallRecord], None]:
    calls = lru_cache(metrics.wechat_calls.labels)
    seconds = lru_cache(metrics.wechat_seconds.labels)

    def count(call: CallRecord) -> None:
        calls(call.endpoint, call.outcome).inc()
        seconds(call.endpoint).observe(call.seconds)

    return count
