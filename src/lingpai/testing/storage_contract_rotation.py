"""The promise about refresh tokens: each is used once, and theft ends the session (RFC 9700, 4.14.2)."""
# ruff: noqa: S101 - a contract states its promises with assert

import pytest

from lingpai.model import NotRotated, Rotated
from lingpai.storage import Store, TakenError
from lingpai.testing.storage_contract_samples import (
    APPID,
    GRACE,
    LIFETIME,
    START,
    digest,
    login,
    rotation,
)

FIRST = digest("refresh 1")
NOW = START + 1_000


class RotationContract:
    async def test_a_fresh_token_is_replaced(self, store: Store) -> None:
        await store.logins.commit(login(1))
        rotated = await store.sessions.rotate(rotation(1, FIRST))
        signed_in = await store.sessions.get("ses_00000001")
        assert signed_in is not None
        assert rotated == Rotated(signed_in=signed_in, successor=b"sealed successor 1", retried=False)

    async def test_the_successor_is_replaced_in_its_turn(self, store: Store) -> None:
        await store.logins.commit(login(1))
        await store.sessions.rotate(rotation(1, FIRST))
        rotated = await store.sessions.rotate(rotation(2, digest("successor 1")))
        assert isinstance(rotated, Rotated)
        assert rotated.successor == b"sealed successor 2"

    async def test_an_unknown_token_is_unknown(self, store: Store) -> None:
        await store.logins.commit(login(1))
        assert await store.sessions.rotate(rotation(1, digest("guess"))) == NotRotated(why="unknown")

    async def test_a_token_of_an_ended_session_is_refused(self, store: Store) -> None:
        await store.logins.commit(login(1))
        await store.sessions.end("ses_00000001", "signed_out", NOW - 1)
        assert await store.sessions.rotate(rotation(1, FIRST)) == _refused("ended")

    async def test_a_token_of_an_expired_session_is_refused_from_the_very_instant(self, store: Store) -> None:
        await store.logins.commit(login(1))
        end = START + 1 + LIFETIME
        assert await store.sessions.rotate(rotation(1, FIRST, at=end)) == _refused("expired")
        assert isinstance(await store.sessions.rotate(rotation(1, FIRST, at=end - 1)), Rotated)

    async def test_ended_is_said_before_expired(self, store: Store) -> None:
        await store.logins.commit(login(1))
        await store.sessions.end("ses_00000001", "signed_out", NOW)
        late = rotation(1, FIRST, at=START + 2 * LIFETIME)
        assert await store.sessions.rotate(late) == _refused("ended")

    async def test_a_refused_rotation_stores_no_successor(self, store: Store) -> None:
        await store.logins.commit(login(1))
        await store.sessions.end("ses_00000001", "signed_out", NOW - 1)
        await store.sessions.rotate(rotation(1, FIRST))
        assert await store.sessions.by_refresh(digest("successor 1")) is None

    async def test_the_same_client_may_ask_again_within_the_grace(self, store: Store) -> None:
        await store.logins.commit(login(1))
        first = rotation(1, FIRST)
        await store.sessions.rotate(first)
        again = rotation(2, FIRST, client_tag=first.client_tag, at=NOW + GRACE - 1)
        repeated = await store.sessions.rotate(again)
        assert isinstance(repeated, Rotated)
        assert repeated.retried
        assert repeated.successor == first.successor
        assert await store.sessions.by_refresh(again.new_digest) is None

    async def test_the_grace_ends(self, store: Store) -> None:
        await store.logins.commit(login(1))
        first = rotation(1, FIRST)
        await store.sessions.rotate(first)
        late = rotation(2, FIRST, client_tag=first.client_tag, at=NOW + GRACE)
        assert await store.sessions.rotate(late) == _refused("reused")

    async def test_without_a_grace_a_second_use_is_a_reuse(self, store: Store) -> None:
        await store.logins.commit(login(1))
        first = rotation(1, FIRST, grace=0)
        await store.sessions.rotate(first)
        assert await store.sessions.rotate(first) == _refused("reused")

    async def test_another_client_has_no_grace(self, store: Store) -> None:
        await store.logins.commit(login(1))
        await store.sessions.rotate(rotation(1, FIRST))
        assert await store.sessions.rotate(rotation(2, FIRST)) == _refused("reused")

    async def test_a_successor_in_use_ends_the_grace(self, store: Store) -> None:
        await store.logins.commit(login(1))
        first = rotation(1, FIRST)
        await store.sessions.rotate(first)
        await store.sessions.rotate(rotation(2, first.new_digest, client_tag=first.client_tag))
        again = rotation(3, FIRST, client_tag=first.client_tag)
        assert await store.sessions.rotate(again) == _refused("reused")

    async def test_a_reused_refresh_token_ends_the_family(self, store: Store) -> None:
        await store.logins.commit(login(1))
        await store.sessions.rotate(rotation(1, FIRST))
        await store.sessions.rotate(rotation(2, FIRST))
        signed_in = await store.sessions.get("ses_00000001")
        assert signed_in is not None
        assert signed_in.session.ended_at == NOW
        assert signed_in.session.end_reason == "refresh_reuse"
        assert await store.sessions.ended_since(NOW) == [("ses_00000001", NOW)]
        successor = rotation(3, digest("successor 1"))
        assert await store.sessions.rotate(successor) == _refused("ended")

    async def test_a_reuse_leaves_other_sessions_of_the_user_alone(self, store: Store) -> None:
        for n in (1, 2):
            await store.logins.commit(login(n, openid="oSame", unionid="uSame"))
        await store.sessions.rotate(rotation(1, FIRST))
        await store.sessions.rotate(rotation(2, FIRST))
        assert isinstance(await store.sessions.rotate(rotation(3, digest("refresh 2"))), Rotated)

    async def test_a_reuse_after_the_end_keeps_the_first_reason(self, store: Store) -> None:
        await store.logins.commit(login(1))
        await store.sessions.rotate(rotation(1, FIRST))
        await store.sessions.end("ses_00000001", "signed_out", NOW)
        assert await store.sessions.rotate(rotation(2, FIRST, at=NOW + 5)) == _refused("ended")
        signed_in = await store.sessions.get("ses_00000001")
        assert signed_in is not None
        assert signed_in.session.end_reason == "signed_out"

    async def test_a_successor_is_given_once(self, store: Store) -> None:
        await store.logins.commit(login(1))
        with pytest.raises(TakenError) as caught:
            await store.sessions.rotate(rotation(1, FIRST, new_digest=FIRST))
        assert caught.value.what == "digest"
        assert isinstance(await store.sessions.rotate(rotation(1, FIRST)), Rotated)


def _refused(why: str) -> NotRotated:
    return NotRotated(
        why=why,  # type: ignore[arg-type]  # the tests above name refusals only
        session_id="ses_00000001",
        user_id="usr_00000001",
        appid=APPID,
    )
