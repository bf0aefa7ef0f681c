// A `wx` of a few dozen lines that keeps WeChat's promises: callbacks and no promises, never in the same
// turn, any HTTP status a success. What a person's phone gives comes from the emulator, requests are real
// ones, and the next calls of anything can be ordered to fail, to hang or to lose their answer.

import { Buffer } from "node:buffer";

const STORAGE_IS_BY_COPY = (value) => JSON.parse(JSON.stringify(value));

export class Phone {
  /** `stack` of startStack; `person` as the emulator names them. */
  constructor(stack, { person = "xiaoming", envVersion = "develop", appId, language = "en", agreed = true } = {}) {
    this.stack = stack;
    this.person = person;
    this.appId = appId ?? stack.app.appid;
    this.envVersion = envVersion;
    this.language = language;
    this.agreed = agreed;
    /** How the platform spells header names. */
    this.spell = (name) => name;
    this.storage = new Map();
    this.files = new Map();
    /** `{api, options}` of every call, oldest first. */
    this.calls = [];
    this.orders = [];
    this.pending = 0;
    this.privacyListener = null;
    this.wx = this.#wx();
  }

  /** Spoil the next `times` calls of `api` whose URL contains `url`: `fail: {errMsg}`, `hang`, or `lose`. */
  order(api, { times = 1, url = "", ...what }) {
    this.orders.push({ api, times, url, ...what });
  }

  /** How often `api` was called, for URLs that contain `url`. */
  count(api, url = "") {
    return this.calls.filter((call) => call.api === api && (call.options.url ?? "").includes(url)).length;
  }

  /** The requests to URLs that contain `url`. */
  requests(url) {
    return this.calls.filter((call) => call.api === "request" && call.options.url.includes(url)).map((call) => call.options);
  }

  /** Resolves when no call is under way any more, those that hang excepted. */
  async idle() {
    for (let quiet = 0; quiet < 3; quiet = this.pending ? 0 : quiet + 1) await new Promise(setImmediate);
  }

  /** What lies in the storage under the only key. */
  get kept() {
    return [...this.storage.values()][0];
  }

  #wx() {
    const wx = {};
    const add = (api, work) => {
      wx[api] = (options = {}) => {
        this.calls.push({ api, options });
        const control = new AbortController();
        this.#perform(api, options, work, control.signal);
        return { abort: () => control.abort() };
      };
    };
    const who = () => ({ appid: this.appId, person: this.person });
    add("login", () => this.stack.control("wx/login", who()));
    add("checkSession", () => this.stack.control("wx/checkSession", who()));
    add("getUserProfile", () => this.stack.control("wx/getUserProfile", who()));
    add("getRandomValues", ({ length }) => ({ randomValues: crypto.getRandomValues(new Uint8Array(length)).buffer }));
    add("getStorage", ({ key }) => {
      if (!this.storage.has(key)) throw new Failure("getStorage:fail data not found");
      return { data: STORAGE_IS_BY_COPY(this.storage.get(key)) };
    });
    add("setStorage", ({ key, data }) => void this.storage.set(key, STORAGE_IS_BY_COPY(data)));
    add("request", (options, signal) => this.#request(options, signal));
    add("uploadFile", (options, signal) => this.#upload(options, signal));
    add("requirePrivacyAuthorize", () => this.#privacy("requirePrivacyAuthorize"));
    add("openPrivacyContract", () => ({}));
    wx.onNeedPrivacyAuthorization = (listener) => (this.privacyListener = listener);
    wx.getAccountInfoSync = () => ({ miniProgram: { appId: this.appId, envVersion: this.envVersion, version: "" } });
    wx.getAppBaseInfo = () => ({ language: this.language });
    return wx;
  }

  async #perform(api, options, work, signal) {
    const order = this.orders.find((each) => each.api === api && each.times > 0 && (options.url ?? "").includes(each.url));
    if (order) order.times--;
    if (order?.hang) return;
    this.pending++;
    await new Promise(setImmediate);
    let called = "fail";
    let outcome;
    try {
      if (order?.fail) throw new Failure(order.fail.errMsg, order.fail.errno);
      const result = (await work(options, signal)) ?? {};
      if (order?.lose) throw new Failure(`${api}:fail network interrupted error`, 600003);
      // The emulator's controls answer what success or fail is given.
      if (/:fail/.test(result.errMsg ?? "")) throw Object.assign(new Failure(result.errMsg, result.errno), result);
      called = "success";
      outcome = { errMsg: `${api}:ok`, ...result };
    } catch (error) {
      if (!(error instanceof Failure)) error = new Failure(`${api}:fail ${error.cause ?? error}`, 600001);
      outcome = { errMsg: error.message, ...(error.errno && { errno: error.errno }) };
    }
    this.pending--;
    options[called]?.(outcome);
    options.complete?.(outcome);
  }

  async #request({ url, method = "GET", data, header = {} }, signal) {
    if (!["OPTIONS", "GET", "HEAD", "POST", "PUT", "DELETE", "TRACE", "CONNECT"].includes(method)) {
      throw new Failure("request:fail invalid method");
    }
    const target = new URL(url);
    let body;
    if (data !== undefined && method === "GET") {
      for (const [name, value] of Object.entries(data)) target.searchParams.set(name, value);
    } else if (data !== undefined) {
      body = typeof data === "string" ? data : JSON.stringify(data);
    }
    const headers = { "content-type": "application/json", ...this.#own(), ...header };
    return this.#answer(await fetch(target, { method, body, headers, signal }), true);
  }

  async #upload({ url, filePath, name, formData = {}, header = {} }, signal) {
    if (!this.files.has(filePath)) throw new Failure("uploadFile:fail file not found");
    const body = new FormData();
    for (const [field, value] of Object.entries(formData)) body.set(field, value);
    body.set(name, new Blob([this.files.get(filePath)]), filePath.split("/").pop());
    return this.#answer(await fetch(url, { method: "POST", body, headers: { ...this.#own(), ...header }, signal }), false);
  }

  #own() {
    return {
      referer: `https://servicewechat.com/${this.appId}/0/page-frame.html`,
      "user-agent": "Mozilla/5.0 MicroMessenger/8.0.60",
      "accept-language": this.language === "en" ? "en" : "zh-CN",
    };
  }

  async #answer(answer, json) {
    const text = Buffer.from(await answer.arrayBuffer()).toString();
    const header = Object.fromEntries([...answer.headers].map(([name, value]) => [this.spell(name), value]));
    let data = text;
    try {
      if (json) data = JSON.parse(text);
    } catch {
      // dataType json: one attempt, otherwise the text.
    }
    return { data, statusCode: answer.status, header, cookies: [] };
  }

  #privacy(referrer) {
    if (this.agreed) return {};
    if (!this.privacyListener) throw new Failure(`${referrer}:fail privacy permission is not authorized`, 104);
    return new Promise((resolve, reject) => {
      this.privacyListener(({ event }) => {
        if (event === "agree") resolve({});
        else reject(new Failure(`${referrer}:fail privacy permission is not authorized`, 104));
      }, { referrer });
    });
  }
}

class Failure extends Error {
  constructor(errMsg, errno) {
    super(errMsg);
    this.errno = errno;
  }
}
