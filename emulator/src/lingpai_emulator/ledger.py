"""Which calls were received, in order, and what they were answered."""

from collections import deque

import msgspec

from lingpai_emulator.answers import Answer
from lingpai_emulator.calls import Call
from lingpai_emulator.faults import Fault

_LONGEST = 10_000
_LONGEST_BODY = 64 * 1024


class Entry(msgspec.Struct):
    """One call. `status` and `answer` are None as long as nothing was sent, or when nothing was.

    Kept as received: it is decoded and masked when somebody reads the ledger.
    """

    at: float
    call: Call
    fault: Fault | None = None
    status: int | None = None
    answer: Answer | None = None


class Ledger:
    """The last 10 000 calls, oldest first. Bodies longer than 64 KiB are cut."""

    def __init__(self) -> None:
        self._entries: deque[Entry] = deque(maxlen=_LONGEST)

    def open(self, at: float, call: Call, fault: Fault | None) -> Entry:
        """Write down a call that has arrived; the caller fills in what was sent."""
        if len(call.body) > _LONGEST_BODY:
            call = msgspec.structs.replace(call, body=call.body[:_LONGEST_BODY])
        entry = Entry(at, call, fault)
        self._entries.append(entry)
        return entry

    def entries(self, path: str | None = None) -> list[Entry]:
        return [entry for entry in self._entries if path is None or entry.call.path == path]

    def answered_with(self, rid: str) -> Entry | None:
        """The newest call whose answer had this rid."""
        for entry in reversed(self._entries):
            if entry.answer is not None and entry.answer.rid == rid:
                return entry
        return None

    def clear(self) -> None:
        self._entries.clear()

    def __len__(self) -> int:
        return len(self._entries)
