"""Where a browser may be sent: back to a page of the app, by an exact list of origins; on to WeChat."""

import re
from collections.abc import Collection
from typing import Final, NamedTuple
from urllib.parse import quote, urlencode

from lingpai.errors import Problem
from lingpai.errors.catalogue_browser import RETURN_TO_NOT_ALLOWED
from lingpai.model import OAuthScope

_LONGEST: Final = 2_000
_LOOPBACK: Final = ("localhost", "127.0.0.1")
# Characters of RFC 3986 and nothing else: browsers repair what is not, each in its own way, and
# an address that is repaired after it was checked was never checked.
_ADDRESS: Final = re.compile(
    r"(?P<origin>(?P<scheme>https?)://(?P<host>[a-z0-9]+(?:[.-]+[a-z0-9]+)*)(?::(?P<port>[1-9][0-9]{0,4}))?)"
    r"(?P<path>/[A-Za-z0-9._~!$&'()*+,;=:@%/-]*)?"
    r"(?P<query>\?[A-Za-z0-9._~!$&'()*+,;=:@%/?-]*)?"
    r"(?P<fragment>#[A-Za-z0-9._~!$&'()*+,;=:@%/?#!-]*)?"
)
_DEFAULT_PORTS: Final = {"http": "80", "https": "443"}
_LAST_PORT: Final = 65_535


class Target(NamedTuple):
    """An address of a page, in the parts that matter here."""

    origin: str
    before_fragment: str
    fragment: str
    """With its `#`, or nothing."""

    @property
    def address(self) -> str:
        """As it was given."""
        return self.before_fragment + self.fragment

    def after_wechat(self) -> "Target":
        """The same page, with a fragment of its own even if that is empty.

        WeChat's address ends in `#wechat_redirect`, and a redirect without a fragment inherits it
        (RFC 9110, section 10.2.2): it would stand in the page's address from then on.
        """
        return self if self.fragment else self._replace(fragment="#")

    def with_parameter(self, name: str, value: str) -> str:
        """The address with one more query parameter, before the fragment: a hash route stays whole."""
        joined = "&" if "?" in self.before_fragment else "?"
        return f"{self.before_fragment}{joined}{name}={quote(value, safe='')}{self.fragment}"


def target_of(address: str, origins: Collection[str]) -> Target:
    """The page at `address`, whose origin is one of `origins`, letter by letter.

    Raises Problem return_to_not_allowed; the address is never repaired or guessed.
    """
    match = _ADDRESS.fullmatch(address) if len(address) <= _LONGEST else None
    if match is None or match["origin"] not in origins:
        raise Problem(RETURN_TO_NOT_ALLOWED)
    fragment = match["fragment"] or ""
    return Target(match["origin"], address[: len(address) - len(fragment)], fragment)


def origin_of(text: str) -> str | None:
    """An origin as browsers write it, or None: https, or http on this machine; no default port, no path."""
    match = _ADDRESS.fullmatch(text)
    if match is None or match["origin"] != text or match["port"] == _DEFAULT_PORTS[match["scheme"]]:
        return None
    if match["port"] is not None and int(match["port"]) > _LAST_PORT:
        return None
    return text if match["scheme"] == "https" or match["host"] in _LOOPBACK else None


def wechat_address(open_url: str, *, appid: str, redirect_uri: str, scope: OAuthScope, state: str) -> str:
    """Where WeChat asks the visitor. Order and spelling of the parameters are WeChat's, and it insists on them."""
    path = "/connect/qrconnect" if scope == "snsapi_login" else "/connect/oauth2/authorize"
    query = urlencode(
        [
            ("appid", appid),
            ("redirect_uri", redirect_uri),
            ("response_type", "code"),
            ("scope", scope),
            ("state", state),
        ]
    )
    return f"{open_url.rstrip('/')}{path}?{query}#wechat_redirect"
