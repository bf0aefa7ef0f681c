// The phone: which screen it shows, whose it is, and what happens when something is tapped.

import { Client } from "./client.js";
import { complaint } from "./complaint.js";
import { demoPage, minutesLeft } from "./demo.js";
import { avatar, el, icon } from "./dom.js";
import { clockTime, homeScreen, peopleScreen } from "./home.js";
import { Runner } from "./program/runner.js";
import { Sheets } from "./program/sheets.js";
import { Kept } from "./program/kept.js";
import { t } from "./texts.js";
import { visitorPage } from "./visitor.js";
import { wxOf } from "./wire.js";

// What a new screen offers first, by where it stands.
const FIRST = [".about-sheet button", ".page .primary", ".page button", ".home button"];

export class Phone {
  /** `parts` are elements: screen, holder, time, status, running, sheets. `now` gives WeChat's time. */
  constructor({ parts, world, timeline, now, choices }) {
    Object.assign(this, { parts, world, timeline, now });
    /** Called after every drawing. */
    this.onchange = () => {};
    this.app = world.apps[0];
    this.person = null;
    this.screen = "people";
    this.owners = new Map();
    this.sheets = new Sheets(parts.sheets, parts.running);
    this.sheets.onanswer = (kind, choice) => this.inspector.did({ do: "sheet", kind, choice });
    this.dark = true;
    this.runner = world.program && this.app ? this.#runner(choices) : null;
  }

