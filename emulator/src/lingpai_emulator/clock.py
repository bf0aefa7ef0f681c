"""What time it is in the emulator's WeChat: a clock of its own that can be moved and stopped."""

import time


class Clock:
    """Runs with the machine's clock until it is advanced, frozen or set.

    All instants are Unix seconds (UTC) with a fraction. Stopping and starting never jumps:
    a clock that runs again goes on from where it stood.
    """

    def __init__(self) -> None:
        self._ahead = 0.0
        self._frozen_at: float | None = None

    def now(self) -> float:
        """Unix seconds."""
        if self._frozen_at is not None:
            return self._frozen_at
        return time.time() + self._ahead

    @property
    def frozen(self) -> bool:
        return self._frozen_at is not None

    def advance(self, seconds: float) -> None:
        """Move forward, frozen or not."""
        if self._frozen_at is not None:
            self._frozen_at += seconds
        else:
            self._ahead += seconds

    def freeze(self, at: float | None = None) -> None:
        """Stand still, now or at the given Unix seconds."""
        self._frozen_at = self.now() if at is None else at

    def unfreeze(self) -> None:
        if self._frozen_at is not None:
            self._ahead = self._frozen_at - time.time()
            self._frozen_at = None
