"""What an operator gave cannot be used."""

from typing import Final

from lingpai.errors import Words


class AppInvalidError(ValueError):
    """What was given cannot be an app, or a setting of one; the message says why."""

    def __init__(self, message: str, *, field: str = "", zh: str = "") -> None:
        """`field`: what was wrong, as the command and the form call it; `zh`: the message in Chinese."""
        super().__init__(message)
        self.field: Final = field
        # What was given may stand in the message: its braces are no blanks.
        self.words: Final = Words(_plain(message), _plain(zh or message))


def _plain(text: str) -> str:
    return text.replace("{", "{{").replace("}", "}}")
