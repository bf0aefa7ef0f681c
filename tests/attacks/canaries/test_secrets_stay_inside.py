"""Secrets go where they belong and nowhere else: not into an answer, a log, a metric, a dump or a repr."""

import asyncio
import base64
import gc
import importlib
import json
import pkgutil
from typing import Any, get_args, get_type_hints
from unittest.mock import MagicMock

import msgspec
import pytest

import lingpai
from lingpai.keeper import HeldApp
from lingpai.model import session_key_identity
from lingpai.secret import Secret

PEOPLE = ("xiaoming", "xiaohong", "sam")
PATH = "/sns/jscode2session"
FAULTS: tuple[dict[str, Any], ...] = (
    *(
        {"errcode": errcode}
        for errcode in (-1, 40013, 40029, 40125, 40163, 40164, 40226, 45009, 45011, 99999)
    ),
    {"body": "<html>502 Bad Gateway</html>", "status": 502},
    {"body": ""},
    {"body": "[]"},
    {"close": "before"},
    {"close": "after"},
    {"close": "mid-body"},
    {"delay": 5},
)
GARBAGE = (b"", b"{", b"[]", b"\xff\xfe", b'{"code":1}', b'{"code":"\\ud800"}', b"[" * 5_000, b"x" * 20_000)
# Tokens are given out, to the one who asked; this is where.
TOKEN = "/v1/demo-mp/access-token"
STABLE = "/cgi-bin/stable_token"
GIVES_WECHAT_TOKENS = (f"GET {TOKEN}", f"POST {TOKEN}/report", "GET /cgi-bin/token", f"POST {STABLE}")
GIVES_TOKENS = ("POST /v1/demo-mp/login", "POST /v1/session/refresh")


class Visitor:
    """Somebody who plants canaries with every request."""

    def __init__(self, server):
        self.server = server
        self.count = 0
        self.tokens = []

    def nonce(self):
        self.count += 1
        nonce = f"nonce-canary-{self.count:08}"
        self.server.canaries.plant("nonce", nonce)
        return nonce

    def code(self, person):
        code = self.server.wechat.login(person)
        self.server.canaries.plant("code", code)
        return code

    async def login(self, code, **body):
        answer = await self.server.ask("POST", "/v1/demo-mp/login", json={"code": code, **body})
        if answer.status_code == 200:
            self.took(answer.json())
        return answer

    async def refresh(self, token):
        body = {"refresh_token": token, "nonce": self.nonce()}
        answer = await self.server.ask("POST", "/v1/session/refresh", json=body)
        if answer.status_code == 200:
            self.took(answer.json())
        return answer

    def took(self, told):
        self.tokens.append(told)
        raw = told["refresh_token"].removeprefix("lpr_")
        self.server.canaries.plant(
            "refresh token", told["refresh_token"], raw, base64.urlsafe_b64decode(raw + "=")
        )
        self.server.canaries.plant(
            "access token", told["access_token"], told["access_token"].rpartition(".")[2]
        )


async def successes(visitor):
    for person in PEOPLE:
        code, nonce = visitor.code(person), visitor.nonce()
        await visitor.login(code, nonce=nonce)
        await visitor.login(code, nonce=nonce)
        await visitor.login(code, nonce=visitor.nonce())
        await visitor.login(code)
        visitor.server.wechat.prefetch(person)
    for told in list(visitor.tokens[-3:]):
        headers = {"authorization": f"Bearer {told['access_token']}"}
        await visitor.server.ask("GET", "/v1/session", headers=headers)
        await visitor.refresh(told["refresh_token"])
        await visitor.server.ask("DELETE", "/v1/session", headers=headers)
        await visitor.refresh(told["refresh_token"])


