"""Who may fetch an access_token: the secret, the account's restriction, the caller's address, the quotas.

Sources: pages api_getaccesstoken and api_getstableaccesstoken; guide on the IP allow-list.
"""

import hmac
import re
from collections.abc import Mapping
from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network
from typing import Final

from lingpai_emulator.apis import limits
from lingpai_emulator.apps import App
from lingpai_emulator.world import Refusal, World

_APPID: Final = re.compile(r"wx[0-9a-f]{16}\Z")
_RESTRICTION: Final = {"limited": 50002, "punished": 50004, "frozen": 50007}


def admitted(world: World, params: Mapping[str, object], address: str) -> App | Refusal:
    """The app that asks, or why it gets nothing.

    Checks in this order: 41002, 40013, 40002, 41004, 40125, 40243, the account's restriction, the address.
    """
    appid, secret = params.get("appid"), params.get("secret")
    if not appid:
        return Refusal(41002, "there is no parameter appid")
    app = world.apps.find(appid) if isinstance(appid, str) else None
    if app is None or app.kind == "website":
        return Refusal(40013, _why_unknown(appid, app))
    if params.get("grant_type") != "client_credential":
        return Refusal(40002, "grant_type must be client_credential")
    if not secret:
        return Refusal(41004, "there is no parameter secret")
    if not isinstance(secret, str) or not same(secret, app.secret):
        swapped = isinstance(secret, str) and _APPID.match(secret)
        return Refusal(40125, "secret holds an AppID" if swapped else "this is not the secret of this app")
    return unfit(world, app) or barred(world, app, address) or app


def same(given: str, secret: str) -> bool:
    return hmac.compare_digest(given.encode("utf-8", "replace"), secret.encode())


def unfit(world: World, app: App) -> Refusal | None:
    """A frozen secret, or an account that WeChat has limited."""
    now, delay = world.clock.now(), world.switches.secret_freeze_delay
    if world.settling.effective(app, "secret_frozen", now, delay).secret_frozen:
        return Refusal(40243, f"the secret of {app.appid} is frozen")
    if app.restriction is not None:
        return Refusal(_RESTRICTION[app.restriction], f"{app.appid} is {app.restriction}")
    return None


def barred(world: World, app: App, address: str) -> Refusal | None:
    """A caller whose address is not on the app's allow-list."""
    now, delay = world.clock.now(), world.switches.ip_list_delay
    allowed = world.settling.effective(app, "ip_allow_list", now, delay).ip_allow_list
    if allowed is None:
        return None
    caller = _address(address)
    if caller is not None and any(caller in ip_network(entry, strict=False) for entry in allowed):
        return None
    why = f"{address} is not on the ip_allow_list of {app.appid}"
    if app.ip_errcode != 40164:  # noqa: PLR2004 - the errcode that carries the address
        return Refusal(app.ip_errcode, why)
    mapped = address if isinstance(caller, IPv6Address) else f"::ffff:{address}"
    return Refusal(40164, why, f"invalid ip {address} ipv6 {mapped}, not in whitelist")


def over_quota(world: World, app: App, path: str) -> Refusal | None:
    """Counts the call; 45009 for the day, 45011 for the minute."""
    allowed = limits(app, path)
    span = world.quotas.count(app.appid, path, world.clock.now(), allowed)
    if span == "day":
        return Refusal(45009, f"{app.appid} had {allowed.day} calls of {path} today")
    if span == "minute":
        return Refusal(45011, f"{app.appid} had {allowed.minute} calls of {path} this minute")
    return None


def _address(text: str) -> IPv4Address | IPv6Address | None:
    try:
        address = ip_address(text)
    except ValueError:
        return None
    return (address.ipv4_mapped or address) if isinstance(address, IPv6Address) else address


def _why_unknown(appid: object, app: App | None) -> str:
    if app is not None:
        return f"{app.appid} is a website; there are no access_tokens of the app for it"
    if not isinstance(appid, str) or not _APPID.match(appid):
        return "this is not an AppID: wx and 16 hex digits in lower case"
    return f"there is no app {appid}; GET /__emulator__/apps lists them"
