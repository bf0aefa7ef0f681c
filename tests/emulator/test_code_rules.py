"""Do the rules of codes and keys hold in any order of events?"""

import re

from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.stateful import Bundle, RuleBasedStateMachine, invariant, rule

from lingpai_emulator.apps import AppChange
from lingpai_emulator.calls import first_values
from lingpai_emulator.chance import Chance
from lingpai_emulator.seed import Seed
from lingpai_emulator.world import Grant, Refusal, World

PEOPLE = ["xiaoming", "xiaohong", "sam"]
APPS = ["wx00000000000000a1", "wx00000000000000d4"]


class Codes(RuleBasedStateMachine):
    """A model beside the world: what each code may still give, and which key is the newest."""

    codes = Bundle("codes")

    def __init__(self):
        super().__init__()
        self.world = World(Seed(seed=1, apps=(AppChange("wx00000000000000d4"),)))
        self.world.clock.freeze(1_800_000_000.0)
        self.born = {}
        self.exchanged = set()
        self.newest = {}

    def _parties(self, appid, person):
        return self.world.apps.named(appid), self.world.people.named(person)

    def _key(self, appid, person):
        session = self.world.session(*self._parties(appid, person))
        assert session is not None
        return session.session_key

    @rule(target=codes, appid=st.sampled_from(APPS), person=st.sampled_from(PEOPLE))
    def log_in(self, appid, person):
        before = self.world.session(*self._parties(appid, person))
        young = before is not None and self.world.clock.now() - before.minted_at < 3600
        key = before.session_key if before else None
        code = self.world.log_in(*self._parties(appid, person))
        now = self.world.clock.now()
        after = self._key(appid, person)
        assert (after == key) == young
        self.newest[appid, person] = after
        assert code not in self.born
        self.born[code] = (appid, person, now)
        return code

    @rule(seconds=st.sampled_from([0.5, 1, 60, 150, 299, 300, 3599, 3600, 86_400, 259_200]))
    def advance(self, seconds):
        self.world.clock.advance(seconds)

    @rule(appid=st.sampled_from(APPS), person=st.sampled_from(PEOPLE))
    def rotate(self, appid, person):
        before = self.newest.get((appid, person))
        self.world.rotate(*self._parties(appid, person))
        self.newest[appid, person] = self._key(appid, person)
        assert self.newest[appid, person] != before

    @rule(code=codes, appid=st.sampled_from(APPS))
    def exchange(self, code, appid):
        home, person, born = self.born[code]
        granted = self.world.exchange(self.world.apps.named(appid), code)
        age = self.world.clock.now() - born
        if appid != home or age >= 300 or code in self.exchanged:
            assert isinstance(granted, Refusal)
            assert granted.errcode == (40029 if appid != home or age >= 300 else 40163)
            return
        assert isinstance(granted, Grant)
        self.exchanged.add(code)
        assert granted.session_key == self.newest[home, person]
        assert granted.openid == self.world.openid(*self._parties(home, person))
        assert (granted.unionid is None) == (home == "wx00000000000000d4")

    @rule(code=codes)
    def fail_an_exchange(self, code):
        self.world.burn(self.world.apps.named(self.born[code][0]), code)

    @rule(text=st.text(max_size=40))
    def exchange_garbage(self, text):
        if text not in self.born:
            refused = self.world.exchange(self.world.apps.named(APPS[0]), text)
            assert isinstance(refused, Refusal)
            assert refused.errcode == 40029

    @invariant()
    def there_is_one_key_per_person_and_app(self):
        parties = [(session.appid, session.person) for session in self.world.sessions.all()]
        assert len(parties) == len(set(parties))


TestCodes = Codes.TestCase
TestCodes.settings = settings(max_examples=60, stateful_step_count=40, deadline=None)


@given(st.integers() | st.text(max_size=10) | st.none(), st.floats(min_value=0, max_value=0xFFFFFFFF))
def test_whatever_the_seed_ids_have_the_shapes_of_wechat(seed, now):
    chance = Chance(seed)
    assert re.fullmatch(r"[0-9A-Za-z]{32}", chance.code())
    assert re.fullmatch(r"[A-Za-z0-9+/]{22}==", chance.session_key("wx", "p", 1))
    rid = chance.rid(now)
    assert re.fullmatch(r"[0-9a-f]{8}(-[0-9a-f]{8}){2}", rid)
    assert int(rid[:8], 16) == int(now)


@given(st.dictionaries(st.text(min_size=1), st.text(min_size=1), min_size=1))
def test_what_was_url_encoded_is_read_back(params):
    from urllib.parse import urlencode

    readable = {
        name.encode("utf-8", "replace").decode(): value.encode("utf-8", "replace").decode()
        for name, value in params.items()
    }
    assert first_values(urlencode(readable).encode()) == readable


@given(st.binary())
def test_no_query_string_is_too_broken_to_be_read(query):
    assert all(isinstance(value, str) for value in first_values(query).values())
