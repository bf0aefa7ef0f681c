"""How often somebody may ask: the limits of this node, and their exchange with the others."""

from contextlib import AsyncExitStack
from dataclasses import dataclass

from lingpai.app.ground import Ground
from lingpai.config import Config
from lingpai.limits import Gate, Guesses, LimitSettings, Refusals, Sharing


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """Open for as long as the server is."""

    gate: Gate
    guesses: Guesses


def open_limits(ground: Ground, stack: AsyncExitStack) -> Limits:
    """Closed with `stack`."""
    nodes = ground.metrics.nodes
    sharing = Sharing(ground.relay, ground.sealer, nodes)
    sharing.start()
    stack.push_async_callback(sharing.aclose)
    refusals = Refusals(ground.clock, nodes)
    return Limits(
        gate=Gate(_settings(ground.config), sharing, refusals, ground.clock),
        guesses=Guesses(ground.store, ground.sealer, ground.clock, refusals),
    )


def _settings(config: Config) -> LimitSettings:
    return LimitSettings(
        on=config.rate_limits,
        address=config.rate_limit_address,
        address_burst=config.rate_limit_address_burst,
        failed_codes=config.rate_limit_failed_codes,
        openid=config.rate_limit_openid,
        service_key=config.rate_limit_service_key,
    )
