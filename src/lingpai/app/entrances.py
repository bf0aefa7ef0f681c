"""The ways in, by a code alone and by a browser; and which sessions run."""

from contextlib import AsyncExitStack
from dataclasses import dataclass

from lingpai.accounts import Profiles
from lingpai.app.gate import Limits
from lingpai.app.ground import Ground
from lingpai.app.outward import Outward
from lingpai.logins import Finish, History, Joining, ProfileReading, Recorder, Retrying, SignIn, flows
from lingpai.logins.oauth import Arriving, Beginning, PageTickets
from lingpai.sessions import CookieSessions, RunningSessions
from lingpai.web.rooms import Browsers


@dataclass(frozen=True, slots=True, kw_only=True)
class Entrances:
    """Open for as long as the server is."""

    running: RunningSessions
    sign_in: SignIn
    browsers: Browsers
    history: History
    recorder: Recorder


async def open_entrances(
    ground: Ground, outward: Outward, limits: Limits, stack: AsyncExitStack
) -> Entrances:
    """Closed with `stack`. Raises StorageUnavailableError."""
    config, store, sealer, clock = ground.config, ground.store, ground.sealer, ground.clock
    issuer, calls = ground.issuer, outward.calls
    running = RunningSessions(store, issuer, clock)
    await running.follow()
    recorder = Recorder(store, clock, ground.metrics, timelines=config.record_logins)
    stack.push_async_callback(recorder.drain)
    history = History(recorder, clock, ground.metrics)
    reading = ProfileReading(store, sealer, calls, Profiles(store, clock), clock)
    finish = Finish(
        store,
        sealer,
        issuer,
        running,
        clock,
        joining=Joining(store, running, clock),
        profiles=reading,
        lifetime=config.session_lifetime,
    )
    sign_in = SignIn(flows(calls), finish, Retrying(store, issuer, running, clock), history, limits.gate)
    beginning = Beginning(store, clock, public_url=config.public_url, open_url=config.wechat_open_url)
    browsers = Browsers(
        beginning=beginning,
        arriving=Arriving(store, sign_in, beginning, reading, clock),
        tickets=PageTickets(store, finish, issuer, running, clock, history=history),
        cookies=CookieSessions(store, running, issuer, clock),
    )
    return Entrances(running=running, sign_in=sign_in, browsers=browsers, history=history, recorder=recorder)
