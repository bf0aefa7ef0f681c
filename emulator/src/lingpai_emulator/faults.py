"""Which of the next answers are to be spoiled, and how."""

from typing import Annotated, Literal

import msgspec

Close = Literal["before", "after", "mid-body"]


class Fault(msgspec.Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """An order to spoil answers.

    `path` is one path, a prefix ending in `/*`, or `*` for all. `times` is how many answers
    are spoiled; None spoils until the faults are deleted.

    `errcode` (with `errmsg`), `status` and `body` put another answer in place: WeChat's world
    then stays as it was. `delay` is in real seconds, after the call took effect. `close`
    breaks the connection: `before` the call takes effect, `after` it took effect but without
    an answer, or `mid-body`, after half of the answer's body.
    """

    path: Annotated[str, msgspec.Meta(pattern=r"^(/\S*|\*)\Z")]
    times: Annotated[int, msgspec.Meta(ge=1)] | None = 1
    errcode: int | None = None
    errmsg: str | None = None
    status: Annotated[int, msgspec.Meta(ge=200, le=599)] | None = None
    delay: Annotated[float, msgspec.Meta(ge=0, le=3600)] = 0
    close: Close | None = None
    body: str | None = None

    @property
    def replaces(self) -> bool:
        """Whether it puts another answer in place of WeChat's."""
        return self.errcode is not None or self.status is not None or self.body is not None

    def contradiction(self) -> str | None:
        """What is wrong with the order as a whole, in a sentence."""
        silent = self.close in ("before", "after")
        effect = self.replaces or self.close is not None or self.delay > 0
        rules = (
            (
                self.path.startswith("/__emulator__"),
                "The controls cannot be spoiled; `path` is a WeChat path such as /sns/jscode2session.",
            ),
            (self.errcode == 0, "An errcode of 0 means success; to send such a text use `body`."),
            (
                self.errmsg is not None and self.errcode is None,
                "`errmsg` goes with an `errcode`; to send a text of your own use `body`.",
            ),
            (
                self.errcode is not None and self.body is not None,
                "`errcode` and `body` are two different answers; give one of them.",
            ),
            (
                silent and self.replaces,
                "This `close` sends nothing, so `errcode`, `status` and `body` say nothing.",
            ),
            (not effect, "This spoils nothing; give one of errcode, status, body, delay or close."),
        )
        return next((sentence for broken, sentence in rules if broken), None)

    def fits(self, path: str) -> bool:
        if self.path == "*":
            return True
        if self.path.endswith("/*"):
            return path.startswith(self.path[:-1])
        return self.path == path


class Faults:
    """The orders in the sequence they were given; the first that fits is used up first."""

    def __init__(self) -> None:
        self._faults: list[Fault] = []

    def add(self, fault: Fault) -> None:
        self._faults.append(fault)

    def take(self, path: str) -> Fault | None:
        """The fault for the call that has just arrived, counted down."""
        for position, fault in enumerate(self._faults):
            if fault.fits(path):
                if fault.times == 1:
                    del self._faults[position]
                elif fault.times is not None:
                    self._faults[position] = msgspec.structs.replace(fault, times=fault.times - 1)
                return fault
        return None

    def clear(self) -> None:
        self._faults.clear()

    def all(self) -> list[Fault]:
        return list(self._faults)
