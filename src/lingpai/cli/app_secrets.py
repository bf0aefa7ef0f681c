"""Waiting for what WeChat says of a new AppSecret, and the words for it."""

import asyncio
from typing import Final

from lingpai.admin.apps import ShownApp, ShownSecret
from lingpai.app import wechat_settings
from lingpai.cli.opened import Desk
from lingpai.clock import SECOND, SystemClock
from lingpai.config import Config
from lingpai.keeper import SecretProbe, SecretWatch
from lingpai.observe import Metrics
from lingpai.wechat import Errcode, WeChatClient

SEEN_WITHIN: Final = 30 * SECOND
"""A server that was not seen for so long does not run."""
_SERVERS_MAY_TAKE: Final = 5.0
_LONGEST_WAIT: Final = 20.0
_LOOK_EVERY: Final = 0.2


async def outcome(desk: Desk, config: Config, app: ShownApp, version: int) -> ShownApp:
    """The app once WeChat was asked about this version: by a running server, which has the address that WeChat
    knows; by this process when none runs, or none comes to it in five seconds.
    """
    loop = asyncio.get_running_loop()
    began = loop.time()
    if not await desk.store.vault.nodes(SEEN_WITHIN):
        await _ask(desk, config, app.appid)
    while True:
        found = await desk.apps.one(app.appid)
        if found is None:
            return app
        one = secret_of(found, version)
        # Without an errcode WeChat did not answer, which may yet change.
        if one is None or one.state != "candidate" or one.errcode is not None:
            return found
        waited = loop.time() - began
        if waited > _LONGEST_WAIT:
            return found
        if waited > _SERVERS_MAY_TAKE and one.probed_at is None:
            await _ask(desk, config, app.appid)
        await asyncio.sleep(_LOOK_EVERY)


def secret_of(app: ShownApp, version: int) -> ShownSecret | None:
    """One version of the app's AppSecret; None when it is on record no longer."""
    return next((one for one in app.secrets if one.version == version), None)


def told(app: ShownApp, version: int) -> str:
    """What became of a version, in a sentence or two."""
    one = secret_of(app, version)
    if one is None:
        return f"Version {version} of {app.slug} was overtaken by a later one."
    name = f"AppSecret …{one.last4} (version {version}) of {app.slug}"
    said = f"errcode {one.errcode}" + (f": {one.errmsg}" if one.errmsg else "")
    kept = f"…{app.secret_last4} (version {app.secret_version}) stays in force."
    again = "Servers ask again every minute."
    match one.state:
        case "current":
            sentence = f"{name} is in force; servers have it within five seconds."
        case "refused":
            sentence = f"WeChat refuses {name} ({said}). {kept} Is it the one of this AppID?"
        case "candidate" if one.errcode == Errcode.APPSECRET_FROZEN:
            sentence = f"{name} is frozen at WeChat ({said}). {kept} Unfreeze it there. {again}"
        case "candidate" if one.errcode is not None:
            sentence = f"WeChat did not say whether {name} is right ({said}). {kept} {again}"
        case "candidate":
            sentence = f"{name} waits for WeChat's word. {kept} {again}"
        case _:
            sentence = f"{name} was in force, and is not any more; {kept}"
    return sentence


async def _ask(desk: Desk, config: Config, appid: str) -> None:
    clock = SystemClock()
    async with WeChatClient(wechat_settings(config), monotonic=clock.monotonic) as client:
        watch = SecretWatch(
            desk.store, desk.sealer, clock, SecretProbe(client), metrics=Metrics(), changed=_nothing
        )
        await watch.settle(appid)


async def _nothing() -> None:
    """A command keeps no apps in memory."""
