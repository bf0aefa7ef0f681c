// WeChat as it stands: its clock, its codes, keys and tokens, and what one may change there.

import { el } from "../dom.js";
import { shown } from "../masking.js";
import { locale } from "../texts.js";
import { post, read, remove } from "../wire.js";
import { t } from "./texts.js";

const POLL = 1000; // milliseconds
const ROWS = 12;
const LATER = [["wechat.minutes", 6, 360], ["wechat.hours", 2, 7200], ["wechat.days", 3, 259_200]];
const FAULTS = [["busy", { errcode: -1 }], ["used", { errcode: 40163 }], ["minute", { errcode: 45011 }], ["day", { errcode: 45009 }], ["blocked", { errcode: 40226 }],
  ["stale", { errcode: 40001 }], ["page", { status: 502 }], ["slow", { delay: 5 }], ["lost", { close: "after" }], ["half", { close: "mid-body" }]];
const PATHS = ["/sns/jscode2session", "/cgi-bin/*", "/wxa/*", "*"];

export class WeChat {
  /** `root` is the pane; `holder()` gives `{app, person}` or null; `choices` is the phone's platform and reach. */
  constructor({ root, holder, choices, onclock, onsteer }) {
    Object.assign(this, { root, holder, choices, onclock, onsteer });
    this.state = null;
    this.path = PATHS[0];
    this.controls = el("div", { class: "steering" });
    this.tables = el("div", { class: "tables" });
    root.append(this.controls, this.tables);
    setInterval(() => { if (!root.hidden && !document.hidden) this.refresh(); }, POLL);
  }

  async refresh() {
    try {
      this.state = await read("wechat/state");
      this.onclock(this.state.clock);
    } catch {
      this.state = null;
    }
    this.#drawTables();
  }

  /** Change something: `steer("POST", "clock", {advance: 60})`. */
  async steer(method, control, body) {
    if (method === "DELETE") await remove(`wechat/steer/${control}`);
    else await post(`wechat/steer/${control}`, body ?? {});
    this.onsteer({ method, control, body });
    await this.refresh();
  }

  render() {
    const person = this.holder();
    const chip = (testid, words, work, off = false) => el("button", { type: "button", class: "chip", testid, disabled: off, onclick: () => work().catch(() => this.refresh()) }, words);
    const line = (title, ...children) => el("div", { class: "steer-line", role: "group", "aria-label": title }, el("span", { class: "try-title" }, title), ...children);
    const ofPerson = (control) => () => this.steer("POST", control, { appid: person.app.appid, person: person.person.id });
    this.controls.replaceChildren(
      line(t("wechat.clock"),
        ...LATER.map(([unit, n, seconds]) => chip(`later-${seconds}`, t("wechat.later", { time: t(unit, { n }) }), () => this.steer("POST", "clock", { advance: seconds }))),
        chip("freeze", t("wechat.freeze"), () => this.steer("POST", "clock", { freeze: true })),
        chip("unfreeze", t("wechat.unfreeze"), () => this.steer("POST", "clock", { unfreeze: true })),
        chip("reset", t("wechat.reset"), () => this.steer("POST", "reset", {}))),
      line(t("wechat.person"), chip("rotate", t("wechat.rotate"), ofPerson("wx/prefetch"), !person), chip("expire", t("wechat.expire"), ofPerson("wx/expire"), !person)),
      line(t("wechat.phone"),
        this.#choice("platform", ["ios", "android", "devtools"], (one) => ({ ios: "iOS", android: "Android", devtools: "DevTools" })[one]),
        this.#choice("reach", ["list", "machine", "any"], (one) => t(`reach.${one}`))),
      line(t("wechat.faults"),
        el("select", { "aria-label": t("fault.path"), testid: "fault-path", onchange: (event) => { this.path = event.target.value; } },
          PATHS.map((path) => el("option", { value: path, selected: path === this.path }, path))),
        ...FAULTS.map(([name, fault]) => chip(`fault-${name}`, t(`fault.${name}`), () => this.steer("POST", "faults", { path: this.path, times: 1, ...fault }))),
        chip("fault-clear", t("wechat.clear"), () => this.steer("DELETE", "faults"))));
    this.#drawTables();
  }

  #choice(name, options, words) {
    return el("label", { class: "steer-choice" }, t(`wechat.${name}`),
      el("select", { testid: name, onchange: (event) => { this.choices[name] = event.target.value; } },
        options.map((one) => el("option", { value: one, selected: this.choices[name] === one }, words(one)))));
  }

  #drawTables() {
    const { state } = this;
    if (!state) return void this.tables.replaceChildren(el("p", { class: "nothing" }, t("wechat.gone")));
    const now = new Date(state.clock.now * 1000).toLocaleString(locale(), { dateStyle: "medium", timeStyle: "medium", hourCycle: "h23" });
    const waiting = state.faults.length;
    this.tables.replaceChildren(
      el("p", { class: "wechat-now", testid: "wechat-now" }, now, state.clock.frozen ? ` · ${t("wechat.frozen")}` : "", waiting ? ` · ${t("wechat.pending", { count: waiting })}` : ""),
      table("codes", state.codes.toReversed(), ({ code, person, age, state: how }) => [shown(code, "code"), person, t(`state.${how}`), t("wechat.age", { time: span(age) })], ({ state: how }) => how !== "live"),
      table("keys", state.sessions.toReversed(), ({ session_key: key, person, generation, expires_in: left }) => [key, person, `#${generation}`, left > 0 ? t("wechat.left", { time: span(left) }) : t("state.expired")], ({ expires_in: left }) => left <= 0),
      table("phone_codes", (state.phone_codes ?? []).toReversed(), ({ code, person, age, state: how }) => [shown(code, "code"), person, t(`state.${how}`), t("wechat.age", { time: span(age) })], ({ state: how }) => how !== "live"),
      table("tokens", (state.tokens ?? []).toReversed(), ({ access_token: token, appid, kind, state: how, expires_in: left }) => [token, appid, `${kind} · ${t(`state.${how}`)}`, left > 0 ? t("wechat.left", { time: span(left) }) : t("state.expired")], ({ state: how }) => how !== "live" && how !== "current"));
  }
}

/** "3 days" and the like: the unit in which a person would say it. `seconds` from 0 up. */
function span(seconds) {
  const [unit, length] = [["days", 86_400], ["hours", 3600], ["minutes", 60]].find(([, one]) => seconds >= 1.5 * one) ?? ["seconds", 1];
  return t(`wechat.${unit}`, { n: Math.round(seconds / length) });
}

function table(name, rows, cells, over) {
  return el("section", { class: "table", testid: `table-${name}` }, el("h3", {}, t(`wechat.${name}`)),
    rows.length ? el("ul", {}, rows.slice(0, ROWS).map((row) => el("li", { class: over(row) ? "over" : null }, cells(row).map((cell) => el("span", {}, cell))))) : el("p", { class: "nothing" }, t("wechat.none")));
}
