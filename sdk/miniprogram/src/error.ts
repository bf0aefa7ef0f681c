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
  const info = wx && (wx.getAppBaseInfo || wx.getSystemInfoSync);
  return !info || /^zh/.test(info.call(wx).language || "zh");
}

/** What is known of `fail`: an errno, which older clients do not send, and what errMsg says. */
const FAILURES: Array<[number, RegExp, ClientCode]> = [
  [1400001, /quota/, "phone_quota"],
  [112, /not declared/, "privacy_not_declared"],
  [104, /privacy permission/, "privacy_refused"],
  [600002, /domain list/, "domain_not_listed"],
  [5, /timeout/, "timeout"],
  [103, /deny|denied|cancel/, "denied"],
  [0, /no permission/, "phone_not_allowed"],
  [0, /^(request|uploadFile):/, "network"],
  [0, /^/, "wx_failed"],
];

/** The code of what a `wx` call gave to `fail`. */
export function codeOf({ errMsg = "", errno }: Partial<WxFailure>): ClientCode {
  const byNumber = errno && FAILURES.find((each) => each[0] === errno);
  return (byNumber || FAILURES.find((each) => each[1].test(errMsg))!)[2];
}

/** The error for an answer of 400 or more: the server's problem, or what can be said without one. */
export function refusalOf(answer: WxAnswer, complain: Complain): LingpaiError {
  const data = read(answer.data) || {};
  const facts: Facts = { status: answer.statusCode, data };
  facts.retryAfter = Number(headerOf(answer, "retry-after")) || undefined;
  if (typeof data.code !== "string" || !data.title) return complain("http_error", facts);
  facts.requestId = data.request_id;
  facts.wechat = data.wechat;
  return new LingpaiError(data.code, data.detail || data.title, data.hint || "", facts);
}

/** wx.uploadFile gives the body as text. */
function read(data: any): any {
  try {
    return typeof data === "string" ? JSON.parse(data) : data;
  } catch (error) {
    return data;
  }
}

/** A header by its lower-case name: iOS, Android, DevTools and HTTP/2 spell them differently. */
export function headerOf(answer: WxAnswer, name: string): string | undefined {
  const header = answer.header || {};
  const found = Object.keys(header).find((each) => each.toLowerCase() === name);
  return found && String(header[found]);
}
