"""Operators in a real browser with an authenticator: from the link to a passkey, and what another site gets of it."""

import os
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import pytest_asyncio
from axe_playwright_python.async_playwright import Axe  # type: ignore[import-untyped]
from playwright.async_api import Browser, Page, async_playwright, expect

from lingpai.testing.actors import TESTER
from tests.console.conftest import CHROMIUM, POLICY_WATCH
from tests.operators.conftest import PASSWORD

pytestmark = pytest.mark.asyncio(loop_scope="module")

PICTURES = Path("artifacts")
AUTHENTICATOR = {
    "protocol": "ctap2",
    "transport": "internal",
    "hasResidentKey": True,
    "hasUserVerification": True,
    "isUserVerified": True,
    "automaticPresenceSimulation": True,
}


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def browser() -> AsyncIterator[Browser]:
    async with async_playwright() as playwright:
        chromium = await playwright.chromium.launch(executable_path="/usr/bin/chromium", args=[*CHROMIUM])
        yield chromium
        await chromium.close()


STICKING = """() => [...document.querySelectorAll('main *')]
  .filter((e) => e.getBoundingClientRect().right > innerWidth + 0.5)
  .map((e) => e.outerHTML.slice(0, 80))"""


class Desk:
    """A page, its authenticator, and what the browser complains of."""

    def __init__(self, page: Page, authenticator: str, cdp) -> None:
        self.page, self.authenticator, self.cdp = page, authenticator, cdp
        self.complaints: list[str] = []
        page.on("console", lambda m: self.complaints.append(m.text) if m.type == "error" else None)
        page.on("pageerror", lambda error: self.complaints.append(str(error)))

    async def picture(self, name: str) -> None:
        """Look at the page at both sizes, light and dark; nothing may stick out, nothing be hard to read."""
        page = self.page
        for width in (1280, 375):
            await page.set_viewport_size({"width": width, "height": 800})
            wide = await page.evaluate("document.documentElement.scrollWidth")
            sticking = await page.evaluate(STICKING)
            assert wide <= width, f"{name} is {wide} px wide at {width}: {sticking}"
            for scheme in ("light", "dark"):
                await page.emulate_media(color_scheme=scheme)
                if os.environ.get("LINGPAI_TEST_PICTURES"):
                    await page.screenshot(
                        path=PICTURES / f"operators-{name}-{width}-{scheme}.png", full_page=True
                    )
        found = await Axe().run(page)
        serious = [v["id"] for v in found.response["violations"] if v["impact"] in ("serious", "critical")]
        assert serious == [], f"{name}: {serious}"
        await page.emulate_media(color_scheme="light")


@pytest_asyncio.fixture(loop_scope="module")
async def desk(browser: Browser) -> AsyncIterator[Desk]:
    context = await browser.new_context(locale="en-GB", viewport={"width": 1280, "height": 800})
    await context.add_init_script(POLICY_WATCH)
    page = await context.new_page()
    cdp = await context.new_cdp_session(page)
    await cdp.send("WebAuthn.enable")
    made = await cdp.send("WebAuthn.addVirtualAuthenticator", {"options": AUTHENTICATOR})
    yield Desk(page, made["authenticatorId"], cdp)
    await context.close()


async def link_of(running, name, *roles):
    _, link = await running.server.rooms.operators.registry.add(name, roles, by=TESTER)
    return link.reveal()


