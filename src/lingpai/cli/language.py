"""The language of whoever reads the terminal."""

from typing import Final

from lingpai.config import environment

_LANGUAGES: Final = ("LC_ALL", "LC_MESSAGES", "LANG")


def terminal_language() -> str:
    """`zh` where the locale says so, else `en`."""
    env = environment()
    chosen = next((env[name] for name in _LANGUAGES if env.get(name)), "")
    return "zh" if chosen.startswith("zh") else "en"
