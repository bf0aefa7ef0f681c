"""What must hold when something fails: named after the failure table of the keeper, F1 to F20."""

import asyncio

import pytest
from msgspec.structs import replace

from lingpai.errors import Problem
from lingpai.model import Claim, Setback, TokenRow, TokenTrouble
from lingpai.secret import Secret
from lingpai.storage import StorageUnavailableError, leasing
from lingpai.testing.actors import TESTER

STABLE = "/cgi-bin/stable_token"
BUDGETS = {"legacy": 2_000, "stable": 500_000}


@pytest.fixture
def store_away(stack, monkeypatch):
    """`store_away(hangs=…)`: from now on the database of tokens does not answer; gives what brings it back."""

    def going(*, hangs=False):
        tokens = type(stack.store.access_tokens)

        async def away(*_values):
            if hangs:
                await asyncio.get_running_loop().create_future()
            raise StorageUnavailableError("away")

        patches = pytest.MonkeyPatch()
        for verb in ("look", "all", "claim", "keep", "set_back", "checked", "want", "force"):
            patches.setattr(tokens, verb, away)
        undo.append(patches)
        return patches.undo

    undo: list[pytest.MonkeyPatch] = []
    yield going
    for patches in undo:
        patches.undo()


async def stored_generation(stack, app):
    row = (await stack.store.access_tokens.look(app.app.appid, "stable")).row
    return row.generation if row else 0


async def test_f1_an_attempt_that_waited_for_its_turn_leaves_a_token_alone_that_came_in_meanwhile(
    stack, rooms, app
):
    """Found by five nodes in legacy mode: the second call took the first one's token from everybody."""
    (keeping, *_) = rooms.tokens.keepings
    held = keeping.held(app.app.appid)
    late = asyncio.ensure_future(keeping.renewed(app, held, urgent=True))  # it saw no token
    await rooms.tokens.get(app)
    await late
    await keeping.renewed(app, held, urgent=True)
    assert len(stack.wechat.calls(STABLE)) == 1


async def test_f2_a_token_stored_by_the_loser_of_a_claim_changes_nothing(stack, rooms, app):
    token = await rooms.tokens.get(app)
    row = (await stack.store.access_tokens.look(app.app.appid, "stable")).row
    from lingpai.model import Brought

    late = Brought(
        appid=app.app.appid,
        kind="stable",
        fence=row.fence - 1,
        sealed=b"x",
        asked_ago=0,
        expires_in=1,
        renew_in=1,
    )
    assert await stack.store.access_tokens.keep(late) is None
    assert (await rooms.tokens.get(app)).value == token.value


async def test_f4_a_token_that_could_not_be_stored_is_served_and_stored_later(
    stack, rooms, app, until, monkeypatch
):
    tokens = type(stack.store.access_tokens)
    with monkeypatch.context() as patch:

        async def away(_self, _brought):
            raise StorageUnavailableError("away", unknown=True)

        patch.setattr(tokens, "keep", away)
        first = await rooms.tokens.get(app)
    assert not await stored_generation(stack, app)
    await until(lambda: stored_generation(stack, app))
    assert (await rooms.tokens.get(app)) == first
    assert len(stack.wechat.calls(STABLE)) == 1


@pytest.mark.parametrize("hangs", [False, True], ids=["refuses", "hangs"])
async def test_f6_without_the_database_memory_serves_the_token_to_its_end(
    stack, rooms, app, store_away, hangs
):
    first = await rooms.tokens.get(app)
    store_away(hangs=hangs)
    for _ in range(7):
        stack.clock.advance(1_000)
        assert (await rooms.tokens.get(app)).value == first.value
    assert (await rooms.tokens.get(app)).expires_in <= 200


async def test_f6_without_the_database_an_app_nobody_read_is_refused_in_legacy_mode(
    stack, rooms, store_away, ask
):
    await rooms.apps.change_settings("demo-mp", {"token_kind": "legacy"}, by=TESTER)
    await rooms.directory.reload()
    store_away()
    answer = await ask("reader", "GET", "/v1/demo-mp/access-token")
    assert (answer.status_code, answer.json()["code"]) == (503, "storage_unavailable")
    assert stack.wechat.calls("/cgi-bin/token") == []


async def test_f15_a_stable_token_is_fetched_past_a_database_that_is_away(
    stack, rooms, app, until, store_away
):
    back = store_away()
    alone = await rooms.tokens.get(app)
    assert len(stack.wechat.calls(STABLE)) == 1
    back()
    await until(lambda: stored_generation(stack, app))
    stored = await rooms.tokens.get(app)
    assert stored.value == alone.value


