"""Which of our two languages a caller reads."""

from functools import lru_cache
from typing import Literal

Language = Literal["en", "zh"]


@lru_cache(maxsize=256)
def preferred(accept_language: bytes) -> Language:
    """The best of English and Chinese for an Accept-Language header (RFC 9110 §12.5.4); English by default."""
    best: tuple[float, Language] = (0.0, "en")
    for part in accept_language.decode("latin-1").lower().split(","):
        tag, _, parameter = part.partition(";")
        language: Language | None = (
            "zh" if tag.strip().startswith("zh") else "en" if tag.strip().startswith("en") else None
        )
        quality = _quality(parameter)
        if language is not None and quality > best[0]:
            best = (quality, language)
    return best[1]


def _quality(parameter: str) -> float:
    name, _, value = parameter.partition("=")
    if name.strip() != "q":
        return 1.0
    try:
        return min(1.0, max(0.0, float(value)))
    except ValueError:
        return 0.0
