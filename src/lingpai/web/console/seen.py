"""What the console shows of logins, sessions and apps: rows without any secret."""

from collections.abc import Sequence
from typing import Final, Literal, get_args

import msgspec

from lingpai.admin.apps import ShownApp
from lingpai.errors import CATALOGUE, ProblemKind
from lingpai.model import GRANTED, LoginEvent, Session

Outcome = Literal["signed_in", "refused", "failed"]
OUTCOMES: Final[tuple[Outcome, ...]] = get_args(Outcome)
State = Literal["running", "expired", "ended"]
_SERVER_FAULT: Final = 500


class SeenApp(msgspec.Struct, frozen=True, kw_only=True):
    """Which app a row is about; `slug` is None when the app is registered no longer."""

    appid: str
    slug: str | None


class SeenLogin(msgspec.Struct, frozen=True, kw_only=True):
    """A line of the login history."""

    event: LoginEvent
    app: SeenApp
    outcome: Outcome
    kind: ProblemKind | None
    """The reason of a refusal; None for a success, or for a code this release does not know."""


class SeenSession(msgspec.Struct, frozen=True, kw_only=True):
    """A session and how it stands."""

    session: Session
    app: SeenApp
    state: State
    over_at: int
    """When it ended, or will at the latest."""


class Seen:
    """Turns rows of the store into rows of the console."""

    def __init__(self, apps: Sequence[ShownApp], now: int) -> None:
        self._slugs: Final = {app.appid: app.slug for app in apps}
        self._now: Final = now

    def app(self, appid: str) -> SeenApp:
        """The app by its AppID."""
        return SeenApp(appid=appid, slug=self._slugs.get(appid))

    def login(self, event: LoginEvent) -> SeenLogin:
        """A success, a refusal (something the client can mend), or a failure (ours or WeChat's)."""
        kind = CATALOGUE.get(event.result)
        return SeenLogin(event=event, app=self.app(event.appid), outcome=outcome_of(event.result), kind=kind)

    def session(self, session: Session) -> SeenSession:
        """Running, ended by somebody, or past its time."""
        app = self.app(session.appid)
        if session.ended_at is not None:
            return SeenSession(session=session, app=app, state="ended", over_at=session.ended_at)
        state: State = "running" if session.expires_at > self._now else "expired"
        return SeenSession(session=session, app=app, state=state, over_at=session.expires_at)


def outcome_of(result: str) -> Outcome:
    """How a login ended, by its result; one that this release does not know counts as a failure."""
    if result in GRANTED:
        return "signed_in"
    kind = CATALOGUE.get(result)
    return "failed" if kind is None or kind.status >= _SERVER_FAULT else "refused"
