// Beside the phone: what is said between the three, the program's console, and WeChat as it stands.

import { el } from "../dom.js";
import { PhoneError } from "../wire.js";
import { Console } from "./console.js";
import { Run, difference, readRun, replay } from "./run.js";
import { t } from "./texts.js";
import { WeChat } from "./wechat.js";

const MOMENTS = { launch: "moment.launch", reload: "moment.reload", tap: "moment.tap" };

export class Inspector {
  /** `panes` are elements by name; `phone` has person, app, runner and the ways to use it. */
  constructor({ panes, tabs, tools, timeline, phone, choices, setClock, experiments }) {
    Object.assign(this, { panes, tabs, tools, timeline, phone, choices, experiments });
    this.shown = "story";
    this.now = ["moment.touch"];
    this.said = null;
    this.run = new Run();
    this.console = panes.console ? new Console(panes.console) : null;
    this.wechat = new WeChat({ root: panes.wechat, choices, onclock: setClock, holder: () => phone.owned,
      onsteer: (step) => this.run.did({ do: "steer", ...step }) });
    if (this.console) this.console.onchange = () => this.#drawTabs();
  }

  /** A line of the program's console. */
  log(line) {
    this.console.add(line);
  }

  /** Something began: the messages that follow belong to it. */
  moment({ kind, label }) {
    this.now = kind === "tap" && !label ? ["moment.touch"] : [MOMENTS[kind] ?? "moment.page", { label }];
  }

  /** Messages between phone, server and WeChat. */
  steps(steps) {
    this.run.heard(steps);
    this.timeline.note(this.now, this.phone.person.nickname, steps);
  }

  /** Something a person did. Typing is one step, however many letters. */
  did(step) {
    const last = this.run.steps.at(-1);
    if (step.do === "type" && last?.do === "type" && last.at === step.at && last.page === step.page) this.run.steps.pop();
    this.run.did(step);
  }

  show(name) {
    this.shown = name;
    this.render();
    if (name === "wechat") this.wechat.refresh();
  }

  render() {
    for (const [name, pane] of Object.entries(this.panes)) pane.hidden = name !== this.shown;
    this.#drawTabs();
    this.drawTools();
    this.console?.render();
    this.wechat.render();
  }

  #drawTabs() {
    const errors = this.console?.errors ?? 0;
    const names = Object.keys(this.panes);
    const focused = this.tabs.contains(document.activeElement);
    const move = (event) => {
      const way = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
      if (way) this.show(names[(names.indexOf(this.shown) + way + names.length) % names.length]);
    };
    this.tabs.setAttribute("aria-label", t("tabs.label"));
    this.tabs.replaceChildren(...names.map((name) => el("button", { type: "button", role: "tab", class: "tab", testid: `tab-${name}`, "aria-controls": this.panes[name].id,
      "aria-selected": String(name === this.shown), tabindex: name === this.shown ? "0" : "-1", onclick: () => this.show(name), onkeydown: move },
      t(`tab.${name}`), name === "console" && errors ? el("span", { class: "errors", testid: "console-errors" }, String(errors)) : null)));
    if (focused) this.tabs.querySelector("[aria-selected=true]").focus({ preventScroll: true });
  }

  /** The line above the panes. */
  drawTools() {
    const focused = this.tools.contains(document.activeElement) ? document.activeElement.dataset.testid : null;
    const chip = (testid, key, onclick) => el("button", { type: "button", class: "chip", testid, onclick }, t(key));
    const clear = () => (this.shown === "console" ? this.console.clear() : this.timeline.clear());
    const something = this.shown === "console" ? this.console.lines.length : this.shown === "story" && this.timeline.groups.length;
    this.tools.replaceChildren(...[
      this.shown === "story" ? this.experiments() : null,
      this.phone.runner ? el("span", { class: "run" }, chip("run-save", "run.save", () => this.#save()), chip("run-load", "run.load", () => this.#choose()),
        this.said ? el("span", { class: "run-said", role: "status", testid: "run-said" }, t(...this.said)) : null) : null,
      something ? el("button", { type: "button", class: "chip clear", testid: "clear", onclick: clear }, t("story.clear")) : null,
    ].filter(Boolean));
    if (focused) this.tools.querySelector(`[data-testid="${focused}"]`)?.focus({ preventScroll: true });
  }

  #save() {
    const text = this.run.saved({ program: this.phone.app.name, appid: this.phone.app.appid, choices: { ...this.choices } });
    const link = el("a", { href: URL.createObjectURL(new Blob([text], { type: "application/json" })), download: "phone-run.json" });
    link.click();
    URL.revokeObjectURL(link.href);
  }

  #choose() {
    const box = el("input", { type: "file", accept: "application/json,.json" });
    box.addEventListener("change", async () => {
      if (box.files.length) await this.replay(await box.files[0].text());
    });
    box.click();
  }

  /** Do a saved run again, from a fresh WeChat and a phone that has forgotten the program. */
  async replay(text) {
    let run;
    try {
      run = readRun(text);
    } catch {
      this.#say("run.foreign");
      return;
    }
    Object.assign(this.choices, run.choices);
    this.run.fresh();
    this.run.replaying = true;
    this.timeline.clear();
    try {
      await this.wechat.steer("POST", "reset", {});
      this.phone.forgetAll();
      const stopped = await replay(run, { act: (step) => this.#act(step), busy: () => this.phone.runner.busy - (this.phone.sheets.asking ? 1 : 0), progress: (n) => this.#say("run.replaying", { n, all: run.steps.length }) });
      const parted = stopped ? null : difference(run.calls, this.run.calls);
      if (stopped) this.#say("run.stuck", { n: stopped, what: JSON.stringify(run.steps[stopped - 1]).slice(0, 120) });
      else if (parted) this.#say("run.differs", parted);
      else this.#say("run.same");
    } catch (error) {
      if (!(error instanceof PhoneError)) throw error;
      this.#say("run.stuck", { n: 0, what: error.message });
    }
    this.run.steps = run.steps;
    this.run.replaying = false;
  }

  #act(step) {
    const { phone } = this;
    switch (step.do) {
      case "person": return phone.chooseById(step.id);
      case "open": case "home": case "restart": return phone[step.do](step).then(() => true);
      case "sheet": return phone.sheets.press(step.kind, step.choice);
      case "steer": return this.wechat.steer(step.method, step.control, step.body).then(() => true);
      default: return phone.runner.redo(step);
    }
  }

  #say(key, values) {
    this.said = [key, values];
    this.drawTools();
  }
}
