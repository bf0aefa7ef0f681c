// Signing in: once, in one piece, and again where a code or an answer was lost.

import assert from "node:assert/strict";
import { beforeEach, test } from "node:test";
import { authOn, refusal } from "./support/sdk.mjs";
import { Phone } from "./support/phone.mjs";
import { startStack } from "./support/stack.mjs";

const stack = await startStack();
const exchanges = async () => (await stack.control("ledger?path=/sns/jscode2session")).calls;

beforeEach(() => stack.control("reset", {}));

test("a guest is nobody until login, and then has a name", async () => {
  const phone = new Phone(stack);
  const auth = authOn(phone);
  assert.equal(await auth.ready, null);
  assert.equal(phone.count("login"), 0);
  const user = await auth.login();
  assert.match(user.id, /^usr_/);
  assert.match(user.openid, /^o/);
  assert.equal(auth.user, user);
});

test("a page that is opened later is told who is signed in by then", async () => {
  const auth = authOn(new Phone(stack));
  assert.equal(await auth.ready, null);
  const user = await auth.login();
  assert.equal(await auth.ready, user);
  await auth.logout();
  assert.equal(await auth.ready, null);
});

test("ten logins at once are one code and one exchange", async () => {
  const phone = new Phone(stack);
  const auth = authOn(phone);
  const users = await Promise.all(Array.from({ length: 10 }, () => auth.login()));
  assert.equal(new Set(users.map((user) => user.id)).size, 1);
  assert.equal(phone.count("login"), 1);
  assert.equal((await exchanges()).length, 1);
});

test("a login while signed in asks nobody", async () => {
  const phone = new Phone(stack);
  const auth = authOn(phone);
  await auth.login();
  const before = phone.calls.length;
  await auth.login();
  assert.deepEqual(phone.calls.slice(before), []);
});

test("a fresh login takes a new code although somebody is signed in", async () => {
  const phone = new Phone(stack);
  const auth = authOn(phone);
  const { id } = await auth.login();
  const again = await Promise.all([auth.login({ fresh: true }), auth.login({ fresh: true })]);
  assert.deepEqual(again.map((user) => user.id), [id, id]);
  assert.equal(phone.count("login"), 2);
});

test("a failed login is forgotten, and the next one tries anew", async () => {
  const phone = new Phone(stack);
  const auth = authOn(phone);
  phone.order("login", { fail: { errMsg: "login:fail 系统错误" } });
  const errors = await Promise.all([refusal(auth.login()), refusal(auth.login())]);
  assert.deepEqual(errors.map((error) => error.code), ["wx_failed", "wx_failed"]);
  assert.equal(errors[0].errMsg, "login:fail 系统错误");
  assert.ok(await auth.login());
});

test("the AppID the client believes it has goes along, and a wrong one is named", async () => {
  const phone = new Phone(stack);
  await authOn(phone).login();
  const [body] = phone.requests("/login").map((options) => options.data);
  assert.equal(body.appid, stack.app.appid);
  const stray = new Phone(stack);
  stray.wx.getAccountInfoSync = () => ({ miniProgram: { appId: "wx00000000000000ff", envVersion: "develop" } });
  const error = await refusal(authOn(stray).login());
  assert.equal(error.code, "app_mismatch");
  assert.equal(error.status, 409);
  assert.match(error.message, /wx00000000000000ff/);
  assert.match(error.hint, /project\.config\.json/);
  assert.match(error.requestId, /./);
});

test("a lost answer is asked for again with the same code and nonce", async () => {
  const { id: person } = await stack.control("people", { nickname: "somebody new" });
  const phone = new Phone(stack, { person });
  phone.order("request", { url: "/login", lose: true });
  const user = await authOn(phone).login();
  const bodies = phone.requests("/login").map((options) => options.data);
  assert.equal(bodies.length, 2);
  assert.deepEqual(bodies[0], bodies[1]);
  assert.match(bodies[0].nonce, /^[0-9a-f]{32}$/);
  assert.equal((await exchanges()).length, 1);
  assert.equal(user.is_new, true);
});

test("every exchange has a nonce of its own", async () => {
  const phone = new Phone(stack);
  const auth = authOn(phone);
  await auth.login();
  await auth.login({ fresh: true });
  const nonces = phone.requests("/login").map((options) => options.data.nonce);
  assert.equal(new Set(nonces).size, 2);
});

test("without random bytes nothing is sent twice", async () => {
  const phone = new Phone(stack);
  delete phone.wx.getRandomValues;
  phone.order("request", { url: "/login", lose: true });
  const auth = authOn(phone);
  assert.equal((await refusal(auth.login())).code, "network");
  assert.equal(phone.count("request"), 1);
  assert.ok(await auth.login());
});