async def test_f7_two_dark_hours_of_wechat(stack, rooms, app, ask):
    """The token is served to its end and not a second longer; then callers are told when to come again."""
    first = await rooms.tokens.get(app)
    stack.wechat.fail(STABLE, times=None, close="before")
    for _ in range(71):
        stack.clock.advance(100)
        stack.wechat.advance(100)
        assert (await rooms.tokens.get(app)).value == first.value
    stack.clock.advance(100)
    stack.wechat.advance(100)
    answer = await ask("reader", "GET", "/v1/demo-mp/access-token")
    assert (answer.status_code, answer.json()["code"]) == (503, "wechat_busy")
    assert 1 <= int(answer.headers["retry-after"]) <= 6
    stack.wechat.clear_faults()
    stack.clock.advance(6)
    assert (await ask("reader", "GET", "/v1/demo-mp/access-token")).status_code == 200


async def test_f9_the_two_kinds_of_one_app_are_never_mixed(stack, rooms, app):
    stable = await rooms.tokens.get(app)
    await rooms.apps.change_settings("demo-mp", {"token_kind": "legacy"}, by=TESTER)
    await rooms.directory.reload()
    legacy = await rooms.tokens.get(rooms.directory.known("demo-mp"))
    assert legacy.value != stable.value
    assert len(stack.wechat.calls("/cgi-bin/token")) == 1
    rows, _ = await stack.store.access_tokens.all()
    assert [row.kind for row in rows] == ["legacy", "stable"]


async def test_f8_a_legacy_token_that_somebody_replaced_is_renewed_on_the_first_report(stack, rooms):
    await rooms.apps.change_settings("demo-mp", {"token_kind": "legacy"}, by=TESTER)
    await rooms.directory.reload()
    app = rooms.directory.known("demo-mp")
    first = await rooms.tokens.get(app)
    stack.wechat.rogue("demo-mp", kind="token")
    stack.wechat.advance(301)
    report = await rooms.tokens.report(app, first.generation, 40001)
    assert report.outcome == "renewed"
    assert report.token.value != first.value


@pytest.mark.parametrize(
    ("errcode", "code", "least"),
    [
        (40125, "wechat_credentials", 50),
        (40243, "wechat_credentials", 50),
        (40164, "wechat_ip_not_allowed", 50),
        (61004, "wechat_ip_not_allowed", 50),
        (89503, "wechat_ip_not_allowed", 590),
        (45009, "wechat_quota", 60),
        (45011, "wechat_rate_limited", 1),
    ],
)
async def test_f12_to_f14_what_people_must_mend_is_told_and_not_hammered(stack, ask, errcode, code, least):
    stack.wechat.fail(STABLE, times=None, errcode=errcode)
    for _ in range(20):
        answer = await ask("reader", "GET", "/v1/demo-mp/access-token")
        assert answer.json()["code"] == code
        assert answer.json()["wechat"]["errcode"] == errcode
    assert int(answer.headers["retry-after"]) >= least
    assert len(stack.wechat.calls(STABLE)) == 1


@pytest.mark.parametrize("asleep", [False, True], ids=["stopped", "asleep"])
async def test_f11_a_process_that_stood_still_longer_than_its_claim_does_not_ask_under_it(
    stack, rooms, app, monkeypatch, asleep
):
    """Found by thinking: a legacy call sent under a claim that is another node's by now ends that node's token."""
    tokens = type(stack.store.access_tokens)
    claim, monotonic = tokens.claim, stack.clock.monotonic

    async def slow(self, wish):
        answer = await claim(self, wish)
        stack.clock.advance(21)
        if asleep:  # the clock that counts seconds has stood still, too
            monkeypatch.setattr(stack.clock, "monotonic", lambda: monotonic() - 21)
        return answer

    _, legacy = rooms.tokens.keepings
    held = legacy.held(app.app.appid)
    with monkeypatch.context() as patch:
        patch.setattr(tokens, "claim", slow)
        await legacy.renewed(app, held, urgent=True)
    assert stack.wechat.calls("/cgi-bin/token") == []
    assert held.token() is None


