"""Telling backends: signed, each cause once, again until it is taken, and nowhere that an operator did not mean."""

import asyncio
import socket

import pytest

from lingpai.admin.webhooks import WebhookInvalidError, WebhooksAdmin
from lingpai.model import NewMerge
from lingpai.observe import Metrics
from lingpai.webhooks import (
    RETRIES,
    AddressRefusedError,
    Announcing,
    Delivering,
    Notices,
    Reachable,
    WebhookSecrets,
    signed_headers,
)
from tests.push.conftest import LOOPBACK, TESTER, until
from tests.push.receiver import receiving


@pytest.fixture
def notices(stack):
    return Notices(stack.running.server.sealer)


@pytest.fixture
def tell(stack, notices):
    """`await tell(n, about)`: something happened, number n, to somebody."""

    async def telling(n, about="usr_1"):
        made = notices.make(
            "wechat.event", cause=f"cause {n}", about=about, at=stack.clock.now() + n, data={"n": n}
        )
        await stack.store.webhooks.tell([made])
        return made.id

    return telling


async def delivered(stack, state="delivered", count=1):
    async def enough():
        rows = await stack.store.webhooks.deliveries(99, state=state)
        return rows if len(rows) >= count else None

    return await until(enough)


async def waited(stack, told):
    async def so():
        rows = await stack.store.webhooks.deliveries(99)
        return rows if rows and rows[0].told == told else None

    return await until(so)


async def test_a_receiver_that_was_down_hears_everything_once_it_is_up_and_in_order(stack, pushing, tell):
    with receiving() as first:
        hook, secret = await pushing.hook(first)
    port = int(first.url.rpartition(":")[2].partition("/")[0])
    ids = [await tell(n) for n in range(3)]
    await waited_first(stack)
    with receiving(port) as again:
        stack.clock.advance(10)
        await delivered(stack, count=3)
        assert [each.said["data"]["n"] for each in again.heard] == [0, 1, 2]
        assert [each.id for each in again.heard] == ids
        assert all(each.signed_with(secret) for each in again.heard)
    rows = await stack.store.webhooks.deliveries(9, webhook_id=hook)
    assert [row.attempts for row in rows] == [1, 1, 2]  # newest first: only the first one was tried in vain


async def waited_first(stack):
    async def tried():
        return [row for row in await stack.store.webhooks.deliveries(9) if row.told is not None]

    (row,) = await until(tried)
    assert (row.state, row.told) == ("waiting", "no connection, or no answer")


async def test_what_nobody_takes_is_tried_over_three_days_then_given_up_and_can_be_sent_again(
    stack, pushing, receiver, tell
):
    hook, secret = await pushing.hook(receiver)
    receiver.answers = [(500, {})] * (len(RETRIES) + 1)
    message = await tell(1)

    async def given_up():
        stack.clock.advance(30 * 3600)  # longer than any wait
        return await stack.store.webhooks.deliveries(9, state="dead")

    (dead,) = await until(given_up)
    assert dead.attempts == len(RETRIES) + 1
    assert sum(RETRIES) > 24 * 3_600_000
    assert await pushing.webhooks.waiting() == (0, 1)
    machine = {finding.code for finding in await stack.running.server.rooms.doctor.machine("")}
    assert "webhooks_dead" in machine
    assert len({each.id for each in receiver.heard}) == 1
    stamps = {each.headers["webhook-timestamp"] for each in receiver.heard}
    assert len(stamps) == len(receiver.heard)  # a repetition is signed anew, and not refused as old
    assert await pushing.webhooks.redeliver(hook, message, by=TESTER)
    await delivered(stack)
    assert receiver.heard[-1].signed_with(secret)


async def test_a_receiver_that_is_gone_for_good_is_not_asked_again(stack, pushing, receiver, tell):
    await pushing.hook(receiver)
    receiver.answers = [(410, {})]
    await tell(1)
    (row,) = await delivered(stack, "dead")
    assert (row.told, row.attempts) == ("410", 1)


async def test_a_redirect_leads_nowhere(stack, pushing, receiver, tell):
    with receiving() as elsewhere:
        await pushing.hook(receiver)
        receiver.answers = [(307, {"location": elsewhere.url})]
        await tell(1)
        (row,) = await waited(stack, "307")
        assert row.state == "waiting"
        assert elsewhere.heard == []


async def test_two_secrets_are_live_until_the_former_one_is_dropped(stack, pushing, receiver, tell):
    hook, former = await pushing.hook(receiver)
    present = (await pushing.webhooks.rotate(hook, by=TESTER)).reveal()
    await tell(1)
    await delivered(stack)
    assert receiver.heard[0].signed_with(former)
    assert receiver.heard[0].signed_with(present)
    await pushing.webhooks.drop_previous(hook, by=TESTER)
    await tell(2)
    await delivered(stack, count=2)
    assert not receiver.heard[1].signed_with(former)
    assert receiver.heard[1].signed_with(present)


