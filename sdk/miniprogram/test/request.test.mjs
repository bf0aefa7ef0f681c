// Requests with a token: when it goes along, what a 401 leads to, and where it never goes.

import assert from "node:assert/strict";
import { createServer } from "node:http";
import { once } from "node:events";
import { after, beforeEach, test } from "node:test";
import { authOn, refusal } from "./support/sdk.mjs";
import { Phone } from "./support/phone.mjs";
import { startStack } from "./support/stack.mjs";

const stack = await startStack();
beforeEach(() => stack.control("reset", {}));

/** A backend of somebody's own: it asks the server who the token is of, and answers 401 when it is nobody's. */
const heard = [];
const backend = createServer(async (request, response) => {
  heard.push({ url: request.url, authorization: request.headers.authorization, method: request.method });
  const told = await fetch(`${stack.server}/v1/session`, { headers: { authorization: request.headers.authorization ?? "" } });
  const open = request.url.startsWith("/open");
  response.writeHead(open || told.ok ? 200 : 401, { "content-type": "application/json" });
  response.end(JSON.stringify({ user: told.ok ? (await told.json()).user.id : null }));
}).listen(0, "127.0.0.1");
await once(backend, "listening");
after(() => backend.close());
const api = `http://127.0.0.1:${backend.address().port}`;
beforeEach(() => void heard.splice(0));

const onPhone = (options) => {
  const phone = new Phone(stack);
  return { phone, auth: authOn(phone, { api, ...options }) };
};

/** End the session behind the SDK's back. */
async function endElsewhere(phone) {
  await phone.idle();
  const { access } = phone.kept.session;
  const answer = await fetch(`${stack.server}/v1/session`, { method: "DELETE", headers: { authorization: `Bearer ${access}` } });
  assert.equal(answer.status, 204);
}

/** Put a token into the storage that no server has made, and start the mini program again. */
async function restartedWith(phone, fields) {
  await phone.idle();
  Object.assign(phone.kept.session, fields);
  return authOn(phone, { api });
}

test("a guest's request carries no token", async () => {
  const { phone, auth } = onPhone();
  const { data, statusCode } = await auth.request({ url: "/open" });
  assert.deepEqual([statusCode, data.user, heard[0].authorization], [200, null, undefined]);
  assert.equal(phone.count("login"), 0);
});

test("a guest who is asked who they are is signed in, and the request is sent again", async () => {
  const { phone, auth } = onPhone();
  const { data } = await auth.request({ url: "/mine", method: "POST", data: { tea: "longjing" } });
  assert.equal(data.user, auth.user.id);
  assert.equal(phone.count("login"), 1);
  assert.equal(heard.length, 2);
});

test("ten guests' requests at once are one login", async () => {
  const { phone, auth } = onPhone();
  const answers = await Promise.all(Array.from({ length: 10 }, () => auth.request({ url: "/mine" })));
  assert.equal(new Set(answers.map(({ data }) => data.user)).size, 1);
  assert.equal(phone.count("login"), 1);
});

test("a page that loads while the app logs in is no guest", async () => {
  const { phone, auth } = onPhone();
  const login = auth.login();
  const { data } = await auth.request({ url: "/mine" });
  assert.equal(data.user, (await login).id);
  assert.equal(heard.length, 1);
  assert.equal(phone.count("login"), 1);
});

test("a page that loads while a login fails is a guest", async () => {
  const { phone, auth } = onPhone();
  phone.order("login", { fail: { errMsg: "login:fail" } });
  const login = refusal(auth.login());
  assert.equal((await auth.request({ url: "/open" })).data.user, null);
  assert.equal((await login).code, "wx_failed");
});

test("a request that requires somebody logs in before it is sent", async () => {
  const { auth } = onPhone();
  await auth.request({ url: "/mine", auth: "required" });
  assert.equal(heard.length, 1);
  assert.match(heard[0].authorization, /^Bearer /);
});

