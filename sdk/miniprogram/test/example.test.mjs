// The example mini program, from a cold start: a guest, a heart, a profile, a phone number, and out again.
// Behind it are the real server, the real emulator, and the FastAPI backend as it stands in examples/.

import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { after, test } from "node:test";
import { fileURLToPath } from "node:url";
import { Phone } from "./support/phone.mjs";
import { start } from "./support/program.mjs";
import { PYTHON, startStack } from "./support/stack.mjs";
import { until } from "./support/until.mjs";

const stack = await startStack();

/** The FastAPI backend; its URL. */
async function startBackend() {
  const child = spawn(PYTHON, ["-B", "-m", "uvicorn", "app:app", "--port", "0"], {
    cwd: fileURLToPath(new URL("../../../examples/backend-fastapi", import.meta.url)),
    env: { ...process.env, LINGPAI_URL: stack.server, LINGPAI_APPID: stack.app.appid, TEA_DATABASE: join(stack.folder, "teas.db") },
    stdio: ["ignore", "ignore", "pipe"],
  });
  after(async () => {
    child.kill("SIGTERM");
    await once(child, "exit");
  });
  let log = "";
  child.stderr.on("data", (piece) => (log += piece));
  const url = () => log.match(/running on (http:\S+)/)?.[1];
  await until(() => url() ?? child.exitCode !== null);
  assert.ok(url(), log);
  return url();
}

const backend = await startBackend();

async function somebody(ext = { server: stack.server, app: "demo-mp", backend }) {
  const { id: person } = await stack.control("people", { nickname: "小满", phone: "13800138000" });
  const phone = new Phone(stack, { person });
  return { phone, program: start(phone, ext) };
}

const tap = (id) => ({ currentTarget: { dataset: { id } } });
const kept = (page) => page.data.teas.filter((tea) => tea.kept).map((tea) => tea.id);

test("a guest sees every tea, and nobody has asked who they are", async () => {
  const { phone, program } = await somebody();
  const teas = program.open("pages/teas/teas");
  await phone.idle();
  assert.ok(teas.data.teas.length >= 6);
  assert.equal(teas.data.teas[0].name, "Longjing");
  assert.equal(phone.count("request") + phone.count("login"), 0);
});

test("a heart signs in, and is kept over a restart", async () => {
  const { phone, program } = await somebody();
  const teas = program.open("pages/teas/teas");
  await teas.toggle(tap("puer"));
  assert.equal(teas.data.complaint, null);
  assert.deepEqual(kept(teas), ["puer"]);
  assert.equal(phone.count("login"), 1);
  await phone.idle();
  const again = start(phone, { server: stack.server, backend }).open("pages/teas/teas");
  await until(() => kept(again).length === 1);
  await again.toggle(tap("puer"));
  assert.deepEqual(kept(again), []);
  assert.equal(phone.count("login"), 1);
});

test("who has signed out is shown the way in instead of being signed in", async () => {
  const { program } = await somebody();
  const teas = program.open("pages/teas/teas");
  await teas.toggle(tap("puer"));
  await program.auth.logout();
  await until(() => kept(teas).length === 0);
  await teas.toggle(tap("puer"));
  assert.deepEqual(program.shown, ["switchTab /pages/me/me"]);
  assert.equal(program.auth.user, null);
});

test("an answer that comes after somebody has left is shown to nobody", async () => {
  const { phone, program } = await somebody();
  await program.auth.login();
  await program.auth.fillProfile({ nickname: "小满" });
  await program.auth.request({ url: "/favourites/puer", method: "PUT" });
  await phone.idle();
  const late = [];
  const { request } = phone.wx;
  phone.wx.request = (options) =>
    /favourites|\/v1\/me$/.test(options.url)
      ? request({ ...options, success: (answer) => late.push(() => options.success(answer)) })
      : request(options);
  const [teas, me] = [program.open("pages/teas/teas"), program.open("pages/me/me")];
  await until(() => late.length === 2);
  await program.auth.logout();
  await until(() => me.data.user === null);
  late.forEach((bring) => bring());
  await phone.idle();
  assert.deepEqual([kept(teas), me.data.profile, me.data.phone], [[], null, ""]);
});

