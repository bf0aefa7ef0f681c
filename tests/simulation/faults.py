"""What can go wrong, one kind at a time: each begins, lasts, and is healed."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from tests.simulation.pretend_store import StoreTrouble
from tests.simulation.pretend_wechat import Trouble

SOON, BLOCKED = 10.0, 335.0
"""Seconds after healing within which all must be well: where a retry is due by itself, and where only people help."""


@dataclass(frozen=True)
class Fault:
    """One kind of fault. `begin` gives what heals it, or None when it is over at once."""

    name: str
    begin: Callable[[Any, Any], Callable[[], None] | None]
    longest: float = 120.0
    heals_within: float = SOON
    legacy_only: bool = False


def _store(**what: Any):
    def begin(world, _node):
        world.store.troubles["*"] = StoreTrouble(**what)
        return lambda: world.store.troubles.pop("*", None)

    return begin


def _store_of_one(**what: Any):
    def begin(world, node):
        world.store.troubles[node.name] = StoreTrouble(**what)
        return lambda: world.store.troubles.pop(node.name, None)

    return begin


def _wechat(**what: Any):
    def begin(world, _node):
        world.wechat.troubles["*"] = Trouble(**what)
        return lambda: world.wechat.troubles.pop("*", None)

    return begin


def _wechat_of_one(**what: Any):
    def begin(world, node):
        world.wechat.troubles[node.name] = Trouble(**what)
        return lambda: world.wechat.troubles.pop(node.name, None)

    return begin


def _kill(world, node):
    node.kill()

    def start() -> None:
        if not node.alive:
            node.start()

    return start


def _stop(world, node):
    node.stopped_until = max(node.stopped_until, world.loop.at + world.chance.uniform(1, 18))


def _stop_long(world, node):
    node.stopped_until = max(node.stopped_until, world.loop.at + world.chance.uniform(21, 300))


def _sleep(world, node):
    """The machine is suspended: its monotonic clock does not see the time that passes."""
    seconds = world.chance.uniform(5, 900)
    node.stopped_until = max(node.stopped_until, world.loop.at + seconds)
    node.clock.sleep(node.stopped_until - world.loop.at)


def _clock(low: float, high: float):
    def begin(world, node):
        node.clock.ahead += world.chance.uniform(low, high)

    return begin


def _database_clock(low: float, high: float):
    def begin(world, _node):
        world.database_clock.ahead += world.chance.uniform(low, high)

    return begin


def _rogue(what: str):
    def begin(world, _node):
        appid = world.chance.choice(sorted(world.kinds))
        if what == "legacy":
            world.wechat.fetch_legacy(appid)
        else:
            world.wechat.fetch_stable(appid, force=what == "force")

    return begin


def _reset_secret(world, _node):
    appid = world.chance.choice(sorted(world.kinds))
    account = world.wechat.accounts[appid]
    version = int(account.secret.rpartition("-")[2]) + 1
    account.secret = f"secret-{version}"
    return lambda: world.apps.rotate(appid)


def _liar(world, _node):
    consumer = world.chance.choice(world.consumers)
    consumer.lies, every = True, consumer.every
    consumer.every = 0.2

    def stop() -> None:
        consumer.lies, consumer.every = False, every

    return stop


FAULTS = (
    Fault("process killed", _kill, longest=60),
    Fault("process stopped for less than a lease", _stop),
    Fault("process stopped for longer than a lease", _stop_long),
    Fault("machine asleep", _sleep),
    Fault("clock set forward", _clock(1, 7200)),
    Fault("clock set back", _clock(-7200, -1)),
    Fault("database clock set forward", _database_clock(1, 7200)),
    # By less than the age of a token, and with a process that has just begun, nobody could notice: see the docs.
    Fault("database clock set back", _database_clock(-7200, -1000)),
    Fault("database away", _store(away=True), longest=900),
    Fault("database hangs", _store(hangs=True), longest=120, heals_within=40),
    Fault("database loses writes", _store(lose_before=0.5)),
    Fault("database commits and does not say so", _store(lose_after=0.5)),
    Fault("database slow", _store(slow=2.99)),
    Fault("node cut off from the database", _store_of_one(away=True), longest=900),
    Fault("node's database answers get lost", _store_of_one(lose_after=0.7)),
    Fault("WeChat busy", _wechat(errcode=-1), longest=600),
    Fault("WeChat out of reach", _wechat(lose="connect"), longest=1500),
    Fault("WeChat deaf", _wechat(lose="request"), longest=600),
    Fault("WeChat's answers get lost", _wechat(lose="answer"), longest=300),
    Fault("WeChat answers nonsense", _wechat(garbage=True), longest=300),
    Fault("WeChat slow, requests overtake one another", _wechat(delay=30.0), longest=300),
    Fault("node cut off from WeChat", _wechat_of_one(lose="connect"), longest=600),
    Fault("minute quota", _wechat(errcode=45011), longest=120, heals_within=75),
    Fault("AppSecret frozen", _wechat(errcode=40243), longest=600, heals_within=BLOCKED),
    Fault("address not allowed", _wechat(errcode=40164), longest=600, heals_within=BLOCKED),
    Fault("AppSecret reset", _reset_secret, longest=60),
    Fault("token of a short life", _wechat(lifetime=310), longest=400),
    Fault("somebody fetches with cgi-bin/token", _rogue("legacy")),
    Fault("somebody forces a stable token", _rogue("force")),
    Fault("somebody fetches a stable token", _rogue("stable")),
    Fault("a program reports good tokens", _liar, longest=300),
)
