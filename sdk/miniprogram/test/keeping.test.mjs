// What is kept: over a restart, per app and environment, by the server's clock and not the phone's.

import assert from "node:assert/strict";
import { beforeEach, test } from "node:test";
import { authOn } from "./support/sdk.mjs";
import { Phone } from "./support/phone.mjs";
import { startStack } from "./support/stack.mjs";

const stack = await startStack();
const HOUR = 3_600_000;
beforeEach(() => stack.control("reset", {}));

async function signedIn(options) {
  const phone = new Phone(stack, options);
  const auth = authOn(phone);
  await auth.login();
  await phone.idle();
  return { phone, auth };
}

test("a restart finds the session, and asks nobody", async () => {
  const { phone, auth } = await signedIn();
  const before = phone.count("request");
  const next = authOn(phone);
  assert.equal(next.user, null);
  const user = await next.ready;
  assert.equal(user.id, auth.user.id);
  assert.equal(user.is_new, false);
  await next.login();
  assert.equal(phone.count("request"), before);
  assert.equal(phone.count("login"), 1);
});

test("trial, release and another server are strangers to one another", async () => {
  const { phone } = await signedIn();
  for (const change of [() => (phone.envVersion = "trial"), () => (phone.envVersion = "release")]) {
    change();
    assert.equal(await authOn(phone).ready, null);
  }
  phone.envVersion = "develop";
  assert.equal(await authOn(phone, { app: stack.app.appid }).ready, null);
  assert.equal(await authOn(phone, { baseURL: `${stack.server.replace("127.0.0.1", "localhost")}/` }).ready, null);
  assert.ok(await authOn(phone).ready);
});

test("what was read from the storage is encrypted when that is wished", async () => {
  const phone = new Phone(stack);
  await authOn(phone, { encrypt: true }).login();
  await phone.idle();
  const storage = phone.calls.filter(({ api }) => /Storage$/.test(api)).map(({ options }) => options.encrypt);
  assert.deepEqual(storage, [true, true]);
});

test("a storage that cannot be read is a guest's", async () => {
  const { phone } = await signedIn();
  phone.order("getStorage", { fail: { errMsg: "getStorage:fail" } });
  assert.equal(await authOn(phone).ready, null);
  phone.storage.set([...phone.storage.keys()][0], "what another version has left");
  const auth = authOn(phone);
  assert.equal(await auth.ready, null);
  assert.ok(await auth.login());
});

test("a storage that hangs does not keep anybody waiting for ever", async () => {
  const { phone } = await signedIn();
  phone.order("getStorage", { hang: true });
  assert.equal(await authOn(phone, { timeout: 20 }).ready, null);
});

test("a storage that is full costs nothing now", async () => {
  const phone = new Phone(stack);
  phone.order("setStorage", { times: 5, fail: { errMsg: "setStorage:fail exceed limit" } });
  const auth = authOn(phone);
  await auth.login();
  assert.equal((await auth.request({ url: "/v1/session" })).statusCode, 200);
});

test("writes land in the order in which they were made", async () => {
  const phone = new Phone(stack);
  const { setStorage } = phone.wx;
  let first = true;
  // The first write is slow: it is let through only when nothing else happens any more.
  phone.wx.setStorage = (options) => {
    if (first) phone.idle().then(() => setStorage(options));
    else setStorage(options);
    first = false;
  };
  const auth = authOn(phone);
  await auth.login();
  await auth.logout();
  await phone.idle();
  await phone.idle();
  assert.equal(phone.kept.session, null);
});

for (const [words, wrong] of [["an hour fast", HOUR], ["a day slow", -24 * HOUR]]) {
  test(`a phone whose clock is ${words} neither refreshes early nor sends what is over`, async (t) => {
    const right = Date.now;
    t.mock.method(Date, "now", () => right() + wrong);
    const { phone, auth } = await signedIn();
    await auth.request({ url: "/v1/session" });
    assert.equal(phone.count("request", "/refresh"), 0);
    // The server's time passes; the phone's own idea of it does not matter.
    Date.now.mock.mockImplementation(() => right() + wrong + 16 * 60_000);
    await auth.request({ url: "/v1/session" });
    assert.equal(phone.count("request", "/refresh"), 1);
    assert.equal(phone.count("login"), 1);
  });
}

for (const spell of [(name) => name.toUpperCase(), (name) => name.replace(/\b[a-z]/g, (letter) => letter.toUpperCase())]) {
  test(`the server's clock is read from a header spelt ${spell("date")}`, async (t) => {
    const right = Date.now;
    t.mock.method(Date, "now", () => right() - HOUR);
    const phone = new Phone(stack);
    phone.spell = spell;
    await authOn(phone).login();
    await phone.idle();
    assert.ok(Math.abs(phone.kept.ahead - HOUR) < 60_000);
  });
}

test("a token that is nearly over is refreshed before it is sent", async () => {
  const { phone } = await signedIn();
  phone.kept.session.accessUntil = Date.now() + 5_000;
  const auth = authOn(phone);
  await auth.request({ url: "/v1/session" });
  assert.equal(phone.count("request", "/refresh"), 1);
  assert.equal(phone.requests("/v1/session").length, 2);
});

test("when the refresh token is over too, a silent login is tried at once", async () => {
  const { phone } = await signedIn();
  Object.assign(phone.kept.session, { accessUntil: 0, refreshUntil: 0 });
  const auth = authOn(phone);
  await auth.login();
  assert.equal(phone.count("request", "/refresh"), 0);
  assert.equal(phone.count("login"), 2);
});

test("is_new survives a refresh, and not a restart", async () => {
  const { id: person } = await stack.control("people", { nickname: "somebody new" });
  const { phone, auth } = await signedIn({ person });
  assert.equal(auth.user.is_new, true);
  const { request } = phone.wx;
  let refused = false;
  phone.wx.request = (options) => {
    if (refused || !options.url.endsWith("/v1/session")) return request(options);
    refused = true;
    return void setImmediate(options.success, { statusCode: 401, data: {}, header: {} });
  };
  await auth.request({ url: "/v1/session" });
  assert.equal(phone.count("request", "/refresh"), 1);
  assert.equal(auth.user.is_new, true);
  await phone.idle();
  assert.equal((await authOn(phone).ready).is_new, false);
});
