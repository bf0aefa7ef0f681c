"""The cookies of the console: the operator's session, and the step between two factors. No other site's request carries them."""

from typing import Final, Literal

from lingpai.secret import Secret
from lingpai.web.call import Call

Purpose = Literal["session", "step"]
_NAMES: Final[dict[Purpose, str]] = {"session": "lingpai_console", "step": "lingpai_console_step"}
_SECONDS: Final[dict[Purpose, int]] = {"session": 43_200, "step": 1_800}
_HOST: Final = "__Host-"
_LONGEST: Final = 4_096


class ConsoleCookies:
    """Reads and writes them."""

    def __init__(self, public_url: str) -> None:
        self._https: Final = public_url.startswith("https:")

    def read(self, call: Call, purpose: Purpose) -> Secret | None:
        """The one of this purpose. Of two values neither: one of them was planted from a sibling domain."""
        given = b";".join(value for name, value in call.scope["headers"] if name == b"cookie")
        wanted = self._name(purpose)
        found = {
            value.strip()
            for name, equals, value in (
                part.partition("=") for part in given[:_LONGEST].decode("latin-1").split(";")
            )
            if equals and name.strip() == wanted
        }
        return Secret(found.pop()) if len(found) == 1 and "" not in found else None

    def give(self, purpose: Purpose, value: Secret) -> tuple[bytes, bytes]:
        """The header that lets a browser keep one."""
        return self._header(purpose, value.reveal(), _SECONDS[purpose])

    def take(self, purpose: Purpose) -> tuple[bytes, bytes]:
        """The header that lets a browser forget it."""
        return self._header(purpose, "", 0)

    def _header(self, purpose: Purpose, value: str, seconds: int) -> tuple[bytes, bytes]:
        secure = "; Secure" if self._https else ""
        text = f"{self._name(purpose)}={value}; Path=/; Max-Age={seconds}; HttpOnly; SameSite=Strict{secure}"
        return b"set-cookie", text.encode("latin-1")

    def _name(self, purpose: Purpose) -> str:
        """`__Host-`: no other host and no plain http can have set it. Browsers want https for that."""
        return f"{_HOST}{_NAMES[purpose]}" if self._https else _NAMES[purpose]
