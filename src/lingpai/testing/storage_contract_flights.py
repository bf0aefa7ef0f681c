"""The promise about the flight recorder: every search finds its lines, whatever is kept reads back equal."""
# ruff: noqa: S101, PLR2004 - a contract states its promises with assert, its figures where they are checked

from typing import Any

import pytest

from lingpai.ids import new_id
from lingpai.model import AttemptSearch, LoginEvent, Minute, NewMerge, TimelinePage
from lingpai.storage import Store, SweepLimits, TakenError
from lingpai.testing.storage_contract_samples import APPID, OTHER_APPID, START, digest, event, login

MINUTE = 60_000


def line(n: int, **changes: Any) -> LoginEvent:
    """A line whose id tells its time, as those of logins do."""
    return event(n, id=new_id("evt", START + n, bytes(10)), note=None, kind="phone", **changes)


def page(n: int, **changes: Any) -> TimelinePage:
    values: dict[str, Any] = {
        "id": f"pge_{n:08}",
        "first_at": START + n,
        "last_at": START + n + 10,
        "body": b"page \x00\xff %d" % n,
    }
    return TimelinePage(**{**values, **changes})


def minute(n: int, **changes: Any) -> Minute:
    values: dict[str, Any] = {
        "minute": START + n * MINUTE,
        "appid": APPID,
        "kind": "login",
        "result": "code_used",
        "count": 3 + n,
        "unrecorded": 1 + n,
    }
    return Minute(**{**values, **changes})


async def found(store: Store, **wanted: Any) -> list[int]:
    lines = await store.flights.search(AttemptSearch(**wanted), 50)
    return [each.at - START for each in lines]


class FlightContract:
    async def test_a_line_of_the_recorder_reads_back_equal(self, store: Store) -> None:
        await store.logins.record(line(1))
        assert await store.flights.line(line(1).id) == line(1)
        assert await store.flights.line(line(2).id) is None

    @pytest.mark.parametrize("kind", ["login", "browser", "ticket"])
    async def test_a_login_says_of_which_kind_it_was(self, store: Store, kind: str) -> None:
        await store.logins.commit(login(1, kind=kind))
        told = await store.flights.line("evt_00000001")
        assert told is not None
        assert (told.kind, told.result) == (kind, "signed_in")

    async def test_a_commit_says_how_many_shared_it(self, store: Store) -> None:
        assert (await store.logins.commit(login(1))).share.batch >= 1

    async def test_lines_are_found_by_each_of_their_marks(self, store: Store) -> None:
        await store.logins.commit(login(1, event_id=line(1).id, request_id="mine-1"))
        await store.logins.record(line(2, user_id=None, errcode=None, result="wechat_busy"))
        await store.logins.record(line(3, appid=OTHER_APPID))
        await store.logins.record(line(4, result="given_again", errcode=None, user_id="usr_00000001"))
        assert await found(store) == [4, 3, 2, 1]
        assert await found(store, request_id="mine-1") == [1]
        assert await found(store, request_id="nobody's") == []
        assert await found(store, appid=APPID) == [4, 2, 1]
        assert await found(store, refused=True) == [3, 2]
        assert await found(store, refused=True, appid=APPID) == [2]
        assert await found(store, result="signed_in") == [1]
        assert await found(store, result="given_again") == [4]
        assert await found(store, result="code_used", appid=APPID) == []
        assert await found(store, errcode=40163) == [3]
        assert await found(store, user_ids=("usr_00000001",)) == [4, 1]
        assert await found(store, user_ids=("usr_00000001", "usr_00000003")) == [4, 3, 1]
        assert await found(store, user_ids=()) == []
        assert await found(store, kinds=("phone",)) == [4, 3, 2]
        assert await found(store, kinds=("login", "browser")) == [1]

    async def test_lines_of_a_time_are_found_and_paged(self, store: Store) -> None:
        for n in range(1, 8):
            await store.logins.record(line(n))
        assert await found(store, since=START + 3) == [7, 6, 5, 4, 3]
        assert await found(store, until=START + 3) == [2, 1]
        assert await found(store, since=START + 2, until=START + 5, refused=True) == [4, 3, 2]
        first = await store.flights.search(AttemptSearch(), 3)
        rest = await store.flights.search(AttemptSearch(before=first[-1].id), 50)
        assert [each.at - START for each in (*first, *rest)] == [7, 6, 5, 4, 3, 2, 1]

    async def test_a_conflict_is_among_the_lines_to_look_at_but_no_refusal(self, store: Store) -> None:
        await store.logins.commit(login(1))
        await store.logins.commit(login(2, openid="oSample000001", unionid="uOther"))
        assert await found(store, refused=True) == []

    async def test_a_persons_lines_are_found_under_every_id(self, store: Store) -> None:
        for n in (1, 2):
            await store.logins.commit(login(n, event_id=line(n).id))
        merge = NewMerge(
            id="mrg_1", user_id="usr_00000001", other_id="usr_00000002", reason="operator", at=START
        )
        await store.merges.join(merge)
        assert await found(store, user_ids=("usr_00000001",)) == [2, 1]
        assert await found(store, user_ids=("usr_00000002",)) == [2, 1]

    async def test_pages_are_found_by_the_time_they_hold(self, store: Store) -> None:
        await store.flights.keep([page(1), page(5), page(40)], [])
        assert await store.flights.pages(START + 6, 9) == [page(1), page(5)]
        assert await store.flights.pages(START + 6, 1) == [page(1)]
        assert await store.flights.pages(START + 1, 9) == [page(1)]
        assert await store.flights.pages(START + 50, 9) == [page(40)]
        assert await store.flights.pages(START + 51, 9) == []

    async def test_a_page_is_kept_once_and_its_counts_with_it(self, store: Store) -> None:
        await store.flights.keep([page(1)], [minute(1)])
        with pytest.raises(TakenError):
            await store.flights.keep([page(1, body=b"another")], [minute(1)])
        assert await store.flights.pages(START + 1, 9) == [page(1)]
        assert await store.flights.minutes(0) == [minute(1)]

    async def test_counts_add_up(self, store: Store) -> None:
        others = [minute(1, appid=OTHER_APPID), minute(1, kind="phone"), minute(1, result="signed_in")]
        await store.flights.keep([], [minute(1), *others])
        await store.flights.keep([], [minute(1, count=10, unrecorded=20), minute(2)])
        kept = await store.flights.minutes(START + MINUTE)
        assert minute(1, count=14, unrecorded=22) in kept
        assert all(other in kept for other in others)
        assert kept[-1] == minute(2)
        assert await store.flights.minutes(START + 2 * MINUTE) == [minute(2)]

    async def test_what_is_old_goes_with_the_lines(self, store: Store) -> None:
        await store.flights.keep([page(1), page(60_100)], [minute(0), minute(1)])
        limits = SweepLimits(attempts=0, events=START + MINUTE, session_keys=0, sessions=0)
        assert (await store.sweep(limits)).timeline_pages == 1
        assert await store.flights.pages(START + 1, 9) == []
        assert await store.flights.pages(START + 60_100, 9) == [page(60_100)]
        assert await store.flights.minutes(0) == [minute(1)]

    async def test_the_oldest_lines_go_when_there_are_too_many(self, store: Store) -> None:
        for n in range(1, 7):
            await store.logins.record(line(n, rid=digest(str(n)).hex()))
        assert await store.flights.trim(6) == 0
        assert await store.flights.trim(4) == 2
        assert await found(store) == [6, 5, 4, 3]
