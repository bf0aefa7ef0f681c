// A run: what a person did on the phone, saved as a file that can be done again.

export const FORMAT = "lingpai-phone-run";
const PATIENCE = 10_000; // milliseconds one step may wait for its page
const QUIET = 80; // milliseconds without a call before the next step

/** Writes down what happens, from the last fresh start on. */
export class Run {
  constructor() {
    this.fresh();
  }

  fresh() {
    this.steps = [];
    this.calls = [];
    this.replaying = false;
  }

  /** `{do, …}`: tap, type, sheet, steer, person, open, home, back, restart. */
  did(step) {
    if (!this.replaying) this.steps.push(step);
  }

  /** The messages, as far as they repeat: who asked what, and the status. */
  heard(steps) {
    for (const { kind, call, status, got } of steps) {
      if (kind === "answer") this.calls.push(`answer ${status ?? got?.errMsg ?? ""}`.trim());
      else this.calls.push(`${kind} ${call}${kind === "wechat" ? ` ${got?.errcode ?? 0}` : ""}`);
    }
  }

  saved(about) {
    return JSON.stringify({ format: FORMAT, version: 1, ...about, steps: this.steps, calls: this.calls }, null, 2);
  }
}

/** A file's text as a run. Throws when it is none. */
export function readRun(text) {
  const run = JSON.parse(text);
  if (run?.format !== FORMAT || run.version !== 1 || !Array.isArray(run.steps) || !Array.isArray(run.calls)) throw new Error("foreign");
  return run;
}

/**
 * Do a run again. `act(step)` does one step and resolves to whether it could; `busy()` is the number
 * of calls on their way; `progress(n)` is told. Resolves to the number of the step it stopped at, or 0.
 */
export async function replay(run, { act, busy, progress }) {
  for (const [index, step] of run.steps.entries()) {
    progress(index + 1);
    const until = performance.now() + PATIENCE;
    while (!(await act(step))) {
      if (performance.now() > until) return index + 1;
      await pause(QUIET);
    }
    await pause(QUIET);
    while (busy() > 0 && performance.now() < until) await pause(QUIET);
  }
  return 0;
}

/** Where two lists of messages part: `{n, was, now}`, or null. */
export function difference(was, now) {
  const length = Math.max(was.length, now.length);
  for (let index = 0; index < length; index += 1) {
    if (was[index] !== now[index]) return { n: index + 1, was: was[index] ?? "–", now: now[index] ?? "–" };
  }
  return null;
}

const pause = (ms) => new Promise((resolve) => { setTimeout(resolve, ms); });
