// What WeChat puts over a mini program: dialogs, sheets that ask the person, toasts. Drawn by this page, out of the program's reach.

import { avatar, el, icon } from "../dom.js";
import { t } from "./texts.js";
import { album, drawn } from "./pictures.js";
import { pickerSheet } from "./picker.js";

const TOASTS = { success: "check", error: "cross", loading: "loading" };

export class Sheets {
  #open = null;
  #toast = null;
  #timer = 0;

  /** `root` is the element above the program, `behind` what cannot be used while a sheet is open. */
  constructor(root, behind) {
    Object.assign(this, { root, behind });
    /** Told of every answer: `(kind, answer)`. */
    this.onanswer = () => {};
  }

  /** Ask the person; a promise of the answer. One that is still open is refused. */
  show(kind, options) {
    this.dismiss();
    const { promise, resolve } = deferred();
    const sheet = SHEETS[kind];
    const close = (answer, chosen = answer) => {
      if (this.#open?.kind !== kind) return;
      this.#open = null;
      this.#draw();
      this.onanswer(kind, chosen);
      resolve(answer);
    };
    this.#open = { kind, close, refused: sheet.refused, light: sheet.light };
    const body = sheet.draw(options, close);
    const dialog = el("div", { class: `sheet-${sheet.shape}`, role: "dialog", testid: `sheet-${kind}`, "aria-label": t(sheet.label ?? `sheet.${kind}`) }, body);
    this.#open.element = sheet.light ? dialog : el("div", { class: "sheet-veil", onclick: (event) => event.target === event.currentTarget && sheet.shape !== "modal" && close(sheet.refused),
      onkeydown: (event) => event.key === "Escape" && close(sheet.refused) }, dialog);
    this.#draw();
    if (!sheet.light) dialog.querySelector("input:not([type=hidden]), .sheet-yes, button")?.focus({ preventScroll: true });
    return promise;
  }

  /** Whether one waits for the person. */
  get asking() {
    return this.#open !== null;
  }

  /** Press a button of the open sheet, as the person did before; false when it is not that sheet. */
  press(kind, chosen) {
    if (this.#open?.kind !== kind) return false;
    this.root.querySelector(`[data-choice="${CSS.escape(String(chosen))}"]`)?.click();
    return this.#open?.kind !== kind;
  }

  dismiss() {
    this.#open?.close(this.#open.refused);
  }

  /** A bar that is no dialog goes away when one taps elsewhere. */
  dismissLight() {
    if (this.#open?.light) this.dismiss();
  }

  /** `{title, icon, duration?, mask}`; null takes it away. */
  toast(told) {
    clearTimeout(this.#timer);
    const sign = told && TOASTS[told.icon];
    this.#toast = !told?.title && !sign ? null : el("div", { class: `toast ${sign ? "" : "plain"}`, role: "status", testid: "toast" },
      sign === "loading" ? el("i", { class: "turning", "aria-hidden": "true" }) : sign ? icon(sign) : null, el("p", {}, told.title));
    if (told?.duration) this.#timer = setTimeout(() => this.toast(null), told.duration);
    this.root.classList.toggle("masked", Boolean(this.#toast && told?.mask));
    this.#draw();
  }

  /** What lies behind is out of reach: for fingers under the veil, for keys and readers by its attributes. */
  #leave(covered) {
    const frame = this.behind.querySelector("iframe");
    for (const [name, value] of [["tabindex", "-1"], ["aria-hidden", "true"]]) {
      if (covered) frame?.setAttribute(name, value);
      else frame?.removeAttribute(name);
    }
  }

  #draw() {
    this.root.replaceChildren(...[this.#open?.element, this.#toast].filter(Boolean));
    this.#leave(Boolean(this.#open && !this.#open.light));
  }
}

function deferred() {
  let resolve;
  const promise = new Promise((done) => { resolve = done; });
  return { promise, resolve };
}

/** A button that answers. `choice` names it in a saved run. */
function answer(look, words, choice, onclick) {
  return el("button", { type: "button", class: `sheet-button ${look}`, testid: `choose-${choice}`, "data-choice": choice, onclick }, words);
}

function pair(close, yes = "sheet.allow", no = "sheet.refuse") {
  return el("div", { class: "sheet-pair" }, answer("sheet-no", t(no), "no", () => close(false, "no")), answer("sheet-yes", t(yes), "yes", () => close(true, "yes")));
}

function head({ app }, key, values) {
  return el("header", { class: "sheet-head" }, el("img", { src: "/static/seal.svg", alt: "" }), el("span", {}, app.name), el("span", { class: "asks" }, t(key, values)));
}

const consent = (key, middle) => ({
  shape: "bottom",
  refused: false,
  draw: (options, close) => [head(options, `${key}.asks`), el("h2", {}, t(`${key}.title`)), ...middle(options), pair(close)],
});

const SHEETS = {
  modal: {
    shape: "modal",
    refused: { confirm: false },
    draw({ title, content, showCancel, cancelText, confirmText, editable, placeholderText }, close) {
      const box = editable ? el("input", { class: "sheet-input", value: content, placeholder: placeholderText, testid: "modal-input" }) : null;
      return [
        title ? el("h2", {}, title) : null,
        box ?? (content ? el("p", { class: "modal-text" }, content) : null),
        el("div", { class: "modal-buttons" },
          showCancel ? answer("", cancelText || t("modal.cancel"), "no", () => close({ confirm: false }, "no")) : null,
          answer("sheet-confirm", confirmText || t("modal.ok"), "yes", () => close({ confirm: true, text: box?.value ?? "" }, "yes"))),
      ].filter(Boolean);
    },
  },
  actions: {
    shape: "list",
    refused: null,
    draw: ({ items, alertText }, close) => [
      alertText ? el("p", { class: "list-alert" }, alertText) : null,
      ...items.map((item, index) => answer("list-item", item, index, () => close(index, index))),
      answer("list-item list-cancel", t("modal.cancel"), "no", () => close(null, "no")),
    ].filter(Boolean),
  },
  profile: consent("profile", ({ person, desc }) => [
    el("div", { class: "sheet-person" }, avatar(person), el("span", {}, person.nickname)),
    el("p", { class: "sheet-why" }, t("profile.why", { desc })),
  ]),
  phone: consent("number", ({ person, realtime }) => [
    el("div", { class: "sheet-person sheet-number", testid: "phone-number" }, icon("phone"), el("span", {}, person.phone ?? t("number.none"))),
    el("p", { class: "sheet-why" }, t(realtime ? "number.realtime" : "number.why")),
  ]),
  authorize: consent("authorize", ({ scope }) => [el("p", { class: "sheet-why" }, scope)]),
  subscribe: consent("subscribe", ({ count }) => [el("p", { class: "sheet-why" }, t("subscribe.why", { count }))]),
  privacy: {
    shape: "bottom",
    refused: false,
    draw: ({ app }, close) => [
      el("h2", {}, t("privacy.title")),
      el("p", { class: "sheet-why" }, t("privacy.why", { name: app.name })),
      pair(close, "privacy.agree", "sheet.refuse"),
    ],
  },
  contract: {
    shape: "bottom",
    refused: undefined,
    draw: ({ app }, close) => [el("h2", {}, t("contract.title")), el("p", { class: "sheet-why" }, t("contract.text", { name: app.name })),
      answer("sheet-yes", t("modal.ok"), "yes", () => close(undefined, "yes"))],
  },
  settings: {
    shape: "bottom",
    refused: {},
    draw({ granted }, close) {
      const now = { ...granted };
      const rows = Object.keys(now).map((scope) => el("label", { class: "sheet-row" }, scope,
        el("input", { type: "checkbox", checked: now[scope], onchange: (event) => { now[scope] = event.target.checked; } })));
      return [el("h2", {}, t("settings.title")), rows.length ? rows : el("p", { class: "sheet-why" }, t("settings.none")),
        answer("sheet-yes", t("modal.ok"), "yes", () => close(now, "yes"))].flat();
    },
  },
  avatar: {
    shape: "bottom",
    refused: null,
    draw({ person }, close) {
      const grid = el("div", { class: "sheet-album", role: "group", "aria-label": t("avatar.album") });
      album().then((pictures) => grid.replaceChildren(...pictures.map((picture, number) =>
        el("button", { type: "button", testid: `album-${number}`, "data-choice": `album-${number}`, "aria-label": `${t("avatar.album")} ${number + 1}`,
          onclick: () => close({ content: picture.content, type: picture.type }, `album-${number}`) }, el("img", { src: picture.url, alt: "" })))));
      const own = async () => close(await drawn(person.avatar), "own");
      return [
        el("h2", {}, t("avatar.title")),
        el("button", { type: "button", class: "sheet-person sheet-own", testid: "choose-own", "data-choice": "own", onclick: own }, avatar(person), el("span", {}, t("avatar.own"))),
        grid,
        answer("sheet-no wide", t("modal.cancel"), "no", () => close(null, "no")),
      ];
    },
  },
  pictures: {
    shape: "bottom",
    refused: null,
    draw({ count }, close) {
      const chosen = new Set();
      const grid = el("div", { class: "sheet-album" });
      let all = [];
      album().then((pictures) => {
        all = pictures;
        grid.replaceChildren(...pictures.map((picture, number) => {
          const button = el("button", { type: "button", testid: `album-${number}`, "aria-pressed": "false", "aria-label": `${t("avatar.album")} ${number + 1}`, onclick() {
            if (chosen.has(number)) chosen.delete(number);
            else if (chosen.size < count) chosen.add(number);
            button.setAttribute("aria-pressed", String(chosen.has(number)));
          } }, el("img", { src: picture.url, alt: "" }));
          return button;
        }));
      });
      const done = () => close([...chosen].map((number) => ({ content: all[number].content, type: all[number].type })), "yes");
      return [el("h2", {}, t("pictures.title", { count })), grid, el("div", { class: "sheet-pair" },
        answer("sheet-no", t("modal.cancel"), "no", () => close(null, "no")), answer("sheet-yes", t("pictures.done"), "yes", done))];
    },
  },
  nickname: {
    shape: "keyboard",
    light: true,
    refused: null,
    draw: ({ person }, close) => [
      el("span", {}, t("nickname.use")),
      answer("nickname-pick", person.nickname, "own", () => close(person.nickname, "own")),
      el("button", { type: "button", class: "nickname-close", "aria-label": t("nickname.self"), "data-choice": "no", onclick: () => close(null, "no") }, icon("cross")),
    ],
  },
  picker: { shape: "bottom", refused: null, draw: pickerSheet },
};
