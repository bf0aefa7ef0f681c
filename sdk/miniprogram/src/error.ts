// The one error of the SDK: a stable code to decide by, and a hint for whoever has to do something.

import { ClientCode, WORDS } from "./words";
import { WxAnswer, WxFailure, WxLike } from "./wx";

/** What is known of a failure besides its code. */
export interface Facts {
  /** The HTTP status, when an answer came. */
  status?: number;
  /** The server's name for this request; its log has the rest. */
  requestId?: string;
  /** Seconds after which trying again makes sense. */
  retryAfter?: number;
  /** WeChat's own words, as the server passed them on. */
  wechat?: { errcode: number; errmsg: string; rid?: string };
  /** What a `wx` call gave to `fail`. */
  errMsg?: string;
  errno?: number;
  /** The body of the answer. */
  data?: any;
}

export interface LingpaiError extends Facts {}

/** `code` is one of the server's problem codes or a ClientCode. */
export class LingpaiError extends Error {
  readonly code: string;
  /** What to do next. */
  readonly hint: string;

  constructor(code: string, message: string, hint: string, facts?: Facts) {
    super(message);
    Object.assign(this, facts);
    this.name = "LingpaiError";
    this.code = code;
    this.hint = hint;
  }
}

/** Makes errors in the phone's language. */
export type Complain = (code: ClientCode, facts?: Facts) => LingpaiError;

export function complainIn(wx: WxLike | undefined): Complain {
  return (code, facts) => {
    const words = WORDS[code];
    const first = speaksChinese(wx) ? 2 : 0;
    return new LingpaiError(code, words[first], words[first + 1], facts);
  };
}

function speaksChinese(wx: WxLike | undefined): boolean {
  try {
    const info = wx && (wx.getAppBaseInfo || wx.getSystemInfoSync);
    return !info || /^zh/.test(info.call(wx).language || "zh");
  } catch (error) {
    return true;
  }
}

/** The code of what a `wx` call gave to `fail`. An errno wins over the text. */
export function codeOf({ errMsg = "", errno }: Partial<WxFailure>): ClientCode {
  if (errno === 1400001) return "phone_quota";
  if (errno === 112 || /not declared/.test(errMsg)) return "privacy_not_declared";
  if (errno === 104 || /privacy permission/.test(errMsg)) return "privacy_refused";
  if (errno === 600002 || /not in domain list/.test(errMsg)) return "domain_not_listed";
  if (errno === 5 || /time.?out/.test(errMsg)) return "timeout";
  if (errno === 103 || /den(y|ied)|cancel$/.test(errMsg)) return "denied";
  if (/no permission/.test(errMsg)) return "phone_not_allowed";
  if (/^(request|uploadFile):/.test(errMsg)) return "network";
  return "wx_failed";
}

/** The error for an answer of 400 or more: the server's problem, or what can be said without one. */
export function refusalOf(answer: WxAnswer, complain: Complain): LingpaiError {
  const data = answer.data || {};
  const facts: Facts = { status: answer.statusCode, data: answer.data };
  const retryAfter = Number(headerOf(answer, "retry-after"));
  if (retryAfter > 0) facts.retryAfter = retryAfter;
  if (typeof data.code !== "string" || !data.title) return complain("http_error", facts);
  facts.requestId = data.request_id;
  facts.wechat = data.wechat;
  return new LingpaiError(data.code, data.detail || data.title, data.hint || "", facts);
}

/** A header by its lower-case name: iOS, Android, DevTools and HTTP/2 spell them differently. */
export function headerOf(answer: WxAnswer, name: string): string | undefined {
  const header = answer.header || {};
  const found = Object.keys(header).find((each) => each.toLowerCase() === name);
  return found && String(header[found]);
}
