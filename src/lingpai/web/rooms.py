"""What the routes may call: the rooms below, composed by `app/`."""

from dataclasses import dataclass
from typing import Literal

import msgspec

from lingpai.accounts import Avatars, Erasing, Exports, Naming, Phones, Portraits, Profiles
from lingpai.admin.apps import AppsAdmin
from lingpai.admin.attempts import AttemptsAdmin
from lingpai.admin.audit import AuditLog
from lingpai.admin.audit_checking import AuditChecking
from lingpai.admin.budgets import BudgetsAdmin
from lingpai.admin.clients import ClientsAdmin
from lingpai.admin.consents import ConsentsAdmin
from lingpai.admin.doctor import Doctor
from lingpai.admin.figures import Figures
from lingpai.admin.held_tokens import HeldTokensAdmin
from lingpai.admin.keys import SigningKeysAdmin
from lingpai.admin.merging import Merging
from lingpai.admin.operators import (
    Account,
    ConsoleSessions,
    Entering,
    OperatorKeys,
    OperatorsAdmin,
    SettingUp,
)
from lingpai.admin.people import PeopleAdmin
from lingpai.admin.phone_numbers import PhoneNumbersAdmin
from lingpai.admin.pushes import PushesAdmin
from lingpai.admin.requests import RequestsAdmin
from lingpai.admin.sessions import SessionsAdmin
from lingpai.admin.webhooks import WebhooksAdmin
from lingpai.clock import Clock
from lingpai.errors import Words
from lingpai.keeper import AccessTokens, Directory, Forwarding, ServiceKeys, Tickets, TokenCalls
from lingpai.limits import Gate
from lingpai.logins import History, SignIn
from lingpai.logins.oauth import Arriving, Beginning, PageTickets
from lingpai.observe import Metrics, Tracing
from lingpai.push import Receiving
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


@dataclass(frozen=True, slots=True, kw_only=True)
class OperatorRooms:
    """What operators sign in by, and what programs of theirs may ask."""

    registry: OperatorsAdmin
    entering: Entering
    setting_up: SettingUp
    account: Account
    sessions: ConsoleSessions
    keys: OperatorKeys


class ShownSetting(msgspec.Struct, frozen=True, kw_only=True):
    """A setting as it is in force."""

    name: str
    value: str | None
    """None: a secret, of which can be said only whether it is set."""
    is_set: bool
    source: Literal["default", "file", "environment", "command"]
    words: Words


@dataclass(frozen=True, slots=True, kw_only=True)
class Desk:
    """What operators work with, beside apps and people."""

    held_tokens: HeldTokensAdmin
    clients: ClientsAdmin
    signing_keys: SigningKeysAdmin
    requests: RequestsAdmin
    sessions: SessionsAdmin
    merging: Merging
    phone_numbers: PhoneNumbersAdmin
    budgets: BudgetsAdmin
    consents: ConsentsAdmin
    figures: Figures
    audit: AuditLog
    audit_checking: AuditChecking
    settings: tuple[ShownSetting, ...]


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
    history: History
    attempts: AttemptsAdmin
    running: RunningSessions
    refreshing: Refreshing
    ending: Ending
    browsers: Browsers
    issuer: Issuer
    apps: AppsAdmin
    people: PeopleAdmin
    operators: OperatorRooms
    doctor: Doctor
    desk: Desk
    pushes: PushesAdmin
    webhooks: WebhooksAdmin
    profiles: Profiles
    portraits: Portraits
    naming: Naming
    avatars: Avatars
    exports: Exports
    erasing: Erasing
    receiving: Receiving
    phones: Phones
    open_data: OpenData
    session_keys: SessionKeys
    gate: Gate
    """The rate limits of requests."""
    proxies: TrustedProxies
    metrics: Metrics
    tracing: Tracing | None
    """None: nobody traces."""
    leaked: LeakedSecrets
    mood: Mood
    public_url: str
    open_console: bool
    """The console answers without sign-in, to this machine only."""