test("a refused token is refreshed, and the request sent again once", async () => {
  const { phone, auth } = onPhone();
  await auth.login();
  const again = await restartedWith(phone, { access: "not.a.token" });
  heard.splice(0);
  const { data } = await again.request({ url: "/mine" });
  assert.equal(data.user, auth.user.id);
  assert.equal(phone.count("request", "/refresh"), 1);
  assert.equal(phone.count("login"), 1);
  assert.equal(heard.length, 2);
});

test("ten refused requests at once are one refresh", async () => {
  const { phone, auth } = onPhone();
  await auth.login();
  const again = await restartedWith(phone, { access: "not.a.token" });
  const answers = await Promise.all(Array.from({ length: 10 }, () => again.request({ url: "/mine" })));
  assert.equal(new Set(answers.map(({ data }) => data.user)).size, 1);
  assert.equal(phone.count("request", "/refresh"), 1);
  assert.equal(phone.count("login"), 1);
});

test("a refusal of an older token does not spend the newer one", async () => {
  const { phone, auth } = onPhone();
  await auth.login();
  const again = await restartedWith(phone, { access: "not.a.token" });
  await again.ready;
  // The slow one was sent with the old token and is refused only after the quick one has refreshed.
  let release;
  const held = new Promise((resolve) => (release = resolve));
  const { request } = phone.wx;
  phone.wx.request = (options) => {
    if (!options.url.endsWith("/slow") || options.header.Authorization !== "Bearer not.a.token") return request(options);
    return request({ ...options, success: (answer) => held.then(() => options.success(answer)) });
  };
  const slow = again.request({ url: "/slow" });
  await again.request({ url: "/quick" });
  release();
  assert.ok((await slow).data.user);
  assert.equal(phone.count("request", "/refresh"), 1);
});

test("a session that was ended elsewhere leads to a silent login", async () => {
  const { phone, auth } = onPhone();
  const { id } = await auth.login();
  await endElsewhere(phone);
  assert.equal((await auth.request({ url: "/mine" })).data.user, id);
  assert.equal(phone.count("login"), 2);
});

test("a backend that refuses everybody is believed after one try", async () => {
  const { phone, auth } = onPhone();
  await auth.login();
  const { request } = phone.wx;
  phone.wx.request = (options) =>
    options.url.includes("/never")
      ? void (phone.calls.push({ api: "request", options }), setImmediate(options.success, { statusCode: 401, data: {}, header: {} }))
      : request(options);
  const error = await refusal(auth.request({ url: "/never" }));
  assert.equal(error.status, 401);
  assert.equal(phone.count("request", "/never"), 2);
  assert.equal(phone.count("request", "/refresh"), 1);
});

test("a lost answer of a refresh is asked for again by the same client", async () => {
  const { phone, auth } = onPhone();
  const { id } = await auth.login();
  const again = await restartedWith(phone, { access: "not.a.token" });
  phone.order("request", { url: "/refresh", lose: true });
  assert.equal((await again.request({ url: "/mine" })).data.user, id);
  const nonces = phone.requests("/refresh").map(({ data }) => data.nonce);
  assert.equal(nonces.length, 2);
  assert.equal(nonces[0], nonces[1]);
  assert.equal(phone.count("login"), 1);
});

test("a kill in the middle of a refresh costs nothing", async () => {
  const { phone, auth } = onPhone();
  const { id } = await auth.login();
  const killed = await restartedWith(phone, { access: "not.a.token" });
  const before = structuredClone(phone.kept);
  phone.order("request", { url: "/refresh", times: 2, lose: true });
  assert.equal((await refusal(killed.request({ url: "/mine" }))).code, "network");
  // What was in the storage when the process died is what the next start reads.
  phone.storage.set([...phone.storage.keys()][0], before);
  const next = authOn(phone, { api });
  assert.equal((await next.request({ url: "/mine" })).data.user, id);
  assert.equal(phone.count("login"), 1);
});

