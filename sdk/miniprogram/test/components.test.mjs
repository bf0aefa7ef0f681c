// The ready-made components: what a tap does, what they tell the page, and what they never do.

import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { test } from "node:test";
import { attach } from "./support/component.mjs";
import { authOn } from "./support/sdk.mjs";
import { Phone } from "./support/phone.mjs";
import { startStack } from "./support/stack.mjs";
import { until } from "./support/until.mjs";

const stack = await startStack();
const DIST = new URL("../miniprogram_dist/components/", import.meta.url);
const POINT = Buffer.from(
  "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAIAAACQd1PeAAAADElEQVR4nGP4z8AAAAMBAQDJ/pLvAAAAAElFTkSuQmCC",
  "base64",
);

async function onPhone(options = {}) {
  const { id: person } = await stack.control("people", { nickname: "小满", phone: "13800138000" });
  const phone = new Phone(stack, { person, ...options });
  phone.files.set("wxfile://tmp_avatar.png", POINT);
  return { phone, auth: authOn(phone), wx: phone.wx };
}

test("the profile form stores what was filled in, and tells the page", async () => {
  const { auth, wx } = await onPhone();
  const { instance, events } = attach("profile-form", wx);
  instance.choose({ detail: { avatarUrl: "wxfile://tmp_avatar.png" } });
  assert.equal(instance.data.chosen, "wxfile://tmp_avatar.png");
  const saving = instance.save({ detail: { value: { nickname: "  小满 " } } });
  assert.equal(instance.data.busy, true);
  assert.equal(instance.save({ detail: { value: { nickname: "twice" } } }), undefined);
  await saving;
  assert.equal(instance.data.busy, false);
  const [{ event, detail }] = events;
  assert.equal(event, "done");
  assert.equal(detail.nickname, "小满");
  assert.ok(detail.avatar_url);
  assert.equal(auth.user.profile_complete, true);
});

test("a nickname that WeChat's check has emptied is asked for again, and nothing is sent", async () => {
  const { phone, wx } = await onPhone();
  const { instance, events } = attach("profile-form", wx);
  instance.save({ detail: { value: { nickname: "" } } });
  assert.ok(instance.data.complaint);
  assert.deepEqual(events, []);
  assert.equal(phone.count("request"), 0);
});

test("a profile the server refuses is shown in the form, and told to the page", async () => {
  const { wx } = await onPhone();
  const { instance, events } = attach("profile-form", wx);
  await instance.save({ detail: { value: { nickname: "微信用户" } } });
  assert.ok(instance.data.complaint);
  assert.deepEqual([events[0].event, events[0].detail.code], ["fail", "nickname_anonymous"]);
});

test("the profile form asks as WeChat wants it asked", async () => {
  const { wxml } = attach("profile-form", (await onPhone()).wx);
  assert.match(wxml, /open-type="chooseAvatar"/);
  assert.match(wxml, /type="nickname" name="nickname"/);
  assert.match(wxml, /bindsubmit/);
  assert.doesNotMatch(wxml, /bindinput|bindblur/);
});

test("the phone button hands the button's own code over", async () => {
  const { phone, auth, wx } = await onPhone();
  await auth.login();
  const { instance, events } = attach("phone-button", wx);
  const detail = await stack.control("wx/getPhoneNumber", { appid: phone.appId, person: phone.person });
  await instance.got({ detail });
  assert.equal(events[0].event, "done");
  assert.equal(events[0].detail.pure_phone_number, "13800138000");
});

test("an empty quota is explained, and WeChat's own toast is not shown over it", async () => {
  const { wx } = await onPhone();
  const { instance, events, wxml } = attach("phone-button", wx);
  await instance.got({ detail: { errMsg: "getPhoneNumber:fail no paid quota", errno: 1400001 } });
  assert.equal(events[0].detail.code, "phone_quota");
  assert.match(instance.data.complaint, /quota/);
  assert.match(instance.data.hint, /付费管理/);
  assert.match(wxml, /phone-number-no-quota-toast="\{\{false\}\}"/);
});

test("who refuses the phone button is not told off", async () => {
  const { wx } = await onPhone();
  const { instance, events } = attach("phone-button", wx);
  await instance.got({ detail: { errMsg: "getPhoneNumber:fail user deny" } });
  assert.equal(events[0].detail.code, "denied");
  assert.deepEqual([instance.data.complaint, instance.data.busy], ["", false]);
});

