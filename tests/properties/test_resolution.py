"""Whose login it is: the one rule, against a registry that is too simple to be wrong."""

from hypothesis import given
from hypothesis import strategies as st

from lingpai.model import resolve

USERS = st.sampled_from([None, "usr_a", "usr_b"])
UNIONIDS = st.sampled_from([None, "u1", "u2"])
LOGINS = st.tuples(st.sampled_from(["app-1", "app-2", "app-3"]), st.sampled_from(["x", "y", "z"]), UNIONIDS)
# Two apps share an open platform, the third belongs to none.
PLATFORMS = {"app-1": "p", "app-2": "p", "app-3": None}


@given(USERS, UNIONIDS, USERS, UNIONIDS, st.booleans())
def test_the_rule_in_each_of_its_cases(by_openid, on_record, by_unionid, unionid, joins):
    if by_openid is None:
        on_record = None
    if unionid is None or not joins:
        by_unionid = None
    found = resolve(
        user_by_openid=by_openid,
        unionid_on_record=on_record,
        user_by_unionid=by_unionid,
        unionid=unionid,
        joins=joins,
    )
    # A known openid never changes hands.
    assert by_openid is None or found.user_id == by_openid
    # A stranger is whom the unionid names, or somebody new.
    assert by_openid is not None or found.user_id == by_unionid
    assert found.add_identity == (by_openid is None)
    # Nothing is written over: a note needs an empty place, so does a union; a conflict writes nothing.
    assert not found.note_unionid or (on_record is None and unionid is not None and by_openid is not None)
    assert not found.add_union or (joins and unionid is not None and by_unionid is None)
    assert found.conflict is None or not (found.note_unionid or found.add_union or found.add_identity)
    contradicts = on_record is not None and unionid is not None and on_record != unionid
    of_another = by_unionid is not None and by_openid is not None and by_unionid != by_openid
    assert found.conflict != "openid_with_another_unionid" or contradicts
    assert found.conflict != "unionid_of_another_user" or of_another
    assert (found.conflict is not None) == (contradicts or of_another)


class Registry:
    """Writes down what `resolve` says to write down."""

    def __init__(self):
        self.identities: dict[tuple[str, str], tuple[str, str | None]] = {}
        self.unions: dict[tuple[str, str], str] = {}
        self.users = 0

    def log_in(self, app, openid, unionid):
        platform = PLATFORMS[app]
        user, on_record = self.identities.get((app, openid), (None, None))
        by_unionid = self.unions.get((platform, unionid)) if platform and unionid else None
        found = resolve(
            user_by_openid=user,
            unionid_on_record=on_record,
            user_by_unionid=by_unionid,
            unionid=unionid,
            joins=platform is not None,
        )
        if found.user_id is None:
            self.users += 1
        user = found.user_id or f"usr_{self.users}"
        if found.add_identity:
            self.identities[app, openid] = user, unionid
        if found.note_unionid:
            self.identities[app, openid] = user, unionid
        if found.add_union:
            assert platform is not None
            assert (platform, unionid) not in self.unions
            self.unions[platform, unionid] = user
        return user


@given(st.lists(LOGINS, max_size=25))
def test_over_any_history_people_stay_who_they_are(history):
    registry = Registry()
    seen: dict[tuple[str, str], str] = {}
    for app, openid, unionid in history:
        user = registry.log_in(app, openid, unionid)
        assert seen.setdefault((app, openid), user) == user
        known = registry.unions.get((PLATFORMS[app] or "", unionid or ""))
        first_time = next(entry for entry in history if entry[:2] == (app, openid))
        # Whoever came with this unionid from the start is the one it names.
        assert known is None or first_time[2] != unionid or user == known
    assert registry.users == len(set(seen.values()))


@given(st.lists(LOGINS, max_size=25))
def test_honest_histories_give_one_user_for_each_person(history):
    """WeChat contradicts itself nowhere: a person has one unionid, and one openid at each app."""
    registry = Registry()
    users: dict[tuple[str, str], str] = {}
    for app, person, _ in history:
        user = registry.log_in(app, f"{person} at {app}", f"unionid of {person}")
        platform = PLATFORMS[app] or app
        assert users.setdefault((platform, person), user) == user
    assert registry.users == len(set(users.values())) == len(users)
