"""People of all kinds, among them some who chose their nickname to do harm."""

import sqlite3

import msgspec

from lingpai.clock import DAY, MINUTE, SECOND
from lingpai.model import (
    Actor,
    Attempted,
    Claim,
    Claimed,
    Deed,
    DeliveryState,
    LoginEvent,
    Minute,
    NewLogin,
    NewNotice,
    NewPushEvent,
    NewSessionKey,
    PushOutcome,
    Setback,
    TokenTrouble,
)
from lingpai.testing.clock import A_MOMENT
from lingpai.testing.server import RunningServer, TestApp

APPSECRET = "fa4e5ec2e7fa4e5ec2e7fa4e5ec2e701"
APPS = (
    TestApp(appid="wx00000000000000a1", secret=APPSECRET, slug="demo-mp", open_platform="op_demo"),
    TestApp(
        appid="wx00000000000000b2",
        secret=APPSECRET[::-1],
        slug="demo-oa",
        kind="official_account",
        open_platform="op_demo",
    ),
)
ADDRESS = "203.0.113.7"
SOMEBODY = Actor("cli", "ops", "ops <b>\u202e</b>")
SEALED_KEY = b"SEALED-SESSION-KEY-OF-A-TEST"
SCRIPT = "<script>document.title='stolen'</script><img src=x onerror=alert(1)>"
ZALGO = "Z" + "\u0338\u0489\u035b\u0321" * 60 + "a" + "\u0337" * 60 + "lgo"
NICKNAMES = ("小明", SCRIPT, "\u202egpj.exe\u202e\u2067مرحبا", ZALGO, "长" * 10_000, None)
REFUSALS = (
    ("code_invalid", 40029, "696f2d1c-0a1b2c3d-4e5f6a7b"),
    ("wechat_credentials", 40125, "696f2d1c-0a1b2c3d-4e5f6a7c"),
    ("app_mismatch", None, None),
    ("a_code_of_a_later_release", None, None),
)
AGENTS = (
    "Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) MicroMessenger/8.0.50 NetType/WIFI Language/zh_CN",
    "Mozilla/5.0 (Linux; Android 15) MicroMessenger/8.0.49 Weixin MiniProgramEnv/android",
    "<b>bold</b> agent",
)


def user_id(number: int) -> str:
    return f"usr_01jd{number:022}"


def a_login(number: int, **changes: object) -> NewLogin:
    """Login number `number`, of a person of its own."""
    at = A_MOMENT - 90 * MINUTE + number * 7 * MINUTE + number * 11 * SECOND
    sample = NewLogin(
        appid=APPS[0].appid,
        openid=f"o-fake-openid-{number:014}",
        unionid=f"u-fake-unionid-{number:013}",
        open_platform="op_demo",
        code_digest=number.to_bytes(32, "big"),
        sealed_result=None,
        new_user_id=user_id(number),
        session_id=f"ses_01jd{number:022}",
        session_expires_at=at + 30 * DAY,
        refresh_digest=number.to_bytes(32, "little"),
        session_key=NewSessionKey(fingerprint=number.to_bytes(16, "big"), sealed=SEALED_KEY),
        user_agent=AGENTS[number % len(AGENTS)],
        at=at,
        event_id=f"evt_01jd{number:022}",
        request_id=f"{number:016x}",
        duration_ms=20 + number,
    )
    return msgspec.structs.replace(sample, **changes)


async def busy_hour(running: RunningServer) -> None:
    """Logins of the last hour as the recorder counts them."""
    now = running.server.rooms.clock.now() // MINUTE * MINUTE
    counted = [
        Minute(minute=now - ago * MINUTE, appid=app.appid, kind="login", result=result, count=count)
        for ago in range(0, 60, 3)
        for app, result, count in (
            (APPS[0], "signed_in", 40 + (ago * 37) % 60),
            (APPS[0], "code_invalid", ago % 7),
            (APPS[1], "signed_in", 5 + ago % 9),
            (APPS[1], "wechat_busy", 3 if ago == 30 else 0),
        )
        if count
    ]
    await running.server.store.flights.keep([], counted)


