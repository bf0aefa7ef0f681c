"""What WeChat knows and decides: apps, people, codes and session keys, and the rules between them."""

from collections.abc import Callable

import msgspec

from lingpai_emulator import identities
from lingpai_emulator.apps import App, AppChange, Apps
from lingpai_emulator.browser import Browser
from lingpai_emulator.chance import Chance
from lingpai_emulator.clock import Clock
from lingpai_emulator.codes import Code, Codes
from lingpai_emulator.consents import Consents
from lingpai_emulator.encrypted_messages import EncryptedMessages
from lingpai_emulator.mistakes import MistakeError
from lingpai_emulator.oauth_codes import OAuthCodes
from lingpai_emulator.payments import Payments
from lingpai_emulator.people import People, Person
from lingpai_emulator.phone_codes import PhoneCodes
from lingpai_emulator.quota import MinuteQuota
from lingpai_emulator.quotas import Quotas
from lingpai_emulator.seed import Seed
from lingpai_emulator.sessions import Session, Sessions
from lingpai_emulator.settling import Settling
from lingpai_emulator.tickets import Tickets
from lingpai_emulator.tokens import Tokens
from lingpai_emulator.traces import Trace
from lingpai_emulator.user_tokens import UserTokens

MOCK_CODE = "the code is a mock one"


class Refusal(msgspec.Struct, frozen=True):
    """WeChat says no: the errcode, the reason for the hint header, and words that are not the table's."""

    errcode: int
    why: str
    errmsg: str | None = None


class Grant(msgspec.Struct, frozen=True):
    """A successful exchange. `unionid` is None when the answer has none."""

    session_key: str
    openid: str
    unionid: str | None
    why: str


