// Runs the mini program of a folder: its frame, what the frame asks for, and a new frame when a file changes.

import { el } from "../dom.js";
import { language } from "../texts.js";
import { t } from "./texts.js";
import { answerer } from "./answers.js";
import { Kept } from "./kept.js";

const POLL = 400; // milliseconds between two looks at the folder
const FAR = "/phone/api/program";

export class Runner {
  #channel = null;
  #frame = null;
  #wasm = null;
  #names = null;
  #source = null;
  #loading = 0;
  #redos = 0;
  #redoing = new Map();

  /** `parts` are elements: running, sheets. `server` is the identity server's URL, or null. `inspect` hears of logs, moments and steps; `looks(page)` of the page that is seen. */
  constructor({ parts, app, server, inspect, sheets, choices, looks }) {
    Object.assign(this, { parts, app, server, inspect, sheets, choices, looks });
    this.person = null;
    this.on = false;
    /** How many of the program's calls are on their way. */
    this.busy = 0;
    /** `cold`, `running` or `broken`; shown as `data-state` of the frame's place. */
    this.state = "cold";
    setInterval(() => this.#look(), POLL);
  }

  /** Show the program on a person's phone: the one that runs, or a new one. */
  async open(person) {
    if (this.person?.id !== person.id || !this.#frame) await this.restart(person);
    else this.#tell("shown", { on: true });
    this.on = true;
  }

  /** To the home screen; the program stays in memory. */
  hide() {
    if (this.on) this.#tell("shown", { on: false });
    this.on = false;
    this.sheets.dismiss();
  }

  /** A cold start. `path` is the page to begin with. */
  async restart(person = this.person, path = null) {
    const mine = ++this.#loading;
    this.person = person;
    this.close();
    this.#mark("cold");
    this.#source = await this.#read(FAR);
    this.#wasm ??= await (await fetch("/frame/vendor/wxml.wasm")).arrayBuffer();
    this.#names ??= await this.#read("/frame/vendor/wx-names.json");
    if (mine !== this.#loading) return;
    this.inspect.moment({ kind: path === null ? "launch" : "reload", label: this.#source.name });
    const frame = el("iframe", { class: "program", title: this.#source.name, sandbox: "allow-scripts", src: "/frame/" });
    this.#frame = frame;
    const ready = new Promise((resolve) => {
      const hear = ({ source, data }) => {
        if (source !== frame.contentWindow || data?.type !== "frame-ready") return;
        removeEventListener("message", hear);
        resolve();
      };
      addEventListener("message", hear);
    });
    this.parts.running.replaceChildren(frame);
    await ready;
    if (this.#frame === frame) this.#connect(frame, path);
  }

  /** End it, as when it is swiped away. */
  close() {
    this.#channel?.port1.close();
    this.#channel = null;
    this.#frame = null;
    this.parts.running.replaceChildren();
    this.sheets.dismiss();
  }

  /** Forget all that the program kept on this person's phone. */
  forget() {
    this.#kept().clear();
  }

  share() {
    this.#tell("share");
  }

  back() {
    this.#tell("back");
  }

  /** Ask the frame to do again what a person did; whether it could. */
  redo(step) {
    const id = ++this.#redos;
    return new Promise((resolve) => {
      this.#redoing.set(id, resolve);
      if (this.#channel && this.state === "running") this.#tell("redo", { id, step });
      else this.#redone({ id, done: false });
    });
  }

  #redone({ id, done }) {
    this.#redoing.get(id)?.(done);
    this.#redoing.delete(id);
  }

  #connect(frame, path) {
    const channel = new MessageChannel();
    this.#channel = channel;
    const kept = this.#kept();
    const answer = answerer({ app: this.app, person: this.person, inspect: this.inspect, sheets: this.sheets, choices: this.choices });
    channel.port1.onmessage = async ({ data }) => {
      if (data.tell) {
        this.#heard(data.tell, data.options ?? {}, kept);
        return;
      }
      let told;
      this.busy += 1;
      try {
        told = { id: data.id, answer: await answer(data.ask, data.options ?? {}) };
      } catch (failure) {
        told = { id: data.id, failure: failure instanceof Error ? { errMsg: `${data.ask}:fail ${failure.message}` } : failure };
      }
      this.busy -= 1;
      if (this.#channel === channel) channel.port1.postMessage(told);
    };
    // The frame's origin is opaque, so no other target can be named; the window is the frame's own.
    frame.contentWindow.postMessage({
      type: "start",
      program: { files: this.#source.files, assets: this.#source.assets, notes: this.#source.notes },
      wasm: this.#wasm,
      names: this.#names,
      storage: kept.storage,
      settings: kept.settings,
      agreed: kept.agreed,
      device: this.#device(),
      appid: this.app.appid,
      ext: { app: this.app.slug, ...(this.server && { server: this.server }) },
      language: language() === "zh" ? "zh_CN" : "en",
      path,
    }, "*", [channel.port2]);
  }

  #heard(news, options, kept) {
    switch (news) {
      case "log": return this.inspect.log(options);
      case "moment":
        if (!options.typing) this.sheets.dismissLight();
        return this.inspect.moment(options);
      case "storage": kept.storage = options.kept; return undefined;
      case "settings": kept.settings = options.granted; return undefined;
      case "agreed": kept.agreed = true; return undefined;
      case "toast": return this.sheets.toast(options);
      case "notice": return this.inspect.log({ level: "info", text: `wx.${options.api}: ${options.text}`, where: "" });
      case "page": this.page = options.path; return this.looks(options);
      case "did": return this.inspect.did(options);
      case "redone": return this.#redone(options);
      case "running": case "broken": return this.#mark(news);
      default: return undefined;
    }
  }

  #mark(state) {
    this.state = state;
    this.parts.running.dataset.state = state;
  }

  #tell(event, options = {}) {
    this.#channel?.port1.postMessage({ event, options });
  }

  #kept() {
    return new Kept(this.app.appid, this.person.id);
  }

  #device() {
    const glass = this.parts.running.getBoundingClientRect();
    const bar = document.querySelector(".statusbar").getBoundingClientRect();
    const top = Math.round(bar.height);
    const [width, height] = [88, 32];
    const right = Math.round(glass.width) - 10;
    const capsule = { width, height, top: top + 6, bottom: top + 6 + height, left: right - width, right };
    return { platform: this.choices.platform, bar: { top, height: 44 }, home: 22, capsule, words: { back: t("bar.back"), broken: t("broken.title") } };
  }

  /** A changed file starts the program anew, on the page one is looking at. */
  async #look() {
    if (!this.#source || !this.#frame || document.hidden || this.looking) return;
    this.looking = true;
    try {
      const { version } = await this.#read(`${FAR}/version`);
      if (version !== this.#source.version) await this.restart(this.person, this.page ?? "");
    } catch {
      // The phone's server is gone or the folder is being written; the next look tells.
    } finally {
      this.looking = false;
    }
  }

  async #read(path) {
    const response = await fetch(path);
    const told = await response.json();
    if (!response.ok) throw new Error(told.error);
    return told;
  }
}
