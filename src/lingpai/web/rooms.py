"""What the routes may call: the rooms below, composed by `app.py`."""

from dataclasses import dataclass

from lingpai.admin.apps import AppsAdmin
from lingpai.admin.people import PeopleAdmin
from lingpai.clock import Clock
from lingpai.keeper import AccessTokens, Directory, Forwarding, ServiceKeys, Tickets, TokenCalls
from lingpai.logins import SignIn
from lingpai.observe import Metrics
from lingpai.sessions import Ending, Refreshing, RunningSessions
from lingpai.storage.port import Store
from lingpai.tokens import Issuer


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
    issuer: Issuer
    apps: AppsAdmin
    people: PeopleAdmin
    metrics: Metrics
    mood: Mood
    public_url: str
    open_console: bool
    """The console answers without sign-in, to this machine only."""
