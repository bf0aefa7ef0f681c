"""The whole emulator in memory: a world, the faults ordered for it, and the ledger of its calls."""

import msgspec

from lingpai_emulator.connection import Waiting
from lingpai_emulator.faults import Faults
from lingpai_emulator.ledger import Ledger
from lingpai_emulator.seed import Seed
from lingpai_emulator.traces import Trace
from lingpai_emulator.world import World


class Emulator:
    """One pretend WeChat. It lives in one event loop."""

    def __init__(self, seed: Seed) -> None:
        self._seed = seed
        self.ledger = Ledger()
        self.world = World(seed, self._trace)
        self.faults = Faults()
        self.waiting = Waiting()

    def reset(self, seed: int | str | None = None) -> None:
        """Everything back to the start: world, clock, switches; no faults, an empty ledger.

        Calls whose answer is still being delayed lose their connection.

        `seed` makes this world repeat; without one it is the seed the emulator started with.
        """
        fresh = self._seed if seed is None else msgspec.structs.replace(self._seed, seed=seed)
        self.world = World(fresh, self._trace)
        self.waiting.drop_all()
        self.faults.clear()
        self.ledger.clear()

    def _trace(self, rid: str) -> Trace | None:
        """The newest call that was answered with an error of this rid: a success shows its rid to nobody."""
        entry = self.ledger.answered_with(rid)
        if entry is None or entry.answer is None or not entry.answer.errcode:
            return None
        return Trace(entry.at, entry.call, entry.answer.body)
