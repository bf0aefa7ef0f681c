"""What people may do with what we know of them: hand over, change, take along, have erased."""

from contextlib import AsyncExitStack
from dataclasses import dataclass

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
from lingpai.app.ground import Ground, blob_settings
from lingpai.app.outward import Outward
from lingpai.sessions import OpenData, SessionKeys
from lingpai.storage.blobs import open_blobs
from lingpai.webhooks import Notices


@dataclass(frozen=True, slots=True, kw_only=True)
class People:
    """Open for as long as the server is."""

    session_keys: SessionKeys
    open_data: OpenData
    profiles: Profiles
    phones: Phones
    portraits: Portraits
    naming: Naming
    avatars: Avatars
    exports: Exports
    erasing: Erasing


async def open_people(ground: Ground, outward: Outward, stack: AsyncExitStack) -> People:
    """Closed with `stack`. Raises BlobSettingsError."""
    store, sealer, clock = ground.store, ground.sealer, ground.clock
    session_keys = SessionKeys(store, sealer, outward.keeper.token_calls, clock)
    portraits = Portraits(store, sealer)
    avatars = await _avatars(ground, stack)
    return People(
        session_keys=session_keys,
        open_data=OpenData(session_keys, clock, longest_age=ground.config.watermark_max_age),
        profiles=Profiles(store, clock),
        phones=_phones(ground, outward),
        portraits=portraits,
        naming=Naming(store, clock),
        avatars=avatars,
        exports=Exports(store, portraits, avatars, clock),
        erasing=Erasing(store, avatars, clock, notices=Notices(sealer), ledger=ground.ledger),
    )


async def _avatars(ground: Ground, stack: AsyncExitStack) -> Avatars:
    blobs = open_blobs(blob_settings(ground.config))
    stack.push_async_callback(blobs.aclose)
    studio = Studio()
    stack.push_async_callback(studio.aclose)
    return Avatars(ground.store, blobs, studio, ground.clock)


def _phones(ground: Ground, outward: Outward) -> Phones:
    config, store, sealer, clock, metrics = (
        ground.config,
        ground.store,
        ground.sealer,
        ground.clock,
        ground.metrics,
    )
    limits = PhoneLimits(
        per_user=config.phone_per_user_daily,
        per_address=config.phone_per_address_daily,
        per_app=config.phone_per_app_daily,
    )
    budgets = PhoneBudgets(store, sealer, clock, metrics, limits)
    return Phones(store, sealer, outward.keeper.token_calls, budgets, clock, metrics=metrics)
