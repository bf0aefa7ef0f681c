"""Which of the two languages a reader wants."""

import re
from typing import Final

from lingpai_emulator.reasons import Language

_RANGE: Final = re.compile(r"\s*([A-Za-z*]{1,8})[^;,]*(?:;\s*q=([01](?:\.\d{0,3})?))?\s*(?:,|\Z)")


def language(accept: str) -> Language:
    """By Accept-Language (RFC 9110, section 12.5.4); English when neither is wanted more."""
    best: tuple[float, Language] = (0.0, "en")
    for found in _RANGE.finditer(accept):
        name, weight = found[1].lower(), float(found[2] or 1)
        if name in ("en", "zh") and weight > best[0]:
            best = (weight, "zh" if name == "zh" else "en")
    return best[1]
