// What happened, as people read it: one group per action, one row per message, the newest group on top.

import { el, icon } from "./dom.js";
import { fields } from "./masking.js";
import { locale, t } from "./texts.js";

const KEPT = 40; // groups; older ones are forgotten
const FAILED = 400;
// What never leaves the server.
const STAYS = /^(session_key|secret)$/;
// Left out of the fields of an answer.
const SAID_IN_WORDS = new Set(["type", "title", "detail", "hint", "status"]);
const ALWAYS_THE_SAME = new Set(["token_type", "user.profile_complete"]);

export class Timeline {
  /** `root` is an element, `now` gives the phone's time. */
  constructor(root, now) {
    this.root = root;
    this.now = now;
    this.groups = [];
    this.last = Promise.resolve();
    /** Called after every drawing. */
    this.onchange = () => {};
    this.render();
  }

  /** Do `work`, after what is still being done, and show its messages under one heading. Rejects as `work` does. */
  run(title, person, work) {
    const mine = this.last.then(() => this.#run(title, person, work));
    this.last = mine.catch(() => {});
    return mine;
  }

  async #run(title, person, work) {
    this.group = { title, person, at: this.now(), steps: [], verdict: null };
    this.groups = [this.group, ...this.groups].slice(0, KEPT);
    try {
      return await work(this.group);
    } finally {
      this.render();
    }
  }

  /** Where `wxOf` reports its steps; they come masked, and one-time values are cut before they are kept. */
  record = (steps) => {
    for (const step of steps) this.group.steps.push(row(step, this.group.steps));
    this.render();
  };

  /** Messages of a program that runs by itself, under what happened last: a `moment`, as `[key, values]`. */
  note(moment, person, steps) {
    if (moment !== this.moment || !this.groups.length) {
      this.moment = moment;
      this.groups = [{ title: moment, person, at: this.now(), steps: [], verdict: null }, ...this.groups].slice(0, KEPT);
    }
    const [group] = this.groups;
    for (const step of steps) group.steps.push(row(step, group.steps));
    this.render();
  }

  clear() {
    this.groups = [];
    this.render();
  }

  render() {
    this.root.replaceChildren(
      ...(this.groups.length ? this.groups.map((group) => section(group)) : [empty()]),
    );
    this.onchange();
  }
}

/** A step as the values of its row: who spoke to whom, what was said, and why. */
function row(step, steps) {
  const common = { sent: [], answered: [], status: step.status, call: step.call ?? "" };
  switch (step.kind) {
    case "login":
      return { ...common, from: "phone", to: "wechat", answered: fields({ code: step.got.code }), why: ["why.login"] };
    case "wx":
      return { ...common, from: "phone", to: "wechat", answered: fields(step.got), bad: !/:ok$/.test(step.got.errMsg), why: ["why.wx"] };
    case "request":
      return { ...common, from: "phone", to: "server", withCode: Boolean(step.sent?.code),
        why: [reason("request", step.call, { bare: !step.sent?.nonce, withCode: Boolean(step.sent?.code) })],
        sent: [...fields({ Authorization: step.headers?.Authorization }), ...fields(step.sent)] };
    case "wechat": {
      const bad = Boolean(step.got?.errcode);
      return { ...common, from: "server", to: "wechat", sent: fields(step.sent), answered: fields(step.got), bad, hint: bad ? null : step.why,
        why: bad ? ["why.call.bad", { why: step.why }] : [step.call.endsWith("/sns/jscode2session") ? "why.call" : "why.call.other"] };
    }
    case "answer":
      return answered(common, step, steps);
    default:
      return { ...common, from: "wechat", to: null, minutes: step.minutes, why: [`why.${step.kind}`] };
  }
}