test("a code that WeChat refuses is replaced once, and only once", async () => {
  const phone = new Phone(stack);
  await stack.control("faults", { path: "/sns/jscode2session", times: 1, errcode: 40029 });
  assert.ok(await authOn(phone).login());
  assert.equal(phone.count("login"), 2);
  const unlucky = new Phone(stack);
  await stack.control("faults", { path: "/sns/jscode2session", times: 5, errcode: 40029 });
  const error = await refusal(authOn(unlucky).login());
  assert.equal(error.code, "code_invalid");
  assert.equal(error.wechat.errcode, 40029);
  assert.equal(unlucky.count("login"), 2);
});

test("a code that was spent elsewhere is replaced without asking the user", async () => {
  const phone = new Phone(stack);
  await stack.control("faults", { path: "/sns/jscode2session", times: 1, errcode: 40163 });
  assert.ok(await authOn(phone).login());
  assert.equal(phone.count("login"), 2);
});

test("a busy WeChat is asked again with the same code and nonce, after as long as it wants", async () => {
  const phone = new Phone(stack);
  const { request } = phone.wx;
  const busy = [];
  phone.wx.request = (options) =>
    request({
      ...options,
      success: async (answer) => {
        if (answer.statusCode === 503) {
          busy.push(answer);
          await stack.control("faults", undefined, "DELETE");
        }
        options.success(answer);
      },
    });
  await stack.control("faults", { path: "/sns/jscode2session", times: 100, errcode: -1 });
  assert.ok(await authOn(phone).login());
  assert.deepEqual(busy.map(({ data }) => data.code), ["wechat_busy"]);
  const bodies = phone.requests("/login").map((options) => options.data);
  assert.equal(bodies.length, 2);
  assert.deepEqual(bodies[0], bodies[1]);
});

test("a WeChat that stays busy is asked twice, and then the user is told", async () => {
  const phone = new Phone(stack);
  await stack.control("faults", { path: "/sns/jscode2session", times: 100, errcode: -1 });
  const error = await refusal(authOn(phone).login());
  assert.deepEqual([error.code, error.status], ["wechat_busy", 503]);
  assert.ok(error.retryAfter > 0);
  assert.equal(phone.count("request", "/login"), 2);
  assert.equal(phone.count("login"), 1);
});

test("a refusal with a time is not asked again before it", async () => {
  const phone = new Phone(stack);
  const auth = authOn(phone);
  await stack.control("faults", { path: "/sns/jscode2session", times: 1, errcode: 45011 });
  const first = await refusal(auth.login());
  assert.equal(first.code, "wechat_rate_limited");
  assert.ok(first.retryAfter > 0, "the server says when");
  const before = phone.count("login");
  const second = await refusal(auth.login());
  assert.equal(second, first);
  assert.equal(phone.count("login"), before);
});

test("somebody whom WeChat blocks is told so, and not asked again by itself", async () => {
  const phone = new Phone(stack);
  await stack.control("faults", { path: "/sns/jscode2session", times: 1, errcode: 40226 });
  const error = await refusal(authOn(phone).login());
  assert.equal(error.code, "user_blocked");
  assert.equal(phone.count("login"), 1);
});

test("the code of tourist mode is explained", async () => {
  const phone = new Phone(stack);
  phone.wx.login = ({ success }) => void setImmediate(success, { code: "the code is a mock one" });
  assert.equal((await refusal(authOn(phone).login())).code, "devtools_mock_code");
});

test("a server that is something else is not believed", async () => {
  const phone = new Phone(stack);
  phone.wx.request = ({ success }) => void setImmediate(success, { statusCode: 200, data: "<html>", header: {} });
  assert.equal((await refusal(authOn(phone).login())).code, "bad_answer");
});

test("the person another phone signs in is another one", async () => {
  const [one, other] = [new Phone(stack), new Phone(stack, { person: "xiaohong" })];
  assert.notEqual((await authOn(one).login()).id, (await authOn(other).login()).id);
});

test("callbacks are called as WeChat's own are, and promises too", async () => {
  const phone = new Phone(stack);
  const heard = [];
  const auth = authOn(phone);
  const promised = await new Promise((resolve) => {
    const promise = auth.login({
      success: (user) => heard.push(["success", user.id]),
      fail: () => heard.push(["fail"]),
      complete: (user) => heard.push(["complete", user.id]) && resolve(promise),
    });
  });
  assert.deepEqual(heard, [["success", promised.id], ["complete", promised.id]]);
  await auth.logout();
  phone.order("login", { fail: { errMsg: "login:fail" } });
  const failed = await new Promise((resolve) => void auth.login({ fail: resolve }));
  assert.equal(failed.code, "wx_failed");
});
