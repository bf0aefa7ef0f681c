// What goes wrong on this side of the network: every call ends, and says what to do.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { authOn, createAuth, currentAuth, LingpaiError, refusal } from "./support/sdk.mjs";
import { Phone } from "./support/phone.mjs";

// Nothing here reaches a server.
const stack = { server: "http://127.0.0.1:9", emulator: "http://127.0.0.1:9", app: { appid: "wx00000000000000a1" } };
const CHINESE = /[\u4e00-\u9fff]/;

/** What the SDK makes of what a phone button was given. */
const fromButton = (detail, language = "en") =>
  refusal(authOn(new Phone(stack, { language })).phone({ detail }));

test("the options are checked at once", () => {
  const phone = new Phone(stack);
  for (const options of [{ app: "" }, { baseURL: "" }, { baseURL: "login.example.com" }, { baseURL: "https:///x" }]) {
    assert.throws(() => authOn(phone, options), { code: "bad_options", name: "LingpaiError" });
  }
  assert.throws(() => createAuth({ baseURL: "https://login.example.com", app: "shop" }), { code: "bad_options" });
});

test("the components use the auth that was created last", () => {
  const auth = authOn(new Phone(stack));
  assert.equal(currentAuth(), auth);
});

test("a call that never comes back is over in time, and aborted", async () => {
  const phone = new Phone(stack);
  phone.order("login", { hang: true });
  const auth = authOn(phone, { timeout: 20 });
  const error = await refusal(auth.login());
  assert.deepEqual([error.code, error.errMsg], ["timeout", "login:fail timeout"]);
  let aborted = 0;
  phone.wx.request = () => ({ abort: () => aborted++ });
  assert.equal((await refusal(auth.request({ url: "/x" }))).code, "timeout");
  assert.equal(aborted, 1);
  assert.equal((await refusal(auth.request({ url: "/x", timeout: 10 }))).code, "timeout");
});

test("an answer that comes after the timeout changes nothing", async () => {
  const phone = new Phone(stack);
  let late;
  phone.wx.login = ({ success }) => void (late = success);
  const auth = authOn(phone, { timeout: 20 });
  assert.equal((await refusal(auth.login())).code, "timeout");
  late({ code: "too late" });
  await phone.idle();
  assert.equal(auth.user, null);
  assert.equal(phone.count("request"), 0);
});

test("a login without a code is a failure", async () => {
  const phone = new Phone(stack);
  phone.wx.login = ({ success }) => void setImmediate(success, { errMsg: "login:ok" });
  const error = await refusal(authOn(phone).login());
  assert.deepEqual([error.code, error.errMsg], ["wx_failed", "login:ok, without a code"]);
});

test("a client that lacks a call, or throws, is a failure like any other", async () => {
  const phone = new Phone(stack);
  delete phone.wx.login;
  assert.equal((await refusal(authOn(phone).login())).code, "wx_failed");
  phone.wx.login = () => {
    throw new Error("the bridge is gone");
  };
  assert.match((await refusal(authOn(phone).login())).errMsg, /the bridge is gone/);
});

test("a network that fails is told from a host that is not listed", async () => {
  const phone = new Phone(stack);
  const auth = authOn(phone);
  assert.equal((await refusal(auth.request({ url: "/x" }))).code, "network");
  phone.order("request", { fail: { errMsg: "request:fail url not in domain list", errno: 600002 } });
  const error = await refusal(auth.request({ url: "/x" }));
  assert.deepEqual([error.code, error.errno], ["domain_not_listed", 600002]);
  phone.order("request", { fail: { errMsg: "request:fail timeout", errno: 5 } });
  assert.equal((await refusal(auth.request({ url: "/x" }))).code, "timeout");
});

test("a host that is not listed is not asked twice", async () => {
  const phone = new Phone(stack);
  phone.wx.login = ({ success }) => void setImmediate(success, { code: "0123456789abcdef" });
  phone.order("request", { times: 3, fail: { errMsg: "request:fail url not in domain list", errno: 600002 } });
  assert.equal((await refusal(authOn(phone).login())).code, "domain_not_listed");
  assert.equal(phone.count("request"), 1);
});