class World:
    """One WeChat; `trace` finds a failed call by its rid.

    Not thread-safe: it lives in one event loop, so each rule is one uninterrupted step.
    """

    def __init__(self, seed: Seed, trace: Callable[[str], Trace | None] = lambda _rid: None) -> None:
        self.seed = seed
        self.trace = trace
        self.switches = seed.switches
        self.clock = Clock()
        self.born = self.clock.now()
        self.chance = Chance(seed.seed)
        self.apps = Apps()
        self.people = People()
        self.codes = Codes()
        self.sessions = Sessions(self.chance)
        self.oauth_codes = OAuthCodes(self.chance)
        self.user_tokens = UserTokens(self.chance)
        self.consents = Consents(self.chance)
        self.browser = Browser()
        self.authorizations = MinuteQuota()
        self.tokens = Tokens(self.chance)
        self.tickets = Tickets(self.chance)
        self.phone_codes = PhoneCodes()
        self.quotas = Quotas()
        self.resets = MinuteQuota()
        self.settling = Settling()
        self.payments = Payments()
        self.encrypted = EncryptedMessages()
        self.egress: str | None = None
        self._quota = MinuteQuota()
        self._openids: dict[tuple[str, str], str] = {}
        self._known_by: dict[tuple[str, str], str] = {}
        for app in seed.all_apps():
            self.apps.put(app)
        for person in seed.all_people():
            self.people.put(person)

    def change_app(self, change: AppChange) -> App:
        """Add an app or change it, as its owner does in WeChat's console. Raises MistakeError."""
        before = self.apps.find(change.appid)
        after = self.apps.put(change)
        self.settling.note(before, after, self.clock.now())
        return after

    def openid(self, app: App, person: Person) -> str:
        known = self._openids.get((app.appid, person.id))
        if known is None:
            known = identities.openid(self.seed.seed, app.appid, person.id)
            self._openids[app.appid, person.id] = known
            self._known_by[app.appid, known] = person.id
        return known

    def person_with(self, app: App, openid: str) -> Person | None:
        """Whom this app knows by this openid."""
        known = self._known_by.get((app.appid, openid))
        if known is not None:
            return self.people.named(known)
        return next((person for person in self.people.all() if self.openid(app, person) == openid), None)

    def unionid(self, app: App, person: Person) -> str | None:
        if app.open_platform is None or not person.unionid:
            return None
        return identities.unionid(self.seed.seed, app.open_platform, person.id)

    def log_in(self, app: App, person: Person) -> str:
        """wx.login: a new code, and perhaps a new session_key. Raises MistakeError."""
        _must_be_mini_program(app)
        now = self.clock.now()
        self.codes.forget_old(now, max(self.switches.code_life, self.switches.reuse_memory))
        self.sessions.log_in(app.appid, person.id, now, self.switches)
        return self.codes.mint(self.chance.code(), app.appid, person.id, now).code

    def session(self, app: App, person: Person) -> Session | None:
        """The living session of the newest login: what wx.checkSession asks about. Raises MistakeError."""
        _must_be_mini_program(app)
        return self.sessions.current(app.appid, person.id, self.clock.now())

    def rotate(self, app: App, person: Person) -> None:
        """The session_key changes now, as a data pre-fetch may make it. Raises MistakeError."""
        _must_be_mini_program(app)
        self.sessions.rotate(app.appid, person.id, self.clock.now(), self.switches)

    def expire(self, app: App, person: Person) -> None:
        """The session_key is over now. Raises MistakeError."""
        _must_be_mini_program(app)
        self.sessions.expire(app.appid, person.id, self.clock.now())

    def exchange(self, app: App, js_code: str) -> Grant | Refusal:
        """Code for session_key (page api_code2session). The caller has checked the secret."""
        now = self.clock.now()
        if js_code == MOCK_CODE:
            return self._mock_exchange(app, now)
        record = self.codes.find(js_code)
        if record is None:
            return Refusal(40029, "this code was never given out, or is forgotten by now")
        if record.appid != app.appid:
            return Refusal(40029, f"this code was given out in {record.appid}, not in {app.appid}")
        person = self.people.named(record.person)
        return self._refusal(app, person, record, now) or self._grant(app, person, record, now)

    def burn(self, app: App, js_code: str) -> None:
        """A failed exchange: uses the code up when the switch says so."""
        record = self.codes.find(js_code)
        if not self.switches.failed_exchange_burns_code or record is None or record.appid != app.appid:
            return
        if record.used_at is None:
            record.used_at = self.clock.now()
            record.burnt = True

    def _refusal(self, app: App, person: Person, record: Code, now: float) -> Refusal | None:
        switches = self.switches
        if person.risky:
            return Refusal(40226, f"{person.id} is marked risky")
        if self._quota.used_up(app.appid, person.id, now, switches.minute_quota):
            return Refusal(
                45011, f"{person.id} had {switches.minute_quota} exchanges in {app.appid} this minute"
            )
        age = now - record.minted_at
        if record.used_at is not None:
            how = "used up by a failed exchange" if record.burnt else "exchanged"
            ago = f"{now - record.used_at:.0f} s ago"
            if age < switches.reuse_memory:
                return Refusal(switches.reuse_errcode, f"this code was {how} {ago}")
            return Refusal(40029, f"this code was {how} {ago} and is no longer remembered as used")
        if age >= switches.code_life:
            return Refusal(40029, f"this code is {age:.0f} s old; codes live {switches.code_life:.0f} s")
        return None

    def _grant(self, app: App, person: Person, record: Code | None, now: float) -> Grant:
        if record is not None:
            record.used_at = now
        session = self.sessions.exchange(app.appid, person.id, now, self.switches)
        unionid = self.unionid(app, person)
        why = f"{person.id} logged in to {app.slug} with session_key number {session.generation}"
        if unionid is None:
            why += "; no unionid: " + ("the app is not bound" if person.unionid else "this person has none")
        return Grant(session.session_key, self.openid(app, person), unionid, why)

    def _mock_exchange(self, app: App, now: float) -> Grant | Refusal:
        person = self.people.first()
        if not self.switches.accept_mock_code or person is None:
            return Refusal(
                40029,
                "DevTools gives this text when the project has no AppID; switch accept_mock_code admits it",
            )
        return self._grant(app, person, None, now)


def _must_be_mini_program(app: App) -> None:
    if app.kind != "miniprogram":
        raise MistakeError(f"{app.appid} is of kind {app.kind}; wx.* exists in mini programs only.")
