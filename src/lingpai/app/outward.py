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
from lingpai.keeper import Directory, Keeper, Node, ServiceKeys, WeChatCalls
from lingpai.observe import Metrics
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


async def open_outward(ground: Ground, stack: AsyncExitStack) -> Outward:
    """Closed with `stack`. Raises StorageUnavailableError, SealBrokenError."""
    store, sealer, clock = ground.store, ground.sealer, ground.clock
    client = WeChatClient(
        wechat_settings(ground.config), monotonic=clock.monotonic, on_call=_counter(ground.metrics)
    )
    stack.push_async_callback(client.aclose)
    directory = Directory(store, sealer, clock)
    await directory.reload()
    keeper = Keeper(this_node(store, sealer, clock, ground.metrics), directory, client)
    stack.push_async_callback(keeper.aclose)
    service_keys = ServiceKeys(store, clock)
    await service_keys.follow()
    stack.push_async_callback(service_keys.aclose)
    return Outward(calls=WeChatCalls(client), directory=directory, keeper=keeper, service_keys=service_keys)


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


def _counter(metrics: Metrics) -> Callable[[CallRecord], None]:
    calls = lru_cache(metrics.wechat_calls.labels)
    seconds = lru_cache(metrics.wechat_seconds.labels)

    def count(call: CallRecord) -> None:
        calls(call.endpoint, call.outcome).inc()
        seconds(call.endpoint).observe(call.seconds)

    return count