test("signing out by the button is signing out, once", async () => {
  const { phone, auth, wx } = await onPhone();
  await auth.login();
  const { instance, events } = attach("sign-out", wx);
  const leaving = instance.leave();
  assert.equal(instance.leave(), undefined);
  await leaving;
  assert.equal(auth.user, null);
  assert.deepEqual(events, [{ event: "done", detail: undefined }]);
  assert.equal(phone.calls.filter(({ options }) => options.method === "DELETE").length, 1);
});

test("signing out everywhere that did not work is said, and the button works again", async () => {
  const { phone, auth, wx } = await onPhone();
  await auth.login();
  const { instance, events } = attach("sign-out", wx, { everywhere: true });
  phone.order("request", { fail: { errMsg: "request:fail network interrupted error" } });
  await instance.leave();
  assert.deepEqual([events[0].event, events[0].detail.code], ["fail", "network"]);
  assert.ok(auth.user);
  await instance.leave();
  assert.equal(auth.user, null);
});

test("the privacy guard asks, and lets everything that waits go on", async () => {
  const { auth, wx } = await onPhone({ agreed: false });
  const guard = attach("privacy-guard", wx);
  const asked = Promise.all([auth.requirePrivacy(), auth.requirePrivacy()]);
  await until(() => guard.instance.data.open);
  guard.instance.agree();
  await asked;
  assert.equal(guard.instance.data.open, false);
  assert.deepEqual(guard.events, [{ event: "agree", detail: undefined }]);
  guard.leave();
});

test("a refusal in the privacy guard is a refusal of what asked", async () => {
  const { auth, wx } = await onPhone({ agreed: false });
  const guard = attach("privacy-guard", wx);
  const asked = auth.requirePrivacy().catch((error) => error.code);
  await until(() => guard.instance.data.open);
  guard.instance.disagree();
  assert.equal(await asked, "privacy_refused");
  guard.leave();
});

test("of several pages, the one on show asks; one that goes does not leave a call hanging", async () => {
  const { auth, wx } = await onPhone({ agreed: false });
  const under = attach("privacy-guard", wx);
  const over = attach("privacy-guard", wx);
  const asked = auth.requirePrivacy().catch((error) => error.code);
  await until(() => over.instance.data.open);
  assert.equal(under.instance.data.open, false);
  over.leave();
  assert.equal(await asked, "privacy_refused");
  under.show();
  const again = auth.requirePrivacy();
  await until(() => under.instance.data.open);
  under.instance.agree();
  await again;
  under.leave();
});

test("the agree button is the one WeChat looks for", async () => {
  const guard = attach("privacy-guard", (await onPhone()).wx);
  guard.leave();
  const [, id] = guard.wxml.match(/id="([^"]+)" open-type="agreePrivacyAuthorization"/);
  assert.match(guard.instance.agree.toString(), new RegExp(`buttonId: "${id}"`));
});

test("every component has its four files, and its words in both languages", () => {
  const words = createRequire(import.meta.url)(new URL("words.js", DIST).pathname);
  const said = (language) => {
    globalThis.wx = { getAppBaseInfo: () => ({ language }) };
    return words();
  };
  const [zh, en] = [said("zh_CN"), said("en")];
  assert.deepEqual(Object.keys(zh), Object.keys(en));
  for (const name of Object.keys(zh)) assert.ok(/[\u4e00-\u9fff]/.test(zh[name]) && !/[\u4e00-\u9fff]/.test(en[name]), name);
  const folders = readdirSync(DIST, { withFileTypes: true }).filter((entry) => entry.isDirectory());
  assert.ok(folders.length >= 4);
  for (const { name } of folders) {
    assert.deepEqual(readdirSync(new URL(`${name}/`, DIST)).sort(), ["index.js", "index.json", "index.wxml", "index.wxss"]);
    const wxml = readFileSync(new URL(`${name}/index.wxml`, DIST), "utf8");
    for (const [, word] of wxml.matchAll(/\bt\.(\w+)/g)) assert.ok(en[word], `${name}: ${word}`);
  }
});
