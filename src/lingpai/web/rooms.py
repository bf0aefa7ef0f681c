"""What the routes may call: the rooms below, composed by `app/`."""

from dataclasses import dataclass

from lingpai.accounts import Avatars, Erasing, Exports, Naming, Phones, Portraits, Profiles
from lingpai.admin.apps import AppsAdmin
from lingpai.admin.doctor import Doctor
from lingpai.admin.people import PeopleAdmin
from lingpai.clock import Clock
from lingpai.keeper import AccessTokens, Directory, Forwarding, ServiceKeys, Tickets, TokenCalls
from lingpai.logins import SignIn
from lingpai.logins.oauth import Arriving, Beginning, PageTickets
from lingpai.observe import Metrics
from lingpai.sessions import CookieSessions, Ending, OpenData, Refreshing, RunningSessions, SessionKeys
from lingpai.storage.port import Store
from lingpai.tokens import Issuer
from lingpai.web.client_address import TrustedProxies
from lingpai.web.leaked_secrets import LeakedSecrets


@dataclass(frozen=True, slots=True, kw_only=True)
class Browsers:
    """Signing in by a browser: off to WeChat, back again, as a cookie or by a ticket."""

    beginning: Beginning
    arriving: Arriving
    tickets: PageTickets
    cookies: CookieSessions


@dataclass(slots=True)
class Mood:
    """Whether this server wants more requests."""

    draining: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Rooms:
    """Everything a route may need."""

    clock: Clock
    store: Store
    directory: Directory
    tokens: AccessTokens
    """WeChat's access_tokens of our apps."""
    token_calls: TokenCalls
    tickets: Tickets
    forwarding: Forwarding
    service_keys: ServiceKeys
    sign_in: SignIn
    running: RunningSessions
    refreshing: Refreshing
    ending: Ending
    browsers: Browsers
    issuer: Issuer
    apps: AppsAdmin
    people: PeopleAdmin
    doctor: Doctor
    profiles: Profiles
    portraits: Portraits
    naming: Naming
    avatars: Avatars
    exports: Exports
    erasing: Erasing
    phones: Phones
    open_data: OpenData
    session_keys: SessionKeys
    proxies: TrustedProxies
    metrics: Metrics
    leaked: LeakedSecrets
    mood: Mood
    public_url: str
    open_console: bool
    """The console answers without sign-in, to this machine only."""
