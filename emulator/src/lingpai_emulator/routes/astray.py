"""What is answered to a call through the proxy that is at the wrong one of WeChat's hosts, or not on HTTPS."""

from typing import Final

from lingpai_emulator.answers import Answer, refused
from lingpai_emulator.calls import Call
from lingpai_emulator.domains import API_HOSTS, HOSTS, answers, right_host
from lingpai_emulator.world import World

_PAGE: Final = b"<html><head><title>404 Not Found</title></head><body><h1>404 Not Found</h1></body></html>"
_FOREIGN: Final = b"This proxy stands in for WeChat's hosts alone.\n"


def answer(world: World, call: Call) -> Answer | None:
    """None when scheme, host and path belong together."""
    host = call.header(b"host").lower().partition(":")[0].rstrip(".")
    if host not in HOSTS:
        why = "the Host header names none of WeChat's hosts"
        return Answer(_FOREIGN, "text/plain", _rid(world), why, status=421)
    if call.proxied == "http":
        return refused(world, call.path, 43003, "WeChat answers on https:// only")
    if answers(host, call.path):
        return None
    why = f"{host} has no such path; it belongs to https://{right_host(call.path)}"
    if host in API_HOSTS:
        return refused(world, call.path, 40066, why)
    return Answer(_PAGE, "text/html", _rid(world), why, status=404)


def _rid(world: World) -> str:
    return world.chance.rid(world.clock.now())
