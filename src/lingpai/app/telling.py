"""WeChat's events coming in, and telling others of what happened."""

from dataclasses import dataclass

from lingpai.app.ground import Ground
from lingpai.app.outward import Outward
from lingpai.app.people import People
from lingpai.push import Acting, PushKeys, Receiving
from lingpai.webhooks import Announcing, Delivering, Notices, Reachable


@dataclass(frozen=True, slots=True, kw_only=True)
class Telling:
    """What goes from WeChat through us to others."""

    keys: PushKeys
    receiving: Receiving
    acting: Acting
    announcing: Announcing
    delivering: Delivering
    reachable: Reachable


async def open_telling(ground: Ground, outward: Outward, people: People) -> Telling:
    """Raises StorageUnavailableError."""
    store, sealer, clock, metrics = ground.store, ground.sealer, ground.clock, ground.metrics
    notices = Notices(sealer)
    reachable = Reachable(ground.config.webhook_networks)
    keys = PushKeys(store, sealer, clock)
    await keys.follow()
    return Telling(
        keys=keys,
        receiving=Receiving(store, sealer, keys, clock, metrics),
        acting=Acting(
            store=store,
            sealer=sealer,
            directory=outward.directory,
            avatars=people.avatars,
            notices=notices,
            clock=clock,
            metrics=metrics,
        ),
        announcing=Announcing(store, notices, clock),
        delivering=Delivering(store, sealer, reachable, clock, metrics),
        reachable=reachable,
    )
