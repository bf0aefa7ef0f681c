"""The promise about sessions: reading, ending, and the ring of session_keys."""
# ruff: noqa: S101, PLR2004 - a contract states its promises with assert, its figures where they are checked

from lingpai.storage import Store
from lingpai.testing.storage_contract_samples import (
    APPID,
    LIFETIME,
    OTHER_APPID,
    START,
    digest,
    login,
    rotation,
    session_key,
)

LATER = START + 5_000


class SessionContract:
    async def test_a_session_that_never_was_is_none(self, store: Store) -> None:
        assert await store.sessions.get("ses_nobody") is None

    async def test_the_newest_sessions_of_a_user_can_be_read_alone(self, store: Store) -> None:
        for n in (1, 2, 3):
            await store.logins.commit(login(n, openid="oSample000001", unionid=None))
        newest = await store.sessions.of_user("usr_00000001", 2)
        assert [one.id for one in newest] == ["ses_00000003", "ses_00000002"]
        assert len(await store.sessions.of_user("usr_00000001")) == 3

    async def test_an_expired_session_is_still_there(self, store: Store) -> None:
        await store.logins.commit(login(1, session_expires_at=START))
        assert await store.sessions.get("ses_00000001") is not None

    async def test_an_ended_session_says_when_and_why(self, store: Store) -> None:
        await store.logins.commit(login(1))
        assert await store.sessions.end("ses_00000001", "operator", LATER)
        signed_in = await store.sessions.get("ses_00000001")
        assert signed_in is not None
        assert signed_in.session.ended_at == LATER
        assert signed_in.session.end_reason == "operator"

    async def test_a_session_ends_once(self, store: Store) -> None:
        await store.logins.commit(login(1))
        assert await store.sessions.end("ses_00000001", "signed_out", LATER)
        assert not await store.sessions.end("ses_00000001", "operator", LATER + 1)
        assert await store.sessions.ended_since(START) == [("ses_00000001", LATER)]
        signed_in = await store.sessions.get("ses_00000001")
        assert signed_in is not None
        assert signed_in.session.end_reason == "signed_out"

    async def test_ending_what_never_was_or_has_expired_is_false(self, store: Store) -> None:
        await store.logins.commit(login(1))
        assert not await store.sessions.end("ses_nobody", "signed_out", LATER)
        assert not await store.sessions.end("ses_00000001", "signed_out", START + 1 + LIFETIME)
        assert await store.sessions.ended_since(0) == []

    async def test_end_all_ends_every_running_session_of_one_user(self, store: Store) -> None:
        for n in (1, 2, 3, 4):
            await store.logins.commit(login(n, openid="oSame", unionid="uSame"))
        await store.logins.commit(login(5))
        await store.logins.commit(login(6, openid="oSame", unionid="uSame", session_expires_at=LATER))
        await store.sessions.end("ses_00000002", "signed_out", LATER - 1)
        ended = await store.sessions.end_all("usr_00000001", "signed_out_everywhere", LATER)
        assert sorted(ended) == ["ses_00000001", "ses_00000003", "ses_00000004"]
        assert await store.sessions.count_running(LATER) == 1
        reasons = {one.id: one.end_reason for one in await store.sessions.of_user("usr_00000001")}
        assert reasons == {
            "ses_00000001": "signed_out_everywhere",
            "ses_00000002": "signed_out",
            "ses_00000003": "signed_out_everywhere",
            "ses_00000004": "signed_out_everywhere",
            "ses_00000006": None,
        }

    async def test_end_all_forgets_the_session_keys_of_all_identities(self, store: Store) -> None:
        await store.logins.commit(login(1, unionid="uSame"))
        await store.logins.commit(login(2, appid=OTHER_APPID, unionid="uSame"))
        await store.logins.commit(login(3))
        await store.sessions.end_all("usr_00000001", "signed_out_everywhere", LATER)
        assert await store.sessions.session_keys(APPID, "oSample000001") == []
        assert await store.sessions.session_keys(OTHER_APPID, "oSample000002") == []
        assert len(await store.sessions.session_keys(APPID, "oSample000003")) == 1

    async def test_end_all_without_a_running_session_still_forgets_the_keys(self, store: Store) -> None:
        await store.logins.commit(login(1))
        await store.sessions.end("ses_00000001", "signed_out", LATER)
        assert await store.sessions.end_all("usr_00000001", "operator", LATER) == []
        assert await store.sessions.session_keys(APPID, "oSample000001") == []

    async def test_end_all_of_nobody_ends_nothing(self, store: Store) -> None:
        await store.logins.commit(login(1))
        assert await store.sessions.end_all("usr_nobody", "operator", LATER) == []
        assert await store.sessions.count_running(LATER) == 1

    async def test_ending_one_session_keeps_the_keys(self, store: Store) -> None:
        await store.logins.commit(login(1))
        await store.sessions.end("ses_00000001", "signed_out", LATER)
        assert len(await store.sessions.session_keys(APPID, "oSample000001")) == 1

    async def test_ended_since_counts_the_very_instant(self, store: Store) -> None:
        for n in (1, 2, 3):
            await store.logins.commit(login(n))
            await store.sessions.end(f"ses_{n:08}", "signed_out", LATER - n)
        assert await store.sessions.ended_since(LATER - 2) == [
            ("ses_00000002", LATER - 2),
            ("ses_00000001", LATER - 1),
        ]
        assert await store.sessions.ended_since(LATER) == []

    async def test_an_expired_session_is_not_among_the_ended(self, store: Store) -> None:
        await store.logins.commit(login(1, session_expires_at=START))
        assert await store.sessions.ended_since(0) == []

    async def test_sessions_of_a_user_come_newest_first(self, store: Store) -> None:
        for n in (2, 1, 3):
            await store.logins.commit(login(n, openid="oSame", unionid="uSame"))
        await store.logins.commit(login(4))
        own = await store.sessions.of_user("usr_00000002")
        assert [one.id for one in own] == ["ses_00000003", "ses_00000002", "ses_00000001"]
        assert await store.sessions.of_user("usr_nobody") == []

    async def test_recent_sessions_come_newest_first_also_the_ended(self, store: Store) -> None:
        for n in (2, 1, 3):
            await store.logins.commit(login(n))
        await store.sessions.end("ses_00000003", "signed_out", LATER)
        assert [one.id for one in await store.sessions.recent(2)] == ["ses_00000003", "ses_00000002"]

    async def test_running_is_neither_ended_nor_expired(self, store: Store) -> None:
        for n in (1, 2, 3):
            await store.logins.commit(login(n, session_expires_at=LATER + n))
        await store.sessions.end("ses_00000002", "signed_out", LATER)
        assert await store.sessions.count_running(LATER) == 2
        assert await store.sessions.count_running(LATER + 1) == 1
        assert await store.sessions.count_running(LATER + 3) == 0

    async def test_by_refresh_finds_the_session_of_a_fresh_token(self, store: Store) -> None:
        await store.logins.commit(login(1))
        found = await store.sessions.by_refresh(digest("refresh 1"))
        assert found is not None
        assert found == await store.sessions.get("ses_00000001")

    async def test_by_refresh_follows_the_rotation(self, store: Store) -> None:
        await store.logins.commit(login(1))
        await store.sessions.rotate(rotation(1, digest("refresh 1")))
        assert await store.sessions.by_refresh(digest("refresh 1")) is None
        found = await store.sessions.by_refresh(digest("successor 1"))
        assert found is not None
        assert found.session.id == "ses_00000001"

    async def test_by_refresh_of_a_token_nobody_knows_is_none(self, store: Store) -> None:
        assert await store.sessions.by_refresh(digest("refresh 1")) is None

    async def test_the_ring_keeps_the_newest_three_keys(self, store: Store) -> None:
        for n in (1, 2, 3, 4, 5):
            await store.logins.commit(login(n, openid="oSame", unionid="uSame"))
        ring = await store.sessions.session_keys(APPID, "oSame")
        assert [key.sealed for key in ring] == [b"sealed key 5", b"sealed key 4", b"sealed key 3"]
        assert [key.received_at for key in ring] == [START + 5, START + 4, START + 3]

    async def test_a_key_that_returns_moves_to_the_front(self, store: Store) -> None:
        for n in (1, 2, 3):
            await store.logins.commit(login(n, openid="oSame", unionid="uSame"))
        await store.logins.commit(login(4, openid="oSame", unionid="uSame", session_key=session_key(1)))
        ring = await store.sessions.session_keys(APPID, "oSame")
        assert [key.sealed for key in ring] == [b"sealed key 1", b"sealed key 3", b"sealed key 2"]
        assert ring[0].received_at == START + 4

    async def test_a_key_that_returns_often_pushes_nobody_out(self, store: Store) -> None:
        for n in (1, 2, 3):
            await store.logins.commit(login(n, openid="oSame", unionid="uSame"))
        for n in range(4, 9):
            await store.logins.commit(login(n, openid="oSame", unionid="uSame", session_key=session_key(3)))
        ring = await store.sessions.session_keys(APPID, "oSame")
        assert [key.sealed for key in ring] == [b"sealed key 3", b"sealed key 2", b"sealed key 1"]

    async def test_keys_of_one_millisecond_keep_their_order(self, store: Store) -> None:
        for n in (4, 3, 2, 1):
            await store.logins.commit(login(n, openid="oSame", unionid="uSame", at=START))
        ring = await store.sessions.session_keys(APPID, "oSame")
        assert [key.sealed for key in ring] == [b"sealed key 1", b"sealed key 2", b"sealed key 3"]

    async def test_rings_of_two_identities_do_not_mix(self, store: Store) -> None:
        await store.logins.commit(login(1, openid="oSame", unionid=None))
        await store.logins.commit(login(2, openid="oSame", unionid=None, appid=OTHER_APPID))
        assert [key.sealed for key in await store.sessions.session_keys(APPID, "oSame")] == [b"sealed key 1"]
        assert await store.sessions.session_keys(APPID, "oOther") == []

    async def test_a_login_without_a_key_leaves_the_ring_alone(self, store: Store) -> None:
        await store.logins.commit(login(1))
        await store.logins.commit(login(2, openid="oSample000001", session_key=None))
        assert len(await store.sessions.session_keys(APPID, "oSample000001")) == 1
