"""The door to relays: which one a URL means."""

from lingpai.clock import Clock
from lingpai.observe import NodeMetrics
from lingpai.relay.port import Relay
from lingpai.relay.silence import Silence
from lingpai.storage.port import Store


class RelaySettingsError(Exception):
    """The relay of the settings cannot be used; the text says what to do."""


def open_relay(url: str, store: Store, installation: str, clock: Clock, metrics: NodeMetrics) -> Relay:
    """The relay at `url` (`redis://`, `rediss://`, `unix://`); nothing at all for an empty one.

    It returns at once: a relay that is down does not keep a server from starting. `installation` keeps apart those
    who share a Redis. Raises RelaySettingsError when the driver is not installed or cannot read the URL.
    """
    if not url:
        return Silence(store)
    try:
        # Imported when asked for: a server without Redis needs no driver for it.
        from lingpai.relay.redis import RedisRelay, connected  # noqa: PLC0415
    except ModuleNotFoundError:
        raise RelaySettingsError(
            "redis_url: its driver is missing; run: pip install 'lingpai[redis]'"
        ) from None
    try:
        client = connected(url)
    except ValueError:
        raise RelaySettingsError("redis_url: this is no URL of a Redis") from None
    relay = RedisRelay(client, store, installation, clock, metrics)
    relay.start()
    return relay
