"""Who sits at the browser that opens an authorization page, and how they got there."""

from typing import Literal

import msgspec

from lingpai_emulator.people import PersonId

Consent = Literal["ask", "allow", "deny"]
Entry = Literal["link", "chat"]


class Browser(msgspec.Struct, frozen=True):
    """What every browser starts from; a person chosen on a page is remembered by that browser alone.

    `person` None is the first of the people. `consent` is the answer given without a page, or `ask`.
    `entry` is `chat` when the page is opened from the account's chat or menu, where WeChat does
    not ask its followers. `snapshot`: pages open as read-only snapshots with a virtual account.
    `double_callback`: the callback is requested twice, as some Android phones do. `turn` counts
    how often `person` was set, so that the newer word wins over a browser's memory.
    """

    person: str | None = None
    consent: Consent = "ask"
    entry: Entry = "link"
    snapshot: bool = False
    double_callback: bool = False
    turn: int = 0


class BrowserChange(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """New values; what is left out stays."""

    person: PersonId | msgspec.UnsetType | None = msgspec.UNSET
    consent: Consent | msgspec.UnsetType = msgspec.UNSET
    entry: Entry | msgspec.UnsetType = msgspec.UNSET
    snapshot: bool | msgspec.UnsetType = msgspec.UNSET
    double_callback: bool | msgspec.UnsetType = msgspec.UNSET


def changed(browser: Browser, change: BrowserChange) -> Browser:
    given = {
        field: value for field, value in msgspec.structs.asdict(change).items() if value is not msgspec.UNSET
    }
    turn = browser.turn + 1 if "person" in given else browser.turn
    return msgspec.structs.replace(browser, **given, turn=turn)
