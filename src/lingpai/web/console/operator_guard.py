"""The guard of `lingpai serve`: an operator's session, what the roles allow, a form of this very session, a fresh factor."""

import hmac
import re
from typing import Final

from lingpai.admin.operators import Client, ConsoleSessions, SignedInOperator
from lingpai.errors import Problem
from lingpai.errors.catalogue import NOT_FOUND
from lingpai.errors.catalogue_console import FORM_STALE, SIGN_IN_NEEDED
from lingpai.errors.catalogue_operators import STEP_UP_NEEDED
from lingpai.model import Permission
from lingpai.web.call import Call
from lingpai.web.client_address import TrustedProxies
from lingpai.web.console.forms import read_form
from lingpai.web.console.guarding import CSRF_FIELD, Visitor, insist_on
from lingpai.web.console.session_cookies import ConsoleCookies
from lingpai.web.signed_in import own_origin

_SAFE: Final = ("GET", "HEAD")
_KEPT: Final = "lingpai.console.operator"
_LOCAL: Final = re.compile(r"/console(?:/[A-Za-z0-9._~-]+)*(?:\?[A-Za-z0-9._~%=&+-]*)?")
_HOME: Final = "/console"
_ENTRANCE: Final = "/console/sign-in"


class OperatorGuard:
    """Admits operators who have signed in."""

    def __init__(self, sessions: ConsoleSessions, public_url: str) -> None:
        self._sessions: Final = sessions
        self._cookies: Final = ConsoleCookies(public_url)
        self._public_url: Final = public_url

    async def admit(self, call: Call, needs: Permission) -> Visitor:
        """See `Guard.admit`. What changes something and needs `secure` also wants a fresh factor.

        Raises Problem sign_in_needed, permission_missing, form_stale, step_up_needed, storage_unavailable.
        """
        who = await self._sessions.check(self._cookies.read(call, "session"))
        if who is None:
            raise Problem(SIGN_IN_NEEDED)
        visitor = Visitor(actor=who.actor, permissions=who.operator.permissions, csrf=who.csrf)
        insist_on(visitor, needs)
        call.scope[_KEPT] = who
        if call.method not in _SAFE:
            await refuse_foreign_form(call, self._public_url, visitor.csrf)
            if needs == "secure":
                insist_on_fresh(self._sessions, who)
        return visitor


def operator_of(call: Call) -> SignedInOperator:
    """Who was admitted. Raises Problem not_found where nobody signs in (`lingpai dev`)."""
    who: SignedInOperator | None = call.scope.get(_KEPT)
    if who is None:
        raise Problem(NOT_FOUND)
    return who


def insist_on_fresh(sessions: ConsoleSessions, who: SignedInOperator) -> None:
    """Raises Problem step_up_needed."""
    if not sessions.fresh(who):
        raise Problem(STEP_UP_NEEDED)


async def refuse_foreign_form(call: Call, public_url: str, csrf: str) -> None:
    """Let a form through only if this server made it for this very session. Raises Problem form_stale."""
    refuse_foreign_page(call, public_url)
    form = await read_form(call)
    if not hmac.compare_digest(form.text(CSRF_FIELD).encode(), csrf.encode()):
        raise Problem(FORM_STALE, private="a form without this session's token")


def refuse_foreign_page(call: Call, public_url: str) -> None:
    """The browser's own word that a page of this server sent it: Origin (RFC 6454), or Sec-Fetch-Site.

    Our pages send no Referer, for which browsers write `Origin: null`; then the other header has to say it.
    Raises Problem form_stale.
    """
    site = call.header(b"sec-fetch-site")
    if site is not None and site != b"same-origin":
        raise Problem(FORM_STALE, private="a form sent by another site")
    origin = call.header(b"origin")
    if origin is not None and origin != b"null":
        if origin.decode("latin-1") != own_origin(public_url):
            raise Problem(FORM_STALE, private="a form of another origin")
    elif site is None:
        raise Problem(FORM_STALE, private="a form of which nothing says where it comes from")


def client_of(call: Call, proxies: TrustedProxies) -> Client:
    """Where a request comes from."""
    return Client(call.user_agent, proxies.client_of(call))


def local(to: str) -> str:
    """A page of the console to go to; the first one, when `to` is none of them."""
    fine = _LOCAL.fullmatch(to) and not to.startswith(_ENTRANCE) and "/.." not in to and len(to) < 300  # noqa: PLR2004
    return to if fine else _HOME
