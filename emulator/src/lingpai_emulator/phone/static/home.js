// What the phone shows outside a mini program: who holds it, and what can be opened.

import { avatar, el } from "./dom.js";
import { locale, t } from "./texts.js";

/** The lock screen's face: big time and date on the wallpaper. */
function face(now) {
  return el("div", { class: "face", "aria-hidden": "true" },
    el("p", { class: "date" }, now.toLocaleDateString(locale(), { weekday: "long", month: "long", day: "numeric" })),
    el("p", { class: "big" }, clockTime(now)));
}

/** `09:41`, in the visitor's time zone. */
export function clockTime(now) {
  return now.toLocaleTimeString("en-GB", { hour: "2-digit", minute: "2-digit" });
}

export function peopleScreen({ people, holder, now, choose }) {
  return el("div", { class: "home" }, face(now),
    el("div", { class: "sheet" },
      el("h2", {}, t("people.title")),
      el("p", {}, t(people.length ? "people.lead" : "people.none")),
      el("ul", {}, people.map((person) =>
        el("li", {}, el("button", { type: "button", class: "person", testid: `person-${person.id}`,
          "aria-pressed": holder === person.id ? "true" : null, onclick: () => choose(person) },
          avatar(person),
          el("span", { class: "name" }, person.nickname),
          el("span", { class: "about" }, person.id)))))));
}

/** `open` starts the mini program; without one the emulator has none. `name` is its own, if it is not the demo. */
export function homeScreen({ now, open, name }) {
  if (!open) {
    return el("div", { class: "home" }, face(now), el("div", { class: "apps" }, el("p", { class: "hint" }, t("home.none"))));
  }
  return el("div", { class: "home" }, face(now),
    el("div", { class: "apps" },
      el("button", { type: "button", class: "app-icon", testid: "open-demo", onclick: open },
        el("span", { class: "tile" }, el("img", { src: "/static/seal.svg", alt: "" })),
        el("span", {}, name || t("app.name"))),
      el("p", { class: "hint" }, t("home.open"))));
}
