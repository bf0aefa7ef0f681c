"""What speaks to WeChat: the client, the apps it speaks for, the tokens it speaks with, and who may ask for them."""

from collections.abc import Callable, Mapping
from contextlib import AsyncExitStack
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

from lingpai.admin.doctor import DoctorSettings
from lingpai.app.ground import Ground
from lingpai.clock import Clock
from lingpai.config import Config
from lingpai.keeper import (
    Directory,
    Keeper,
    Node,
    SecretProbe,
    SecretWatch,
    ServiceKeys,
    WeChatCalls,
)
from lingpai.observe import Attribute, Flight, Metrics, current_trace, flight
from lingpai.secret import Sealer, random_bytes, random_fraction
from lingpai.storage.port import Store
from lingpai.wechat import CallRecord, WeChatClient, WeChatSettings

_WECHATS_OWN: Final = tuple(
    f"https://{name}.weixin.qq.com" for name in ("api2", "sh.api", "sz.api", "hk.api")
)
_PROXY_VARIABLES: Final = ("HTTPS_PROXY", "https_proxy", "ALL_PROXY", "all_proxy")


@dataclass(frozen=True, slots=True, kw_only=True)
class Outward:
    """Open for as long as the server is."""

    calls: WeChatCalls
    directory: Directory
    keeper: Keeper
    service_keys: ServiceKeys
    secrets: SecretWatch


async def open_outward(ground: Ground, stack: AsyncExitStack) -> Outward:
    """Closed with `stack`. Raises StorageUnavailableError, SealBrokenError."""
    store, sealer, clock = ground.store, ground.sealer, ground.clock
    observe, hearing = _observer(ground.metrics, clock.monotonic), list[Callable[[CallRecord], None]]()

    def on_call(call: CallRecord) -> None:
        observe(call)
        for hear in hearing:
            hear(call)

    client = WeChatClient(wechat_settings(ground.config), monotonic=clock.monotonic, on_call=on_call)
    stack.push_async_callback(client.aclose)
    directory = Directory(store, sealer, clock)
    await directory.reload()
    secrets = SecretWatch(
        store, sealer, clock, SecretProbe(client), metrics=ground.metrics, changed=directory.reload
    )
    hearing.append(secrets.heard)
    stack.push_async_callback(secrets.aclose)
    keeper = Keeper(this_node(store, sealer, clock, ground.metrics), directory, client)
    stack.push_async_callback(keeper.aclose)
    service_keys = ServiceKeys(store, clock)
    await service_keys.follow()
    stack.push_async_callback(service_keys.aclose)
    return Outward(
        calls=WeChatCalls(client),
        directory=directory,
        keeper=keeper,
        service_keys=service_keys,
        secrets=secrets,
    )


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


def doctor_settings(config: Config, environment: Mapping[str, str]) -> DoctorSettings:
    """What a doctor has to know."""
    return DoctorSettings(
        public_url=config.public_url,
        host=config.host,
        wechat_base_url=config.wechat_base_url,
        fallback_urls=_fallback_urls(config),
        trusted_proxies=config.trusted_proxies,
        proxy_variables=tuple(name for name in _PROXY_VARIABLES if environment.get(name)),
    )


def _fallback_urls(config: Config) -> tuple[str, ...]:
    match config.wechat_fallback_urls:
        case "none":
            return ()
        case "auto":
            return _WECHATS_OWN if config.wechat_base_url == "https://api.weixin.qq.com" else ()
        case listed:
            return tuple(url.strip() for url in listed.split(","))


def _observer(metrics: Metrics, monotonic: Callable[[], float]) -> Callable[[CallRecord], None]:
    calls = lru_cache(metrics.wechat_calls.labels)
    seconds = lru_cache(metrics.wechat_seconds.labels)

    def observe(call: CallRecord) -> None:
        calls(call.endpoint, call.outcome).inc()
        seconds(call.endpoint).observe(call.seconds)
        ended = monotonic()
        own, trace = flight(), current_trace()
        if own is not None:
            _note(own, call, ended)
        if trace is not None:
            trace.called(call.endpoint, ended - call.seconds, ended, _said(call))

    return observe


def _note(own: Flight, call: CallRecord, ended: float) -> None:
    """On the timeline of the request that the call was made for."""
    facts: dict[str, str | int] = {
        "endpoint": call.endpoint,
        "host": call.host,
        "waited": round(call.waited * 1e6),
    }
    if call.outcome != "ok":
        facts["outcome"] = call.outcome
    if call.errcode is not None:
        facts["errcode"] = call.errcode
    if call.rid is not None:
        facts["rid"] = call.rid
    own.step("wechat", ended - call.seconds, ended, **facts)


def _said(call: CallRecord) -> dict[str, Attribute]:
    said: dict[str, Attribute] = {"outcome": call.outcome}
    if call.errcode is not None:
        said["errcode"] = call.errcode
    if call.rid is not None:
        said["rid"] = call.rid
    return said
