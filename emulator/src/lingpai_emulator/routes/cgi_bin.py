"""What `/cgi-bin/*` answers: access_tokens, tickets, followers and addresses."""

from collections.abc import Callable
from typing import Final

from lingpai_emulator.answers import Answer, denied, succeeded
from lingpai_emulator.bearing import bearer
from lingpai_emulator.bodies import json_object
from lingpai_emulator.calls import Call
from lingpai_emulator.credentials import admitted
from lingpai_emulator.fetching import Fetched, fetch, fetch_stable
from lingpai_emulator.tickets import TicketType
from lingpai_emulator.world import Refusal, World


def token(world: World, call: Call) -> Answer:
    """`GET /cgi-bin/token` (page api_getaccesstoken)."""
    app = admitted(world, call.params(), call.address)
    return _fetched(world, call, app if isinstance(app, Refusal) else fetch(world, app))


def stable_token(world: World, call: Call) -> Answer:
    """`POST /cgi-bin/stable_token` (page api_getstableaccesstoken)."""
    body = json_object(call)
    if isinstance(body, Refusal):
        return denied(world, call.path, body)
    app = admitted(world, body, call.address)
    if isinstance(app, Refusal):
        return denied(world, call.path, app)
    force = body.get("force_refresh", False)
    if not isinstance(force, bool):
        return denied(world, call.path, Refusal(47001, "force_refresh must be true or false"))
    return _fetched(world, call, fetch_stable(world, app, force=force))


def getticket(world: World, call: Call) -> Answer:
    """`GET /cgi-bin/ticket/getticket` (page on the JS-SDK): type jsapi or wx_card."""
    app = bearer(world, call)
    if isinstance(app, Refusal):
        return denied(world, call.path, app)
    kind = _TICKET_TYPES.get(call.params().get("type", ""))
    if kind is None:
        return denied(world, call.path, Refusal(40097, "type must be jsapi or wx_card"))
    now = world.clock.now()
    ticket = world.tickets.get(app.appid, kind, now, world.switches)
    fields: dict[str, object] = {"errcode": 0, "errmsg": "ok", "ticket": ticket.ticket}
    fields["expires_in"] = int(ticket.expires_at - now)
    return succeeded(world, call.path, fields, f"{kind} ticket number {ticket.generation} of {app.slug}")


def user_info(world: World, call: Call) -> Answer:
    """`GET /cgi-bin/user/info`: what an official account may know of a follower."""
    app = bearer(world, call)
    if isinstance(app, Refusal):
        return denied(world, call.path, app)
    openid = call.params().get("openid")
    if not openid:
        return denied(world, call.path, Refusal(41009, "there is no parameter openid"))
    person = world.person_with(app, openid)
    if person is None:
        return denied(world, call.path, Refusal(40003, f"nobody has this openid in {app.appid}"))
    if app.appid not in person.follows:
        fields: dict[str, object] = {"subscribe": 0, "openid": openid, "tagid_list": []}
        return succeeded(world, call.path, fields, f"{person.id} does not follow {app.slug}")
    unionid = world.unionid(app, person)
    return succeeded(world, call.path, _follower(openid, unionid, world), f"{person.id} follows {app.slug}")


def ip_list(world: World, call: Call) -> Answer:
    """`GET /cgi-bin/getcallbackip` and `/cgi-bin/get_api_domain_ip`: documentation addresses, none of Tencent's."""
    app = bearer(world, call)
    if isinstance(app, Refusal):
        return denied(world, call.path, app)
    return succeeded(
        world, call.path, {"ip_list": _IP_LISTS[call.path]}, "addresses kept free for documentation"
    )


def _follower(openid: str, unionid: str | None, world: World) -> dict[str, object]:
    """Since 2021-12-27 the profile's keys are there and say nothing."""
    told: dict[str, object] = {
        "subscribe": 1,
        "openid": openid,
        "nickname": "",
        "sex": 0,
        "language": "zh_CN",
        "city": "",
        "province": "",
        "country": "",
        "headimgurl": "",
        "subscribe_time": int(world.born),
    }
    if unionid is not None:
        told["unionid"] = unionid
    return told | {
        "remark": "",
        "groupid": 0,
        "tagid_list": [],
        "subscribe_scene": "ADD_SCENE_QR_CODE",
        "qr_scene": 0,
        "qr_scene_str": "",
    }


def _fetched(world: World, call: Call, fetched: Fetched | Refusal) -> Answer:
    if isinstance(fetched, Refusal):
        return denied(world, call.path, fetched)
    fields: dict[str, object] = {"access_token": fetched.token.token, "expires_in": fetched.expires_in}
    return succeeded(world, call.path, fields, fetched.why)


_TICKET_TYPES: Final[dict[str, TicketType]] = {"jsapi": "jsapi", "wx_card": "wx_card"}

# RFC 5737 keeps these networks free for documentation.
_IP_LISTS: Final = {
    "/cgi-bin/getcallbackip": ["192.0.2.1", "192.0.2.2", "192.0.2.128/25"],
    "/cgi-bin/get_api_domain_ip": ["198.51.100.1", "198.51.100.2"],
}

ROUTES: Final[dict[str, Callable[[World, Call], Answer]]] = {
    "/cgi-bin/token": token,
    "/cgi-bin/stable_token": stable_token,
    "/cgi-bin/ticket/getticket": getticket,
    "/cgi-bin/user/info": user_info,
    "/cgi-bin/getcallbackip": ip_list,
    "/cgi-bin/get_api_domain_ip": ip_list,
}