async def test_a_test_message_and_a_removed_webhook(stack, pushing, receiver, tell):
    hook, _ = await pushing.hook(receiver, "user.erased")
    message = await pushing.webhooks.test(hook)
    await delivered(stack)
    assert (receiver.heard[0].id, receiver.heard[0].said["type"]) == (message, "webhook.test")
    assert await pushing.webhooks.test("whk_nobody") is None
    assert await pushing.webhooks.remove(hook, by=TESTER)
    await tell(1)
    assert await stack.store.webhooks.deliveries(9) == []


async def test_three_nodes_deliver_each_message_once(stack, pushing, receiver, tell):
    await pushing.hook(receiver)
    ids = [await tell(n, about=f"usr_{n % 7}") for n in range(40)]
    reach = Reachable(LOOPBACK)
    nodes = [
        Delivering(stack.store, stack.running.server.sealer, reach, stack.clock, Metrics()) for _ in range(3)
    ]
    while (await pushing.webhooks.waiting())[0]:
        await asyncio.gather(*(node.run() for node in nodes))
    assert sorted(each.id for each in receiver.heard) == sorted(ids)
    for person in range(7):
        of_one = [n for n in (each.said["data"]["n"] for each in receiver.heard) if n % 7 == person]
        assert of_one == sorted(of_one)


async def test_new_users_and_joined_ones_are_told_without_a_word_of_the_login(stack, pushing, receiver):
    await pushing.hook(receiver, "user.signed_up", "user.merged", "user.erased")
    one = (await stack.signed_in("xiaoming"))["user"]["id"]
    other = (await stack.signed_in("xiaohong"))["user"]["id"]
    again = await stack.signed_in("xiaoming")
    told = await until(lambda: heard(receiver, "user.signed_up", 2))
    assert sorted(each.said["data"]["user_id"] for each in told) == sorted((one, other))
    assert told[0].said["data"]["apps"] == [stack.wechat.app("demo-mp").appid]
    new = NewMerge(id="mrg_zz", user_id=one, other_id=other, reason="operator", at=stack.clock.now())
    merge = await stack.store.merges.join(new)
    (joined,) = await until(lambda: heard(receiver, "user.merged", 1))
    assert joined.said["data"] == {
        "user_id": merge.winner,
        "merged_user_id": merge.loser,
        "reason": "operator",
    }
    gone = await stack.http.delete("/v1/me", headers={"authorization": f"Bearer {again['access_token']}"})
    assert gone.status_code == 200
    (erased,) = await until(lambda: heard(receiver, "user.erased", 1))
    assert erased.said["data"]["by"] == "self"
    assert erased.said["data"]["audit_id"] == gone.json()["audit_id"]


async def heard(receiver, event, count):
    found = receiver.of(event)
    return found if len(found) >= count else None


async def test_somebody_whose_login_was_committed_late_is_found_and_nobody_is_told_twice(
    stack, pushing, receiver, notices
):
    announcing = Announcing(stack.store, notices, stack.clock)
    await pushing.hook(receiver, "user.signed_up")
    await announcing.run()
    await stack.signed_in("xiaoming")  # its id is of now
    stack.clock.advance(120)
    await stack.store.webhooks.advance(
        "user.signed_up", stack.clock.now(), []
    )  # a search that came too early
    for _ in range(3):
        await announcing.run()
    assert len(await stack.store.webhooks.deliveries(9)) == 1


@pytest.mark.parametrize(
    ("url", "address", "networks", "refusal"),
    [
        ("https://hooks.example.com/x", "93.184.216.34", "", None),
        ("https://hooks.example.com:8443/x", "2606:2800:220:1::1", "", None),
        ("https://hooks.example.com/x", "10.0.0.7", "", "not public"),
        ("https://hooks.example.com/x", "10.0.0.7", "10.0.0.0/8", None),
        ("https://hooks.example.com/x", "127.0.0.1", "", "not public"),
        ("https://hooks.example.com/x", "169.254.169.254", "", "not public"),
        ("https://hooks.example.com/x", "100.64.0.1", "", "not public"),
        ("https://hooks.example.com/x", "0.0.0.0", "", "not public"),
        ("https://hooks.example.com/x", "224.0.0.1", "", "not public"),
        ("https://hooks.example.com/x", "240.0.0.1", "", "not public"),
        ("https://hooks.example.com/x", "::1", "", "not public"),
        ("https://hooks.example.com/x", "::", "", "not public"),
        ("https://hooks.example.com/x", "fd00::1", "", "not public"),
        ("https://hooks.example.com/x", "fe80::1%eth0", "", "not public"),
        ("https://hooks.example.com/x", "::ffff:127.0.0.1", "", "not public"),
        ("https://hooks.example.com/x", "::ffff:10.0.0.7", "", "not public"),
        ("https://hooks.example.com/x", "64:ff9b::a00:7", "", "not public"),
        ("https://hooks.example.com/x", "2002:a00:7::1", "", "not public"),
        ("http://hooks.example.com/x", "93.184.216.34", "", "not https"),
        ("http://hooks.example.com/x", "93.184.216.34", "127.0.0.0/8", "off this machine"),
        ("http://localhost:9/x", "127.0.0.1", "127.0.0.0/8", None),
        ("http://hooks.example.com/x", "10.0.0.7", "127.0.0.0/8,10.0.0.0/8", "off this machine"),
        ("ftp://hooks.example.com/x", "93.184.216.34", "", "no https URL"),
        ("file:///etc/passwd", "93.184.216.34", "", "no https URL"),
        ("https://user:pass@hooks.example.com/", "93.184.216.34", "", "a user"),
        ("https://hooks.example.com/#x", "93.184.216.34", "", "fragment"),
        ("https://hooks.example.com:99999/", "93.184.216.34", "", "no URL"),
        ("https://hooks.example.com/a b", "93.184.216.34", "", "blank"),
        ("https://", "93.184.216.34", "", "no https URL"),
    ],
)
async def test_a_webhook_leads_to_public_addresses_and_where_the_operator_says(
    monkeypatch, url, address, networks, refusal
):
    resolve_to(monkeypatch, address)
    if refusal is None:
        assert (await Reachable(networks).target(url)).address == address
    else:
        with pytest.raises(AddressRefusedError, match=refusal):
            await Reachable(networks).target(url)


