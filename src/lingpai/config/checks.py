"""What a setting's value has to satisfy: each check answers a complaint, or None."""

import base64
import binascii
import re
import shlex
from collections.abc import Callable
from ipaddress import ip_network
from typing import Any, Final
from urllib.parse import urlsplit

from lingpai.storage.urls import complaint

MASTER_KEY_BYTES: Final = 32
_LAST_PORT: Final = 65_535
_LOOPBACK: Final = {"127.0.0.1", "::1", "localhost"}
_FEWEST_DIFFERENT: Final = 8
_BUCKET: Final = re.compile(r"[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]")


def anything(_value: Any) -> str | None:
    """No complaint."""
    return None


def port(value: int) -> str | None:
    """A TCP port, or 0."""
    return None if 0 <= value <= _LAST_PORT else "is not a port (0 to 65535)"


def positive(value: float) -> str | None:
    """More than zero."""
    return None if value > 0 else "must be more than 0"


def not_negative(value: float) -> str | None:
    """Zero or more."""
    return None if value >= 0 else "must be 0 or more"


def share(value: float) -> str | None:
    """From none to all."""
    return None if 0 <= value <= 1 else "must be between 0 and 1"


def within(least: int, most: int) -> Callable[[int], str | None]:
    """Between two bounds, both included."""

    def check(value: int) -> str | None:
        return None if least <= value <= most else f"must be between {least} and {most}"

    return check


def networks(value: str) -> str | None:
    """Addresses and networks with commas between them."""
    for part in value.split(","):
        try:
            if part.strip():
                ip_network(part.strip())
        except ValueError:
            return f"{part.strip()} is neither an address nor a network (10.0.0.0/8)"
    return None


def one_of(*words: str) -> Callable[[str], str | None]:
    """One of these words."""

    def check(value: str) -> str | None:
        return None if value in words else f"must be one of: {', '.join(words)}"

    return check


def database_url(value: str) -> str | None:
    """A database there is a driver for. The complaint does not repeat the URL: it may hold a password."""
    return complaint(value)


def redis_url(value: str) -> str | None:
    """Where a Redis is, or nothing. The complaint does not repeat the URL: it may hold a password."""
    if not value or value.startswith(("redis://", "rediss://", "unix://")):
        return None
    return "must begin with redis://, rediss:// or unix://"


def public_url(value: str) -> str | None:
    """https, or http to this machine; an origin with an optional path, nothing behind it."""
    if not value:
        return None
    parts = urlsplit(value)
    if parts.query or parts.fragment or parts.username or value.endswith("/"):
        return "must be a plain URL without a query, a fragment, a user or a slash at the end"
    return _transport(value)


def collector_url(value: str) -> str | None:
    """A URL in the house, so plain http may do: spans hold no secret. What lets us in is a header of the SDK's."""
    if not value:
        return None
    parts = urlsplit(value)
    if parts.scheme not in ("http", "https") or not parts.hostname:
        return "must begin with http:// or https://"
    if parts.query or parts.fragment or parts.username:
        return "must be a plain URL without a query, a fragment or a user"
    return None


def bucket(value: str) -> str | None:
    """The name of an S3 bucket, or nothing."""
    if not value or _BUCKET.fullmatch(value):
        return None
    return "is not the name of a bucket (3 to 63 of a-z, 0-9, dot, hyphen)"


def upstream_url(value: str) -> str | None:
    """https, or http to this machine, where the emulator is."""
    return _transport(value)


def upstream_urls(value: str) -> str | None:
    """`auto`, `none`, or URLs with commas between them."""
    if value in ("auto", "none"):
        return None
    return next((said for url in value.split(",") if (said := _transport(url.strip())) is not None), None)


def master_key(value: str) -> str | None:
    """32 bytes in base64, and not made by hand."""
    try:
        key = base64.b64decode(value, validate=True)
    except (binascii.Error, ValueError):
        return "is not base64"
    if len(key) != MASTER_KEY_BYTES:
        return f"must have {MASTER_KEY_BYTES} bytes, has {len(key)}"
    if len(set(key)) < _FEWEST_DIFFERENT:
        return "is too simple to be random; make one with `lingpai init`"
    return None


def command(value: str) -> str | None:
    """A program and its arguments, quoted as in a shell."""
    try:
        shlex.split(value)
    except ValueError as error:
        return f"cannot be taken apart into words: {error} (无法拆分成命令和参数)"
    return None


def _transport(value: str) -> str | None:
    parts = urlsplit(value)
    if parts.scheme == "https" and parts.hostname:
        return None
    if parts.scheme == "http" and parts.hostname in _LOOPBACK:
        return None
    return "must begin with https:// (http:// only for this machine)"
