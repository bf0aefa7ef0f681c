"""Who types: the user of this machine, as the audit log names them."""

import getpass
import os
from typing import Final

from lingpai.config import environment
from lingpai.model import Actor

_NOBODY: Final = "unknown"


def whoever() -> Actor:
    """The machine's user; behind `sudo` also who asked for it. Both are only as true as the machine is."""
    name = _name()
    asked = environment().get("SUDO_USER")
    return Actor("cli", name, f"{name} (sudo: {asked})" if asked else name)


def _name() -> str:
    """By the process's own user first: an environment can say anything."""
    try:
        import pwd  # noqa: PLC0415 - not everywhere

        return pwd.getpwuid(os.getuid()).pw_name
    except (ImportError, KeyError):
        pass
    try:
        return getpass.getuser()
    except (OSError, KeyError):  # a container whose user has no name
        return _NOBODY
