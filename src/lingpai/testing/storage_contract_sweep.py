"""The promise about sweeping: what is past its time goes, and nothing else."""
# ruff: noqa: S101, PLR2004 - a contract states its promises with assert, its figures where they are checked

from lingpai.model import NotRotated, Rotated
from lingpai.storage import Store, SweepLimits, Swept
from lingpai.testing.storage_contract_samples import APPID, START, digest, event, login, rotation

NOTHING = Swept(attempts=0, events=0, session_keys=0, sessions=0)


def _limits(**changes: int) -> SweepLimits:
    return SweepLimits(**{"attempts": 0, "events": 0, "session_keys": 0, "sessions": 0, **changes})


class SweepContract:
    async def test_an_empty_store_is_clean(self, store: Store) -> None:
        assert await store.sweep(_limits()) == NOTHING

    async def test_a_row_of_the_very_instant_stays(self, store: Store) -> None:
        await store.logins.commit(login(1, session_expires_at=START + 1))
        at = START + 1
        assert await store.sweep(_limits(attempts=at, events=at, session_keys=at, sessions=at)) == NOTHING

    async def test_old_attempts_go_alone(self, store: Store) -> None:
        for n in (1, 2, 3):
            await store.logins.commit(login(n))
        assert (await store.sweep(_limits(attempts=START + 3))) == Swept(
            attempts=2, events=0, session_keys=0, sessions=0
        )
        assert await store.logins.attempt(APPID, digest("code 2")) is None
        assert await store.logins.attempt(APPID, digest("code 3")) is not None
        assert await store.sessions.get("ses_00000001") is not None

    async def test_old_events_go_alone(self, store: Store) -> None:
        await store.logins.commit(login(1))
        await store.logins.record(event(2))
        swept = await store.sweep(_limits(events=START + 2))
        assert swept == Swept(attempts=0, events=1, session_keys=0, sessions=0)
        assert await store.logins.recent(9) == [event(2)]

    async def test_old_session_keys_go_alone(self, store: Store) -> None:
        for n in (1, 2, 3):
            await store.logins.commit(login(n, openid="oSame", unionid="uSame"))
        swept = await store.sweep(_limits(session_keys=START + 3))
        assert swept == Swept(attempts=0, events=0, session_keys=2, sessions=0)
        ring = await store.sessions.session_keys(APPID, "oSame")
        assert [key.sealed for key in ring] == [b"sealed key 3"]

    async def test_ended_and_expired_sessions_go_with_their_tokens(self, store: Store) -> None:
        await store.logins.commit(login(1))
        await store.logins.commit(login(2, session_expires_at=START + 50))
        await store.logins.commit(login(3))
        await store.sessions.end("ses_00000001", "signed_out", START + 40)
        swept = await store.sweep(_limits(sessions=START + 60))
        assert swept == Swept(attempts=0, events=0, session_keys=0, sessions=2)
        assert [session.id for session in await store.sessions.recent(9)] == ["ses_00000003"]
        assert await store.sessions.rotate(rotation(1, digest("refresh 1"))) == NotRotated(why="unknown")
        assert isinstance(await store.sessions.rotate(rotation(3, digest("refresh 3"))), Rotated)

    async def test_a_session_goes_with_all_tokens_of_its_family(self, store: Store) -> None:
        await store.logins.commit(login(1))
        await store.sessions.rotate(rotation(1, digest("refresh 1"), at=START + 2))
        await store.sessions.end("ses_00000001", "signed_out", START + 5)
        await store.sweep(_limits(sessions=START + 6))
        assert await store.sessions.by_refresh(digest("successor 1")) is None
        assert await store.sessions.rotate(rotation(2, digest("refresh 1"))) == NotRotated(why="unknown")

    async def test_a_session_that_ended_lately_stays(self, store: Store) -> None:
        await store.logins.commit(login(1, session_expires_at=START + 100))
        await store.sessions.end("ses_00000001", "signed_out", START + 70)
        assert await store.sweep(_limits(sessions=START + 70)) == NOTHING

    async def test_people_are_never_swept(self, store: Store) -> None:
        await store.logins.commit(login(1, session_expires_at=START + 5))
        end = START + 10**9
        await store.sweep(_limits(attempts=end, events=end, session_keys=end, sessions=end))
        assert await store.users.count() == 1
        assert len(await store.users.identities("usr_00000001")) == 1

    async def test_many_rows_go_in_one_sweep(self, store: Store) -> None:
        for n in range(1, 1002):
            await store.logins.record(event(n))
        assert (await store.sweep(_limits(events=START + 1001))).events == 1000
        assert await store.sweep(_limits(events=START + 1001)) == NOTHING
        assert [one.id for one in await store.logins.recent(9)] == ["evt_00001001"]
