// How the page reaches the world: only through its own origin, which acts as WeChat's client does.

import { language } from "./texts.js";

/** The phone's own server could not do what was asked; the text is its sentence. */
export class PhoneError extends Error {}

/** Send JSON to the phone's own server; its answer. Raises PhoneError. */
export const post = (path, body) => ask(path, body);

/** Read from the phone's own server. Raises PhoneError. */
export const read = (path) => ask(path);

/** Take away what stands at a path of the phone's own server. Raises PhoneError. */
export const remove = (path) => ask(path, undefined, "DELETE");

async function ask(path, body, method = body === undefined ? "GET" : "POST") {
  let response;
  try {
    const said = body === undefined ? {} : { headers: { "Content-Type": "application/json" }, body: JSON.stringify(body) };
    response = await fetch(`/phone/api/${path}`, { method, ...said });
  } catch {
    throw new PhoneError("The emulator has stopped.");
  }
  const answer = await response.json();
  if (!response.ok) throw new PhoneError(answer.error);
  return answer;
}

/** `{server, apps, people, clock}`; `server` is null when none is set. */
export const readWorld = () => ask("start");

/** The `wx` of one person's phone. `record` is told the steps: `{kind, call, sent, got, status, why, …}`. */
export function wxOf(appid, person, record) {
  return {
    async login() {
      const { result, steps } = await ask("wx/login", { appid, person });
      record(steps);
      return result;
    },

    /** Resolves to `{statusCode, header, data}`; rejects with WeChat's `{errno, errMsg}`. */
    async request({ url, method = "GET", header = {}, data = null }) {
      const phone = language() === "zh" ? "zh_CN" : "en";
      const { result, steps } = await ask("wx/request", { appid, url, method, header, data, language: phone });
      record(steps);
      if (result.statusCode === undefined) throw result;
      return result;
    },

    getAccountInfoSync: () => ({ miniProgram: { appId: appid } }),
  };
}

/** Let time pass in WeChat's world; its new clock `{now, frozen}`. */
export async function wait(seconds, record) {
  const clock = await ask("wechat/advance", { seconds });
  record([{ kind: "wait", minutes: Math.round(seconds / 60) }]);
  return clock;
}

/** WeChat answers the next exchange of a code with -1, once. */
export async function makeBusy(record) {
  await ask("wechat/busy", {});
  record([{ kind: "busy" }]);
}
