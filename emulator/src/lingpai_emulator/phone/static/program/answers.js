// What the frame may ask the page for. Everything it says is the program's: nothing here takes a person or an app from it.

import { language } from "../texts.js";
import { post } from "../wire.js";

const DIALOGS = new Set(["modal", "actions", "avatar", "pictures", "nickname", "privacy", "contract", "authorize", "settings", "subscribe", "picker"]);

/** `answer(name, options)`: a promise of the answer; it rejects with WeChat's `{errMsg, errno?}`. */
export function answerer({ app, person, inspect, sheets, choices }) {
  const { appid } = app;
  const call = async (api, more = {}) => {
    const { result, steps } = await post(`wx/${api}`, { appid, person: person.id, ...more });
    inspect.steps(steps);
    if (!/:ok$/.test(result.errMsg)) throw result;
    return result;
  };
  const consented = async (kind, api, options) => {
    const yes = await sheets.show(kind, { ...options, app, person });
    return call(api, yes ? {} : { deny: true });
  };
  const answers = {
    login: () => call("login"),
    checkSession: () => call("checkSession"),
    // Since 2021 nobody is asked, and nothing of the person is told.
    getUserInfo: () => call("getUserInfo"),
    getUserProfile: ({ desc }) => consented("profile", "getUserProfile", { desc: String(desc) }),
    getPhoneNumber: ({ realtime }) => consented("phone", "getPhoneNumber", { realtime: Boolean(realtime) }),
    async request(options) {
      const { url, method, header, data = null, content = null, upload = null, binary = false, redirect = "follow", timeout } = options;
      const asked = { appid, url, method, header, data, content, upload, binary, redirect, language: language() === "zh" ? "zh_CN" : "en",
        platform: choices.platform, reach: choices.reach, ...(timeout > 0 && { timeout }) };
      const { result, steps } = await post("wx/request", asked);
      inspect.steps(steps);
      if (result.statusCode === undefined) throw result;
      return result;
    },
    async asset({ name }) {
      const response = await fetch(`/phone/api/program/asset?name=${encodeURIComponent(name)}`);
      if (!response.ok) throw { errMsg: `asset:fail ${(await response.json()).error}` };
      return response.arrayBuffer();
    },
    async sheet({ kind, ...options }) {
      if (!DIALOGS.has(kind)) throw { errMsg: "sheet:fail unknown" };
      return sheets.show(kind, { ...options, app, person });
    },
  };
  return async (name, options) => {
    if (!Object.hasOwn(answers, name)) throw { errMsg: `${name}:fail not supported by this phone` };
    return answers[name](options);
  };
}