async def refused_address(running: RunningServer) -> None:
    """The keeper was told that its address is not on the second app's list."""
    tokens = running.server.store.access_tokens
    claim = Claim(
        appid=APPS[1].appid, kind="stable", generation=0, owner="test", lease=60_000, secret_version=1
    )
    claimed = await tokens.claim(claim)
    assert isinstance(claimed, Claimed)
    said = f"invalid ip {ADDRESS} ipv6 ::ffff:{ADDRESS}, not in whitelist rid: 696f2d1c-0a1b2c3d-4e5f6a7b"
    await tokens.set_back(
        Setback(
            appid=APPS[1].appid,
            kind="stable",
            fence=claimed.row.fence,
            state="blocked",
            trouble=TokenTrouble("refused", 40164, said),
            retry_in=3_600_000,
            unsent=False,
        )
    )


async def fill(running: RunningServer) -> None:
    """People with all kinds of nicknames, sessions in every state, refusals of every kind."""
    store = running.server.store
    for number in range(len(NICKNAMES)):
        await store.logins.commit(a_login(number))
    second_app = a_login(
        40, openid="o-fake-openid-of-the-oa", unionid=a_login(0).unionid, appid=APPS[1].appid
    )
    await store.logins.commit(second_app)
    await store.logins.commit(a_login(41, openid=a_login(0).openid, unionid="u-another-unionid"))
    await store.logins.commit(
        a_login(42, openid="o-expired", unionid=None, session_expires_at=A_MOMENT - DAY)
    )
    await store.sessions.end(a_login(1).session_id, "signed_out", A_MOMENT - MINUTE)
    await store.sessions.end(a_login(2).session_id, "refresh_reuse", A_MOMENT - MINUTE)
    for number, (result, errcode, rid) in enumerate(REFUSALS, 20):
        await store.logins.record(
            LoginEvent(
                id=f"evt_01jd{number:022}",
                at=A_MOMENT - 80 * MINUTE + number * MINUTE,
                appid=APPS[0].appid,
                result=result,
                request_id=f"{number:016x}",
                duration_ms=120 + number,
                errcode=errcode,
                rid=rid,
            )
        )
    await busy_hour(running)
    await refused_address(running)
    desk = running.server.rooms.desk
    await desk.clients.add("backend", ("introspect", "access_token:wx00000000000000a1"), by=SOMEBODY)
    await desk.clients.add("old-backend", ("introspect",), by=SOMEBODY)
    await desk.clients.revoke("old-backend", by=SOMEBODY)
    database = running.config.database_url.removeprefix("sqlite:///")
    with sqlite3.connect(database) as connection:
        for number, nickname in enumerate(NICKNAMES):
            connection.execute("UPDATE users SET nickname = ? WHERE id = ?", (nickname, user_id(number)))
    connection.close()


async def fill_webhooks(running: RunningServer) -> None:
    """Webhooks and messages in every state, and events of WeChat with every outcome."""
    rooms, store = running.server.rooms, running.server.store
    operator = Actor("dev", "dev", "dev")
    shown, _ = await rooms.webhooks.add("https://93.184.216.34/hooks/" + "long/" * 20, ("*",), by=operator)
    await rooms.webhooks.rotate(shown.id, by=operator)
    await rooms.pushes.make_keys(APPS[0].slug, by=operator)
    states: tuple[DeliveryState, ...] = ("waiting", "delivered", "dead")
    for number, state in enumerate(states):
        notice = NewNotice(
            id=f"msg_{number:032x}",
            event="authorization.revoked",
            subject=bytes([number]) * 16,
            sealed=b"SEALED-PAYLOAD-OF-A-TEST",
            at=A_MOMENT + number,
        )
        await store.webhooks.tell([notice])
        for one in await store.webhooks.claim(9, 600_000):
            attempt = Attempted(
                webhook_id=shown.id,
                notice_id=one.delivery.notice_id,
                fence=one.fence,
                at=A_MOMENT,
                state=state,
                told="200" if state == "delivered" else SCRIPT,
                retry_in=600_000,
            )
            await store.webhooks.attempted(attempt)
    outcomes: tuple[PushOutcome, ...] = ("forgot", "passed_on", "marked", "outdated")
    for number, outcome in enumerate(outcomes):
        key = bytes([number]) * 32
        event = NewPushEvent(
            key=key,
            nonce=key,
            appid=APPS[0].appid,
            name="user_authorization_revoke",
            sealed=b"SEALED-EVENT-OF-A-TEST",
            digest=key,
            at=A_MOMENT + number,
        )
        await store.pushes.put(event)
        for claimed in await store.pushes.claim(9, 600_000):
            await store.pushes.settle(
                Deed(
                    key=claimed.event.key,
                    fence=claimed.fence,
                    at=A_MOMENT,
                    outcome=outcome,
                    forget=("phone", "nickname"),
                )
            )