test("a network that is down signs nobody out", async () => {
  const { phone, auth } = onPhone();
  await auth.login();
  const again = await restartedWith(phone, { access: "not.a.token" });
  phone.order("request", { times: 5, url: "/refresh", fail: { errMsg: "request:fail network interrupted error", errno: 600003 } });
  assert.equal((await refusal(again.request({ url: "/mine" }))).code, "network");
  assert.ok(again.user);
});

test("an answer of 400 and more is a failure that carries the server's words", async () => {
  const { auth } = onPhone();
  await auth.login();
  const error = await refusal(auth.request({ url: `${stack.server}/v1/nobody/login`, method: "POST", data: { code: "x" } }));
  assert.equal(error.name, "LingpaiError");
  assert.deepEqual([error.code, error.status], ["app_unknown", 404]);
  assert.equal(error.data.code, "app_unknown");
  assert.match(error.hint, /lingpai apps/);
});

test("a refusal without a problem document still has a status and a body", async () => {
  const { phone, auth } = onPhone();
  phone.wx.request = ({ success }) => void setImmediate(success, { statusCode: 502, data: "<html>Bad Gateway", header: {} });
  const error = await refusal(auth.request({ url: "/mine" }));
  assert.deepEqual([error.code, error.status, error.data], ["http_error", 502, "<html>Bad Gateway"]);
});

test("a token goes to no origin that was not named", async () => {
  const { phone, auth } = onPhone();
  await auth.login();
  for (const url of ["https://elsewhere.example/x", `${api}.elsewhere.example/x`, `${api}@elsewhere.example/x`, "ftp://x"]) {
    const before = phone.count("request");
    assert.equal((await refusal(auth.request({ url }))).code, "other_origin", url);
    assert.equal(phone.count("request"), before);
  }
  await auth.request({ url: "//open.elsewhere.example/x" }).catch(() => undefined);
  assert.ok(phone.calls.at(-1).options.url.startsWith(`${api}//`));
});

test("another origin is reached without a token, or when it is trusted", async () => {
  const other = new Phone(stack);
  const plain = authOn(other);
  await plain.login();
  await plain.request({ url: `${api}/open`, auth: "none" });
  assert.equal(heard.at(-1).authorization, undefined);
  const trusting = authOn(other, { trusted: [`${api}/`] });
  await trusting.request({ url: `${api}/mine` });
  assert.match(heard.at(-1).authorization, /^Bearer /);
});

test("no token ever stands in a URL", async () => {
  const { phone, auth } = onPhone();
  await auth.login();
  await phone.idle();
  const bearer = await auth.authorization();
  const token = bearer.slice("Bearer ".length);
  const { refresh } = phone.kept.session;
  for (const options of [
    { url: `/mine?token=${token}` },
    { url: "/mine", data: { token } },
    { url: `/mine?refresh=${refresh}`, method: "POST" },
  ]) {
    assert.equal((await refusal(auth.request(options))).code, "token_in_url");
  }
  await auth.request({ url: "/mine", method: "POST", data: { note: "anything" } });
  await auth.logout();
  for (const { options } of phone.calls) {
    assert.ok(!(options.url ?? "").includes(token) && !(options.url ?? "").includes(refresh));
  }
});

test("the caller's options are passed on, and left as they were", async () => {
  const { phone, auth } = onPhone();
  await auth.login();
  const options = Object.freeze({ url: "/mine", method: "PUT", header: Object.freeze({ "X-Tea": "puer" }), data: { a: 1 }, timeout: 3000 });
  await auth.request(options);
  const sent = phone.calls.at(-1).options;
  assert.deepEqual([sent.method, sent.header["X-Tea"], sent.timeout], ["PUT", "puer", 3000]);
});

test("callbacks hear of an answer once, and of a refusal as a failure", async () => {
  const { auth } = onPhone();
  const calls = [];
  const heardAll = new Promise((resolve) => {
    auth.request({ url: "/open", success: (answer) => calls.push(answer.statusCode), complete: resolve });
  });
  await heardAll;
  assert.deepEqual(calls, [200]);
  const error = await new Promise((fail) => void auth.request({ url: "https://elsewhere.example/", fail }));
  assert.equal(error.code, "other_origin");
});
