// The demo mini program: one page that signs in, and shows who is signed in.

import { complaint } from "./complaint.js";
import { el, icon } from "./dom.js";
import { t } from "./texts.js";

/** The page for a client's present state. `act(name, work, said)` performs and draws again. */
export function demoPage({ client, state, act }) {
  return client.session ? signedIn(client, state, act) : signedOut(client, state, act);
}

function signedOut(client, state, act) {
  const busy = state.busy === "login";
  return el("div", { class: "demo hello" },
    el("div", { class: "mark", "aria-hidden": "true" }, el("img", { src: "/static/seal.svg", alt: "" })),
    el("h2", {}, t("hello.title")),
    el("p", { class: "lead" }, t("hello.lead")),
    notice(state),
    button("primary", "login", busy ? "hello.busy" : "hello.login", state, () => act("login", () => client.login())),
    state.error ? complaint(state.error) : null);
}

function signedIn(client, state, act) {
  const { user } = client.session;
  return el("div", { class: "demo" },
    el("div", { class: "welcome" },
      el("span", { class: "tick", "aria-hidden": "true" }, icon("check")),
      el("h2", { testid: "signed-in" }, t("in.title")),
      el("p", { class: "lead" }, t(user.is_new ? "in.new" : "in.known"))),
    el("dl", { class: "card" },
      fact(t("in.user"), user.id, "user-id"),
      fact("openid", user.openid, "openid"),
      user.unionid ? fact("unionid", user.unionid, "unionid") : null,
      fact(t("in.left"), minutesLeft(client), "minutes-left")),
    notice(state),
    state.error ? complaint(state.error) : null,
    el("div", { class: "pair" },
      button("second", "check-session", "in.check", state, () => act("check", () => client.check(), "said.active")),
      button("second", "refresh", "in.refresh", state, () => act("refresh", () => client.refresh(), "said.refreshed"))),
    el("div", { class: "pair" },
      button("quiet", "sign-out", "in.out", state, () => act("out", () => client.signOut(false), "said.out")),
      button("quiet", "sign-out-everywhere", "in.everywhere", state, () =>
        act("everywhere", () => client.signOut(true), "said.everywhere"))));
}

/** How long the access token lives, in words. */
export function minutesLeft(client) {
  const minutes = Math.ceil((client.session.expiresAt - Date.now()) / 60_000);
  return minutes > 0 ? t("in.minutes", { minutes }) : t("in.over");
}

function fact(name, value, testid) {
  return el("div", {}, el("dt", {}, name), el("dd", { testid }, value));
}

function notice(state) {
  return state.said ? el("p", { class: "notice", testid: "notice" }, t(state.said)) : null;
}

function button(look, testid, key, state, onclick) {
  return el("button", { type: "button", class: `button ${look}`, testid, "aria-disabled": state.busy ? "true" : null,
    onclick: () => state.busy || onclick() }, t(key));
}
