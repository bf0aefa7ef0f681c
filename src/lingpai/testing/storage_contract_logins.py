"""The promise about logins: whose they are, what they write, and that a code counts once."""
# ruff: noqa: S101 - a contract states its promises with assert

import pytest

from lingpai.model import Attempt, Identity, LoginEvent, Session, SessionKey, SignedIn, User
from lingpai.storage import CodeSpentError, Store, TakenError
from lingpai.testing.storage_contract_samples import (
    APPID,
    OTHER_APPID,
    START,
    THIRD_APPID,
    digest,
    event,
    login,
    session_key,
)

TEXTS = [
    "it's",
    "''",
    "\\",
    "\\'; DROP TABLE users; -- ",
    '"quoted" and `ticked`',
    "%s %% %(name)s {0} {} :name ? $1",
    "line\nbreak\r\ttab",
    "\x1a\x08\x7f",
    "小明，你好",
    "😀 𠮷",
    "e\u0301 \u202e",
    "/* */ # --",
]
"""What a text may hold, and what a statement that is written carelessly would trip over."""
BYTES = [b"", b"\x00", b"\x00\xff'\\\x1a\n", bytes(range(256)), b"%s {} :x $1", b"x" * 60_000]


class LoginContract:
    async def test_a_login_answers_with_user_session_and_unionid(self, store: Store) -> None:
        new = login(1)
        committed = await store.logins.commit(new)
        assert committed.user == User(id=new.new_user_id, created_at=new.at)
        assert committed.is_new
        assert committed.unionid == new.unionid
        assert committed.conflict is None
        assert committed.session == Session(
            id=new.session_id,
            user_id=new.new_user_id,
            appid=new.appid,
            openid=new.openid,
            created_at=new.at,
            expires_at=new.session_expires_at,
            user_agent=new.user_agent,
        )

    async def test_a_login_reads_back_as_attempt_session_identity_key_and_event(self, store: Store) -> None:
        new = login(1)
        committed = await store.logins.commit(new)
        assert await store.logins.attempt(new.appid, new.code_digest) == Attempt(
            session_id=new.session_id, sealed_result=new.sealed_result, is_new=True, at=new.at
        )
        assert await store.users.get(new.new_user_id) == committed.user
        assert await store.sessions.get(new.session_id) == SignedIn(
            session=committed.session, user=committed.user, unionid=new.unionid
        )
        assert await store.users.identities(new.new_user_id) == [
            Identity(
                appid=new.appid,
                openid=new.openid,
                user_id=new.new_user_id,
                unionid=new.unionid,
                created_at=new.at,
            )
        ]
        assert await store.sessions.session_keys(new.appid, new.openid) == [
            SessionKey(
                fingerprint=session_key(1).fingerprint, sealed=session_key(1).sealed, received_at=new.at
            )
        ]
        assert await store.logins.recent(9) == [
            LoginEvent(
                id=new.event_id,
                at=new.at,
                appid=new.appid,
                result="signed_in",
                request_id=new.request_id,
                duration_ms=new.duration_ms,
                user_id=new.new_user_id,
                session_id=new.session_id,
                is_new=True,
                kind=new.kind,
            )
        ]

    async def test_a_login_without_options_reads_back_too(self, store: Store) -> None:
        new = login(1, unionid=None, open_platform=None, sealed_result=None, session_key=None)
        committed = await store.logins.commit(new)
        attempt = await store.logins.attempt(new.appid, new.code_digest)
        assert committed.unionid is None
        assert attempt is not None
        assert attempt.sealed_result is None
        assert await store.sessions.session_keys(new.appid, new.openid) == []

    async def test_the_same_person_comes_back_as_the_same_user(self, store: Store) -> None:
        first = await store.logins.commit(login(1))
        again = await store.logins.commit(login(2, openid="oSample000001", unionid="uSample000001"))
        assert again.user == first.user
        assert not again.is_new
        assert await store.users.count() == 1
        attempt = await store.logins.attempt(APPID, digest("code 2"))
        assert attempt is not None
        assert not attempt.is_new

    async def test_people_are_told_apart_by_the_case_of_the_openid(self, store: Store) -> None:
        await store.logins.commit(login(1, openid="oAbc", unionid=None))
        assert (await store.logins.commit(login(2, openid="oABC", unionid=None))).is_new

    async def test_one_openid_at_two_apps_is_two_people(self, store: Store) -> None:
        await store.logins.commit(login(1, openid="oSame", unionid=None))
        assert (await store.logins.commit(login(2, appid=OTHER_APPID, openid="oSame", unionid=None))).is_new

    async def test_one_unionid_joins_three_apps_to_one_user(self, store: Store) -> None:
        first = await store.logins.commit(login(1, unionid="uShared"))
        second = await store.logins.commit(login(2, appid=OTHER_APPID, unionid="uShared"))
        third = await store.logins.commit(login(3, appid=THIRD_APPID, unionid="uShared"))
        assert first.user == second.user == third.user
        assert [second.is_new, third.is_new] == [False, False]
        identities = await store.users.identities(first.user.id)
        assert [identity.appid for identity in identities] == [APPID, OTHER_APPID, THIRD_APPID]

    async def test_unionids_of_two_open_platforms_do_not_meet(self, store: Store) -> None:
        await store.logins.commit(login(1, unionid="uShared"))
        other = login(2, appid=OTHER_APPID, unionid="uShared", open_platform="op_other")
        assert (await store.logins.commit(other)).is_new

    async def test_an_app_without_open_platform_notes_the_unionid_and_joins_nobody(
        self, store: Store
    ) -> None:
        await store.logins.commit(login(1, unionid="uShared"))
        alone = await store.logins.commit(login(2, appid=OTHER_APPID, unionid="uShared", open_platform=None))
        assert alone.is_new
        assert alone.unionid == "uShared"

    async def test_a_late_unionid_is_noted_and_joins_from_then_on(self, store: Store) -> None:
        first = await store.logins.commit(login(1, unionid=None))
        late = await store.logins.commit(login(2, openid="oSample000001", unionid="uLate"))
        assert late.user == first.user
        assert (first.unionid, late.unionid) == (None, "uLate")
        elsewhere = await store.logins.commit(login(3, appid=OTHER_APPID, unionid="uLate"))
        assert elsewhere.user == first.user
        assert (await store.users.identities(first.user.id))[0].unionid == "uLate"

    async def test_a_unionid_once_known_is_answered_when_wechat_omits_it(self, store: Store) -> None:
        await store.logins.commit(login(1))
        again = await store.logins.commit(login(2, openid="oSample000001", unionid=None))
        assert again.unionid == "uSample000001"
        signed_in = await store.sessions.get("ses_00000002")
        assert signed_in is not None
        assert signed_in.unionid == "uSample000001"

    async def test_a_known_openid_with_another_unionid_is_a_conflict_and_changes_nothing(
        self, store: Store
    ) -> None:
        first = await store.logins.commit(login(1))
        strange = await store.logins.commit(login(2, openid="oSample000001", unionid="uOther"))
        assert strange.conflict == "openid_with_another_unionid"
        assert strange.user == first.user
        assert strange.unionid == "uSample000001"
        assert (await store.users.identities(first.user.id))[0].unionid == "uSample000001"
        assert (await store.logins.commit(login(3, appid=OTHER_APPID, unionid="uOther"))).is_new

    async def test_a_late_unionid_of_somebody_else_is_a_conflict_and_changes_nothing(
        self, store: Store
    ) -> None:
        other = await store.logins.commit(login(1, unionid="uTaken"))
        own = await store.logins.commit(login(2, appid=OTHER_APPID, unionid=None))
        strange = await store.logins.commit(
            login(3, appid=OTHER_APPID, openid="oSample000002", unionid="uTaken")
        )
        assert strange.conflict == "unionid_of_another_user"
        assert strange.user == own.user
        assert own.user != other.user
        assert strange.unionid is None
        assert (await store.users.identities(own.user.id))[0].unionid is None

    async def test_a_conflict_is_noted_in_the_history(self, store: Store) -> None:
        await store.logins.commit(login(1))
        await store.logins.commit(login(2, openid="oSample000001", unionid="uOther"))
        (newest, oldest) = await store.logins.recent(9)
        assert newest.note == "openid_with_another_unionid"
        assert oldest.note is None

    async def test_a_code_starts_one_session(self, store: Store) -> None:
        await store.logins.commit(login(1))
        with pytest.raises(CodeSpentError):
            await store.logins.commit(login(2, code_digest=digest("code 1")))

    async def test_a_spent_code_writes_nothing(self, store: Store) -> None:
        await store.logins.commit(login(1))
        with pytest.raises(CodeSpentError):
            await store.logins.commit(login(2, code_digest=digest("code 1")))
        assert await store.users.count() == 1
        assert await store.sessions.get("ses_00000002") is None
        assert await store.sessions.session_keys(APPID, "oSample000002") == []
        assert await store.sessions.by_refresh(digest("refresh 2")) is None
        assert len(await store.logins.recent(9)) == 1
        attempt = await store.logins.attempt(APPID, digest("code 1"))
        assert attempt is not None
        assert attempt.session_id == "ses_00000001"

    async def test_one_code_at_two_apps_is_two_codes(self, store: Store) -> None:
        await store.logins.commit(login(1))
        await store.logins.commit(login(2, appid=OTHER_APPID, code_digest=digest("code 1")))
        assert await store.users.count() == 2  # noqa: PLR2004 - two logins, two people

    async def test_an_attempt_that_never_was_is_none(self, store: Store) -> None:
        await store.logins.commit(login(1))
        assert await store.logins.attempt(APPID, digest("code 2")) is None
        assert await store.logins.attempt(OTHER_APPID, digest("code 1")) is None

    async def test_a_session_id_is_given_once(self, store: Store) -> None:
        await store.logins.commit(login(1))
        with pytest.raises(TakenError) as caught:
            await store.logins.commit(login(2, session_id="ses_00000001"))
        assert caught.value.what == "id"
        assert await store.users.count() == 1
        assert await store.logins.attempt(APPID, digest("code 2")) is None

    async def test_a_user_id_is_given_once(self, store: Store) -> None:
        await store.logins.commit(login(1))
        with pytest.raises(TakenError) as caught:
            await store.logins.commit(login(2, new_user_id="usr_00000001"))
        assert caught.value.what == "id"
        assert await store.sessions.get("ses_00000002") is None

    async def test_a_refresh_token_is_given_once(self, store: Store) -> None:
        await store.logins.commit(login(1))
        with pytest.raises(TakenError) as caught:
            await store.logins.commit(login(2, refresh_digest=digest("refresh 1")))
        assert caught.value.what == "digest"
        assert await store.sessions.get("ses_00000002") is None

    async def test_a_refused_login_reads_back_equal(self, store: Store) -> None:
        await store.logins.record(event(1))
        assert await store.logins.recent(9) == [event(1)]

    async def test_a_refused_login_without_options_reads_back_equal(self, store: Store) -> None:
        bare = event(1, user_id=None, session_id=None, is_new=False, errcode=None, rid=None, note=None)
        await store.logins.record(bare)
        assert await store.logins.recent(9) == [bare]

    @pytest.mark.parametrize("text", TEXTS)
    async def test_a_text_reads_back_as_it_was(self, store: Store, text: str) -> None:
        await store.logins.record(event(1, rid=text))
        await store.logins.commit(login(2, user_agent=text, openid=text[:20], unionid=text[:20]))
        newest, oldest = await store.logins.recent(9)
        assert (newest.id, oldest) == ("evt_00000002", event(1, rid=text))
        signed_in = await store.sessions.get("ses_00000002")
        assert signed_in is not None
        assert signed_in.session.user_agent == text
        assert (signed_in.session.openid, signed_in.unionid) == (text[:20], text[:20])
        again = await store.logins.commit(login(3, openid=text[:20], unionid=text[:20]))
        assert not again.is_new

    @pytest.mark.parametrize("value", BYTES, ids=["none", "nul", "special", "all", "formats", "long"])
    async def test_bytes_read_back_as_they_were(self, store: Store, value: bytes) -> None:
        new = login(1, sealed_result=value)
        await store.logins.commit(new)
        attempt = await store.logins.attempt(new.appid, new.code_digest)
        assert attempt is not None
        assert attempt.sealed_result == value

    async def test_an_event_is_recorded_once(self, store: Store) -> None:
        await store.logins.record(event(1))
        with pytest.raises(TakenError):
            await store.logins.record(event(1, result="wechat_busy"))
        assert await store.logins.recent(9) == [event(1)]

    async def test_recent_events_come_newest_first_up_to_the_limit(self, store: Store) -> None:
        for n in (2, 3, 1):
            await store.logins.record(event(n))
        assert [one.id for one in await store.logins.recent(2)] == ["evt_00000003", "evt_00000002"]

    async def test_recent_events_of_one_user(self, store: Store) -> None:
        for n in (1, 2, 3):
            await store.logins.record(event(n, user_id="usr_a" if n != 2 else "usr_b"))  # noqa: PLR2004 - the odd one
        own = await store.logins.recent(9, user_id="usr_a")
        assert [one.id for one in own] == ["evt_00000003", "evt_00000001"]
        assert await store.logins.recent(9, user_id="usr_nobody") == []

    async def test_a_login_by_unionid_answers_with_the_known_user(self, store: Store) -> None:
        await store.logins.commit(login(1, unionid="uShared"))
        second = await store.logins.commit(login(2, appid=OTHER_APPID, unionid="uShared"))
        assert second.user == User(id="usr_00000001", created_at=START + 1)
        assert (await store.sessions.of_user("usr_00000001"))[0].openid == "oSample000002"
        assert second.session.user_id == "usr_00000001"
