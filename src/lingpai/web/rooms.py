"""What the routes may call: the rooms below, composed by `app.py`."""

from dataclasses import dataclass
from typing import Protocol

from lingpai.accounts import Profiles
from lingpai.admin.apps import AppsAdmin
from lingpai.admin.people import PeopleAdmin
from lingpai.clock import Clock
from lingpai.keeper import Directory, HeldApp
from lingpai.logins import SignIn
from lingpai.logins.oauth import Arriving, Beginning, Tickets
from lingpai.observe import Metrics
from lingpai.secret import Secret
from lingpai.sessions import CookieSessions, Ending, Refreshing, RunningSessions
from lingpai.storage.port import Store
from lingpai.tokens import Issuer


class JsapiTickets(Protocol):
    """The app's current jsapi_ticket; kept, so that two calls get the same one."""

    async def jsapi_ticket(self, app: HeldApp) -> Secret:
        """Raises Problem wechat_*."""
        ...


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
    sign_in: SignIn
    running: RunningSessions
    refreshing: Refreshing
    ending: Ending
    cookie_sessions: CookieSessions
    beginning: Beginning
    arriving: Arriving
    tickets: Tickets
    issuer: Issuer
    apps: AppsAdmin
    people: PeopleAdmin
    profiles: Profiles
    metrics: Metrics
    mood: Mood
    public_url: str
    open_console: bool
    """The console answers without sign-in, to this machine only."""
