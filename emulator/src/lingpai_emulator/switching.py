"""How switches are set on a command line: NAME=VALUE, words read as the switch's own type."""

from collections.abc import Iterable

import msgspec

from lingpai_emulator.mistakes import MistakeError
from lingpai_emulator.switches import Switches


def switched(switches: Switches, settings: Iterable[str]) -> Switches:
    """The pairs laid over the switches. Raises MistakeError."""
    given: dict[str, str] = {}
    for setting in settings:
        name, sign, value = setting.partition("=")
        if not sign:
            raise MistakeError(f"--switch {setting}: write it as NAME=VALUE.")
        given[name.replace("-", "_")] = value
    try:
        return msgspec.convert(msgspec.structs.asdict(switches) | given, Switches, strict=False)
    except msgspec.ValidationError as error:
        raise MistakeError(f"--switch: {error}.") from error
