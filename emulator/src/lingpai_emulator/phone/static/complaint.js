// How a failure is told to the person who holds the phone.

import { Refusal } from "./client.js";
import { el } from "./dom.js";
import { t } from "./texts.js";
import { PhoneError } from "./wire.js";

const NOT_IN_DOMAIN_LIST = 600002;

/** A card for what was thrown: the server's problem, WeChat's `{errno, errMsg}`, or a lost phone. */
export function complaint(error) {
  const { title, hint, facts } = told(error);
  return el("div", { class: "complaint", testid: "problem", role: "alert" },
    el("h3", {}, title),
    hint ? el("p", {}, hint) : null,
    el("p", { class: "facts" }, facts.filter(Boolean).map((fact) => el("code", {}, fact))));
}

function told(error) {
  if (error instanceof Refusal) {
    const { title, hint, code, request_id: id, wechat } = error.problem;
    return {
      title: title ?? t("error.refused", { status: error.status }),
      hint,
      facts: [code, wechat && `errcode ${wechat.errcode}`, id && `${t("error.request")} ${id}`],
    };
  }
  if (error instanceof PhoneError) {
    return { title: t("error.phone"), hint: t("error.phone.hint"), facts: [error.message] };
  }
  if (error.errno === undefined) throw error; // a mistake of ours: let the console show it
  const key = error.errno === NOT_IN_DOMAIN_LIST ? "error.domain" : "error.network";
  return { title: t(key), hint: t(`${key}.hint`), facts: [`errno ${error.errno}`, error.errMsg] };
}
