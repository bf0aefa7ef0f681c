"""What a fresh world holds: the demo apps and people, and what a world file adds to them."""

from pathlib import Path
from typing import Final

import msgspec

from lingpai_emulator.apps import AppChange
from lingpai_emulator.mistakes import MistakeError
from lingpai_emulator.people import PersonChange
from lingpai_emulator.switches import Switches

DEMO_APPS: Final = (
    AppChange(
        "wx00000000000000a1",
        kind="miniprogram",
        open_platform="demo",
        slug="demo-mp",
        name="Demo mini program",
    ),
    AppChange(
        "wx00000000000000b2",
        kind="official_account",
        open_platform="demo",
        slug="demo-oa",
        name="Demo official account",
    ),
    AppChange(
        "wx00000000000000c3", kind="website", open_platform="demo", slug="demo-web", name="Demo website"
    ),
)

# 1380000000x belongs to nobody; +1 202 555 01xx is kept free for fiction.
DEMO_PEOPLE: Final = (
    PersonChange(
        "xiaoming",
        "小明",
        phone="13800000001",
        follows=("wx00000000000000b2",),
        gender=1,
        country="China",
        province="Guangdong",
        city="Guangzhou",
    ),
    PersonChange("xiaohong", "小红", phone="13800000002", gender=2, country="China", province="Shanghai"),
    PersonChange("sam", "Sam", phone="+12025550100"),
)


class Seed(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Everything a reset goes back to.

    `seed` makes codes, keys and rids repeat; without it they are new at every start, while
    openids, unionids and secrets stay the same either way. `demo` false leaves the demo out.
    """

    seed: int | str | None = None
    demo: bool = True
    apps: tuple[AppChange, ...] = ()
    people: tuple[PersonChange, ...] = ()
    switches: Switches = Switches()

    def all_apps(self) -> tuple[AppChange, ...]:
        return (DEMO_APPS if self.demo else ()) + self.apps

    def all_people(self) -> tuple[PersonChange, ...]:
        return (DEMO_PEOPLE if self.demo else ()) + self.people


def read_world_file(path: Path) -> Seed:
    """A world file: a JSON object with the fields of `Seed`. Raises MistakeError."""
    try:
        return msgspec.json.decode(path.read_bytes(), type=Seed)
    except OSError as error:
        raise MistakeError(f"The world file {path} cannot be read: {error.strerror}.") from error
    except msgspec.MsgspecError as error:
        raise MistakeError(f"The world file {path} does not fit: {error}.") from error