  #runner(choices) {
    const inspect = {
      log: (line) => this.inspector.log(line),
      moment: (moment) => this.inspector.moment(moment),
      steps: (steps) => this.inspector.steps(steps),
      did: (step) => this.inspector.did(step),
    };
    const looks = ({ dark }) => {
      this.dark = dark;
      this.#dress();
    };
    return new Runner({ parts: this.parts, app: this.app, server: this.world.server, inspect, sheets: this.sheets, choices, looks });
  }

  /** Whose phone it is and which app, for WeChat's own side. */
  get owned() {
    return this.person && this.app ? { app: this.app, person: this.person } : null;
  }

  /** What the present holder's demo keeps: `{client, state, person}`; null without a holder or an app. */
  get owner() {
    if (this.person === null || !this.app) return null;
    if (!this.owners.has(this.person.id)) {
      const wx = wxOf(this.app.appid, this.person.id, this.timeline.record);
      const client = new Client(wx, this.world.server, this.app.slug);
      this.owners.set(this.person.id, { client, state: {}, person: this.person });
    }
    return this.owners.get(this.person.id);
  }

  /** Perform under a heading of the timeline; what is thrown shows on the phone. */
  act = async (name, work, said = null) => {
    const { state, person, client } = this.owner;
    Object.assign(state, { busy: name, error: null, said: null });
    this.render();
    try {
      await this.timeline.run(`act.${name}`, person.nickname, work);
      state.said = said;
    } catch (error) {
      state.error = error;
    }
    state.busy = null;
    this.render();
    this.tell(said ? t(said) : client.session && !state.error ? t("in.title") : "");
  };

  show(screen) {
    this.screen = screen;
    this.render(true);
  }

  choose = (person) => {
    if (this.person?.id !== person.id) this.runner?.close();
    this.person = person;
    this.inspector.did({ do: "person", id: person.id });
    this.show("home");
    this.tell(`${t("holder.now")} ${person.nickname}`);
  };

  /** The same by id; false when there is no such person. */
  chooseById(id) {
    const person = this.world.people.find((one) => one.id === id);
    if (person) this.choose(person);
    return Boolean(person);
  }

  /** Open the mini program. */
  open = async () => {
    this.show("app");
    if (!this.runner) return;
    this.inspector.did({ do: "open" });
    await this.runner.open(this.person).catch((error) => this.fail(error));
  };

  /** Back to the home screen; the program waits. */
  home = async () => {
    this.runner?.hide();
    if (this.runner) this.inspector.did({ do: "home" });
    this.show("home");
  };

  /** End the program and start it again. `forget` also clears what it stored. */
  restart = async ({ forget = false } = {}) => {
    this.inspector.did({ do: "restart", forget });
    if (forget) this.runner.forget();
    this.show("app");
    await this.runner.restart(this.person).catch((error) => this.fail(error));
  };

  /** Everybody's phone as if the program had never run. */
  forgetAll() {
    this.runner.close();
    for (const { id } of this.world.people) new Kept(this.app.appid, id).clear();
  }

  /** Show a failure that did not come from a tap on the phone. */
  fail(error) {
    if (this.runner) this.inspector.log({ level: "error", text: error.message, where: "" });
    else this.owner.state.error = error;
    this.render();
  }

  tell(words) {
    this.parts.status.textContent = words;
  }

  /** Draw. `moved` sends the focus to the new screen, for those who cannot see it change. */
  render(moved = false) {
    const { screen, holder } = this.parts;
    const focused = screen.contains(document.activeElement) ? document.activeElement.dataset.testid : null;
    holder.replaceChildren(this.#holder());
    screen.dataset.screen = this.screen;
    this.#dress();
    screen.replaceChildren(...this.#screen());
    this.tick();
    const same = focused && screen.querySelector(`[data-testid="${focused}"]`);
    const first = () => FIRST.map((where) => screen.querySelector(where)).find(Boolean);
    if (same || moved || focused) (same || first())?.focus({ preventScroll: true });
    this.onchange();
  }

  /** What changes by itself: the time, and how long a token lives. */
  tick() {
    this.parts.time.textContent = clockTime(this.now());
    const left = this.parts.screen.querySelector('[data-testid="minutes-left"]');
    if (left && this.owner?.client.session) left.textContent = minutesLeft(this.owner.client);
  }

  #screen() {
    const now = this.now();
    const { people } = this.world;
    switch (this.screen) {
      case "people":
        return [peopleScreen({ people, holder: this.person?.id, now, choose: this.choose })];
      case "home":
        return [homeScreen({ now, name: this.runner && this.app.name, open: this.app && this.open })];
      default:
        return [this.#titleBar(), this.runner ? "" : this.#page(), this.screen === "about" ? this.#about() : ""];
    }
  }

  #page() {
    const { client, state } = this.owner;
    const page = this.world.server === null ? visitorPage : demoPage;
    return el("div", { class: "page", inert: this.screen === "about" }, page({ client, state, act: this.act }));
  }

  #titleBar() {
    const dots = el("span", { class: "dots", "aria-hidden": "true" }, el("i"), el("i"), el("i"));
    const target = el("span", { class: "target", "aria-hidden": "true" });
    const half = (testid, label, screen, drawing) =>
      el("button", { type: "button", testid, "aria-label": t(label), onclick: () => (screen === "home" ? this.home() : this.show(screen)) }, drawing);
    return el("div", { class: "titlebar", inert: this.screen === "about" },
      this.runner ? null : el("p", { class: "title" }, t("app.name")),
      el("div", { class: "capsule" },
        half("app-menu", "app.menu", "about", dots),
        half("app-close", "app.close", "home", target)));
  }

  #about() {
    const close = () => this.show("app");
    const stay = (event) => event.stopPropagation();
    return el("div", { class: "veil", onclick: close, onkeydown: (event) => event.key === "Escape" && close() },
      el("div", { class: "about-sheet", role: "dialog", "aria-label": t("about.title"), onclick: stay },
        el("h2", {}, this.runner ? this.app.name : t("app.name")),
        el("dl", { class: "card" },
          el("div", {}, el("dt", {}, t("about.appid")), el("dd", {}, this.app.appid)),
          el("div", {}, el("dt", {}, t("about.server")), el("dd", {}, this.world.server ?? t("about.none")))),
        this.runner ? el("div", { class: "pair" }, this.#again("menu.restart", false), this.#again("menu.forget", true)) : null,
        el("button", { type: "button", class: "button primary", onclick: close }, t("about.close"))));
  }

  #again(key, forget) {
    return el("button", { type: "button", class: "button second", testid: key.replace(".", "-"), onclick: () => this.restart({ forget }) }, t(key));
  }

  /** The program's own colours reach behind the status bar. */
  #dress() {
    const running = Boolean(this.runner) && (this.screen === "app" || this.screen === "about");
    this.parts.running.hidden = !running;
    this.parts.sheets.hidden = !running;
    this.parts.screen.parentNode.dataset.running = running ? (this.dark ? "dark" : "light") : "";
  }

  #holder() {
    if (this.person === null) return el("p", { class: "nobody" }, t("holder.none"));
    return el("button", { type: "button", class: "chip holder-chip", testid: "person-chip",
      "aria-label": `${this.person.nickname}, ${t("holder.switch")}`, onclick: () => this.show("people") },
      avatar(this.person), el("span", {}, this.person.nickname), icon("swap"),
      el("span", { class: "do" }, t("holder.switch")));
  }
}

/** What the screen says when there is no emulator to be a phone of. */
export function deadScreen(error) {
  return el("div", { class: "demo dead" }, complaint(error));
}