for (const [detail, code] of [
  [{ errMsg: "getPhoneNumber:fail user deny" }, "denied"],
  [{ errMsg: "getPhoneNumber:fail user cancel" }, "denied"],
  [{ errMsg: "getPhoneNumber:fail auth deny", errno: 103 }, "denied"],
  [{ errMsg: "getPhoneNumber:fail jsapi has no permission" }, "phone_not_allowed"],
  [{ errMsg: "getPhoneNumber:fail", errno: 1400001 }, "phone_quota"],
  [{ errMsg: "getPhoneNumber:fail privacy permission is not authorized", errno: 104 }, "privacy_refused"],
  [{ errMsg: "getPhoneNumber:fail api scope is not declared in the privacy agreement", errno: 112 }, "privacy_not_declared"],
  [{ errMsg: "getPhoneNumber:fail api scope is not declared in the privacy agreement" }, "privacy_not_declared"],
  [{ errMsg: "getPhoneNumber:fail 系统错误" }, "wx_failed"],
  [{}, "wx_failed"],
]) {
  test(`a phone button that gives ${JSON.stringify(detail)} is ${code}`, async () => {
    const error = await fromButton(detail);
    assert.equal(error.code, code);
    assert.equal(error.errMsg, detail.errMsg);
  });
}

test("an errno is believed before a text", async () => {
  assert.equal((await fromButton({ errMsg: "getPhoneNumber:fail user deny", errno: 1400001 })).code, "phone_quota");
});

test("every sentence is there in both languages", () => {
  const source = readFileSync(new URL("../src/words.ts", import.meta.url), "utf8");
  const table = source.slice(source.indexOf("WORDS = {") + 8, source.indexOf("};") + 1);
  const words = new Function("AGAIN_EN", "AGAIN_ZH", `return ${table}`)("Again.", "再来。");
  assert.ok(Object.keys(words).length > 10);
  for (const [code, [what, hint, 什么, 怎么办]] of Object.entries(words)) {
    assert.ok(what && CHINESE.test(什么), code);
    assert.equal(Boolean(hint), CHINESE.test(怎么办), code);
    assert.ok(!CHINESE.test(what), code);
    assert.doesNotMatch(什么 + 怎么办, /[\u4e00-\u9fff][,;:!?()]/, code);
  }
});

test("the phone's language is the language of the words", async () => {
  const detail = { errMsg: "getPhoneNumber:fail", errno: 1400001 };
  assert.match((await fromButton(detail, "zh_CN")).message, CHINESE);
  assert.doesNotMatch((await fromButton(detail, "en")).message, CHINESE);
  const old = new Phone(stack);
  delete old.wx.getAppBaseInfo;
  assert.match((await refusal(authOn(old).phone({ detail }))).message, CHINESE);
  old.wx.getSystemInfoSync = () => ({ language: "en" });
  assert.doesNotMatch((await refusal(authOn(old).phone({ detail }))).message, CHINESE);
});

test("an error is one class, with a code and a hint", async () => {
  const error = await fromButton({ errMsg: "getPhoneNumber:fail", errno: 1400001 });
  assert.ok(error instanceof LingpaiError && error instanceof Error);
  assert.equal(error.name, "LingpaiError");
  assert.match(error.hint, /付费管理/);
});

test("nothing of the person is in what an error prints", async () => {
  const phone = new Phone(stack);
  phone.wx.login = ({ success }) => void setImmediate(success, { code: "a-code-that-is-secret" });
  const error = await refusal(authOn(phone).login());
  assert.doesNotMatch(`${error.stack} ${JSON.stringify(error)}`, /a-code-that-is-secret/);
});

test("privacy is asked for where the client can ask, and not in the way where it cannot", async () => {
  const phone = new Phone(stack, { agreed: false });
  const auth = authOn(phone);
  assert.equal((await refusal(auth.requirePrivacy())).code, "privacy_refused");
  phone.wx.onNeedPrivacyAuthorization((resolve) => resolve({ event: "agree", buttonId: "agree" }));
  await auth.requirePrivacy();
  phone.wx.onNeedPrivacyAuthorization((resolve) => resolve({ event: "disagree" }));
  const told = await new Promise((fail) => void auth.requirePrivacy({ fail }));
  assert.match(told.hint, /10 s/);
  delete phone.wx.requirePrivacyAuthorize;
  await auth.requirePrivacy();
});
