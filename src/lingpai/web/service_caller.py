"""Which backend calls: the service key behind a request, and what it is for."""

import base64
import binascii
from urllib.parse import unquote

from lingpai.keeper import Action, insist
from lingpai.model import ServiceKey
from lingpai.web.call import Call
from lingpai.web.rooms import Rooms


def presented_key(call: Call) -> str | None:
    """The key of a `Bearer` header, or the password of a `Basic` one."""
    return call.bearer() or _basic_password(call.authorization())


async def service_caller(rooms: Rooms, call: Call) -> ServiceKey:
    """The caller's key. Raises Problem client_invalid."""
    presented = presented_key(call)
    return rooms.service_keys.known(presented) or await rooms.service_keys.key(presented)


async def caller_for(rooms: Rooms, call: Call, action: Action, appid: str) -> ServiceKey:
    """The caller's key, which is for `action` at the app. Raises Problem client_invalid, scope_missing."""
    key = await service_caller(rooms, call)
    insist(key, action, appid)
    return key


def _basic_password(header: bytes) -> str | None:
    scheme, _, credentials = header.partition(b" ")
    if scheme.lower() != b"basic":
        return None
    try:
        decoded = base64.b64decode(credentials, validate=True).decode()
    except (binascii.Error, UnicodeDecodeError):
        return None
    return unquote(decoded.partition(":")[2])  # form-encoded, RFC 6749 §2.3.1
