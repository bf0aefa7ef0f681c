"""The store of a node that has a relay: what other nodes follow is told as soon as it is written.

Whoever writes need not think of it, and nothing is told before its commit. A noun or a method that is not in the
table goes straight through.
"""

from collections.abc import Callable
from typing import Any, Final, NamedTuple, cast

from lingpai.model import NotRotated
from lingpai.relay.port import Relay
from lingpai.storage.port import StorageUnavailableError, Store


class _Told(NamedTuple):
    """Which topic, and whether the answer says that anything happened."""

    topic: str
    happened: Callable[[Any], bool] = bool


def _always(_answer: object) -> bool:
    return True


def _reused(answer: object) -> bool:
    return isinstance(answer, NotRotated) and answer.why == "reused"


def _something(answer: object) -> bool:
    return answer is not None


TOLD: Final = {
    "sessions": {
        "end": _Told("sessions"),
        "end_all": _Told("sessions"),
        "rotate": _Told("sessions", _reused),
    },
    "erasures": {"commit": _Told("sessions", _something)},
    "keys": {
        "add_service": _Told("service_keys", _always),
        "revoke_service": _Told("service_keys"),
        "add_signing": _Told("signing_keys", _always),
        "retire_signing": _Told("signing_keys"),
    },
    "apps": {
        "add": _Told("apps", _always),
        "put_secret": _Told("apps"),
        "change_secrets": _Told("apps"),
        "put_settings": _Told("apps"),
        "remove": _Told("apps"),
    },
}
"""By noun and method of `storage/port.py`."""


def telling(store: Store, relay: Relay) -> Store:
    """`store`, with what is written told to the other nodes."""
    return cast(Store, _TellingStore(store, relay))


class _TellingStore:
    def __init__(self, store: Store, relay: Relay) -> None:
        self._store: Final = store
        self._relay: Final = relay

    def __getattr__(self, name: str) -> Any:
        found = getattr(self._store, name)
        return _TellingNoun(found, TOLD[name], self._relay) if name in TOLD else found


class _TellingNoun:
    def __init__(self, noun: object, told: dict[str, _Told], relay: Relay) -> None:
        self._noun: Final = noun
        self._told: Final = told
        self._relay: Final = relay

    def __getattr__(self, name: str) -> Any:
        method = getattr(self._noun, name)
        told = self._told.get(name)
        if told is None:
            return method
        topic, happened = told
        relay = self._relay

        async def telling_of(*arguments: Any, **named: Any) -> Any:
            try:
                answer = await method(*arguments, **named)
            except StorageUnavailableError as error:
                if error.unknown:
                    relay.tell(topic)
                raise
            if happened(answer):
                relay.tell(topic)
            return answer

        return telling_of
