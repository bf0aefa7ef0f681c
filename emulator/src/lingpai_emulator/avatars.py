"""Where a person's picture is: WeChat gives a URL, whatever the picture was set from."""

import base64
import hashlib
import re
from typing import Final
from urllib.parse import unquote_to_bytes

from lingpai_emulator.calls import Call
from lingpai_emulator.people import Person
from lingpai_emulator.world import World

PREFIX: Final = "/mmopen/vi_32/"
_SIZE: Final = "132"
_MEDIA_TYPE: Final = re.compile(r"[a-z]+/[a-z0-9.+-]+\Z")


def headimgurl(world: World, call: Call, person: str | None) -> str:
    """The URL of a person's picture; empty when there is no person or no picture."""
    return "" if person is None else url(call.origin, world.people.named(person))


def url(origin: str, person: Person) -> str:
    """A picture that is a URL is given as it is.

    One drawn as a data URI is served by the emulator under the host the caller used, and dies when the
    picture changes, as WeChat's do.
    """
    if not person.avatar.startswith("data:"):
        return person.avatar
    return f"{origin}{PREFIX}{_name(person)}/{_SIZE}"


def picture(world: World, path: str) -> tuple[bytes, str] | None:
    """The bytes and the media type behind a path, or None when that picture is gone."""
    name, _, _size = path.removeprefix(PREFIX).rpartition("/")
    person = world.people.find(name.rpartition("-")[0])
    if person is None or _name(person) != name:
        return None
    head, _, data = person.avatar.removeprefix("data:").partition(",")
    media_type, *flags = head.split(";")
    try:
        body = base64.b64decode(data, validate=True) if "base64" in flags else unquote_to_bytes(data)
    except ValueError:
        return None
    return (body, media_type) if _MEDIA_TYPE.match(media_type) else None


def _name(person: Person) -> str:
    return f"{person.id}-{hashlib.sha256(person.avatar.encode()).hexdigest()[:16]}"
