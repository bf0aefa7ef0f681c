"""The console's rooms as its menu lists them."""

from collections.abc import Collection
from typing import Final

import msgspec

from lingpai.model.operator import Permission


class Entry(msgspec.Struct, frozen=True):
    """A line of the menu; its text is `nav.{name}`, its picture the icon of that name."""

    name: str
    path: str
    needs: Permission = "look"


MENU: Final = (
    Entry("today", "/console"),
    Entry("logins", "/console/logins"),
    Entry("people", "/console/people"),
    Entry("apps", "/console/apps"),
    Entry("service_keys", "/console/service-keys"),
    Entry("signing_keys", "/console/signing-keys"),
    Entry("webhooks", "/console/webhooks"),
    Entry("operators", "/console/operators", "secure"),
    Entry("audit", "/console/audit"),
    Entry("settings", "/console/settings"),
)


def menu(paths: Collection[str]) -> tuple[Entry, ...]:
    """The entries that lead somewhere."""
    return tuple(entry for entry in MENU if entry.path in paths)
