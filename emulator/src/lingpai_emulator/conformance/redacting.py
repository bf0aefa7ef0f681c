"""What of an answer may be shown to others: its form, errcode and errmsg; whose it is, never.

Nothing is shown because it is known to be harmless, and everything else is hidden: a field that WeChat
invents tomorrow is hidden too.
"""

import json
import re
from collections.abc import Iterable, Mapping
from typing import Any, Final
from urllib.parse import quote

_SHOWN: Final = frozenset({"errcode", "errmsg", "expires_in", "scope", "subscribe", "is_snapshotuser"})
_IPV4: Final = re.compile(r"\b\d{1,3}(?:\.\d{1,3}){3}\b")
_IPV6: Final = re.compile(r"(?<![\w:])(?=[0-9A-Fa-f:]*::|(?:[0-9A-Fa-f]+:){7})[0-9A-Fa-f:]{2,}(?:<ip>)?")
_RID: Final = re.compile(r"\brid: ([0-9a-f]{8})-[0-9a-f]{8}-[0-9a-f]{8}\b")
# The first is one word of four, the second is hidden by half wherever it stands.
_OPEN: Final = frozenset({"scope", "rid"})
_SHORTEST: Final = 6  # a value with fewer characters is an ordinary word
_LONGEST_PAGE: Final = 500

_SHOWN_HEADERS: Final = frozenset(
    {"content-type", "content-encoding", "cache-control", "connection", "server"}
)


class Redactor:
    """Hides the values it was told, wherever they stand and however they are written."""

    def __init__(self, values: Mapping[str, str]) -> None:
        self._values = {text: f"<{name}>" for name, text in values.items() if name not in _OPEN}
        written = {form: shown for text, shown in self._values.items() for form in _forms(text)}
        self._long = sorted(written.items(), key=lambda pair: len(pair[0]), reverse=True)

    def text(self, text: str) -> str:
        """A text with known values, addresses and the random half of rids replaced by their names."""
        for form, shown in self._long:
            text = text.replace(form, shown)
        text = _IPV6.sub("<ip>", _IPV4.sub("<ip>", text))
        return _RID.sub(r"rid: \1-<rid>", text)

    def body(self, body: str) -> str:
        """JSON with its keys, and of its values only what says nothing of anybody; the start of anything else."""
        try:
            tree = json.loads(body, strict=False)
        except ValueError:
            return self.text(body)[:_LONGEST_PAGE]
        return json.dumps(self._hidden(tree, ""), ensure_ascii=False, separators=(",", ":"))

    def headers(self, headers: Iterable[tuple[str, str]]) -> list[list[str]]:
        return [[name, self.text(value) if name in _SHOWN_HEADERS else "…"] for name, value in headers]

    def leaks(self, text: str) -> list[str]:
        """The names of values that stand in a text after all."""
        return sorted({shown for form, shown in self._long if form in text})

    def _hidden(self, value: Any, name: str) -> Any:
        if isinstance(value, dict):
            return {self.text(key): self._hidden(item, key) for key, item in value.items()}
        if isinstance(value, list):
            return [self._hidden(item, name) for item in value[:1]]
        if name in _SHOWN:
            return self.text(value) if isinstance(value, str) else value
        if isinstance(value, str):
            return f"<{self.text(name)}>" if value else ""
        return value if value is None or isinstance(value, bool) else "<number>"


def _forms(text: str) -> set[str]:
    """A value as it stands in a text, in a URL and in JSON; nothing for an ordinary word."""
    if len(text) < _SHORTEST:
        return set()
    return {text, quote(text), quote(text, safe=""), text.replace("/", r"\/")}