async def test_a_passkey_from_the_link_to_the_next_sign_in_and_a_colleagues_account(running, clock, desk):
    page = desk.page
    link = await link_of(running, "xiaohong", "operator", "security")
    await page.goto(link)
    assert "#" not in page.url, "the token leaves the address line"
    await desk.picture("set-up")
    await page.get_by_role("button", name="Begin").click()
    await expect(page.get_by_role("heading", name="How do you want to sign in?")).to_be_visible()
    await desk.picture("ways")
    await page.get_by_label("A name for it").fill("my laptop")
    await page.get_by_role("button", name="Add a passkey").press("Enter")
    await page.wait_for_url("**/console")
    await page.goto(f"{running.url}/console/account")
    await expect(page.get_by_text("my laptop", exact=True)).to_be_visible()
    await desk.picture("account")

    await page.get_by_role("button", name="Sign out", exact=True).first.click()
    await page.wait_for_url("**/console/sign-in")
    await desk.picture("sign-in")
    await page.goto(f"{running.url}/console/operators")
    await page.get_by_role("button", name="Sign in with a passkey").click()
    await expect(page.get_by_role("heading", name="Add an operator")).to_be_visible()
    await desk.picture("operators")

    await page.get_by_role("textbox", name="Name").fill("sam")
    clock.advance(300)
    await page.get_by_role("button", name="Make a link").click()
    await expect(page.get_by_role("heading", name="Show once more that it is you")).to_be_visible()
    await desk.picture("again")
    await page.get_by_role("button", name="Use a passkey").click()
    await expect(page.get_by_role("heading", name="Add an operator")).to_be_visible()
    await page.get_by_role("textbox", name="Name").fill("sam")
    await page.get_by_role("button", name="Make a link").click()
    made = await page.locator("[data-made-link]").inner_text()
    assert made.startswith(f"{running.url}/console/sign-in/set-up#lpl_")
    await desk.picture("link")
    await page.get_by_role("link", name="To the operators").click()
    await page.get_by_role("link", name="sam", exact=True).click()
    await desk.picture("operator")
    await page.get_by_role("link", name="Remove", exact=True).click()
    await page.get_by_role("textbox").fill("sam")
    await page.get_by_role("button", name="Remove").click()
    await expect(page.get_by_text("Removed.")).to_be_visible()
    assert desk.complaints == []


async def test_a_password_and_an_app_in_chinese(running, clock, desk):
    page = desk.page
    await page.goto(f"{running.url}/console/sign-in?lang=zh")
    await page.goto(await link_of(running, "小明", "viewer"))
    await page.get_by_role("button", name="开始").click()
    seed = await page.locator("[data-seed]").inner_text()
    from tests.operators.conftest import Operator, seed_in

    person = Operator("小明", "", None, clock, "", seed_in(f"data-seed>{seed}<"))  # type: ignore[arg-type]
    await page.get_by_label("新密码").fill(PASSWORD)
    await page.get_by_label("再输入一次").fill(PASSWORD)
    await page.get_by_label("应用当前显示的验证码").fill("000000")
    await page.get_by_role("button", name="保存").click()
    await expect(page.get_by_text("验证器应用每 30 秒更换一次验证码。")).to_be_visible()
    await desk.picture("ways-wrong-zh")
    await page.get_by_label("新密码").fill(PASSWORD)
    await page.get_by_label("再输入一次").fill(PASSWORD)
    await page.get_by_label("应用当前显示的验证码").fill(person.code())
    await page.get_by_role("button", name="保存").click()
    await expect(page.get_by_role("heading", name="恢复码")).to_be_visible()
    assert await page.locator(".codes li").count() == 10
    await desk.picture("codes-zh")
    await page.get_by_role("link", name="已保存，继续").click()
    await page.wait_for_url("**/console")
    await page.goto(f"{running.url}/console/account")
    await desk.picture("account-zh")
    await page.get_by_role("button", name="退出", exact=True).first.click()
    await page.get_by_label("用户名").fill("小明")
    await page.get_by_label("密码", exact=True).fill(PASSWORD)
    await page.get_by_role("button", name="下一步").click()
    clock.advance(30)
    await desk.picture("code-zh")
    await page.get_by_label("验证码").fill(person.code())
    await page.get_by_role("button", name="继续").click()
    await page.wait_for_url("**/console")
    refused = [text for text in desk.complaints if "422" not in text]
    assert refused == []


async def test_an_authenticator_that_does_not_verify_the_person_is_refused(running, desk):
    page = desk.page
    await page.goto(await link_of(running, "careless", "viewer"))
    await page.get_by_role("button", name="Begin").click()
    await desk.cdp.send(
        "WebAuthn.setUserVerified", {"authenticatorId": desk.authenticator, "isUserVerified": False}
    )
    await page.get_by_label("A name for it").fill("stick")
    await page.get_by_role("button", name="Add a passkey").click()
    await expect(page.get_by_role("alert")).to_contain_text("did not come back with a passkey")
    assert (await running.server.rooms.operators.registry.get("careless")).passkeys == 0