async def handing_over(visitor):
    """Profile, phone number, group id, session_key: what a phone hands over, and what WeChat says to it."""
    server, wechat = visitor.server, visitor.server.wechat
    for number, person in enumerate(PEOPLE):
        pure = f"{15_112_345_678_90 + number}"
        wechat.add_person(id=person, phone=f"+49{pure}")
        server.canaries.plant("phone number", pure)
        told = (await visitor.login(visitor.code(person))).json()
        headers = {"authorization": f"Bearer {told['access_token']}"}
        given = wechat.user_info(person, era="real")
        fields = {name: given[name] for name in ("rawData", "signature", "encryptedData", "iv")}
        phone = wechat.phone_number(person)
        server.canaries.plant("phone code", phone["code"])
        server.canaries.plant("WeChat token", wechat.rogue(kind="stable_token")["access_token"])
        for path, body in (
            ("profile", fields),
            ("profile", fields | {"signature": "0" * 40}),
            ("profile", fields | {"iv": "AAAAAAAAAAAAAAAAAAAAAA=="}),
            ("decrypt", {name: fields[name] for name in ("encryptedData", "iv")}),
            ("phone", {name: phone[name] for name in ("encryptedData", "iv")}),
            ("phone", {"code": visitor.code(person)}),
            ("session-key/reset", {}),
        ):
            await server.ask("POST", f"/v1/demo-mp/{path}", json=body, headers=headers)
        echo = f"invalid code {phone['code']} for {pure}, rid: {phone['code']}"
        wechat.fail(
            "/wxa/business/getuserphonenumber", errcode=40029, errmsg=echo.replace(f" for {pure}", "")
        )
        for _ in range(3):
            await server.ask("POST", "/v1/demo-mp/phone", json={"code": phone["code"]}, headers=headers)
        await server.ask("GET", "/v1/demo-mp/session-key", headers=headers)


async def refusals(visitor):
    server = visitor.server
    for fault in FAULTS:
        code, nonce = visitor.code("sam"), visitor.nonce()
        secret = server.canaries_secret
        errmsg = (
            {"errmsg": f"invalid appsecret {secret}, code {code}, rid: {code}"} if "errcode" in fault else {}
        )
        server.wechat.fail(PATH, **fault, **errmsg)
        await visitor.login(code, nonce=nonce)
        server.wechat.clear_faults()
    await visitor.login(visitor.code("sam"), appid="wx00000000000000ff", nonce=visitor.nonce())
    await server.ask("POST", "/v1/demo-oa/login", json={"code": visitor.code("sam")})
    await server.ask("POST", "/v1/nobody/login", json={"code": visitor.code("sam")})


async def backends(visitor):
    """Programs that read WeChat's token, report it, forward calls, and lose it to somebody else."""
    server = visitor.server
    headers = {"authorization": f"Bearer {server.service_key}"}
    query = {"grant_type": "client_credential", "appid": "wx00000000000000a1", "secret": server.service_key}
    told = (await server.ask("GET", TOKEN, headers=headers)).json()
    token = told["access_token"]
    server.canaries.plant("WeChat token", token)
    await server.ask("GET", "/cgi-bin/token", params=query)
    await server.ask("POST", STABLE, json={**query, "force_refresh": True})
    await server.ask("GET", "/wechat/demo-mp/cgi-bin/user/info?openid=x&access_token=y", headers=headers)
    for fault in ({"body": "<html>", "status": 502}, {"close": "after"}):
        server.wechat.fail("/cgi-bin/user/info", **fault)
        await server.ask("GET", "/wechat/demo-mp/cgi-bin/user/info?openid=x", headers=headers)
        server.wechat.clear_faults()
    for errcode in (40125, 40001, -1):
        server.wechat.fail(STABLE, errcode=errcode, errmsg=f"{server.canaries_secret} {token}")
        body = {"generation": told["generation"], "errcode": 40001}
        await server.ask("POST", f"{TOKEN}/report", headers=headers, json=body)
        server.wechat.clear_faults()
    server.wechat.rogue("demo-mp", kind="stable_token", force_refresh=True)
    body = {"generation": told["generation"], "errcode": 40001}
    answer = await server.ask("POST", f"{TOKEN}/report", headers=headers, json=body)
    server.canaries.plant("WeChat token", answer.json()["access_token"])


async def garbage(visitor):
    server = visitor.server
    for path in ("/v1/demo-mp/login", "/v1/session/refresh", "/oauth2/introspect"):
        for body in GARBAGE:
            await server.ask("POST", path, content=body)
        code, nonce = visitor.code("sam"), visitor.nonce()
        await server.ask("POST", path, json={"code": code, "nonce": nonce, "refresh_token": [code]})
        await server.ask("POST", path, json={"code": [code], "nonce": nonce + "\x00"})
        await server.ask("POST", path, json={"code": {"a": code}, "refresh_token": {"b": nonce}})
        await server.ask("GET", path, params={"code": code, "nonce": nonce})
    for token in (server.service_key, visitor.tokens[0]["refresh_token"], server.canaries_secret):
        await server.ask("GET", "/v1/session", headers={"authorization": f"Bearer {token}"})
        await server.ask("POST", "/v1/session/refresh", json={"refresh_token": token})


