// What happens when a mini program behaves badly: real calls to try, shown in the timeline.

import { newNonce } from "./client.js";
import { el } from "./dom.js";
import { t } from "./texts.js";
import { makeBusy, wait } from "./wire.js";

const SIX_MINUTES = 360; // a code lives five

const EXPERIMENTS = [
  { name: "again", needsLast: true, work: ({ client }) => client.wx.request(client.loginRequest(client.last.code)) },
  { name: "nonce", needsLast: true, work: withItsNonce },
  { name: "wait", work: tooLate },
  { name: "busy", work: busyOnce },
  { name: "fake", work: ({ client }) => client.wx.request(client.loginRequest(newNonce(), newNonce())) },
];

/** The menu. `holder()` gives `{client, person, timeline, setClock}`, or null while nobody holds the phone. */
export function tryMenu(holder, run) {
  const now = holder();
  return el("div", { class: "try", role: "group", "aria-label": t("try.title") },
    el("span", { class: "try-title" }, t("try.title")),
    EXPERIMENTS.map(({ name, needsLast, work }) => {
      const missing = !now || (needsLast && !now.client.last);
      return el("button", { type: "button", class: "chip", testid: `try-${name}`, disabled: missing,
        title: missing ? t("try.need") : null, onclick: () => run(`try.${name}`, (group) => work(holder(), group)) },
        t(`try.${name}`));
    }));
}

async function withItsNonce({ client }, group) {
  const answer = await client.wx.request(client.loginRequest(client.last.code, client.last.nonce));
  const mine = client.session && sessionOf(client.session.tokens.access_token);
  if (answer.statusCode === 200 && mine === sessionOf(answer.data.access_token)) group.verdict = "try.same";
}

async function tooLate({ client, timeline, setClock }) {
  const { code } = await client.wx.login();
  setClock(await wait(SIX_MINUTES, timeline.record));
  await client.wx.request(client.loginRequest(code, newNonce()));
}

async function busyOnce({ client, timeline }) {
  await makeBusy(timeline.record);
  const { code } = await client.wx.login();
  const nonce = newNonce();
  const answer = await client.wx.request(client.loginRequest(code, nonce));
  // Busy means nothing was consumed: the same code and nonce may be sent again.
  if (answer.statusCode === 503) await client.wx.request(client.loginRequest(code, nonce));
}

/** The session a token belongs to: its `sid` claim. A client may look; only the server may believe. */
function sessionOf(token) {
  const claims = token.split(".")[1].replaceAll("-", "+").replaceAll("_", "/");
  return JSON.parse(atob(claims)).sid;
}
