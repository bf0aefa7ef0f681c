// What a person gives: nickname and avatar, a phone number, a profile of the old kind, at the real server.

import assert from "node:assert/strict";
import { test } from "node:test";
import { authOn, refusal } from "./support/sdk.mjs";
import { Phone } from "./support/phone.mjs";
import { startStack } from "./support/stack.mjs";

const stack = await startStack();

// A picture of one red point.
const POINT = Buffer.from(
  "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAIAAACQd1PeAAAADElEQVR4nGP4z8AAAAMBAQDJ/pLvAAAAAElFTkSuQmCC",
  "base64",
);

/** The phone of somebody new; with `phone`, their number. */
async function somebody(fields = {}) {
  const { id: person } = await stack.control("people", { nickname: "小满", ...fields });
  const phone = new Phone(stack, { person });
  phone.files.set("wxfile://tmp_avatar.png", POINT);
  const give = (api, more = {}) => stack.control(`wx/${api}`, { appid: phone.appId, person, ...more });
  return { phone, auth: authOn(phone), give };
}

test("a nickname and an avatar are stored, and the person is complete", async () => {
  const { auth } = await somebody();
  await auth.login();
  assert.equal(auth.user.profile_complete, false);
  const heard = [];
  auth.onChange((user) => heard.push(user.profile_complete));
  const profile = await auth.fillProfile({ nickname: "小满", avatar: "wxfile://tmp_avatar.png" });
  assert.equal(profile.nickname, "小满");
  assert.equal(profile.id, auth.user.id);
  assert.equal(auth.user.profile_complete, true);
  assert.equal(heard.at(-1), true);
  assert.ok(profile.avatar_url.startsWith(stack.server));
  const picture = await fetch(profile.avatar_url);
  assert.match(picture.headers.get("content-type"), /^image\//);
  assert.equal((await auth.me()).nickname, "小满");
});

test("a nickname alone and an avatar alone are enough for a call", async () => {
  const { phone, auth } = await somebody();
  assert.equal((await auth.fillProfile({ nickname: "阿明" })).nickname, "阿明");
  assert.equal(phone.count("uploadFile"), 0);
  const { nickname, avatar_url } = await auth.fillProfile({ avatar: "wxfile://tmp_avatar.png" });
  assert.deepEqual([nickname, Boolean(avatar_url)], ["阿明", true]);
});

test("a guest who fills in a profile is signed in first", async () => {
  const { phone, auth } = await somebody();
  const { id } = await auth.fillProfile({ avatar: "wxfile://tmp_avatar.png" });
  assert.equal(id, auth.user.id);
  assert.equal(phone.count("login"), 1);
});

test("an avatar that is refused leaves the nickname as it was, and says why", async () => {
  const { phone, auth } = await somebody();
  phone.files.set("wxfile://tmp_text.png", "this is no picture");
  const error = await refusal(auth.fillProfile({ nickname: "阿明", avatar: "wxfile://tmp_text.png" }));
  assert.equal(error.code, "avatar_refused");
  assert.ok(error.hint);
  assert.notEqual((await auth.me()).nickname, "阿明");
});

test("a file that is gone is a failure of the client", async () => {
  const { auth } = await somebody();
  await auth.login();
  const error = await refusal(auth.fillProfile({ avatar: "wxfile://tmp_gone.png" }));
  assert.match(error.errMsg, /^uploadFile:fail/);
});

test("the name WeChat gives to everybody is no nickname", async () => {
  const { auth } = await somebody();
  const error = await refusal(auth.fillProfile({ nickname: "微信用户" }));
  assert.equal(error.code, "nickname_anonymous");
  assert.equal(auth.user.profile_complete, false);
});

test("an upload whose token is refused is sent again once", async () => {
  const { phone, auth } = await somebody();
  await auth.login();
  await phone.idle();
  phone.kept.session.access = "not.a.token";
  const again = authOn(phone);
  assert.ok((await again.fillProfile({ avatar: "wxfile://tmp_avatar.png" })).avatar_url);
  assert.equal(phone.count("uploadFile"), 2);
  assert.equal(phone.count("request", "/refresh"), 1);
});

test("the phone button's code gives the number, with one call of WeChat", async () => {
  const { auth, give } = await somebody({ phone: "13800138000" });
  await auth.login();
  const detail = await give("getPhoneNumber");
  const number = await auth.phone({ type: "getphonenumber", detail });
  assert.equal(number.pure_phone_number, "13800138000");
  assert.equal(number.country_code, "86");
  assert.equal((await stack.control("ledger?path=/wxa/business/getuserphonenumber")).calls.length, 1);
  assert.equal((await auth.me()).phone.pure_phone_number, "13800138000");
});

test("a phone button that was tapped before the login works all the same", async () => {
  const { phone, auth, give } = await somebody({ phone: "13800138000" });
  await give("login");
  const detail = await give("getPhoneNumber");
  assert.equal((await auth.phone(detail)).pure_phone_number, "13800138000");
  assert.equal(phone.count("login"), 1);
});

test("a code of the phone button that is over is not taken for the token", async () => {
  const { phone, auth } = await somebody({ phone: "13800138000" });
  await auth.login();
  const error = await refusal(auth.phone({ code: "0123456789abcdef".repeat(4) }));
  assert.equal(error.code, "code_invalid");
  assert.equal(phone.count("request", "/phone"), 1);
  assert.equal(phone.count("request", "/refresh"), 0);
});

test("a login code on the phone endpoint is recognised", async () => {
  const { phone, auth } = await somebody({ phone: "13800138000" });
  await auth.login();
  const { code } = await stack.control("wx/login", { appid: phone.appId, person: phone.person });
  assert.equal((await refusal(auth.phone({ code }))).code, "phone_code_expected");
});

test("a person who refuses the phone button is not an accident", async () => {
  const { auth, give } = await somebody({ phone: "13800138000" });
  assert.equal((await refusal(auth.phone({ detail: await give("getPhoneNumber", { deny: true }) }))).code, "denied");
});

test("encrypted data without a login before it is not sent", async () => {
  const { phone, auth } = await somebody();
  const data = { rawData: "{}", signature: "s", encryptedData: "e", iv: "i" };
  assert.equal((await refusal(auth.legacyProfile(data))).code, "login_first");
  assert.equal((await refusal(auth.phone({ encryptedData: "e", iv: "i" }))).code, "login_first");
  assert.equal(phone.count("request"), 0);
  assert.equal(phone.count("login"), 0);
});

test("a profile of the old kind is verified and stored", async () => {
  const { phone, auth, give } = await somebody({ nickname: "小满" });
  await auth.login();
  const profile = await auth.legacyProfile(await give("getUserProfile", { era: "2022-01-01" }));
  assert.equal(profile.id, auth.user.id);
  assert.equal(profile.nickname, "小满");
  assert.deepEqual(Object.keys(phone.requests("/profile")[0].data).sort(), ["encryptedData", "iv", "rawData", "signature"]);
});

test("a profile whose signature does not fit is refused", async () => {
  const { auth, give } = await somebody();
  await auth.login();
  const told = await give("getUserProfile");
  const error = await refusal(auth.legacyProfile({ ...told, rawData: `${told.rawData} ` }));
  assert.equal(error.status, 422);
});

test("the session_key is checked at both ends", async () => {
  const { phone, auth, give } = await somebody();
  assert.equal(await auth.checkSession(), false);
  await auth.login();
  assert.equal(await auth.checkSession(), true);
  // WeChat's client is content with the newest key; the server does not have it.
  await give("prefetch");
  assert.equal(await auth.checkSession(), false);
  await auth.login({ fresh: true });
  assert.equal(await auth.checkSession(), true);
  phone.order("checkSession", { fail: { errMsg: "checkSession:fail session time out, need relogin" } });
  assert.equal(await auth.checkSession(), false);
});

test("checking the session_key never logs anybody in", async () => {
  const { phone, auth } = await somebody();
  await auth.login();
  await phone.idle();
  Object.assign(phone.kept.session, { accessUntil: 0, refreshUntil: 0 });
  const again = authOn(phone);
  assert.equal(await again.checkSession(), false);
  assert.equal(phone.count("login"), 1);
});

test("an account is erased after a fresh login", async () => {
  const { auth } = await somebody();
  const { id } = await auth.login();
  await auth.login({ fresh: true });
  const { data } = await auth.request({ url: "/v1/me", method: "DELETE" });
  assert.ok(data.audit_id);
  await auth.logout();
  assert.notEqual((await auth.login()).id, id);
});
