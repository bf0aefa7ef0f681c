// A request with a token: where it may go, what a 401 means, and that it is sent again once.

import { Call } from "./call";
import { Complain, refusalOf } from "./error";
import { bearer } from "./server";
import { Keeping, Session } from "./session";
import { Signing } from "./signing";
import { WxAnswer } from "./wx";
import { merged } from "./merged";

/**
 * `auto`: a token when somebody is signed in; a guest is signed in when the answer is 401.
 * `required`: sign in first. `held`: never call wx.login, which could replace the session_key. `none`: no token.
 */
export type Auth = "auto" | "required" | "held" | "none";

/** `wx.request` and `wx.uploadFile`, as far as both are the same here. */
export interface Sendable {
  url: string;
  method?: string;
  data?: any;
  header?: Record<string, any>;
  timeout?: number;
}

/** An upload may take this long, in milliseconds: WeChat's own limit. */
const UPLOAD = 60_000;

export interface Requesting {
  /** Rejects with a LingpaiError when no answer came, or one of 400 and more. */
  send(api: "request" | "uploadFile", options: Sendable, auth?: Auth): Promise<WxAnswer>;
  /** The session to send with; null for a guest. */
  before(auth: Auth): Promise<Session | null>;
}

export function requestingOf(
  call: Call,
  complain: Complain,
  keeping: Keeping,
  signing: Signing,
  /** Resolves when it is known who is signed in: also when a login that was asked for has ended. */
  settled: () => Promise<unknown>,
  /** Where a relative URL leads, then whoever else may see the token. */
  origins: string[],
): Requesting {
  // Signed in without being asked, unless the user left on purpose.
  const entered = () => (keeping.left ? Promise.reject(complain("signed_out")) : signing.session());

  async function before(auth: Auth): Promise<Session | null> {
    await settled();
    const session = await signing.alive();
    if (session || auth === "auto") return session;
    if (auth === "held") throw complain("login_first");
    return entered();
  }

  async function again(failed: Session | null, auth: Auth): Promise<Session> {
    const next = failed && (await signing.after(failed));
    if (next) return next;
    if (auth === "held") throw complain("login_first", { status: 401 });
    return entered();
  }

  function target(url: string, auth: Auth): string {
    if (url[0] === "/") return origins[0] + url;
    const known = origins.some((origin) => `${url}/`.startsWith(`${origin}/`));
    if (!known && auth !== "none") throw complain("other_origin");
    return url;
  }

  function once(api: "request" | "uploadFile", options: Sendable, session: Session | null): Promise<WxAnswer> {
    if (session) {
      const { method = "GET", url, data } = options;
      // wx.request writes the data of a GET into the URL.
      const seen = url + (method === "GET" ? JSON.stringify(data) : "");
      if (seen.includes(session.access) || seen.includes(session.refresh)) throw complain("token_in_url");
      options = merged(options, { header: merged(options.header, bearer(session)) });
    }
    return call(api, options, options.timeout || (api === "uploadFile" ? UPLOAD : undefined));
  }

  return {
    before,

    async send(api, options, auth = "auto") {
      const sent = merged(options, { url: target(options.url, auth) });
      const session = auth === "none" ? null : await before(auth);
      let answer = await once(api, sent, session);
      // 401 code_invalid is about a code that was sent, not about the token.
      if (answer.statusCode === 401 && auth !== "none" && (answer.data || {}).code !== "code_invalid") {
        answer = await once(api, sent, await again(session, auth));
      }
      if (answer.statusCode >= 400) throw refusalOf(answer, complain);
      return answer;
    },
  };
}
