"""Who does what tests need done before they begin."""

from typing import Final

from lingpai.model import Actor

TESTER: Final = Actor("server", "tester", "a test")
