// What the inspector's console is told: by the program's own console, and by the phone where it cannot follow.

const LONGEST = 2000;
// A line of a stack that lies in the program: its files have no host before them.
const PLACE = /(?:\(|at )([\w./@-]+\.(?:js|ts)):(\d+)/;
const ADDED = 2; // lines that stand before a file's own: the head of a Function

export class Log {
  #host;
  #once = new Set();

  constructor(host) {
    this.#host = host;
    /** The `console` a program sees. */
    this.console = this.#forProgram();
    addEventListener("error", ({ error, message, filename, lineno }) =>
      this.error(error ?? message, filename ? `${filename}:${lineno}` : ""));
  }

  /** A mistake of the program. `where` is a file, a method, or nothing. */
  error(what, where = "") {
    this.#say("error", [described(what)], where);
  }

  warn(sentence, where = "") {
    this.#say("warn", [sentence], where);
  }

  /** The same, but only the first time: what a page asks for in a loop would fill the inspector. */
  warnOnce(sentence, where = "") {
    if (this.#once.has(sentence)) return;
    this.#once.add(sentence);
    this.warn(sentence, where);
  }

  #say(level, values, where = "") {
    const text = values.join(" ").slice(0, LONGEST);
    this.#host.tell("log", { level, text, where: String(where) });
  }

  #forProgram() {
    const levels = ["log", "info", "debug", "warn", "error"];
    const own = Object.fromEntries(levels.map((level) => [level, (...values) => this.#say(level, values.map(described))]));
    const quiet = ["group", "groupCollapsed", "groupEnd", "time", "timeEnd", "timeLog", "table", "trace", "assert", "count", "dir", "clear"];
    return { ...Object.fromEntries(quiet.map((name) => [name, () => {}])), ...own };
  }
}

/** A value as one text. */
export function described(value) {
  if (value instanceof Error) {
    const at = PLACE.exec(value.stack ?? "");
    return `${value.name}: ${value.message}${at ? ` (${at[1]}:${at[2] - ADDED})` : ""}`;
  }
  if (typeof value !== "object" || value === null) return String(value);
  if (value.errMsg) return value.errno === undefined ? String(value.errMsg) : `${value.errMsg} (errno ${value.errno})`;
  try {
    return JSON.stringify(value) ?? String(value);
  } catch {
    return String(value);
  }
}
