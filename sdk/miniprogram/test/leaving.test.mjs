// Signing out: it holds, whatever is under way and whoever can be reached.

import assert from "node:assert/strict";
import { beforeEach, test } from "node:test";
import { authOn, refusal } from "./support/sdk.mjs";
import { Phone } from "./support/phone.mjs";
import { startStack } from "./support/stack.mjs";
import { until } from "./support/until.mjs";

const stack = await startStack();
beforeEach(() => stack.control("reset", {}));

const active = async (token) =>
  (await fetch(`${stack.server}/v1/session`, { headers: { authorization: `Bearer ${token}` } })).ok;

/** A phone on which somebody of their own has signed in. */
async function signedIn() {
  const { id: person } = await stack.control("people", { nickname: "somebody" });
  const phone = new Phone(stack, { person });
  const auth = authOn(phone);
  await auth.login();
  await phone.idle();
  return { phone, auth, token: (await auth.authorization()).slice("Bearer ".length) };
}

test("signing out ends the session here and at the server", async () => {
  const { phone, auth, token } = await signedIn();
  assert.equal(await active(token), true);
  await auth.logout();
  assert.equal(auth.user, null);
  assert.equal(await active(token), false);
  await phone.idle();
  assert.equal(phone.kept.session, null);
});

test("after signing out nothing signs in again by itself", async () => {
  const { phone, auth } = await signedIn();
  await auth.logout();
  const before = phone.count("login");
  for (const ask of [
    () => auth.request({ url: "/v1/session" }),
    () => auth.request({ url: "/v1/session", auth: "required" }),
    () => auth.authorization(),
    () => auth.me(),
    () => auth.phone({ detail: { code: "x" } }),
  ]) {
    assert.equal((await refusal(ask())).code, "signed_out");
  }
  assert.equal(phone.count("login"), before);
});

test("that holds after a restart, until a login is asked for", async () => {
  const { phone, auth } = await signedIn();
  await auth.logout();
  await phone.idle();
  const next = authOn(phone);
  assert.equal((await refusal(next.request({ url: "/v1/session" }))).code, "signed_out");
  await next.login();
  assert.equal((await next.request({ url: "/v1/session" })).statusCode, 200);
});

test("signing out holds when the server cannot be reached", async () => {
  const { phone, auth } = await signedIn();
  phone.order("request", { fail: { errMsg: "request:fail network interrupted error" } });
  await auth.logout();
  assert.equal(auth.user, null);
  await phone.idle();
  assert.equal(phone.kept.left, true);
});

test("signing out everywhere ends the other phone's session too", async () => {
  const { phone, auth, token } = await signedIn();
  const other = authOn(new Phone(stack, { person: phone.person }));
  await other.login();
  await other.logout({ everywhere: true });
  assert.equal(await active(token), false);
  assert.equal((await refusal(auth.request({ url: "/v1/session", auth: "held" }))).code, "login_first");
});

test("who could not sign out everywhere is told so, and still signed in", async () => {
  const { phone, auth, token } = await signedIn();
  phone.order("request", { fail: { errMsg: "request:fail network interrupted error" } });
  assert.equal((await refusal(auth.logout({ everywhere: true }))).code, "network");
  assert.ok(auth.user);
  assert.equal(await active(token), true);
  await auth.logout({ everywhere: true });
  assert.equal(auth.user, null);
});

test("a login under way does not bring back somebody who left", async () => {
  const phone = new Phone(stack);
  const auth = authOn(phone);
  const login = refusal(auth.login());
  await until(() => phone.count("request", "/login") === 1);
  await auth.logout();
  assert.equal((await login).code, "signed_out");
  assert.equal(auth.user, null);
  // What the late answer started is ended again.
  const ended = () => phone.calls.filter(({ options }) => options.method === "DELETE");
  await until(() => ended().length === 1);
  const token = ended()[0].options.header.Authorization.slice("Bearer ".length);
  await until(async () => !(await active(token)));
});

test("a fresh login ends the session that it replaces", async () => {
  const { auth, token } = await signedIn();
  await auth.login({ fresh: true });
  await until(async () => !(await active(token)));
  assert.equal((await auth.request({ url: "/v1/session" })).statusCode, 200);
});

test("a login that has not begun yet does not begin after signing out", async () => {
  const phone = new Phone(stack);
  const auth = authOn(phone);
  const login = refusal(auth.login());
  await auth.logout();
  assert.equal((await login).code, "signed_out");
  assert.equal(phone.count("login"), 0);
});

test("a login after signing out is a new one, not the one under way", async () => {
  const phone = new Phone(stack);
  const auth = authOn(phone);
  const first = refusal(auth.login());
  await until(() => phone.count("login") === 1);
  await auth.logout();
  const user = await auth.login();
  assert.equal(auth.user, user);
  assert.equal((await first).code, "signed_out");
});

test("a refresh under way is ended with the session", async () => {
  const { phone } = await signedIn();
  phone.kept.session.access = "not.a.token";
  const auth = authOn(phone);
  const request = refusal(auth.request({ url: "/v1/session" }));
  await until(() => phone.count("request", "/refresh") === 1);
  await auth.logout();
  assert.equal((await request).code, "signed_out");
  const [ended] = phone.calls.filter(({ options }) => options.method === "DELETE");
  assert.notEqual(ended.options.header.Authorization, "Bearer not.a.token");
  assert.equal(await active(ended.options.header.Authorization.slice("Bearer ".length)), false);
});

test("a token that is over is renewed to end its session", async () => {
  const { phone } = await signedIn();
  const { refresh } = phone.kept.session;
  phone.kept.session.accessUntil = 0;
  const auth = authOn(phone);
  await auth.logout();
  const answer = await fetch(`${stack.server}/v1/session/refresh`, {
    method: "POST",
    body: JSON.stringify({ refresh_token: refresh, nonce: phone.requests("/refresh")[0].data.nonce }),
  });
  assert.equal(answer.status, 401);
});

test("a guest may leave, too", async () => {
  const phone = new Phone(stack);
  const auth = authOn(phone);
  await auth.logout();
  await auth.logout({ everywhere: true });
  assert.equal(phone.count("request"), 0);
});

test("listeners hear who comes and who goes, until they stop listening", async () => {
  const phone = new Phone(stack);
  const auth = authOn(phone);
  const heard = [];
  const stop = auth.onChange((user) => heard.push(user && user.id));
  const { id } = await auth.login();
  await auth.login();
  await auth.logout();
  assert.deepEqual(heard, [id, null]);
  stop();
  await auth.login();
  assert.equal(heard.length, 2);
});
