// The mini program when no server is set: it signs in at the visitor's own backend.

import { complaint } from "./complaint.js";
import { el } from "./dom.js";
import { fields } from "./masking.js";
import { t } from "./texts.js";

const KEPT = "lingpai-phone-login-url";

/** The page. `state.answer` is what the backend answered; `act` performs and draws again. */
export function visitorPage({ client, state, act }) {
  const url = el("input", { type: "url", id: "own-url", testid: "own-url", required: true, spellcheck: "false",
    autocomplete: "off", placeholder: "http://127.0.0.1:5000/login",
    value: state.url ?? localStorage.getItem(KEPT) ?? "" });
  const send = (event) => {
    event.preventDefault();
    if (state.busy) return;
    state.url = url.value.trim();
    localStorage.setItem(KEPT, state.url);
    state.answer = null;
    act("login", async () => {
      const { code } = await client.wx.login();
      state.answer = await client.wx.request({ url: state.url, method: "POST", data: { code } });
    });
  };
  return el("form", { class: "demo own", onsubmit: send },
    el("h2", {}, t("own.title")),
    el("p", { class: "lead" }, t("own.lead")),
    el("label", { for: "own-url" }, t("own.url")),
    url,
    el("button", { class: "button primary", testid: "login", "aria-disabled": state.busy ? "true" : null },
      t(state.busy ? "hello.busy" : "hello.login")),
    state.error ? complaint(state.error) : null,
    state.answer ? came(state.answer) : null);
}

function came({ statusCode, data }) {
  const pairs = fields(data);
  const leaks = pairs.some(([name]) => /session_?key$/i.test(name));
  return el("div", { class: "came", testid: "own-answer" },
    el("h3", {}, t("own.answer", { status: statusCode })),
    leaks ? el("p", { class: "leak" }, t("own.leak")) : null,
    el("dl", { class: "card" }, pairs.map(([name, text]) => el("div", {}, el("dt", {}, name), el("dd", {}, text)))));
}