test("a backend that is not there is named", async () => {
  const { program } = await somebody({ server: stack.server, backend: "http://127.0.0.1:9" });
  const teas = program.open("pages/teas/teas");
  await teas.toggle(tap("puer"));
  assert.match(teas.data.complaint.message, /examples\/backend-fastapi/);
});

test("the page about oneself follows who is there", async () => {
  const { phone, program } = await somebody();
  const me = program.open("pages/me/me");
  await phone.idle();
  assert.equal(me.data.user, null);
  await me.signIn();
  await until(() => me.data.profile);
  assert.equal(me.data.user.id, program.auth.user.id);
  assert.equal(me.data.phone, "");
  const detail = await stack.control("wx/getPhoneNumber", { appid: phone.appId, person: phone.person });
  me.gotPhone({ detail: await program.auth.phone({ detail }) });
  assert.equal(me.data.phone, "13800138000");
  await program.auth.fillProfile({ nickname: "小满" });
  me.onShow();
  await until(() => me.data.profile.nickname === "小满");
  await program.auth.logout();
  await until(() => me.data.user === null);
  assert.deepEqual([me.data.profile, me.data.phone], [null, ""]);
});

test("a page opened after the login knows of it", async () => {
  const { program } = await somebody();
  await program.auth.login();
  const me = program.open("pages/me/me");
  await until(() => me.data.user);
  assert.equal(me.data.user.id, program.auth.user.id);
});

test("a login that fails is said, and the button works again", async () => {
  const { phone, program } = await somebody();
  const me = program.open("pages/me/me");
  phone.order("login", { fail: { errMsg: "login:fail" } });
  await me.signIn();
  assert.ok(me.data.complaint.message);
  assert.equal(me.data.busy, false);
  await me.signIn();
  assert.equal(me.data.complaint, null);
});

test("the form opens with what is known, and closes when it is stored", async () => {
  const { program } = await somebody();
  await program.auth.fillProfile({ nickname: "小满" });
  const profile = program.open("pages/profile/profile");
  await until(() => profile.data.nickname === "小满");
  profile.done();
  assert.deepEqual(program.shown, ["navigateBack"]);
});

test("every page, icon and component of app.json is there, and every word in both languages", async () => {
  const { program } = await somebody();
  const read = (name) => readFileSync(join(program.folder, name), "utf8");
  const app = JSON.parse(read("app.json"));
  for (const page of app.pages) {
    for (const end of ["js", "json", "wxml", "wxss"]) assert.ok(existsSync(join(program.folder, `${page}.${end}`)), `${page}.${end}`);
    const { usingComponents = {} } = JSON.parse(read(`${page}.json`));
    for (const path of Object.values({ ...app.usingComponents, ...usingComponents })) {
      assert.ok(existsSync(join(program.folder, "miniprogram_npm", `${path}.wxml`)), path);
    }
    for (const [, handler] of read(`${page}.wxml`).matchAll(/\bbind\w+="(\w+)"/g)) {
      assert.equal(typeof program.open(page)[handler], "function", `${page} ${handler}`);
    }
  }
  for (const { iconPath, selectedIconPath } of app.tabBar.list) {
    for (const icon of [iconPath, selectedIconPath]) assert.ok(existsSync(join(program.folder, icon)), icon);
  }
  const words = {};
  for (const language of ["zh_CN", "en"]) {
    const phone = new Phone(stack, { language });
    words[language] = start(phone, { server: stack.server }).open("pages/me/me").data.t;
  }
  assert.deepEqual(Object.keys(words.zh_CN), Object.keys(words.en));
  const shown = app.pages.map((page) => read(`${page}.wxml`) + read(`${page}.js`)).join();
  for (const word of Object.keys(words.en)) assert.ok(shown.includes(`t.${word}`), `${word} is said nowhere`);
  for (const page of app.pages) {
    for (const [, word] of read(`${page}.wxml`).matchAll(/\bt\.(\w+)/g)) assert.ok(words.en[word], word);
  }
});