async def questions(visitor):
    server = visitor.server
    told = (await visitor.login(visitor.code("sam"))).json()
    for key in (server.service_key, server.service_key + "x"):
        for token in (told["access_token"], told["refresh_token"], "x"):
            headers = {"authorization": f"Bearer {key}"}
            await server.ask("POST", "/oauth2/introspect", data={"token": token}, headers=headers)
    for path in (
        "/metrics",
        "/openapi.json",
        "/healthz",
        "/readyz",
        "/oauth2/jwks",
        "/docs",
        "/",
        "/console",
    ):
        await server.ask("GET", path)


def is_problem(answer):
    return b"content-type: application/problem+json" in answer.partition(b"\n\n")[0]


async def a_long_run(server):
    server.service_key = (
        server.command(
            "clients",
            "add",
            "backend",
            *(f"--scope={scope}" for scope in ("introspect", "access_token", "wechat")),
        )
        .strip()
        .splitlines()[-1]
    )
    server.canaries_secret = "c0ffee11c0ffee22c0ffee33c0ffee44"
    server.canaries.plant("service key", server.service_key)
    server.command("apps", "set", "demo-mp", "look_alike=true")
    visitor = Visitor(server)
    for log_format, kill in (("json", True), ("console", False), ("json", False)):
        await server.start(log_format=log_format)
        for part in (successes, handing_over, garbage, refusals, questions, backends):
            await part(visitor)
        await asyncio.gather(*(visitor.login(visitor.code(person)) for person in PEOPLE * 5))
        server.stop(kill=kill)
    for words in (
        ("apps", "list"),
        ("users", "list"),
        ("clients", "list", "--json"),
        ("keys", "list", "--json"),
        ("clients", "uses", "backend", "--json"),
        ("token", "demo-mp", "--state", "--json"),
    ):
        server.command(*words)
    return visitor


async def session_keys(server, visitor):
    """The values themselves, opened with the master key; each of them is a canary from now on."""
    from lingpai.clock import SystemClock
    from lingpai.keeper import open_vault
    from lingpai.storage import open_store

    store = await open_store(server.settings["database_url"], clock=SystemClock())
    sealer = await open_vault(store, base64.b64decode(server.settings["master_key"]), SystemClock())
    opened = set()
    for openid in {told["user"]["openid"] for told in visitor.tokens}:
        identity = session_key_identity("wx00000000000000a1", openid)
        for key in await store.sessions.session_keys("wx00000000000000a1", openid):
            opened.add(sealer.open(key.sealed, identity).decode())
    for row in await store.keys.signing():
        private = sealer.open(row.sealed_private, f"signing_keys|sealed_private|{row.kid}")
        lines = private.decode().splitlines()
        server.canaries.plant("signing key", private, *lines[1:3])
    await store.aclose()
    return opened


@pytest.mark.timeout(300)
async def test_after_a_long_run_no_secret_stands_anywhere_else(watched):
    visitor = await a_long_run(watched)
    keys = await session_keys(watched, visitor)
    assert len(keys) >= 3
    for key in keys:
        watched.canaries.plant("session_key", key, base64.b64decode(key))
    refusals_seen = [answer for _, answer in watched.answers if is_problem(answer)]
    codes = {json.loads(answer.partition(b"\n\n")[2])["code"] for answer in refusals_seen}
    assert len(codes) >= 12, codes
    found = {}
    for asked, answer in watched.answers:
        gives = asked in GIVES_TOKENS and not is_problem(answer)
        allowed: tuple[str, ...] = ("access token", "refresh token") if gives else ()
        if asked == "POST /v1/demo-mp/phone" and not is_problem(answer):
            allowed = ("phone number",)
        if asked in GIVES_WECHAT_TOKENS:
            allowed = ("WeChat token",)
        if here := watched.canaries.found_in(answer, allowed=allowed):
            found[asked, bytes(answer[-300:])] = here
    assert found == {}
    assert watched.log.count(b"\n") > 100
    assert watched.canaries.found_in(watched.log) == set()
    assert b"Traceback" not in watched.log
    for text in watched.said:
        assert watched.canaries.found_in(text) == set()
    texts = watched.database()
    assert len(texts) >= 3
    for text in texts:
        assert watched.canaries.found_in(text) == set()