function answered(common, step, steps) {
  const request = steps.findLast((earlier) => earlier.to === "server");
  const asked = steps.indexOf(request) < steps.length - 1;
  const back = { ...common, from: "server", to: "phone" };
  if (step.status === undefined) return { ...back, answered: fields({ errno: step.got.errno }), why: null, bad: true };
  const bad = step.status >= FAILED;
  const problem = bad && step.got?.title ? step.got : null;
  const said = problem ? SAID_IN_WORDS : ALWAYS_THE_SAME;
  return { ...back, bad, problem, answered: fields(step.got).filter(([name]) => !said.has(name)),
    why: bad ? null : [step.status === 204 ? "why.answer.end" : reason("answer", request.call, { asked, withCode: request.withCode })] };
}

// By the path, as the server tells requests apart; the first that fits.
const KINDS = [
  ["login", / \/v1\/[^/]+\/login$/], ["refresh", /\/session\/refresh$/], ["key", /\/session-key(\/reset)?$/], ["session", / \/v1\/session/],
  ["profile", / \/v1\/([^/]+\/profile|me\b)/], ["phone", / \/v1\/[^/]+\/phone$/],
];

/** Which sentence explains a request or its answer. */
function reason(way, call, { asked, bare, withCode }) {
  const kind = KINDS.find(([, path]) => path.test(call))?.[0];
  if (kind === "refresh") return way === "request" ? "why.request.refresh" : "why.answer.login";
  if (kind === "login") return bare ? "why.request.bare" : `why.${way}.login`;
  if (kind) return way === "request" ? `why.request.${kind}` : kind === "session" ? "why.answer.session" : "why.answer.other";
  if (way === "answer") return withCode ? (asked ? "why.answer.own" : "own.unasked") : "why.answer.other";
  return withCode ? "why.request.own" : "why.request.other";
}

function empty() {
  return el("div", { class: "empty" },
    el("div", { class: "trio", "aria-hidden": "true" },
      party("phone"), el("span", { class: "wire" }), party("server"), el("span", { class: "wire" }), party("wechat")),
    el("p", {}, t("story.empty")));
}

function section(group) {
  const last = group.steps.at(-1);
  const code = last?.answered.find(([name]) => name === "code" || name === "errno")?.[1];
  const verdict = group.verdict ? t(group.verdict) : last?.bad ? code ?? String(last.status) : null;
  return el("section", { class: "group" },
    el("h3", {},
      el("span", {}, t(...[group.title].flat())), el("span", { class: "who" }, group.person),
      el("time", {}, group.at.toLocaleTimeString(locale(), { hour12: false })),
      verdict ? el("span", { class: `verdict ${last?.bad ? "bad" : "good"}` }, verdict) : null),
    el("ol", { class: "steps" }, group.steps.map(line)));
}

function line(shown, index) {
  const call = shown.minutes ? t("step.clock", { minutes: shown.minutes }) : shown.call;
  return el("li", { class: `step ${shown.bad ? "bad" : ""}`, testid: "step" },
    el("span", { class: "number", "aria-hidden": "true" }, String(index + 1)),
    el("div", { class: "route" },
      party(shown.from), shown.to ? icon("arrow") : null, shown.to ? party(shown.to) : null,
      call ? el("code", {}, call) : null,
      shown.status ? status(shown.status, shown.bad) : null),
    why(shown),
    shown.hint ? el("p", { class: "hint", lang: "en" }, shown.hint) : null,
    list(shown.sent),
    shown.sent.length && shown.answered.length ? el("p", { class: "then" }, icon("arrow"), t("step.answer")) : null,
    list(shown.answered));
}

function why(shown) {
  if (shown.problem) {
    return el("p", { class: "why" }, el("strong", {}, shown.problem.title), " ", shown.problem.hint);
  }
  return shown.why ? el("p", { class: "why" }, t(...shown.why)) : null;
}

function list(pairs) {
  if (!pairs.length) return null;
  return el("dl", {}, pairs.map(([name, text]) =>
    el("div", {}, el("dt", {}, name, STAYS.test(name) ? icon("lock") : null), el("dd", {}, text))));
}

function party(name) {
  return el("span", { class: `party ${name}` }, icon(name), t(`party.${name}`));
}

function status(code, bad) {
  return el("span", { class: `code ${bad || code >= FAILED ? "bad" : "good"}` }, String(code));
}
