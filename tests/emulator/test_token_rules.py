"""Do the rules of access_tokens hold in any order of events?"""

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule

from lingpai_emulator.bearing import bearer
from lingpai_emulator.calls import Call
from lingpai_emulator.fetching import fetch, fetch_stable
from lingpai_emulator.seed import Seed
from lingpai_emulator.world import Refusal, World

APPS = ["wx00000000000000a1", "wx00000000000000b2"]
LIFE, OVERLAP, RENEWAL, INTERVAL = 7200, 300, 300, 30


class Tokens(RuleBasedStateMachine):
    """A model beside the world: when each token was born, when it must end, and why."""

    def __init__(self):
        super().__init__()
        self.world = World(Seed(seed=1))
        self.world.clock.freeze(1_800_000_000.0)
        self.given = {}  # token: [appid, kind, expires_at, superseded_at or None]
        self.newest = {}
        self.forced = {}

    def _now(self):
        return self.world.clock.now()

    def _ends(self, token):
        _, _, expires_at, superseded_at = self.given[token]
        return expires_at if superseded_at is None else superseded_at

    def _born(self, appid, kind, fetched, *, overlap):
        token, now = fetched.token.token, self._now()
        assert token not in self.given
        assert fetched.expires_in == LIFE
        before = self.newest.get((appid, kind))
        if before is not None and now < self._ends(before):
            self.given[before][3] = now + overlap
        self.given[token] = [appid, kind, now + LIFE, None]
        self.newest[appid, kind] = token

    @rule(appid=st.sampled_from(APPS))
    def fetch(self, appid):
        fetched = fetch(self.world, self.world.apps.named(appid))
        if isinstance(fetched, Refusal):
            assert fetched.errcode == 45009
            return
        self._born(appid, "token", fetched, overlap=OVERLAP)

    @rule(appid=st.sampled_from(APPS), force=st.booleans())
    def fetch_stable(self, appid, force):
        now = self._now()
        fetched = fetch_stable(self.world, self.world.apps.named(appid), force=force)
        lately = appid in self.forced and now - self.forced[appid] < INTERVAL
        if isinstance(fetched, Refusal):
            assert (fetched.errcode, force, lately) == (45009, True, False)
            return
        if force and not lately:
            for given in self.given.values():
                if (
                    given[:2] == [appid, "stable_token"]
                    and (given[2] if given[3] is None else given[3]) > now
                ):
                    given[3] = now
            self.forced[appid] = now
            self._born(appid, "stable_token", fetched, overlap=0)
            return
        current = self.newest.get((appid, "stable_token"))
        if current is None or self.given[current][2] - now < RENEWAL:
            self._born(appid, "stable_token", fetched, overlap=OVERLAP)
        else:
            assert fetched.token.token == current
            assert fetched.expires_in == int(self.given[current][2] - now)
        assert fetched.expires_in >= RENEWAL

    @rule(seconds=st.sampled_from([0.5, 1, 29, 30, 60, 299, 300, 301, 3600, 6899, 6900, 6901, 7199, 7200]))
    def advance(self, seconds):
        self.world.clock.advance(seconds)

    @invariant()
    def a_token_works_until_its_end_and_says_why_not_after_it(self):
        now = self._now()
        for token, (appid, _, _, superseded_at) in self.given.items():
            call = Call("GET", "/cgi-bin/getcallbackip", f"access_token={token}".encode(), b"", "")
            taken = bearer(self.world, call)
            if now < self._ends(token):
                assert not isinstance(taken, Refusal)
                assert taken.appid == appid
            else:
                assert isinstance(taken, Refusal)
                assert taken.errcode == (42001 if superseded_at is None else 40001)

    @invariant()
    def the_newest_stable_token_was_never_taken_away_by_the_other_kind(self):
        for (_, kind), token in self.newest.items():
            if kind == "stable_token":
                assert self.given[token][3] is None

    @invariant()
    def the_state_shows_the_newest_and_all_that_still_work(self):
        now = self._now()
        working = {token for token in self.given if now < self._ends(token)}
        assert {each.token for each in self.world.tokens.all(now)} == working | set(self.newest.values())


TestTokens = Tokens.TestCase
TestTokens.settings = settings(max_examples=60, stateful_step_count=40, deadline=None)


def test_a_hundred_thousand_fetches_do_not_forget_the_token_that_still_works():
    world = World(Seed(seed=1))
    world.clock.freeze(1_800_000_000.0)
    quiet = world.tokens.fetch_stable("quiet", world.clock.now(), world.switches)
    for number in range(100_010):
        world.tokens.fetch("busy", world.clock.now() + 400 * (number // 50_000), world.switches)
    assert world.tokens.find(quiet.token) is quiet
