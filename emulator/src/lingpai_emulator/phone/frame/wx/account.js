// Who holds the phone, as far as a mini program may know: login, profile, phone number, privacy, settings.

import { inTap } from "../gesture.js";
import { Fail } from "./call.js";
import { fromBase64 } from "./bytes.js";

const NOT_AGREED = ["privacy permission is not authorized", 104];
const LOCKED = 10_000; // milliseconds without another popup after a refusal
const GRANTED = ["scope.userInfo"]; // since 2021 without asking
const SCOPES = ["scope.userLocation", "scope.userFuzzyLocation", "scope.werun", "scope.record", "scope.writePhotosAlbum",
  "scope.camera", "scope.bluetooth", "scope.addPhoneContact", "scope.addPhoneCalendar"];

export function account(host, files, config, log) {
  const granted = { ...host.start.settings };
  const privacy = new Privacy(host, Boolean(config.__usePrivacyCheck__));

  const profile = async ({ desc }) => {
    if (!inTap()) throw new Fail("can only be invoked by user TAP gesture.");
    if (!desc || desc.length > 30) throw new Fail("desc length does not meet the requirements");
    await privacy.required("getUserProfile");
    return host.ask("getUserProfile", { desc });
  };
  const userInfo = async ({ withCredentials = false }) => {
    const { encryptedData, iv, signature, rawData, ...told } = await host.ask("getUserInfo", {});
    return withCredentials ? { ...told, rawData, signature, encryptedData, iv } : { ...told, rawData };
  };
  const authorize = async ({ scope }) => {
    if (GRANTED.includes(scope) || granted[scope]) return;
    if (!SCOPES.includes(scope)) throw new Fail(`invalid scope ${scope}`);
    granted[scope] ??= await host.ask("sheet", { kind: "authorize", scope });
    host.tell("settings", { granted });
    if (!granted[scope]) throw new Fail("auth deny");
  };
  const settings = () => ({ authSetting: { "scope.userInfo": true, ...granted } });

  const asynchronous = {
    login: ({ timeout }) => host.ask("login", { timeout }),
    checkSession: () => host.ask("checkSession", {}),
    getUserProfile: profile,
    getUserInfo: userInfo,
    authorize,
    getSetting: settings,
    async openSetting() {
      Object.assign(granted, await host.ask("sheet", { kind: "settings", granted }));
      host.tell("settings", { granted });
      return settings();
    },
    getPrivacySetting: () => ({ needAuthorization: privacy.needed, privacyContractName: "《小程序隐私保护指引》" }),
    requirePrivacyAuthorize: () => privacy.required("requirePrivacyAuthorize"),
    openPrivacyContract: () => host.ask("sheet", { kind: "contract" }),
  };

  /** What each `open-type` of a button does. The page asks the person; the event carries the answer. */
  const open = {
    getPhoneNumber: (button) => answered(button, "getphonenumber", "getPhoneNumber", {}),
    getRealtimePhoneNumber: (button) => answered(button, "getrealtimephonenumber", "getPhoneNumber", { realtime: true }),
    getUserInfo: (button) => answered(button, "getuserinfo", "getUserInfo", {}),
    async chooseAvatar(button) {
      if (!(await agreed(button, "chooseavatar", "chooseAvatar"))) return;
      const chosen = await host.ask("sheet", { kind: "avatar" });
      if (!chosen) return; // nothing is fired when the person turns back
      button.triggerEvent("chooseavatar", { avatarUrl: files.keep(fromBase64(chosen.content), chosen.type) }, {});
    },
    agreePrivacyAuthorization(button) {
      privacy.agree(button._$.id);
      button.triggerEvent("agreeprivacyauthorization", { errMsg: "agreePrivacyAuthorization:ok" }, {});
    },
    async openSetting(button) {
      await asynchronous.openSetting();
      button.triggerEvent("opensetting", { errMsg: "openSetting:ok", ...settings() }, {});
    },
    share: () => host.tell("share", {}),
  };

  async function agreed(button, event, api) {
    try {
      await privacy.required(api);
      return true;
    } catch (error) {
      button.triggerEvent(event, { errMsg: `${api}:fail ${error.message}`, errno: error.errno }, {});
      return false;
    }
  }

  async function answered(button, event, api, options) {
    if (!(await agreed(button, event, api))) return;
    const detail = await host.ask(api, options).catch((failure) => failure);
    if (options.realtime) for (const name of ["encryptedData", "iv", "cloudID"]) delete detail[name];
    button.triggerEvent(event, detail, {});
  }

  const ask = {
    async nickname(current) {
      // Without consent the box is an ordinary one.
      if (privacy.needed && !(await privacy.required("nickname").then(() => true, () => false))) return null;
      return host.ask("sheet", { kind: "nickname", current });
    },
  };
  const deprecated = (name) => log.warnOnce(`wx.${name} has no Promise form in WeChat's documentation; older phones return undefined. Pass success and fail.`);
  return { asynchronous, open, ask, privacy, deprecated };
}

/** The privacy agreement: asked for before the first API that needs it, when app.json says so. */
class Privacy {
  #listener = null;
  #refusedAt = -Infinity;

  constructor(host, checked) {
    this.host = host;
    this.checked = checked;
    this.agreedTo = host.start.agreed;
  }

  get needed() {
    return this.checked && !this.agreedTo;
  }

  /** Last registration wins. */
  listen(listener) {
    this.#listener = listener;
  }

  agree() {
    this.agreedTo = true;
    this.host.tell("agreed");
  }

  /** Resolves when the person has agreed, now or before; else fails with errno 104. */
  async required(api) {
    if (!this.needed) return;
    const yes = this.#listener ? await this.#heard(api) : await this.#popup();
    if (!yes) throw new Fail(...NOT_AGREED);
  }

  #heard(api) {
    return new Promise((resolve) => {
      this.#listener(({ event }) => {
        if (event === "agree") resolve(this.agreedTo); // only after the real button was tapped
        else if (event === "disagree") resolve(false);
      }, { referrer: api });
    });
  }

  async #popup() {
    if (Date.now() - this.#refusedAt < LOCKED) return false;
    const yes = await this.host.ask("sheet", { kind: "privacy" });
    if (yes) this.agree();
    else this.#refusedAt = Date.now();
    return yes;
  }
}