async def test_a_token_is_told_to_nobody_but_its_owner(watched):
    await watched.start()
    visitor = Visitor(watched)
    for person in PEOPLE:
        await visitor.login(visitor.code(person), nonce=visitor.nonce())
    for told, (_, answer) in zip(visitor.tokens, watched.answers, strict=True):
        others = [other for other in visitor.tokens if other is not told]
        assert all(other["refresh_token"].encode() not in answer for other in others)
        assert all(other["access_token"].encode() not in answer for other in others)


async def test_the_search_finds_what_is_there(watched):
    """Every form of a secret, at any place in a text: the net has no holes."""
    secret = b"A secret/with+signs & 32 bytes!!"
    watched.canaries.plant("planted", secret)
    for shift in range(9):
        text = b"x" * shift + secret + b"yz"
        for written in (text, text.hex().encode(), base64.b64encode(text), base64.urlsafe_b64encode(text)):
            assert watched.canaries.found_in(b"<" + written + b">") == {"planted"}
    assert watched.canaries.found_in(b"nothing here") == set()


SECRET_FIELDS = {
    "secret", "code", "nonce", "js_code", "access_token", "refresh_token", "token", "session_key", "master_key",
    "retry_key", "private", "key",
}  # fmt: skip
CANARY = "canary-0123456789abcdef"


def structs():
    for module in pkgutil.walk_packages(lingpai.__path__, "lingpai."):
        if not module.name.endswith("__main__") and ".migrations." not in module.name:
            importlib.import_module(module.name)
    gc.collect()
    known, new = set(), [msgspec.Struct]
    while new:
        kind = new.pop()
        known.add(kind)
        new += [child for child in kind.__subclasses__() if child not in known]
    return sorted(
        (kind for kind in known if kind.__module__.startswith("lingpai.")), key=lambda kind: kind.__qualname__
    )


def filled(kind):
    """A struct with canaries in its secret fields; None when it holds none."""
    hints = get_type_hints(kind)
    values, holds = {}, False
    for name in kind.__struct_fields__:
        parts = get_args(hints[name]) or (hints[name],)
        plain = name in SECRET_FIELDS and (str in parts or bytes in parts)
        holds = holds or plain or Secret in parts
        values[name] = Secret(CANARY) if Secret in parts else CANARY if plain else MagicMock()
    return kind(**values) if holds else None


def test_no_struct_prints_a_secret_it_holds():
    # The code of a problem or a finding is public; it is the code of wx.login that is not.
    # `lingpai dev` makes its AppSecrets up, for an emulator.
    public = ("ProblemKind", "ProblemAnswer", "DemoApp", "Finding", "FindingKind")
    held = [filled(kind) for kind in structs() if kind.__name__ not in public]
    holders = [each for each in held if each is not None]
    assert len(holders) >= 8
    told = {type(each).__qualname__ for each in holders for text in (repr(each), f"{each}") if CANARY in text}
    assert told == set()


@pytest.mark.parametrize("show", [repr, str, "{}".format, "{!r:>40}".format, "%s".__mod__, ascii])
def test_a_held_app_never_shows_its_secret(show):
    held = HeldApp(MagicMock(), Secret(CANARY))
    assert CANARY not in show(held)
    assert CANARY not in show(held.secret)
    assert CANARY not in show([held.secret, {"a": (held.secret,)}])


async def test_nothing_alive_in_the_server_prints_a_secret(stack):
    """Every object of ours that lives in the process after some logins, asked for its repr."""
    told = [await stack.signed_in(person) for person in PEOPLE]
    told.append((await stack.refresh(told[0]["refresh_token"])).json())
    key = stack.running.config.master_key.reveal()
    secrets = [key, *(app.secret for app in stack.wechat.apps)]
    secrets += [text for each in told for text in (each["access_token"], each["refresh_token"])]
    gc.collect()
    ours = [each for each in gc.get_objects() if str(type(each).__module__).startswith("lingpai.")]
    ours = [each for each in ours if not type(each).__module__.startswith("lingpai.testing")]
    shown = {type(each).__qualname__: repr(each) for each in ours}
    assert len(shown) > 30
    assert {name for name, text in shown.items() for secret in secrets if secret in text} == set()