async def test_f3_a_call_that_came_after_another_nodes_is_made_good_at_once(stack, rooms, monkeypatch):
    """The loser of a claim has ended the winner's legacy token, so it asks for the next one by itself."""
    await rooms.apps.change_settings("demo-mp", {"token_kind": "legacy"}, by=TESTER)
    await rooms.directory.reload()
    app = rooms.directory.known("demo-mp")
    store = stack.store.access_tokens
    winners: list[int] = []
    keep = type(store).keep

    async def too_late(self, brought):
        if not winners:
            name, fence = {"appid": brought.appid, "kind": brought.kind}, brought.fence
            over = Setback(
                **name, fence=fence, state="ok", trouble=TokenTrouble("lease"), retry_in=0, unsent=True
            )
            await store.set_back(over)
            claim = Claim(
                **name, generation=0, owner="the other", lease=20_000, secret_version=1, breaking=True
            )
            winners.append((await store.claim(claim)).row.fence)
            await keep(self, replace(brought, fence=winners[0]))
        return await keep(self, brought)

    monkeypatch.setattr(type(store), "keep", too_late)
    token = await rooms.tokens.get(app)
    assert len(stack.wechat.calls("/cgi-bin/token")) == 2
    assert token.generation > winners[0]
    told = await stack.http.get(
        f"{stack.wechat.url}/cgi-bin/get_api_domain_ip", params={"access_token": token.value.reveal()}
    )
    assert "ip_list" in told.json()


@pytest.mark.parametrize("kind", BUDGETS)
async def test_f14_half_of_a_days_budget_is_told_once_and_counted(stack, rooms, monkeypatch, said, kind):
    budget = BUDGETS[kind]
    await rooms.apps.change_settings("demo-mp", {"token_kind": kind}, by=TESTER)
    await rooms.directory.reload()
    app = rooms.directory.known("demo-mp")
    stable, legacy = rooms.tokens.keepings
    keeping = stable if kind == "stable" else legacy
    held = keeping.held(app.app.appid)
    claimed = leasing.claimed

    def many_before(row, wish, now):
        spent = row or TokenRow(appid=wish.appid, kind=wish.kind)
        if spent.calls < budget // 2 - 2:
            spent = replace(spent, day=leasing.shanghai_day(now), calls=budget // 2 - 2)
        return claimed(spent, wish, now)

    monkeypatch.setattr(leasing, "claimed", many_before)
    await rooms.tokens.get(app)
    told = []
    for _ in range(3):
        await keeping.renewed(app, held, urgent=True, replaced=True)
        told.append(len(said("token_budget_half_spent")))
    assert told == [1, 1, 1]
    (line,) = said("token_budget_half_spent")
    assert (line["app"], line["kind"], line["calls"], line["budget"]) == (
        app.app.appid,
        kind,
        budget // 2,
        budget,
    )
    await keeping.follow(*await stack.store.access_tokens.all(), stack.clock.monotonic())
    page = (await stack.http.get("/metrics")).text
    assert f'lingpai_token_calls_today{{app="{app.app.appid}",kind="{kind}"}} {budget / 2 + 2:.1f}' in page


async def test_f12_a_new_appsecret_is_tried_at_once(stack, rooms, app):
    stack.wechat.set_app("demo-mp", secret="0" * 32)
    with pytest.raises(Problem):
        await rooms.tokens.get(rooms.directory.known("demo-mp"))
    await rooms.apps.rotate_secret("demo-mp", Secret("0" * 32), by=TESTER)
    await stack.running.server.secrets.settle(app.app.appid)
    assert await rooms.tokens.get(rooms.directory.known("demo-mp"))


@pytest.mark.parametrize(
    "body",
    [
        '{"access_token":"a b","expires_in":7200}',
        '{"access_token":"x","expires_in":0}',
        '{"access_token":"x","expires_in":-1}',
        '{"access_token":"x"}',
        '{"access_token":"x","expires_in":"soon"}',
        '{"access_token":"%s","expires_in":7200}' % ("x" * 2049),
        "<html>",
    ],
    ids=str.__len__,
)
async def test_f16_f17_an_odd_answer_is_no_token(stack, rooms, app, body):
    stack.wechat.fail(STABLE, times=None, body=body)
    with pytest.raises(Problem) as caught:
        await rooms.tokens.get(app)
    assert caught.value.code == "wechat_busy"


async def test_f16_a_life_too_long_is_not_believed(stack, rooms, app):
    stack.wechat.fail(STABLE, body='{"access_token":"x","expires_in":1000000000}')
    assert (await rooms.tokens.get(app)).expires_in <= 7200


async def test_f20_no_token_shows_in_a_repr_or_a_row(stack, rooms, app):
    token = await rooms.tokens.get(app)
    row = (await stack.store.access_tokens.look(app.app.appid, "stable")).row
    assert token.value.reveal() not in f"{token!r} {row!r} {app!r}"
