// The console of the inspector: what the program prints, and what the phone has to say about it.

import { el } from "../dom.js";
import { t } from "./texts.js";

const KEPT = 300;

export class Console {
  constructor(root) {
    this.root = root;
    this.lines = [];
    /** Told of the number of errors. */
    this.onchange = () => {};
    this.render();
  }

  /** `{level, text, where}`. The same line again is counted. */
  add({ level, text, where }) {
    const last = this.lines.at(-1);
    if (last && last.level === level && last.text === text && last.where === where) last.times += 1;
    else this.lines = [...this.lines, { level, text, where, times: 1 }].slice(-KEPT);
    this.render();
  }

  clear() {
    this.lines = [];
    this.render();
  }

  get errors() {
    return this.lines.filter(({ level }) => level === "error").length;
  }

  render() {
    this.root.replaceChildren(this.lines.length === 0 ? el("p", { class: "nothing" }, t("console.empty")) : el("ol", { class: "console" },
      this.lines.map(({ level, text, where, times }) => el("li", { class: level, testid: "console-line" },
        el("span", { class: "said" }, text),
        times > 1 ? el("span", { class: "times" }, `× ${times}`) : null,
        where ? el("span", { class: "where" }, where) : null))));
    this.onchange(this.errors);
  }
}
