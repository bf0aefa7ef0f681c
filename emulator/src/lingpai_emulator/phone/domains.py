"""Which servers a mini program may talk to: WeChat's list of request domains, as short as possible."""

from typing import Final

from pyreqwest.http import Url

from lingpai_emulator.mistakes import MistakeError
from lingpai_emulator.phone.door import is_loopback
from lingpai_emulator.phone.wxrequest import Reach

_SCHEMES: Final = ("http", "https")


class Domains:
    """The list holds the configured server's origin; without a server, every address of this machine.

    Scheme, host and port must be the same, as in WeChat's list. The URL is read by the parser
    that later sends it, so the two cannot disagree about its host. Never the emulator: its
    controls would hand the AppSecrets to the page. Raises MistakeError for a server that is no
    http(s) URL.
    """

    def __init__(self, emulator_url: str, server_url: str | None) -> None:
        self._emulator_port = Url(emulator_url).port_or_known_default
        if server_url is not None and not (Url.is_valid(server_url) and Url(server_url).scheme in _SCHEMES):
            raise MistakeError(f"The server {server_url!r} is no URL; write it as http://HOST:PORT.")
        self._origin = None if server_url is None else Url(server_url).origin_ascii

    def allow(self, url: str, reach: Reach | None = None) -> bool:
        """Whether `url` may be requested; False also for what is no URL.

        `reach` is what the holder of the phone chose: the list, this machine, or no check.
        """
        if not Url.is_valid(url):
            return False
        target = Url(url)
        if self._origin is not None and reach in (None, "list"):
            return target.origin_ascii == self._origin
        if target.scheme not in _SCHEMES or target.port_or_known_default == self._emulator_port:
            return False
        return reach == "any" or is_loopback((target.host_str or "").strip("[]"))
