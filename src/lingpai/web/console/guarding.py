"""Who may see a page of the console, and do what it offers."""

import hmac
from collections.abc import Awaitable, Callable
from typing import Final, Protocol
from urllib.parse import urlsplit

import msgspec

from lingpai.errors import Problem
from lingpai.errors.catalogue import NOT_FOUND
from lingpai.errors.catalogue_console import FORM_STALE, PERMISSION_MISSING
from lingpai.model.audit import Actor
from lingpai.model.operator import PERMISSIONS, Permission
from lingpai.secret import random_token
from lingpai.web.answering import Answer
from lingpai.web.call import Call
from lingpai.web.console.forms import read_form
from lingpai.web.console.loopback import from_this_machine

CSRF_FIELD: Final = "csrf"
_SAFE: Final = ("GET", "HEAD")
_OWN_SITE: Final = (b"same-origin", b"none")


class Visitor(msgspec.Struct, frozen=True):
    """Who looks, and what they may do."""

    actor: Actor
    permissions: frozenset[Permission]
    csrf: str
    """Goes into every form; another site cannot know it."""

    def may(self, permission: Permission) -> bool:
        """Whether the visitor has `permission`."""
        return permission in self.permissions


class Guard(Protocol):
    """Lets visitors in."""

    async def admit(self, call: Call, needs: Permission) -> Visitor:
        """Who asks. For a method that changes something the form's token has been compared.

        Raises Problem sign_in_needed, permission_missing, form_stale; not_found where there is no console.
        """
        ...


Handle = Callable[[Call, Visitor], Awaitable[Answer]]


class ConsoleRoute(msgspec.Struct, frozen=True):
    """One method of one page, and what it takes to be let in."""

    method: str
    """GET or POST."""
    path: str
    needs: Permission
    handle: Handle


class DevGuard:
    """`lingpai dev`: whoever sits at this machine may do everything. Every refusal looks like a missing page."""

    def __init__(self) -> None:
        self._visitor: Final = Visitor(
            actor=Actor(kind="dev", id="dev", name="dev"), permissions=PERMISSIONS, csrf=random_token("")
        )

    async def admit(self, call: Call, needs: Permission) -> Visitor:
        if not from_this_machine(call):
            raise Problem(NOT_FOUND)
        insist_on(self._visitor, needs)
        await refuse_forged(call, self._visitor)
        return self._visitor


def insist_on(visitor: Visitor, needs: Permission) -> None:
    """Raises Problem permission_missing."""
    if not visitor.may(needs):
        raise Problem(PERMISSION_MISSING, facts={"permission": needs})


async def refuse_forged(call: Call, visitor: Visitor) -> None:
    """Let a request that changes something through only if its form was made for this visitor.

    Two locks: the token (OWASP, synchronizer token), and the browser's own word where it gives one. Our pages keep
    their address to themselves (Referrer-Policy: no-referrer), and of such a page a browser says `Origin: null`
    (Fetch, "append a request Origin header"); then Sec-Fetch-Site alone tells whose form it is.
    Raises Problem form_stale.
    """
    if call.method in _SAFE:
        return
    site = call.header(b"sec-fetch-site")
    if site is not None and site not in _OWN_SITE:
        raise Problem(FORM_STALE, private="a form sent by another site")
    origin = call.header(b"origin")
    if origin not in (None, b"null") and urlsplit(origin).netloc != (call.header(b"host") or b""):
        raise Problem(FORM_STALE, private="a form of another origin")
    form = await read_form(call)
    if not hmac.compare_digest(form.text(CSRF_FIELD).encode(), visitor.csrf.encode()):
        raise Problem(FORM_STALE, private="a form without this visitor's token")