async def test_the_answer_for_another_site_another_question_or_a_copied_key_opens_nothing(running, desk):
    """The browser signs what it is asked; the server asks for its own origin, its own challenge, a counter that grows."""
    page = desk.page
    await page.goto(await link_of(running, "target", "viewer"))
    await page.get_by_role("button", name="Begin").click()
    await page.get_by_label("A name for it").fill("phone")
    await page.get_by_role("button", name="Add a passkey").click()
    await page.wait_for_url("**/console")
    await page.context.clear_cookies()
    await page.goto(f"{running.url}/console/sign-in")
    for spoil, status in (
        ("fields => fields", 200),
        ("fields => fields", 200),
        ("fields => ({...fields, ceremony: first.ceremony})", 401),
        ("fields => ({...fields, ceremony: other.ceremony})", 401),
        ("fields => ({...fields, credential: first.credential, ceremony: other.ceremony})", 401),
        ("fields => edited(fields, c => { c.response.userHandle = btoa('opr_another'); })", 401),
        ("fields => edited(fields, c => { c.id = btoa('another'); c.rawId = c.id; })", 401),
        (
            "fields => edited(fields, c => { c.response.signature = c.response.signature.replace(/^..../, 'AAAA'); })",
            401,
        ),
        (
            "fields => edited(fields, c => { c.response.authenticatorData = 'AAAA' + c.response.authenticatorData.slice(4); })",
            401,
        ),
        ("fields => edited(fields, c => relabel(c, 'origin', 'https://evil.example'))", 401),
        ("fields => edited(fields, c => relabel(c, 'type', 'webauthn.create'))", 401),
    ):
        await running.server.rooms.store.operator_sessions.sweep(2**60, 0)
        answered = await page.evaluate(ATTACK.replace("SPOIL", spoil))
        assert answered == status, spoil
    credentials = await desk.cdp.send("WebAuthn.getCredentials", {"authenticatorId": desk.authenticator})
    (copied,) = credentials["credentials"]
    await desk.cdp.send(
        "WebAuthn.removeCredential",
        {"authenticatorId": desk.authenticator, "credentialId": copied["credentialId"]},
    )
    await desk.cdp.send(
        "WebAuthn.addCredential",
        {"authenticatorId": desk.authenticator, "credential": {**copied, "signCount": 1}},
    )
    await running.server.rooms.store.operator_sessions.sweep(2**60, 0)
    assert await page.evaluate(ATTACK.replace("SPOIL", "fields => fields")) == 401


ATTACK = """
async () => {
  const bytes = (t) => Uint8Array.from(atob(t.replace(/-/g, '+').replace(/_/g, '/')), (c) => c.charCodeAt(0));
  const text = (b) => btoa(String.fromCharCode(...new Uint8Array(b))).replace(/\\+/g, '-').replace(/\\//g, '_').replace(/=+$/, '');
  const edited = (fields, change) => {
    const credential = JSON.parse(fields.credential);
    change(credential);
    return { ...fields, credential: JSON.stringify(credential) };
  };
  const relabel = (c, name, value) => {
    const data = JSON.parse(new TextDecoder().decode(bytes(c.response.clientDataJSON)));
    data[name] = value;
    c.response.clientDataJSON = text(new TextEncoder().encode(JSON.stringify(data)));
  };
  const post = (path, fields) => fetch(path, { method: 'POST', headers: { accept: 'application/json' }, body: new URLSearchParams(fields) });
  const begin = async () => (await post('/console/sign-in/passkey/begin', {})).json();
  const asked = await begin();
  const credential = await navigator.credentials.get({ publicKey: { ...asked.options, challenge: bytes(asked.options.challenge), allowCredentials: [] } });
  const r = credential.response;
  const fields = { ceremony: asked.ceremony, credential: JSON.stringify({
    id: credential.id, rawId: text(credential.rawId), type: credential.type, clientExtensionResults: {},
    response: { clientDataJSON: text(r.clientDataJSON), authenticatorData: text(r.authenticatorData), signature: text(r.signature), userHandle: text(r.userHandle) } }) };
  const first = window.firstOne || fields;
  const other = await begin();
  const answered = await post('/console/sign-in/passkey/finish', (SPOIL)(fields));
  window.firstOne = fields;
  return answered.status;
}
"""