async def test_one_private_address_among_public_ones_is_enough_to_refuse(monkeypatch):
    resolve_to(monkeypatch, "93.184.216.34", "10.0.0.7")
    with pytest.raises(AddressRefusedError, match="not public"):
        await Reachable("").target("https://hooks.example.com/x")


@pytest.mark.parametrize(
    "url", ["https://127.0.0.1/", "https://2130706433/", "https://0x7f.1/", "https://[::1]/", "https://0/"]
)
async def test_an_address_written_otherwise_is_the_same_address(url):
    with pytest.raises(AddressRefusedError):
        await Reachable("").target(url)


async def test_the_address_that_was_judged_is_the_one_that_is_called(
    stack, pushing, receiver, tell, monkeypatch
):
    hook, _ = await pushing.hook(receiver)
    port = receiver.url.rpartition(":")[2].partition("/")[0]
    moved = f"http://hooks.of.nobody.invalid:{port}/hook"
    row = (await stack.store.webhooks.all())[0]
    await stack.store.webhooks.remove(hook)
    import msgspec

    await stack.store.webhooks.add(msgspec.structs.replace(row, url=moved))
    resolve_to(monkeypatch, "127.0.0.1", only="hooks.of.nobody.invalid")
    await tell(1)
    await delivered(stack)
    assert receiver.heard[0].headers["host"] == f"hooks.of.nobody.invalid:{port}"


async def test_a_name_that_turns_to_a_private_address_later_is_refused_then(
    stack, pushing, receiver, tell, monkeypatch
):
    resolve_to(monkeypatch, "93.184.216.34", only="rebinding.example.com")
    await pushing.webhooks.add("https://rebinding.example.com/x", ("wechat.event",), by=TESTER)
    resolve_to(monkeypatch, "192.168.1.1", only="rebinding.example.com")
    await tell(1)
    (row,) = await waited(stack, "not sent: the address is not public")
    assert row.state == "waiting"


def resolve_to(monkeypatch, *addresses, only=None):
    """Names resolve to these, as far as the server's own look-up goes."""
    real = socket.getaddrinfo

    def looked_up(host, port, *more, **named):
        if only is not None and host != only:
            return real(host, port, *more, **named)
        return [
            (socket.AF_INET6 if ":" in each else socket.AF_INET, socket.SOCK_STREAM, 6, "", (each, port))
            for each in addresses
        ]

    monkeypatch.setattr(socket, "getaddrinfo", looked_up)


def test_the_signature_is_that_of_the_specification():
    """The sample of the Standard Webhooks libraries."""
    secrets = WebhookSecrets("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw")
    headers = signed_headers(secrets, "msg_p5jXN8AQM9LWM0D4loKWxJek", 1614265330, b'{"test": 2432232314}')
    assert headers["webhook-signature"] == "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="


@pytest.mark.parametrize(
    ("url", "events", "reason"),
    [
        ("https://127.0.0.1/x", ("*",), "not public"),
        ("http://example.com/x", ("*",), "not https"),
        ("https://93.184.216.34/x", ("user.erassed",), "there are: user.signed_up"),
        ("https://93.184.216.34/x", (), "one event or more"),
    ],
)
async def test_an_address_or_an_event_that_is_none_is_refused_with_the_reason(
    stack, pushing, url, events, reason
):
    closed = WebhooksAdmin(stack.store, stack.running.server.sealer, stack.clock, Reachable(""))
    with pytest.raises(WebhookInvalidError, match=reason):
        await closed.add(url, events, by=TESTER)
    assert await stack.store.webhooks.all() == []
